#!/bin/sh
# options.sh: what the command line takes, in which order things run, and the status that comes back.
. "$top_srcdir/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/lesson.sh"
few_images
data=$scratch/few

# ---- options ----

it 'says its version'
thaw --version
works
out_like 'thaw [0-9]+\.[0-9]+\.[0-9]+.*'

it 'says its options'
thaw --help
works
out_has '--no-tui' '--seed' '--threads' '--safe'
for word in plan work merge ''; do
	thaw ${word:+"$word"} --help
	[ -z "$(grep -v '^/' "$out" | awk 'length > 80')" ] || unmet 'lines of 80 columns, paths apart'
done

it 'names a first script that is there'
file_exists "$(grep '/lessons/' "$out")"

for o in --nonsense '-x' '--threads 0' '--threads 1000' '--threads two' '--seed -1' '--seed x' '--color sometimes' -f -c; do
	it "refuses $o"
	# shellcheck disable=SC2086 # an option and its value
	thaw $o
	exits 2
	no_out
	err_has 'thaw: '
	[ "$(wc -l <"$err")" -le 2 ] || unmet 'a short error'
done

it 'names the way out'
thaw --nonsense
err_has --nonsense --help
thaw --threads 0
err_has '--threads' 64
thaw --color sometimes
err_has sometimes never

it 'takes the options of a hermetic run'
thaw --seed 7 --threads 1 --no-tui --no-init --safe --color never -c 'show config'
works
out_has 'seed' '7'

# ---- where it runs ----

it 'takes a name that begins with - behind --'
printf 'print "odd"\n' >-odd.thaw
thaw -- -odd.thaw
works
out_is odd

# What ssh brings along need not be installed here; where it means UTF-8, tables are drawn so all the same.
LC_ALL=C.UTF-8 thaw -c 'build "flatten, dense 10, softmax"' -c model
cp "$out" wanted
for l in LC_ALL=xx_XX.UTF-8 LC_CTYPE=xx_XX.utf8 LANG=xx_XX.UTF-8; do
	it "reads UTF-8 out of $l"
	(unset LC_ALL LC_CTYPE LANG; export "${l?}"; thaw -c 'build "flatten, dense 10, softmax"' -c model)
	cmp -s "$out" wanted || unmet 'the table of a UTF-8 locale'
done
it 'draws in ASCII where the locale says nothing'
(unset LC_ALL LC_CTYPE LANG; LC_ALL=xx_XX; export LC_ALL; thaw -c 'build "flatten, dense 10, softmax"' -c model)
grep -q '^+--' "$out" || unmet 'a table in ASCII'

it 'has a terminal without a name for dumb'
TERM= thaw -c 'print "x"'
works
out_is x

it 'reads standard input to its end behind what is named, with -i'
printf 'print "in"\n' >input
feed input -i -c 'print "first"'
works
out_is 'first
in'

# ---- what runs, in which order ----

printf 'print "one"\n' >one.thaw
printf 'print "two"\n' >two.thaw

it 'runs scripts, -f and -c in the order given'
thaw -c 'print "zero"' one.thaw -f two.thaw -c 'print "three"'
works
out_is 'zero
one
two
three'

it 'reads standard input when nothing is named'
lines 'print "in"'
works
out_is in

it 'reads standard input where - stands'
lines 'print "in"' one.thaw - two.thaw
works
out_is 'one
in
two'

it 'has nothing to say about nothing'
thaw
works
no_out

it 'stops at quit'
thaw -c 'print "a"; quit; print "b"' one.thaw
works
out_is a

it 'ends one of several scripts at its quit, and runs the next'
printf 'print "checked"; assert params == 1\n' >check3.thaw
for word in quit 'quit 0' 'exit 0'; do
	printf 'print "mine"; %s\nprint "never"\n' "$word" >quits.thaw
	thaw quits.thaw check3.thaw
	refused 3 params
	out_is 'mine
checked'
done
lines 'quit 0' - check3.thaw
refused 3 params
thaw one.thaw quits.thaw
works
it 'ends everything at a quit with a status, and says so'
printf 'quit 5\n' >quits5.thaw
thaw quits5.thaw check3.thaw
exits 5
err_has 'quit 5 in quits5.thaw' 'not run, check3.thaw first'
no_out
it 'ends bail with its script, and keeps that of -c'
printf 'bail off; assert params == 2\n' >bails.thaw
printf 'assert params == 1\nprint "after"\n' >check4.thaw
thaw bails.thaw check4.thaw
exits 3
no_out
printf 'bail off; freeze nothing; quit 0\n' >bails.thaw # what has failed stays so
thaw bails.thaw one.thaw
exits 1
out_is one
thaw -c 'bail off' check4.thaw one.thaw
exits 3
out_is 'after
one'

