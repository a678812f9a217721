#!/bin/sh
# streams.sh: standard streams that are closed, full or broken, and input that is not text.
. "$top_srcdir/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/lesson.sh"
few_images
data=$scratch/few

# ---- output ----

it 'fails when standard output is closed'
"$THAW" -c model >&- 2>"$err" </dev/null
status=$? command='thaw -c model >&-'
: >"$out"
no_report
refused 1 'standard output'

it 'fails when standard output is full'
"$THAW" -c model >/dev/full 2>"$err" </dev/null
status=$? command='thaw -c model >/dev/full'
no_report
refused 1 'standard output'

it 'is quiet when its reader goes away'
{ "$THAW" -c 'bail off' -c 'model; model; model; model; help; model; model' 2>"$err"; echo $? >.t/status; } | head -n 1 >"$out"
command='thaw ... | head -n 1'
read -r status <.t/status
no_report
[ "$status" -eq 141 ] || [ "$status" -eq 0 ] || unmet 'status 141, or 0 when all was written before'
[ ! -s "$err" ] || unmet 'nothing on standard error'

small='build "flatten | dense 5, softmax"; train gte5 limit=64 epochs=1'
thaw -c "$small; save kept.safetensors"
mkfifo gone

unread() { # ARGUMENT...: nobody reads its output, from the first byte on
	: <gone &
	exec 5>gone
	wait $!
	command="thaw $* (unread)"
	"$THAW" "$@" >&5 2>"$err" </dev/null
	status=$?
	exec 5>&-
	: >"$out"
	no_report
}

read_until() { # TEXT ARGUMENT...: its output is read as far as this line; the page of `help` is more than the pipe holds
	text=$1
	shift
	command="thaw $* (read until $text)"
	python3 - "$text" "$THAW" "$@" >"$out" 2>"$err" <<'EOS'
import fcntl, os, subprocess, sys
r, w = os.pipe()
fcntl.fcntl(w, fcntl.F_SETPIPE_SZ, 4096)
p = subprocess.Popen(sys.argv[2:], stdin=subprocess.DEVNULL, stdout=w, restore_signals=True)
os.close(w)
seen = b""
while sys.argv[1].encode() not in seen and (more := os.read(r, 1024)):
    seen += more
os.close(r)
sys.stdout.write(seen.decode())
p.wait()
sys.exit(128 - p.returncode if p.returncode < 0 else p.returncode)
EOS
	status=$?
	no_report
}

it 'leaves nothing behind without a reader where nothing was trained, or all of it is in a file'
for commands in 'model; model' 'load kept.safetensors; runs; model'; do
	unread -c "$commands"
	exits 141
	[ ! -s "$err" ] || unmet 'nothing on standard error'
	no_file thaw-autosave.safetensors
done
read_until 'Test accuracy' -c "$small; save again.safetensors; mode json; help; print 1"
exits 141
[ ! -s "$err" ] || unmet 'nothing on standard error'
no_file thaw-autosave.safetensors

it 'leaves nothing behind without a reader at the end of all that it was to do'
printf '%s\n' "$small" 'mode json' 'help' '' '# the end' >whole.thaw
for kind in command script; do
	case $kind in command) set -- -c "$small; mode json; help" ;; script) set -- whole.thaw ;; esac
	read_until 'Test accuracy' "$@"
	exits 141
	[ ! -s "$err" ] || unmet 'nothing on standard error'
	no_file thaw-autosave.safetensors
done

it 'keeps the work of a batch whose reader goes away before its end, and says where'
printf '%s\n' "$small" 'mode json' 'help' 'print 1' >more.thaw
for kind in one two script; do
	case $kind in
	one) set -- -c "$small; mode json; help; print 1" ;;
	two) set -- -c "$small; mode json; help" -c 'print 1' ;;
	script) set -- more.thaw ;;
	esac
	read_until 'Test accuracy' "$@"
	exits 141
	err_is 'thaw: saved the session to ./thaw-autosave.safetensors; `load ./thaw-autosave.safetensors` brings it back'
	file_exists thaw-autosave.safetensors
	rm -f thaw-autosave.safetensors
done
read_until 'val_loss' -c 'build "flatten | dense 5, softmax"; train gte5 limit=64 epochs=10000' # cut in the run
exits 141
file_exists thaw-autosave.safetensors
rm -f thaw-autosave.safetensors

