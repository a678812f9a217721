#!/bin/sh
# lesson-why.sh: from the pair that is confused most to the pixel and to a remedy; under a sanitizer with few images.
. "$top_srcdir/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/lesson.sh"

it 'runs the lesson why'
if [ "$sanitized" = no ]; then
	thaw "$lessons/why.thaw"
	works
	out_has '7        9  ' 'test:1173  label 7  predicted 9  wrong' 'conv2d[11] 6,15 for test:1173, label 7' \
		'relu: max(0, input); the input is below 0' 'the unit of digit 9'
	out_like 'flatten          -      4608    0[.]94.*'
	[ "$(wc -L <"$out")" -le 190 ] || unmet 'no line longer than that of a run'
else # what it says of a network that has learned cannot hold
	few_images
	sed -e '1i data few' -e 's/^train .*/train all limit=128 epochs=1/' -e '/^\(assert\|eval\|confused\|probe\)/d' \
		"$lessons/why.thaw" >why.thaw
	thaw why.thaw
	works
fi

it 'is checked without being run'
thaw --check "$lessons/why.thaw"
works

done_testing
