# lib.sh: what the scripts of tests/cli share. Sourced first; a script then runs thaw and says what it expects:
#
#     . "$top_srcdir/tests/cli/lib.sh"
#     it 'names the way out of an unknown layer'
#     thaw -c 'freeze conv3'
#     exits 1
#     err_has 'no layer matches "conv3"'
#
# Each script has a folder of its own, which is the working directory and goes away at the end; nothing of the user's
# environment reaches thaw. Output is compared as it is, byte for byte. An expectation that is not met is printed with
# the command and what it gave, the script goes on, and `done_testing` at its end makes the status. What a sanitizer
# finds is a failure whatever was expected.
#
# To renew tests/golden after a change that was meant: UPDATE=1 make check TESTS=tests/cli/NAME.sh, then read git diff.

set -u
: "${THAW:?is the path of the program: run this by make check}" "${top_srcdir:?}" "${sanitized:=no}"

scratch=$(mktemp -d "${TMPDIR:-/tmp}/thaw-test.XXXXXX") || exit 99
trap 'chmod -R u+rwx "$scratch"; rm -rf "$scratch"' EXIT
trap 'exit 99' HUP INT TERM
cd "$scratch" || exit 99

for v in $(env | sed -n 's/^\(THAW_[A-Z_]*\|XDG_[A-Z_]*\|LC_[A-Z]*\|LANG\|LANGUAGE\|NO_COLOR\|COLUMNS\|LINES\|INPUTRC\)=.*/\1/p'); do
	unset "$v"
done
LC_ALL=C.UTF-8 TERM=dumb HOME=$scratch/home
export LC_ALL TERM HOME
mkdir "$HOME" .t
out=$scratch/.t/out err=$scratch/.t/err
status=0 failures=0 label= command=
data= # what thaw trains with here; empty: all of MNIST
golden=$top_srcdir/tests/golden
lessons=$top_srcdir/assets/lessons

it() { # says what the expectations that follow show
	label=$*
}

# ---- running ----

thaw() { # ARGUMENT...: with an empty standard input; leaves $status and the files $out and $err
	feed /dev/null "$@"
}

feed() { # FILE ARGUMENT...: with the file as standard input
	feed_file=$1
	shift
	command="thaw $*"
	"$THAW" ${data:+--data "$data"} "$@" <"$feed_file" >"$out" 2>"$err"
	status=$?
	no_report
}

lines() { # TEXT ARGUMENT...: with the text as standard input
	printf '%s\n' "$1" >.t/in
	shift
	feed .t/in "$@"
}

no_report() {
	if grep -qE 'Sanitizer|runtime error:' "$err" || [ "$status" -eq 99 ]; then
		unmet "a report of a sanitizer"
	fi
}

few_pictures() { # DIR: a data set of 400 and 100 pictures, so that a process has little to read
	python3 - "$1" <<'EOT'
import os, struct, sys
os.mkdir(sys.argv[1])
for part, n in ("train", 400), ("t10k", 100):
    noise = bytes((i * i * 7 + i // 5 * 31) % 251 for i in range(n * 784))
    for kind, shape, values in ("images-idx3", (n, 28, 28), noise), ("labels-idx1", (n,), bytes(i % 10 for i in range(n))):
        with open(f"{sys.argv[1]}/{part}-{kind}-ubyte", "wb") as f:
            f.write(struct.pack(f">HBB{len(shape)}I", 0, 8, len(shape), *shape) + values)
EOT
}

# ---- expecting ----

unmet() {
	failures=$((failures + 1))
	echo "not met: $label: $*"
	printf '  command: %.300s\n  status: %s\n' "$command" "$status"
	sed 's/^/  out: /' "$out" | cut -c 1-300 | head -n 20
	sed 's/^/  err: /' "$err" | cut -c 1-300 | head -n 40
}

# A build that counts branches complains where it may not write its counts.
exits() { # N
	! grep -q '^\(libgcov \)*profiling.*gcda:' "$err" || sed -i '/^\(libgcov \)*profiling.*gcda:/d' "$err"
	[ "$status" -eq "$1" ] || unmet "status $1"
}

works() { # status 0 and nothing on standard error
	[ "$status" -eq 0 ] || unmet "status 0"
	[ ! -s "$err" ] || unmet "nothing on standard error"
}

has() { # FILE TEXT
	grep -qF -e "$2" "$1"
}

out_has() { # TEXT...: each stands within a line
	for t in "$@"; do has "$out" "$t" || unmet "output with \"$t\""; done
}

out_lacks() { # TEXT...
	for t in "$@"; do ! has "$out" "$t" || unmet "output without \"$t\""; done
}

out_like() { # REGEX: matches a whole line
	grep -qxE -e "$1" "$out" || unmet "a line of output like \"$1\""
}

out_is() { # TEXT: the whole output, the last end of line apart
	printf '%s\n' "$1" | cmp -s - "$out" || unmet "the output \"$1\""
}

no_out() {
	[ ! -s "$out" ] || unmet "no output"
}

err_has() { # TEXT...
	for t in "$@"; do has "$err" "$t" || unmet "an error with \"$t\""; done
}

err_lacks() { # TEXT...
	for t in "$@"; do ! has "$err" "$t" || unmet "errors without \"$t\""; done
}

err_is() { # TEXT: the whole of standard error
	printf '%s\n' "$1" | cmp -s - "$err" || unmet "the error \"$1\""
}

# The form of every refusal: a status, one line "thaw: ...: error: ..." and perhaps the line with a caret below it.
refused() { # STATUS TEXT...
	exits "$1"
	shift
	n=$(grep -c 'error: ' "$err")
	[ "$n" -eq 1 ] || unmet "one line with an error"
	grep -q '^thaw: ' "$err" || unmet "an error that begins with \"thaw: \""
	[ "$(wc -l <"$err")" -le 3 ] || unmet "no more than the error, the line and a caret"
	[ "$(wc -c <"$err")" -le 2000 ] || unmet "a short error"
	err_has "$@"
}

same() { # FILE FILE
	cmp "$1" "$2" >"$out" 2>"$err" || { command="cmp $*"; unmet "the same bytes"; }
}

differ() { # FILE FILE
	! cmp -s "$1" "$2" || { command="cmp $*"; unmet "different bytes"; }
}

file_exists() { # FILE...
	for f in "$@"; do [ -s "$f" ] || unmet "a file $f that is not empty"; done
}

no_file() { # FILE...
	for f in "$@"; do [ ! -e "$f" ] || unmet "no file $f"; done
}

golden() { # NAME: the output is tests/golden/NAME
	if [ -n "${UPDATE:-}" ]; then
		cp "$out" "$golden/$1"
	elif ! diff -u "$golden/$1" "$out" >.t/diff 2>&1; then
		cat .t/diff
		unmet "tests/golden/$1"
	fi
}

skip() { # REASON: ends the script as skipped
	echo "skipped: $*"
	exit 77
}

done_testing() {
	[ "$failures" -eq 0 ]
	exit
}