it 'works with standard error closed'
"$THAW" -c 'nonsense' 2>&- >"$out" </dev/null
status=$? command='thaw -c nonsense 2>&-'
: >"$err"
exits 1

it 'works with standard input closed'
"$THAW" <&- >"$out" 2>"$err"
status=$? command='thaw <&-'
no_report
[ "$status" -le 2 ] || unmet 'an orderly end'
"$THAW" -c 'print "a"' <&- >"$out" 2>"$err"
status=$? command="thaw -c 'print \"a\"' <&-"
works
out_is a

it 'says that the page of options was cut short'
for option in --help --version; do
	"$THAW" $option >/dev/full 2>"$err" </dev/null
	status=$? command="thaw $option >/dev/full"
	refused 1 'standard output' 'incomplete'
done

it 'says that a plan, and what was said of slices and stores, was cut short'
thaw --project full-store -c "$small"
echo "sweep lr=0.1,1 seeds=1 -- build \"flatten | dense 5, softmax\"; train gte5 limit=64 epochs=1" >few.thaw
thaw plan few.thaw
works
cp "$out" few.jsonl
for words in "plan few.thaw --data $data" 'work few.jsonl --project full-store' 'merge full-store --project full-other'; do
	# shellcheck disable=SC2086
	"$THAW" $words >/dev/full 2>"$err" </dev/null
	status=$? command="thaw $words >/dev/full"
	refused 1 'standard output' 'incomplete'
done

it 'gives programs a value for each text, whatever its bytes'
printf 'mode json\nprint "\377\376", "b\tc", 1e999\n' >bytes
feed bytes
works
out_is '{"event":"print","values":["??","b\tc",null]}'

# ---- input ----

it 'refuses a line of 10 MB'
head -c 10000000 /dev/zero | tr '\0' a >long
feed long
refused 1

it 'refuses a quoted word of 10 MB'
{ printf 'freeze "'; cat long; printf '"\n'; } >quoted
feed quoted
refused 1

it 'takes a file of many short lines'
head -c 1000000 /dev/zero | tr '\0' '\n' >newlines
feed newlines
works
no_out

it 'takes a line of many separators'
head -c 1000000 /dev/zero | tr '\0' ';' >semicolons
feed semicolons
works
no_out

it 'refuses a NUL byte and says so'
printf 'print "a"\nmo\0del\n' >nul
feed nul
refused 1 ':2: ' NUL
out_is a

it 'shows no control characters of its input'
printf 'a\033[31mb\rc\177\n' >escapes
feed escapes
refused 1
! LC_ALL=C grep -q "$(printf '[\001-\010\013-\037\177]')" "$err" || unmet 'no control characters'

it 'takes bytes that are not UTF-8'
printf 'fr\377\376eze\n' >latin
feed latin
refused 1

it 'prints an event for each command, whatever bytes a name has'
odd=$(printf 'a\377')
thaw -c 'build "flatten | dense 5, softmax"; export png digits plain.png n=1 size=60x60'
mv plain.png "$odd.png"
mkdir "$odd"
for part in train t10k; do
	printf '\0\0\10\3\0\0\0\1\0\0\0\1\0\0\0\1x' >"$odd/$part-images-idx3-ubyte"
	printf '\0\0\10\1\0\0\0\1\0' >"$odd/$part-labels-idx1-ubyte"
done
cat >named <<EOF
build "flatten | dense 5, softmax"
set font $odd
set font
predict $odd.png
show $odd.png
save $odd.safetensors
load $odd.safetensors
export json plot.$odd
export png model $odd.png
print "$odd"
$odd
data $odd
data info
show config
EOF
thaw -c 'mode json; bail off; set epochs 1 limit=256; train gte5 verbose=0' named
exits 1
for event in build setting predict image file print error data config; do
	out_has "{\"event\":\"$event\","
done
out_has '"image":"a?.png"' '"file":"a?.safetensors"' '"name":"a?"' '"values":["a?"]' 'data a?;'
[ "$(grep -c '"event":"data"' "$out")" -eq 2 ] || unmet 'data and data info, an event each'

it 'stands random bytes'
# From a file that is the same each time: packed pictures are as good as random.
i=0
while [ $i -lt 8 ]; do
	tail -c +$((100000 * (i + 1))) "$top_srcdir/assets/mnist/t10k-images-idx3-ubyte.gz" | head -c 5000 >random
	feed random
	exits 1
	feed random -c 'bail off' -
	exits 1
	i=$((i + 1))
done

done_testing
