#!/bin/sh
# lesson-notebook.sh: the original's four steps at its rate of 0.001; with few images, but for FAULTS=all.
. "$top_srcdir/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/lesson.sh"

lesson notebook
out_has 'lr=0.001' 'run r1: gte5' 'run r2: lt5' 'run r3: lt5' 'run r4: gte5'

it 'writes the curves'
file_exists notebook.png notebook.csv

done_testing