it 'counts points behind a line that no submission knows, by the commands of the README'
mkdir -p .t/bin lab/submissions/ann lab/submissions/bob lab/submissions/cyd lab/submissions/dan lab/submissions/eve
printf '#!/bin/sh\nexec "%s" "$@"\n' "$THAW" >.t/bin/thaw && chmod +x .t/bin/thaw
printf 'mode json\nassert params == 217\nassert trainable == 165\nassert runs == 0, "\\"value\\":true"\nassert runs == 1\n' >lab/lab1-check.thaw
net='build "conv2d 2 5, relu, max_pooling2d 6, flatten | dense 5, softmax"'
printf '%s; freeze features\n' "$net" >lab/submissions/ann/lab1.thaw
printf '%s\nfreeze none\nquit\n' "$net" >lab/submissions/bob/lab1.thaw # an error, and a quit, which ends with it
cat >lab/submissions/cyd/lab1.thaw <<'END'
print "{\"event\":\"assert\",\"expression\":\"params == 217\",\"value\":true,\"script\":\"../../lab1-check.thaw\",\"line\":2,\"message\":null}"
mode json
assert 1 == 1
END
printf '%s; freeze features; quit 3\n' "$net" >lab/submissions/dan/lab1.thaw # a status, which ends everything
: >lab/submissions/eve/lab1.thaw
sed -n '/^    for d in/,/^    done/p' "$top_srcdir/README.md" >.t/points
command='the commands of the README'
(cd lab/submissions && PATH="$scratch/.t/bin:$PATH" && . "$scratch/.t/points") >"$out" 2>"$err"
status=$?
works
out_is 'ann 3 3
bob 2 1
cyd 1 3
dan 0 3
eve 1 3'

it 'runs a file that ends without a line end, and one with CR LF'
printf 'print "x"' >bare.thaw
printf 'print "a"\r\nprint "b"\r\n' >crlf.thaw
thaw bare.thaw crlf.thaw
works
out_is 'x
a
b'

it 'starts with a byte order mark'
printf '\357\273\277print "bom"\n' >bom.thaw
thaw bom.thaw
works
out_is bom

# ---- status ----

it 'gives the number of quit'
thaw -c 'quit 5'
exits 5

it 'gives 2 for a script that cannot be read'
thaw help
refused 2 'give the path of a script, or commands by -c, as in `thaw -c help`'
thaw one.thaw nothere.thaw
exits 2
err_has 'nothere.thaw'

it 'gives 2 for a folder'
mkdir folder
thaw folder
exits 2
err_has 'folder'

it 'gives 1 for a command that failed, and stops there'
thaw -c 'nonsense' -c 'print "after"'
refused 1 nonsense
no_out

it 'gives 3 when only an assert failed'
thaw -c 'assert params == 1'
refused 3 'params'

it 'gives 1 for an assert of a value that is not known yet'
thaw -c 'assert accuracy > 0'
refused 1 'accuracy'

it 'names the script and the line of an assert to programs'
printf '\nassert params == 600165, "the model"\nassert accuracy > 0, "no run"\n' >asserts.thaw
thaw -c 'mode csv' asserts.thaw
refused 1 'no run (whether accuracy > 0 is not known: accuracy is not known yet'
out_is 'event,expression,value,script,line,message,reason
assert,params == 600165,true,asserts.thaw,2,the model,
assert,accuracy > 0,,asserts.thaw,3,no run,accuracy is not known yet; `train gte5` or `eval gte5`'
thaw -c 'mode json' asserts.thaw
out_has '"value":true,"script":"asserts.thaw","line":2,"message":"the model","reason":null,"cell":null}'

it 'goes on after an error with bail off and gives its status'
thaw -c 'bail off' -c 'assert params == 1' -c 'print "after"'
exits 3
out_is after
thaw -c 'bail off; nonsense; assert params == 1; print "after"'
exits 1
out_is after

it 'ends a script alone whose own bail is on, where that of the command line is off'
printf 'bail on\nnonsense\nprint "not reached"\n' >bails.thaw
thaw -c 'bail off' bails.thaw -c 'print "the check"'
exits 1
out_is 'the check'
thaw bails.thaw -c 'print "the check"'
refused 1 'bails.thaw:2: error: unknown command "nonsense"'
out_lacks 'the check'
thaw -c 'bail off' nowhere.thaw -c 'print "the check"'
refused 2 'nowhere.thaw'

