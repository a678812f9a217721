#!/bin/sh
# lesson-own-digits.sh: how many digits of one's own are enough; shortened, but for FAULTS=all, as `make check-long` has it.
. "$top_srcdir/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/lesson.sh"

it 'runs the lesson own-digits'
if [ "${FAULTS:-}" = all ] && [ "$sanitized" = no ]; then
	thaw "$lessons/own-digits.thaw"
elif [ "$sanitized" = no ]; then # without what few epochs do not bring
	sed -e 's/^train .*/train all limit=4000 epochs=2/' -e 's/accuracy > 0.9,/accuracy > 0.7,/' -e 's/^compare .*/compare modes all from=r1 limit=10,30 seeds=1 modes=frozen epochs=4/' \
		-e '/^assert \(val_\|compared\)/d' "$lessons/own-digits.thaw" >own-digits.thaw
	thaw own-digits.thaw
else
	few_images
	sed -e '1i data few' -e 's/^train .*/train all limit=128 epochs=1/' -e '/^\(assert\|eval\|compare\)/d' "$lessons/own-digits.thaw" >own-digits.thaw
	thaw own-digits.thaw
fi
works
out_has 'note: 240 pictures scaled to 28x28 grey; 1 in 2' 'note: 240 pictures fitted into 28x28 grey and centred as in MNIST'

it 'is checked without being run'
thaw --check "$lessons/own-digits.thaw"
works

done_testing
