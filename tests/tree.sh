#!/bin/sh
# tree.sh: what the folders promise, on includes, on linker symbols and on text. tests/breaches.sh breaks each rule once.
#
# The leaves nn and ui know neither each other nor src; nn does not print, exit, open a file, read a clock or catch a signal. The
# folders of src stand in one order, and an include or a call goes to its own folder or to one further down. No files call each
# other in a circle. Each foreign interface has one file. Nothing names the machine it was written on.
set -u
cd "${top_srcdir:?run by make check}" || exit 1
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
: >"$tmp/bad"

bad() {
	echo "tree: $*" | tee -a "$tmp/bad"
}

# From the bottom to the top; src/*.c itself may use all of them. A folder within one of them, as util/os, belongs to it.
order='util keras data model past job session train look view language file export commands script host'

rank() {
	i=0
	for d in $order; do
		i=$((i + 1))
		[ "$d" = "$1" ] && echo $i && return
	done
	echo 99
}

includes() { # of a file, those in quotes
	sed -n 's/^[ \t]*#[ \t]*include[ \t]*"\([^"]*\)".*/\1/p' "$1"
}

# ---- includes ----

for leaf in nn ui; do
	for f in "$leaf"/*.[ch] "$leaf"/*.def; do
		[ -f "$f" ] || continue
		for h in $(includes "$f"); do
			case $h in
			config.h) continue ;;
			*/*) ;;
			*) [ ! -f "$leaf/$h" ] || continue ;;
			esac
			bad "$f includes $h, which is not in $leaf/"
		done
	done
done
for d in src/*/; do
	d=${d#src/} d=${d%/}
	case $d in .*) continue ;; esac
	[ "$(rank "$d")" -ne 99 ] || bad "src/$d/ has no place in the order of folders"
	for f in $(find src/"$d" -name '*.[ch]'); do
		for h in $(includes "$f"); do
			case $h in
			config.h | nn/nn.h | ui/*) continue ;;
			*/*) ;;
			*) bad "$f includes $h without its folder" ;;
			esac
			g=${h%%/*}
			[ "$(rank "$g")" -le "$(rank "$d")" ] || bad "$f includes from $g/, which stands above $d/"
		done
	done
done

one() { # WHAT HEADER-REGEX
	n=$(grep -lE "^[ \t]*#[ \t]*include[ \t]*[<\"]$2" nn/*.[ch] ui/*.[ch] $(find src -name '*.[ch]') | wc -l)
	[ "$n" -le 1 ] || bad "$n files include $1; one may"
}
one curses '(ncursesw/)?n?curses(w)?\.h'
one readline 'readline/'
one png 'png\.h'
one FreeType '(ft2build\.h|freetype)'
one cairo 'cairo'
one libjpeg 'jpeglib\.h'
one sqlite 'sqlite3'

# jansson makes no string of bytes that are not UTF-8, and an event without one is lost.
odd=$(grep -nE 'json_(v?pack|v?pack_ex|stringn?|v?sprintf)\(' src/*.c src/*/*.c /dev/null | grep -v '^src/util/json.c:' | head -5)
[ -z "$odd" ] || bad "a string for JSON that does not come from out_pack or out_string: $odd"

# ---- symbols ----

# WHO WHOSE NAME, a call a line, between the objects of a library that are named by their sources.
calls() { # LIBRARY
	find "$top_builddir/nn" "$top_builddir/ui" "$top_builddir/src" -name "lib$1*_a-*.o" 2>/dev/null | sort | while read -r o; do
		name=$(echo "${o#"$top_builddir"/}" | sed 's/lib[a-z0-9]*_a-//')
		"$nm" "$o" | awk -v o="$name" 'NF == 3 && $2 ~ /[TDBR]/ {print "d", $3, o} NF == 2 && $1 == "U" {print "u", $2, o}'
	done | sort -u | awk '$1 == "d" {at[$2] = $3} $1 == "u" {u[++n] = $2; by[n] = $3}
		END {for (i = 1; i <= n; i++) if (u[i] in at && at[u[i]] != by[i]) print by[i], at[u[i]], u[i]}'
}