it 'says of a file of weights that it is no script'
printf 'x\0y' >handed.safetensors
thaw handed.safetensors -c 'print "x"'
refused 2 'handed.safetensors is a file of weights or a session, not a script; `load` reads it, as in'
thaw -c 'source handed.safetensors'
refused 1 'not a script; `load` reads it'
thaw --check handed.safetensors
refused 2 'it is a file of weights or a session, which `load` reads'
thaw nothing.safetensors
refused 2 'nothing.safetensors: cannot be read: No such file'
thaw -c 'help safe'
works
out_has '--safe=require'

it 'names the script and the line'
printf '# a comment\n\nprint "x"\nfreeze conv3\nprint "y"\n' >lab1.thaw
thaw lab1.thaw
refused 1 'thaw: lab1.thaw:4: error: ' 'no layer matches "conv3"' 'features'
out_is x

it 'names the inner script of a source'
printf 'print "x"\nsource lab1.thaw\n' >outer.thaw
thaw outer.thaw
refused 1 'lab1.thaw:4: error: '

it 'refuses a script that sources itself for ever'
printf 'source loop.thaw\n' >loop.thaw
thaw loop.thaw
refused 1 'source'

it 'checks scripts without running them'
cat >inner.thaw <<'END'
print "inner"
freeze conv3
END
cat >check.thaw <<'END'
# all is said, not only the first
build "conv2d 4 3, relu, flatten | dense 5, softmax"
freeze conv2d; freeze conv2d_1
train gte5 epohcs=3
train lt7 batch=0; eval lt5
assert acuracy > 0.9, "x"
set batch 0
source inner.thaw
source nowhere.thaw
save check.safetensors; export png
load other.safetensors
freeze anything
assert r7.val_accuracy > 0.9 # what only a run tells
quit 7
END
thaw --check check.thaw
exits 1
[ "$(grep -c '^thaw: ' "$err")" -eq 7 ] || unmet 'seven errors'
err_has 'check.thaw:3: error: freeze: no layer matches "conv2d_1"' 'check.thaw:4: error: train: unknown key' \
	'check.thaw:5: error: train: batch is' 'check.thaw:6: error: assert: unknown name' 'check.thaw:7: error: set: batch is' \
	'check.thaw:8 > inner.thaw:2: error: freeze: no layer' 'check.thaw:9 > nowhere.thaw: cannot be read'
err_lacks anything r7
out_is 'check.thaw: 18 commands, 7 wrong'
no_file check.safetensors thaw-r1-plot.png
thaw --check -c 'assert recall(12) > 0' -c 'confusion lt5 7 9' -c 'confusion lt5 3' -c 'assert p(3) > 0; confusion lt5 3 4; confusion all'
exits 1
[ "$(grep -c '^thaw: ' "$err")" -eq 3 ] || unmet 'three errors'
err_has 'there is no digit 12 in the data; take one of 0 to 9' 'lt5 has no digit 7' 'name both'
thaw --check -c 'data pets; assert recall(12) > 0; assert recall(cat) > 0; confusion classes=cat,dog cat dog'
works
thaw --check "$lessons/transfer.thaw" -c 'train lt5'
works
out_like '.*transfer.thaw: [0-9]+ commands, nothing wrong'
thaw --check nowhere.thaw
exits 2
printf 'source loop.thaw\n' >loop.thaw
thaw --check loop.thaw
refused 1 'more than 16 deep'
lines 'modle' --check
exits 1
err_has 'stdin:1: error: unknown command "modle"'
printf 'train hunter2\n' >secret.txt
ln -s secret.txt to-secret.txt
thaw --safe --check -c 'source to-secret.txt'
exits 1
err_lacks hunter2

it 'finds in a check what else could never run'
cat >never.thaw <<'END'
assert accuracy
assert trainable(haed)
assert delta(r1, haed) == 0
print "abc
print "a" "b"
print acuracy
save x.foo
export png nofig
export csv loss
export png filters conv9
load x.xyz
END
cat >always.thaw <<'END'
assert trainable(head) and not trainable and delta(r1, features) == 0
print "a", params, trainable(head), linear(dense)
export png plot loss r2 logy p.png; export svg digits lt5 wrong; export png digits test:3 n=4
export png filters conv2d; export png activations conv2d test:3; export png diff r1 @a; export csv r2 x.csv
load x.keras; export png filters conv9; assert trainable(conv9) > 0
END
thaw --check never.thaw
exits 1
[ "$(grep -c '^thaw: ' "$err")" -eq 11 ] || unmet 'eleven errors'
err_has 'not a condition' 'did you mean "head"' 'quote is not closed' 'comma is missing' 'did you mean "accuracy"' 'x.foo' \
	'"nofig"' '"loss"' '"conv9"' 'x.xyz'
