#!/bin/sh
# topics.sh: help knows more than commands: topics, settings, and words of commands.
. "$top_srcdir/tests/cli/lib.sh"

it 'says what transfer learning and freezing are, and names the lesson'
for topic in transfer freezing; do
	thaw -c "help $topic"
	works
	out_has "$topic: " 'freeze features' 'assets/lessons/transfer.thaw'
	[ "$(wc -L <"$out")" -le 80 ] || unmet "$topic: no line longer than 80"
done

it 'leads from words, keys and settings to their page'
thaw -c 'help beamer'
works
out_has '`beamer` is a word of `layout`' 'curves and digits, large'
thaw -c 'help watch'
works
out_has '`watch` is a word of `train`' 'watch'
thaw -c 'help set theme'
works
out_has 'set theme VALUE'
thaw -c 'help layout beamer'
works
out_has 'which panes the workbench shows'

it 'names the way out for what it does not know'
thaw -c 'help nothing'
[ "$status" -eq 1 ] || unmet 'status 1'

done_testing
