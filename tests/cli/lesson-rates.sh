#!/bin/sh
# lesson-rates.sh: one rate against another, what a net forgets, and what fine-tuning spoils; with few images, where
# what they say of learning cannot hold. `make check-long` runs them whole.
. "$top_srcdir/tests/cli/lib.sh"

# short NAME: the lesson on a small net, without the asserts on what was learned.
short() {
	it "checks the lesson $1 without running it"
	thaw --check "$lessons/$1.thaw"
	works
	it "runs the lesson $1"
	if [ "${FAULTS:-}" = all ] && [ "$sanitized" = no ]; then # as make check-long says
		thaw "$lessons/$1.thaw"
	else
		sed -e 's/limit=[0-9]*/limit=256/' -e 's/epochs=20 stop=.*/epochs=1/' -e 's/^build classes=10/build "max_pooling2d 4, flatten | dense 10, softmax"/' \
			-e '/^assert .*\(accuracy\|loss\|linear\)/d' -e 's/^freeze features/freeze flatten/' \
			-e '/^assert frozen_delta/d' "$lessons/$1.thaw" >"$1.thaw"
		[ "$1" = forgetting ] || sed -i '1i build "max_pooling2d 4, flatten | dense 5, softmax"' "$1.thaw"
		thaw "$1.thaw"
	fi
	works
}

short rates
out_has 'lr             0.001         1.0           1.0' 'schedule       -             -             cosine'
short forgetting
out_has '(digits 2-3 -> units 2-3)' 'watch=lt2 by=batch' 'batches  watch_accuracy  watch_loss'

it 'checks the lesson few-samples without running it'
thaw --check "$lessons/few-samples.thaw"
works
it 'runs the lesson few-samples'
if [ "${FAULTS:-}" = all ] && [ "$sanitized" = no ]; then
	thaw "$lessons/few-samples.thaw"
else
	sed -e '1i build "conv2d 2 3, relu, max_pooling2d 4, flatten | dense 5, softmax"' -e 's/^train .*/train gte5 limit=64 epochs=1/' \
		-e 's/^compare .*/compare modes lt5 limit=16,32 seeds=2 epochs=1 modes=frozen,scratch,random/' \
		-e '/^assert .*accuracy/d' -e '/^assert compared/d' "$lessons/few-samples.thaw" >few-samples.thaw
	thaw few-samples.thaw
fi
works
out_has 'frozen' 'scratch' 'random' 'wrote few-samples.png'

it 'checks the lesson distortion without running it'
thaw --check "$lessons/distortion.thaw"
works
it 'runs the lesson distortion'
if [ "${FAULTS:-}" = all ] && [ "$sanitized" = no ]; then
	thaw "$lessons/distortion.thaw"
else
	sed -e '1i build "conv2d 2 3, relu, max_pooling2d 4, flatten | dense 5, softmax"' -e 's/epochs=[0-9]*/epochs=1/g' \
		-e 's/limit=[0-9]*/limit=32/' -e 's/^compare .*/compare modes lt5 limit=16 seeds=2 epochs=1 modes=frozen,tuned,head-first/' \
		-e '/^assert .*\(accuracy\|loss\)/d' -e '/^assert abs(compared/d' "$lessons/distortion.thaw" >distortion.thaw
	thaw distortion.thaw
fi
works
out_has 'max|d|' 'head-first' 'wrote distortion.png'

done_testing