thaw --check always.thaw
works
no_file p.png
it 'says in a check what --safe will refuse'
cat >out.thaw <<'END'
save ../a.safetensors
log ../b
source ../c.thaw
load ../d.keras
data /usr
build ../m.keras
predict ../p.png
export csv ../x.csv
train gte5 checkpoint=best:../x.safetensors
log out.thaw
END
thaw --check --safe out.thaw
exits 1
[ "$(grep -c '^thaw: .*--safe' "$err")" -eq 10 ] || unmet 'ten errors with --safe'
err_lacks cross-device
out_is 'out.thaw: 10 commands, 10 wrong'

it 'runs the cells of commands of a notebook, and says of one without what it is'
cat >mia.ipynb <<'END'
{"cells": [{"cell_type": "markdown", "source": ["%%thawed\n", "print 1"]}, {"cell_type": "code", "source": ["import keras"]},
 {"cell_type": "code", "source": ["%%thaw\n", "print \"one\"; print params\n", "print 2"]},
 {"cell_type": "code", "source": "%%thaw\nassert params == 1"}, {"cell_type": "code", "source": "%%thaw"}], "nbformat": 4}
END
printf '{"cells": [{"cell_type": "code", "source": ["model.fit(x)"]}]}' >python.ipynb
printf 'print "plain"\n' >plain.ipynb
for way in mia.ipynb --safe -c; do
	case $way in
	-c) thaw -c 'source mia.ipynb' ;;
	--safe) thaw --safe mia.ipynb ;;
	*) thaw mia.ipynb ;;
	esac
	refused 3 'mia.ipynb: cell 4, line 2: error: assert: params == 1 does not hold'
	out_is 'one
600165
2'
done
thaw --check mia.ipynb
works
out_is 'mia.ipynb: 4 commands, nothing wrong'
for way in python.ipynb '--check python.ipynb'; do
	# shellcheck disable=SC2086
	thaw $way
	refused 2 'a notebook of Jupyter, and no cell of it begins with %%thaw'
done
thaw -c 'source python.ipynb'
refused 1 'a notebook of Jupyter'
printf '{"cells": [{"source": ["\\n", "  %%%%thaw print 6 * 7\\n", "print 1"]}, {"source": "%%%%thaw\\tprint 2"}]}' >magic.ipynb
cp magic.ipynb UPPER.IPYNB
for book in magic.ipynb UPPER.IPYNB; do
	thaw "$book" # what stands behind the magic is a command, and blanks may stand before it
	works
	out_is '42
1
2'
done
printf '{"cells": [{"source": "%%%%thaw nonsense"}]}' >magic.ipynb
thaw --check magic.ipynb
refused 1 'magic.ipynb: cell 1, line 1: error: unknown command "nonsense"'
cat >places.ipynb <<'END'
{"cells": [{"source": "# of Python"}, {"source": "\n\n%%thaw\nbail off\nnonsense"}, {"cell_type": "markdown", "source": "%%thawed"},
 {"source": ["%%thaw model layers=0..0\n", "print \\\n", "1\n", "freeze conv3\n", "\n"]}, {"source": "%%thaw\n\nassert 1 > 2\nsource inner.thaw"}]}
END
thaw places.ipynb
exits 1
err_has 'thaw: places.ipynb: cell 2, line 5: error: unknown command "nonsense"' 'places.ipynb: cell 4, line 4: error: freeze' \
	'places.ipynb: cell 5, line 3: error: assert' 'places.ipynb: cell 5, line 4 > inner.thaw:2: error: freeze'
thaw --check -c 'source places.ipynb'
exits 1
err_has 'thaw: -c:1 > places.ipynb: cell 4, line 4: error: freeze'
thaw -c 'mode json' places.ipynb
out_has '"script":"places.ipynb","line":5,"column":1,"length":8,"cell":2}' '"script":"places.ipynb","line":3,"message":null,"reason":"it never does","cell":5}' \
	'"script":"inner.thaw","line":2,"column":8,"length":5}'
printf '{\n "cells": [\n' >cut.ipynb
printf '{"nbformat": 3, "worksheets": [{"cells": [{"cell_type": "code", "input": ["%%%%thaw\\n", "print 1"]}]}]}' >old.ipynb
for way in '' --check; do
	# shellcheck disable=SC2086
	thaw $way cut.ipynb
	refused 2 'no notebook of Jupyter, or a damaged one (line 3, column 0: '
	# shellcheck disable=SC2086
	thaw $way old.ipynb
	refused 2 'a notebook of nbformat 3; convert it by `jupyter nbconvert --to notebook --nbformat 4`'
