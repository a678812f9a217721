#!/bin/sh
# examples.sh: the example of every command runs at the start of a session, and so does its page of help.
. "$top_srcdir/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/lesson.sh"
few_images
data=$scratch/few

it 'lists the commands for programs'
thaw -c 'mode csv; help'
works
cp "$out" .t/help
sed -n 's/^help,\([a-z_]*\),.*/\1/p' .t/help >.t/names
[ "$(wc -l <.t/names)" -gt 30 ] || unmet 'more than 30 commands'

while read -r name; do
	it "runs the example of $name"
	thaw -c "help $name"
	works
	out_has 'example: '
	example=$(sed -n 's/^example: //p' "$out" | head -n 1)
	[ "${example%% *}" != help ] || [ "$name" = help ] || unmet 'an example that shows a use'
	echo 'print "a lab"' >lab.thaw
	echo "$example" >.t/example
	case $name$sanitized in
	*no) ;;
	# take minutes there, and have scripts of their own
	compare* | confus* | eval* | finetune* | lrfind* | probe* | sweep* | toplosses* | train*) name=resume ;;
	esac
	case $name in
	resume | stop | pause | continue | step | tui | layout | focus | draw) thaw --check .t/example ;; # they want a person
	*) thaw -c "$example" ;;
	esac
	works
done <.t/names

it 'has pages of topics, found by their beginning too'
thaw -c 'help keras'
works
out_has 'freeze       for l in feature_layers' 'train        model.fit('
thaw -c 'help split'
works
out_has 'splits: ' 'gte5'

it 'breaks lines at blanks, to the width'
thaw -c 'help; help keras; help train; help build; help export; help grammar; help splits'
works
sed '/^example: /d' "$out" >.t/lines
[ "$(wc -L <.t/lines)" -le 80 ] || unmet 'lines of 80 cells'
out_has '                       learning rate, checksum'
thaw -c 'set width 200; help save'
out_has 'go on to the same bits. `only` writes the weights of these layers'
thaw -c 'set width 20; help train'
works

it 'says of which commands settings hold for once, and of which they stay'
thaw -c 'help train'
out_has 'settings, for this command alone: optimizer lr'
thaw -c 'help compile'
out_has 'settings, which stay so: optimizer lr'
thaw -c 'compile optimizer=sgd batch=7; set optimizer; set batch'
out_like 'optimizer +sgd .*'
out_like 'batch +7 .*'

done_testing
