#!/bin/sh
# topics.sh: help knows more than commands: topics, settings, and words of commands.
. "$top_srcdir/tests/cli/lib.sh"

it 'says what transfer learning and freezing are, and names the lesson'
for topic in transfer freezing; do
	thaw -c "help $topic"
	works
	out_has "$topic: " 'freeze features' 'lessons/transfer.thaw'
	[ "$(grep -v lessons/ "$out" | wc -L)" -le 80 ] || unmet "$topic: no line longer than 80"
done

it 'names the folder of lessons and scripts that this program has'
for topic in transfer freezing forgetting cluster; do
	thaw -c "help $topic"
	works
	out_lacks PREFIX
	file=$(tr '\n' ' ' <"$out" | grep -o '[^ ]*/lessons/[a-z]*\.thaw\|[^ ]*/cluster')
	[ -e "$file" ] || unmet "$topic: $file"
	THAW_ASSETS=/elsewhere thaw -c "help $topic"
	works
	out_has /elsewhere/
done

it 'has a page of each word that people ask for, in the manual as well'
for topic in sample seeds store autosave scripts init; do
	thaw -c "help $topic"
	works
	out_has "$topic: "
	[ "$(wc -L <"$out")" -le 80 ] || unmet "$topic: no line longer than 80"
	[ "$(grep -c '^.' "$out")" -ge 4 ] || unmet "$topic: a page"
	grep -qi "^\.Ss $topic\$" "$top_srcdir/man/thaw.1" || unmet "$topic in the manual"
	thaw -c help
	out_has "  $topic "
done
thaw -c 'help project; help records; help random; help recover; help script; help configuration'
works
out_has 'store: ' 'seeds: ' 'autosave: ' 'scripts: ' 'init: '
thaw -c 'help sample'
out_has 'train lt5 limit=64 sample=7  64 others' 'limit={limit} sample={seed}'
sed -n 's/^\([a-z][^ ]* .*[^ ]\)  .*/\1/p' "$out" | grep -v '^thaw' | grep -v '^sample' >items
[ -s items ] || unmet 'commands in the page'
while read -r line; do
	printf '%s\n' "$line" >.t/item.thaw
	thaw --check .t/item.thaw
	works
done <items

it 'says which commands want a split'
thaw -c 'help splits'
works
out_has 'shows it as [SPLIT] it may' 'train, finetune and'
for name in train finetune lrfind eval probe toplosses; do
	thaw -c "help $name"
	case $name in train | finetune | lrfind) out_has "$name SPLIT" ;; *) out_has "$name [SPLIT]" ;; esac
done
thaw -c 'data own-digits'
out_has 'note: `build classes=10` makes a model of its 10 classes, then `train all` begins'
thaw -c 'build classes=10; data own-digits'
out_has 'note: `train all` begins'

it 'names the modes by the words that mode takes'
thaw -c 'help'
works
out_like '  mode +how results are written: a table for people, csv, or'
thaw -c 'help mode'
out_has 'mode [table|csv|json]' 'a table for people'
out_lacks 'text for people'
for word in table csv json; do
	thaw -c "mode $word; mode"
	works
	out_has "$word"
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

thaw -c 'help conv2d'
works
out_has '`conv2d` is a layer of `build`' 'build [activity|lenet5|mlp|cifar]'
thaw -c 'help adam'
works
out_has '`adam` is a value of the setting `optimizer`' 'set optimizer VALUE'
thaw -c 'help features'
works
out_has 'which layers: names, ranges, globs, groups'
thaw -c 'help bn'
works
out_has 'moving statistics' '`freeze conv2d` leaves the one behind it to move'
thaw -c 'help forgetting'
works
out_has 'watch=gte5 by=batch'

it 'names the way out for what it does not know'
thaw -c 'help nothing'
[ "$status" -eq 1 ] || unmet 'status 1'

it 'says how many autosaves there are at most, and how they go'
thaw -c 'help autosave'
works
out_has 'At most eight are kept' 'rm ~/.local/state/thaw/autosave*.safetensors ./thaw-autosave*.safetensors'
grep -q 'autosave-8' "$top_srcdir/man/thaw.1" || unmet 'the last of them in the manual'

it 'names the init file of the site as --help does'
thaw --help
site=$(grep '/etc/thaw/init$' "$out")
thaw -c 'help init'
works
out_has "Here that of the site is ${site:?}" 'thaw --check FILE'

done_testing