nm=$(command -v nm || command -v llvm-nm || true)
if [ -n "$nm" ] && [ "${sanitized:-no}" = no ]; then
	for lib in nn ui thaw; do
		calls $lib >"$tmp/calls"
		cut -d' ' -f1,2 "$tmp/calls" | sort -u | tsort 2>&1 >/dev/null | sed -n 's/^tsort: //; /input contains a loop/d; p' | sort -u >"$tmp/circle"
		[ ! -s "$tmp/circle" ] || bad "a circle of files: $(tr '\n' ' ' <"$tmp/circle")"
		[ $lib = thaw ] || continue
		while read -r from to name; do
			a=$(echo "$from" | cut -d/ -f2) b=$(echo "$to" | cut -d/ -f2)
			[ "$(rank "$b")" -le "$(rank "$a")" ] || bad "$from calls $name of $to, which stands above $a/"
		done <"$tmp/calls"
	done
	for leaf in nn ui; do
		odd=$("$nm" -g --defined-only "$top_builddir/lib$leaf.a" 2>/dev/null |
			awk -v p="^(${leaf}_|__gcov|mangle_path)" 'NF == 3 && $3 !~ p {print $3}' | sort -u | tr '\n' ' ')
		[ -z "$odd" ] || bad "global names of lib$leaf.a without the prefix ${leaf}_: $odd"
	done
	odd=$("$nm" -u "$top_builddir/libnn.a" 2>/dev/null | awk '$1 == "U" {sub(/@.*/, "", $2); print $2}' | sort -u |
		grep -xE '(__)?v?f?printf(_chk)?|puts|fputs|putchar|perror|fwrite|f?open(64)?|read|write|_?exit|time|clock_gettime|gettimeofday|signal|sigaction' |
		tr '\n' ' ')
	[ -z "$odd" ] || bad "libnn.a calls $odd- it gets arrays and gives arrays, and no more"
fi

# ---- text ----

for f in nn/*.[ch] ui/*.[ch] $(find src -name '*.[ch]'); do
	[ -f "$f" ] || continue
	most=500
	case $f in src/*) most=400 ;; *.h) most=99999 ;; esac
	n=$(wc -l <"$f")
	[ "$n" -le $most ] || bad "$f has $n lines, more than $most; look for the seam"
	n=$(expand -t8 "$f" | LC_ALL=C.UTF-8 grep -nm1 '^.\{121\}' | cut -d: -f1)
	[ -z "$n" ] || bad "$f:$n is longer than 120 columns"
done
# `make tree` prints the first sentence of each file.
for f in $(find nn ui src tests man -type f 2>/dev/null | grep -E '\.([ch]|def|sh|py)$' | grep -v __pycache__); do
	head -n 2 "$f" | grep -qE "^(/\* |# |\"\"\")${f##*/}[ :].*[a-z]" || bad "$f does not begin with its name and what it holds"
done

# HACKING.md is short, and what it names is there: paths, path:function, and every other word with an underscore.
[ "$(wc -l <HACKING.md)" -le 250 ] || bad "HACKING.md has $(wc -l <HACKING.md) lines, more than 250"
n=$(LC_ALL=C.UTF-8 grep -nm1 '^.\{121\}' HACKING.md | cut -d: -f1)
[ -z "$n" ] || bad "HACKING.md:$n is longer than 120 columns"
for p in $(grep -oE '\<(nn|ui|src|tests|man|doc)/[A-Za-z0-9_./]*[A-Za-z0-9](:[a-z0-9_]+)?' HACKING.md | grep -v NAME | sort -u); do
	f=${p%%:*} name=${p#"$f"} name=${name#:}
	if [ ! -e "$f" ]; then
		bad "HACKING.md names $f, which is not there"
	elif [ -n "$name" ] && ! grep -qE "^(NN_ISA\()?$name\)?\(" "$f"; then
		bad "HACKING.md names $name, which $f does not define"
	fi
done
find nn ui src tests man -name '*.[ch]' -o -name '*.def' -o -name '*.sh' -o -name '*.py' | xargs cat Makefile.am >"$tmp/all"
for name in $(grep -oE '\<[A-Za-z0-9]+_[A-Za-z0-9_]+' HACKING.md | grep -v -e NAME -e ^CK_ | sort -u); do
	grep -qwF -e "$name" "$tmp/all" || bad "HACKING.md names $name, which is nowhere"
done

text=$(find nn ui src tests man assets .ci -type f 2>/dev/null | grep -vE '\.(gz|png|pyc|log|trs|o|safetensors)$')
files="$text README.md HACKING.md NEWS.md Makefile.am configure.ac bootstrap"
# shellcheck disable=SC2086 # a list of names without blanks
{
	found=$(grep -nIE '[/]work/|[/]home/[a-z]|[/]root/|bash_job[s]' $files 2>/dev/null | head -5)
	[ -z "$found" ] || bad "a path of one machine: $found"
	found=$(grep -nIwE 'TOD[O]|FIXM[E]|XX[X]' $files 2>/dev/null | head -5)
	[ -z "$found" ] || bad "left open: $found"
	found=$(grep -nIE '(^|[;&|({]|do|then)[ \t]*slee[p] +[0-9]' $files 2>/dev/null | head -5)
	[ -z "$found" ] || bad "a pause where a condition belongs: $found"
}

[ ! -s "$tmp/bad" ]
