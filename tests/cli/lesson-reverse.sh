#!/bin/sh
# lesson-reverse.sh: fresh weights, 0-4 first; under a sanitizer with few images.
. "$top_srcdir/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/lesson.sh"

lesson reverse
out_has 'bit-identical'
[ "$sanitized" != no ] || out_has '30596 train samples' '29404 train samples'

it 'writes the curves'
file_exists reverse.png reverse.csv

done_testing