done
files=$(ulimit -S -n)
ulimit -S -n 40
thaw -c "bail off; $(seq -s ' ' 40 | sed 's/[0-9]*/source python.ipynb;/g') source plain.ipynb" # each closes it
ulimit -S -n "$files"
out_is plain
thaw -c 'load mia.ipynb'
refused 1 'a notebook of Jupyter is no model; `source mia.ipynb`'
thaw plain.ipynb
works
out_is plain

it 'knows what was frozen in a run'
thaw -c 'build "conv2d 2 3, relu, flatten | dense 5, softmax"; train lt5 limit=20 epochs=1 verbose=0; freeze conv2d' \
	-c 'train lt5 limit=20 epochs=1 verbose=0; assert r1.frozen == "" and r2.frozen == "features"; assert r2.frozen > 1'
refused 1 'a text and a number are never equal'

it 'marks the commands that it echoes'
thaw -c 'echo on; print "a"; print params # so'
works
out_is 'thaw> print "a"
a
thaw> print params # so
600165'

it 'numbers what -c has among itself, and leads no terminal'
printf 'print "a\033[2Jb\033]0;c\007"\n' >led.thaw
thaw -c 'print 1' led.thaw -c 'mode xml'
refused 1 '-c:2: error: mode: unknown word "xml"'
out_is '1
a?[2Jb?]0;c?'

it 'says in CSV which run an epoch belongs to, whoever asks'
thaw -c 'timing off; build "flatten | dense 5, softmax"; mode csv; train lt5 limit=20 epochs=1; train lt5 limit=20 epochs=1; history r2'
works
[ "$(grep -c '^epoch,2,1,' "$out")" -eq 2 ] || unmet 'two rows of the second run, from the run and from its history'
[ "$(grep '^epoch,2,1,' "$out" | sort -u | wc -l)" -eq 1 ] || unmet 'the same row from both'

it 'keeps the columns of runs and history where their texts are long'
thaw -c 'timing off; build "flatten | dense 5, softmax"; train lt5 limit=20 epochs=3 lr=0.5:cosine verbose=0' \
	-c 'train lt5 limit=20 epochs=30 verbose=0 stop=loss<=100; history r1; runs'
works
out_like '2 .* 0\.375 *'
out_like 'run split  train  epochs .*'
out_like 'r1  lt5       20       3 .*'
out_like 'r2  lt5       20 1 of 30 .*'

it 'says of bootstrap what it takes, and builds nothing for that'
mkdir fresh
cp "$top_srcdir/bootstrap" "$top_srcdir/configure.ac" fresh
for o in --help -h --version; do
	command="bootstrap $o"
	sh fresh/bootstrap $o >"$out" 2>"$err" </dev/null
	status=$?
	works
	case $o in
	--version) out_is "$("$THAW" --version)" ;;
	*) out_has './bootstrap [CONFIGURE-ARGUMENT...]' '--prefix=DIR' '--sysconfdir=DIR' ;;
	esac
done
cp "$top_srcdir/configure" fresh
mkdir fresh/nn
: >fresh/nn/nn.h # by which configure knows its folder
sh fresh/bootstrap --help >"$out" 2>"$err" </dev/null
status=$?
works
out_has './bootstrap [CONFIGURE-ARGUMENT...]' '--prefix=PREFIX' '--with-sanitize'
[ "$(ls fresh)" = 'bootstrap
configure
configure.ac
nn' ] || unmet 'nothing else in that folder'

it 'reads data when they are first needed'
thaw --data nosuch -c quit
works
thaw --data nosuch -c 'data info'
refused 1 nosuch

it 'completes its options and commands in bash'
cat >complete.sh <<'END'
. "$top_srcdir/completions/thaw"
try() { COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)); _thaw; echo "${COMPREPLY[*]}"; }
try "$THAW" --che; try "$THAW" -c tra; try "$THAW" --color a; try "$THAW" lab
try "$THAW" wor; try "$THAW" --threads 1 mer; try "$THAW" x.thaw wor; try "$THAW" work --sl; try "$THAW" merge --t; try "$THAW" --seed w; try "$THAW" plan --s
try "$THAW" --safe = r; try "$THAW" --safe =; try "$THAW" --sa; try "$THAW" work p.jsonl -
END
: >worn.thaw
if command -v bash >/dev/null; then
	bash complete.sh >"$out" 2>"$err" </dev/null
	out_is '--check
train
auto always

work worn.thaw
merge

--slice


--safe --seed --safe=require
require
require
--safe --safe=require
--color --data --help --project --safe --slice --threads --version -h --safe=require'
fi

done_testing
