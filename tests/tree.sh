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

# Prints what awk finds, a line each, as faults. The text of the program has the ranks of the folders in rank[].
awk_bad() { # PROGRAM FILE...
	program='BEGIN {n = split(order, name, " "); for (i = 1; i <= n; i++) rank[name[i]] = i}
		function of(folder) {return folder in rank ? rank[folder] : 99}'$1
	shift
	[ $# -eq 0 ] || LC_ALL=C awk -v order="$order" "$program" "$@" | sed 's/^/tree: /' | tee -a "$tmp/bad"
}

sources=$(find src -name '*.[ch]')

# ---- includes ----

include='/^[ \t]*#[ \t]*include[ \t]*"/ {h = $0; sub(/^[^"]*"/, "", h); sub(/".*/, "", h)'
# shellcheck disable=SC2046,SC2086 # lists of names without blanks
{
	awk_bad "$include"';
		leaf = FILENAME; sub(/\/.*/, "", leaf)
		if (h == "config.h") next
		if (h !~ /\// && (getline line <(leaf "/" h)) >= 0) next
		print FILENAME " includes " h ", which is not in " leaf "/"}' $(find nn ui -maxdepth 1 -name '*.[ch]' -o -maxdepth 1 -name '*.def')
	find src -mindepth 1 -maxdepth 1 -type d ! -name '.*' | cut -d/ -f2 >"$tmp/folders"
	awk_bad 'of($1) == 99 {print "src/" $1 "/ has no place in the order of folders"}' "$tmp/folders"
	awk_bad "$include"';
		if (FILENAME !~ /^src\/.*\// || h ~ /^(config\.h|nn\/nn\.h|ui\/.*)$/) next
		split(FILENAME, path, "/"); g = h; sub(/\/.*/, "", g)
		if (h !~ /\//) print FILENAME " includes " h " without its folder"
		if (of(g) > of(path[2])) print FILENAME " includes from " g "/, which stands above " path[2] "/"}' $sources
}

one() { # WHAT HEADER-REGEX
	n=$(grep -lE "^[ \t]*#[ \t]*include[ \t]*[<\"]$2" nn/*.[ch] ui/*.[ch] $sources | wc -l)
	[ "$n" -le 1 ] || bad "$n files include $1; one may"
}
one curses '(ncursesw/)?n?curses(w)?\.h'
one readline 'readline/'
one png 'png\.h'
one FreeType '(ft2build\.h|freetype)'
one cairo 'cairo'
one libjpeg 'jpeglib\.h'
one sqlite 'sqlite3'
odd=$(grep -lE '^[ \t]*#[ \t]*include[ \t]*<hdf5' nn/*.[ch] ui/*.[ch] $sources | tr '\n' ' ')
[ -z "$odd" ] || bad "${odd}includes HDF5, which is for libexec"

# jansson makes no string of bytes that are not UTF-8, and an event without one is lost.
odd=$(grep -nE 'json_(v?pack|v?pack_ex|stringn?|v?sprintf)\(' src/*.c src/*/*.c /dev/null | grep -v '^src/util/json.c:' | head -5)
[ -z "$odd" ] || bad "a string for JSON that does not come from out_pack or out_string: $odd"

# ---- symbols ----

# WHO WHOSE NAME, a call a line, between the objects of a library that are named by their sources.
calls() { # LIBRARY
	find "$top_builddir/nn" "$top_builddir/ui" "$top_builddir/src" -name "lib$1*_a-*.o" 2>/dev/null | sort | xargs "$nm" -A |
		awk -v top="$top_builddir/" '{i = index($0, ".o:"); o = substr($0, length(top) + 1, i + 1 - length(top)); $0 = substr($0, i + 3)
			sub(/lib[a-z0-9]*_a-/, "", o)}
			NF == 3 && $2 ~ /[TDBR]/ {print "d", $3, o} NF == 2 && $1 == "U" {print "u", $2, o}' | sort -u | awk '$1 == "d" {at[$2] = $3} $1 == "u" {u[++n] = $2; by[n] = $3}
		END {for (i = 1; i <= n; i++) if (u[i] in at && at[u[i]] != by[i]) print by[i], at[u[i]], u[i]}'
}

nm=$(command -v nm || command -v llvm-nm || true)
if [ -n "$nm" ] && [ "${sanitized:-no}" = no ]; then
	for lib in nn ui thaw; do
		calls $lib >"$tmp/calls"
		cut -d' ' -f1,2 "$tmp/calls" | sort -u | tsort 2>&1 >/dev/null | sed -n 's/^tsort: //; /input contains a loop/d; p' | sort -u >"$tmp/circle"
		[ ! -s "$tmp/circle" ] || bad "a circle of files: $(tr '\n' ' ' <"$tmp/circle")"
		[ $lib = thaw ] || continue
		awk_bad '{split($1, from, "/"); split($2, to, "/")}
			of(to[2]) > of(from[2]) {print $1 " calls " $3 " of " $2 ", which stands above " from[2] "/"}' "$tmp/calls"
	done
	for leaf in nn ui; do
		odd=$("$nm" -g --defined-only "$top_builddir/lib$leaf.a" 2>/dev/null |
			awk -v p="^(${leaf}_|__gcov|mangle_path|coverage_)" 'NF == 3 && $3 !~ p {print $3}' | sort -u | tr '\n' ' ')
		[ -z "$odd" ] || bad "global names of lib$leaf.a without the prefix ${leaf}_: $odd"
	done
	counts=$("$nm" "$top_builddir/libnn.a" 2>/dev/null | grep -c ' coverage_exit$') # which a build writes at its end
	odd=$("$nm" -u "$top_builddir/libnn.a" 2>/dev/null | awk -v counts="$counts" '$1 == "U" {sub(/@.*/, "", $2)
			if (counts == 0 || $2 != "_exit") print $2}' | sort -u |
		grep -xE '(__)?v?f?printf(_chk)?|puts|fputs|putchar|perror|fwrite|f?open(64)?|read|write|_?exit|time|clock_gettime|gettimeofday|signal|sigaction' |
		tr '\n' ' ')
	[ -z "$odd" ] || bad "libnn.a calls $odd- it gets arrays and gives arrays, and no more"
fi

# ---- text ----

# shellcheck disable=SC2046,SC2086 # lists of names without blanks
{
	awk_bad '{lines[FILENAME] = FNR; line = $0; gsub(/[\200-\277]/, "", line); k = split(line, part, "\t"); columns = length(part[1])
			for (i = 2; i <= k; i++) columns = int(columns / 8) * 8 + 8 + length(part[i])
			if (columns > 120 && !(FILENAME in long)) long[FILENAME] = FNR}
		END {
			for (f in lines) {
				most = f ~ /^src\// ? 400 : f ~ /\.h$/ ? 99999 : 500
				if (lines[f] > most) print f " has " lines[f] " lines, more than " most "; look for the seam"
			}
			for (f in long) print f ":" long[f] " is longer than 120 columns"
		}' $(find nn ui libexec -maxdepth 1 -name '*.[ch]') $sources
	# `make tree` prints the first sentence of each file.
	awk_bad 'FNR == 1 {base = FILENAME; sub(/.*\//, "", base); gsub(/\./, "\\.", base); all[FILENAME]}
		FNR <= 2 && $0 ~ "^(/\\* |# |\"\"\")" base "[ :].*[a-z]" {good[FILENAME]}
		END {for (f in all) if (!(f in good)) print f " does not begin with its name and what it holds"}' \
		$(find nn ui src libexec tests man -type f | grep -E '\.([ch]|def|sh|py)$' | grep -v __pycache__)
}

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
find nn ui src tests man -name '*.[ch]' -o -name '*.def' -o -name '*.sh' -o -name '*.py' | xargs cat Makefile.am |
	LC_ALL=C tr -cs 'A-Za-z0-9_' '\n' | grep _ | LC_ALL=C sort -u >"$tmp/all"
for name in $(grep -oE '\<[A-Za-z0-9]+_[A-Za-z0-9_]+' HACKING.md | grep -v -e NAME -e ^CK_ | LC_ALL=C sort -u |
	LC_ALL=C comm -23 - "$tmp/all"); do
	bad "HACKING.md names $name, which is nowhere"
done

text=$(find nn ui src libexec tests man assets .ci -type f 2>/dev/null | grep -vE '\.(gz|png|pyc|log|trs|o|safetensors)$')
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
