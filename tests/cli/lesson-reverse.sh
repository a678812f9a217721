#!/bin/sh
# lesson-reverse.sh: fresh weights, 0-4 first; with few images, but for FAULTS=all.
. "$top_srcdir/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/lesson.sh"

lesson reverse
out_has 'bit-identical'
[ "$whole" = no ] || out_has '30596 train samples' '29404 train samples'

it 'writes the curves'
file_exists reverse.png reverse.csv

done_testing
