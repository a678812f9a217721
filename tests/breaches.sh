#!/bin/sh
# breaches.sh: tests/tree.sh holds what it says: a small tree that keeps every rule passes, and fails when one of them is broken.
set -u
tree=$(cd "${top_srcdir:?run by make check}" && pwd)/tests/tree.sh
cc=${CC:-cc}
[ "${sanitized:-no}" = no ] || exit 77 # the tree is its own, and the same in each build
command -v "$cc" >/dev/null && command -v nm >/dev/null && command -v tsort >/dev/null || exit 77
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
failures=0

file() { # NAME LINE...: a file that begins as it should
	name=$1
	mkdir -p "$tmp/t/$(dirname "$name")"
	shift
	{ echo "/* ${name##*/}: a file of a made-up tree. */" && printf '%s\n' "$@"; } >"$tmp/t/$name"
}

# Compiles what has changed, as the build would name it, and makes the libraries of the leaves.
objects() {
	(
		cd "$tmp/t" || exit 1
		for f in $(find nn ui src -name '*.c'); do
			case $f in nn/*) lib=nn ;; ui/*) lib=ui ;; *) lib=thaw ;; esac
			o=${f%/*}/lib${lib}_a-$(basename "$f" .c).o
			[ -n "$(find "$o" -newer "$f" 2>/dev/null)" ] || "$cc" -w -I. -Isrc -c -o "$o" "$f" || exit 1
		done
		for lib in nn ui; do
			rm -f lib$lib.a
			ar cr lib$lib.a $lib/*.o
		done
	) || { echo "breaches: the made-up tree does not compile"; exit 1; }
}

made() {
	rm -rf "$tmp/t"
	file nn/nn.h 'int nn_one(void);'
	file nn/one.c '#include "nn.h"' 'int nn_one(void) { return 1; }'
	file ui/ui.h 'int ui_one(void);'
	file ui/one.c '#include "ui.h"' 'int ui_one(void) { return 1; }'
	file src/util/low.h 'int low(void);'
	file src/util/low.c '#include "util/low.h"' 'int low(void) { return 1; }'
	file src/host/high.h 'int high(void);'
	file src/host/high.c '#include "host/high.h"' '#include "nn/nn.h"' '#include "ui/ui.h"' '#include "util/low.h"' \
		'int high(void) { return low() + nn_one() + ui_one(); }'
	file tests/test.c ''
	file man/generate.c ''
	for f in README.md HACKING.md NEWS.md Makefile.am configure.ac bootstrap; do
		echo text >"$tmp/t/$f"
	done
}

fresh() {
	rm -rf "$tmp/t"
	cp -a "$tmp/made" "$tmp/t"
}

holds() {
	objects
	top_srcdir=$tmp/t top_builddir=$tmp/t sanitized=no sh "$tree" >"$tmp/said" 2>&1
}

broken() { # WHAT EXPECTED-SENTENCE
	if holds; then
		echo "breaches: tree.sh does not see $1"
		failures=$((failures + 1))
	elif ! grep -qE "$2" "$tmp/said"; then
		echo "breaches: of $1 tree.sh says: $(cat "$tmp/said")"
		failures=$((failures + 1))
	fi
	fresh
}

made
holds || { echo "breaches: a tree that keeps every rule is refused: $(cat "$tmp/said")"; exit 1; }
cp -a "$tmp/t" "$tmp/made"

file nn/two.c '#include "../src/util/low.h"'
broken "a leaf that includes src" 'nn/two.c includes'
file ui/two.c '#include "../nn/nn.h"'
broken "a leaf that includes the other" 'ui/two.c includes'
file src/util/two.c '#include "host/high.h"'
broken "an include that goes up" 'includes from host/'
file src/util/os/two.c '#include "host/high.h"'
broken "an include that goes up from a folder within a folder" 'os/two.c includes from host/'
file src/util/two.c '#include "low.h"'
broken "an include without its folder" 'without its folder'
file src/odd/two.c ''
broken "a folder without a place" 'no place in the order'
file src/util/two.c 'int high(void);' 'int two(void) { return high(); }'
broken "a call that goes up behind a hidden prototype" 'calls high of src/host/high.o'
file src/util/two.c 'int three(void);' 'int two(void) { return three(); }'
file src/util/three.c 'int two(void);' 'int three(void) { return two(); }'
broken "a circle in src" 'circle of files: .*src/util/three.o'
file nn/two.c 'int nn_three(void);' 'int nn_two(void) { return nn_three(); }'
file nn/three.c 'int nn_two(void);' 'int nn_three(void) { return nn_two(); }'
broken "a circle in nn" 'circle of files: .*nn/three.o'
file ui/two.c 'int ui_three(void);' 'int ui_two(void) { return ui_three(); }'
file ui/three.c 'int ui_two(void);' 'int ui_three(void) { return ui_two(); }'
broken "a circle in ui" 'circle of files: .*ui/three.o'
file src/util/two.c 'void *json_string(const char *);' 'void *two(void) { return json_string("2"); }'
broken "a string that JSON may refuse" 'does not come from out_pack'
file nn/two.c 'int two(void) { return 2; }'
broken "a global name without its prefix" 'without the prefix nn_'
file nn/two.c 'int puts(const char *);' 'int nn_two(void) { return puts("2"); }'
broken "a leaf that prints" 'libnn.a calls puts'
for h in curses.h png.h ft2build.h cairo.h jpeglib.h sqlite3.h; do
	file ui/two.c "#if 0" "#include <$h>" "#endif"
	file ui/three.c "#if 0" "#include <$h>" "#endif"
	broken "two files that include $h" '2 files include'
done
file src/util/two.c "#if 0" "#include <hdf5.h>" "#endif"
broken "HDF5 within thaw itself" 'includes HDF5, which is for libexec'
file src/util/two.c "$(seq -f '/* %g */' 400)"
broken "a file of src that is too long" 'two.c has .* more than 400'
file ui/two.c "$(seq -f '/* %g */' 500)"
broken "a file of a leaf that is too long" 'two.c has .* more than 500'
file src/util/two.c "/* $(printf '%0120d' 0) */"
broken "a line that is too long" 'two.c:2 is longer than 120 columns'
echo 'int x;' >"$tmp/t/src/util/two.c"
broken "a file that does not say what it holds" 'does not begin with its name'
echo '/* two.c: */' >"$tmp/t/src/util/two.c"
broken "a file that says its name and nothing else" 'does not begin with its name'
file src/util/two.c "/* TO""DO */"
broken "work left open" 'left open'
file src/util/two.c "/* /wo""rk/here */"
broken "a path of one machine" 'a path of one machine'
echo 'nn/two.c does it.' >>"$tmp/t/HACKING.md"
broken "a document that names a file that is not there" 'HACKING.md names nn/two.c'
echo 'Begin at nn/one.c:nn_two.' >>"$tmp/t/HACKING.md"
broken "a document that names a function at a place where it is not" 'nn_two, which nn/one.c does not define'
echo 'It calls `nn_two`.' >>"$tmp/t/HACKING.md"
broken "a document that names a function that is nowhere" 'nn_two, which is nowhere'
seq 251 >"$tmp/t/HACKING.md"
broken "a document that is too long" 'HACKING.md has 251 lines'
printf '# two.sh: a script\nslee''p 1\n' >"$tmp/t/tests/two.sh"
broken "a pause" 'a pause where a condition belongs'

[ $failures -eq 0 ]
