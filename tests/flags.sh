#!/bin/sh
# flags.sh: kernel files are compiled with -O3 (fast ones under sanitizers with -O1, since -O3 takes minutes) although CFLAGS, which automake
# puts behind the flags of a library, bring an -O2.
set -u
cd "${top_builddir:?run by make check}" || exit 1
make=${MAKE:-make}
# What the make that runs the tests was told is not what a compile line is made of here.
unset MAKEFLAGS MFLAGS MAKELEVEL GNUMAKEFLAGS
$make --version 2>/dev/null | grep -q GNU || exit 77
failures=0

# last_level SET FILE [VARIABLE=VALUE...]: the last -O of the line that would compile nn/FILE.c for that set of kernels.
last_level() {
	set=$1 file=$2
	shift 2
	$make -n V=1 CFLAGS='-g -O2' "$@" -W "nn/$file.c" "nn/libnn${set}_a-$file.o" |
		tr ' ' '\n' | grep -e '^-O' | tail -n 1
}

expect() { # LEVEL SET FILE [VARIABLE=VALUE...]
	want=$1
	shift
	got=$(last_level "$@")
	[ "$got" = "$want" ] || {
		echo "flags: $*: the last level is '$got', which should be '$want'"
		failures=$((failures + 1))
	}
}

level=-O3
[ "${sanitized:-no}" = no ] || level=-O1
expect -O3 ref kernels_ref
sets=base
[ -f nn/libnnv4_a-kernels_conv.o ] && sets='base v3 v4'
for set in $sets; do
	case $set${sanitized:-no} in
	v?*address*) level=-O3 ;; # without sanitizers
	esac
	for file in kernels_conv kernels_dense kernels_sparse kernels_wino stage_conv stage_dense; do
		expect $level "$set" "$file"
	done
done
# Without the kernels' flags it is the level of CFLAGS: this looks at the right lines.
expect -O2 base kernels_wino KERNEL_CFLAGS=

[ $failures -eq 0 ]
