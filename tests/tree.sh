#!/bin/sh
# tree.sh: what the folders promise. The leaves nn and ui know neither each other nor src; nn does not print, exit, open a
# file, read a clock or catch a signal; each foreign interface has one file; nothing names the machine it was written on.
set -u
cd "${top_srcdir:?run by make check}" || exit 1
failures=0

bad() {
	echo "tree: $*"
	failures=$((failures + 1))
}

# ---- directions: a leaf's quoted includes are its own files ----

for leaf in nn ui; do
	for f in "$leaf"/*.[ch] "$leaf"/*.def; do
		[ -f "$f" ] || continue
		for h in $(sed -n 's/^[ \t]*#[ \t]*include[ \t]*"\([^"]*\)".*/\1/p' "$f"); do
			[ "$h" = config.h ] || [ -f "$leaf/$h" ] || bad "$f includes $h, which is not in $leaf/"
		done
	done
done

# ---- one file each ----

one() { # WHAT HEADER-REGEX
	n=$(grep -lE "^[ \t]*#[ \t]*include[ \t]*[<\"]$2" nn/*.[ch] ui/*.[ch] src/*.[ch] src/*/*.[ch] | wc -l)
	[ "$n" -le 1 ] || bad "$n files include $1; one may"
}
one curses '(ncursesw/)?n?curses(w)?\.h'
one readline 'readline/'
one png 'png\.h'
one FreeType '(ft2build\.h|freetype)'

# ---- names and what nn may call ----

nm=$(command -v nm || command -v llvm-nm || true)
if [ -n "$nm" ] && [ "${sanitized:-no}" = no ]; then
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

# ---- the tree of HACKING.md ----

for f in $(find nn ui src tests man -type f 2>/dev/null | grep -E '\.([ch]|def|sh|py)$' | grep -v parity/); do
	name=${f##*/}
	case $name in
	*.h) grep -qF -e "$name" -e "${name%.h}.c/.h" HACKING.md ;;
	*) grep -qF -e "$name" HACKING.md ;;
	esac || bad "HACKING.md does not name $f: give it a line in its tree"
done

[ $failures -eq 0 ]
