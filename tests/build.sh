#!/bin/sh
# build.sh: what another compiler or checker says of the tests: `make check-thread`, `make check-clang`, `make check-valgrind`; and
# `make coverage`, what the tests have taken of the branches.
#
# All but valgrind build the distribution in a folder of their own, build-thread for example, below the build folder, with only the
# programs that the tests need; its `make` folder is kept, so that a second run compiles what has changed. SHORT=1 is what there is
# time for in each run of .ci/run: fewer tests, in build-thread-short, which is compiled without optimizing. There the kernels, in
# which threads do not meet, are compiled without the thread checker, with which they take most of its time. Check does not fork, so
# that a leak belongs to the test that made it. SOURCE=FOLDER is a distribution to build from, in place of one made for it.
set -eu
check=$1
make=${MAKE:-make}
short=${SHORT:-}

case $check in
check-thread)
	tests='test_job test_feed test_feed_inside'
	[ -n "$short" ] || tests="$tests test_nn_models tests/tui/typed.py tests/tui/signals.py"
	set -- --with-sanitize=thread
	;;
check-clang)
	tests='test_util test_row test_tensors test_recall test_keys'
	[ -n "$short" ] || tests=all
	set -- CC=clang --with-sanitize=address,undefined
	;;
coverage)
	tests=${ONLY:-all}
	set -- --enable-coverage CFLAGS='-g -O1'
	short=
	;;
check-valgrind)
	tests='test_plan test_row test_recall test_found test_cifar test_keys test_tensors test_progress'
	[ -n "$short" ] || tests="$tests test_util test_data test_command test_summary"
	CK_FORK=no exec $make --no-print-directory "-j$(nproc)" check TESTS="$tests" \
		LOG_COMPILER='valgrind -q --error-exitcode=99 --leak-check=full --trace-children=no'
	;;
esac

folder=build-${check#check-}${short:+-short}
here=$PWD
mkdir -p "$folder/make"
if [ -z "${SOURCE:-}" ]; then
	dist=thaw-$(sed -n 's/^PACKAGE_VERSION = //p' Makefile)
	rm -rf "$folder/source" "$dist"
	$make -s distdir >/dev/null
	mv "$dist" "$folder/source"
fi
cd "$folder/make"
[ -f Makefile ] || "${SOURCE:-../source}/configure" -q "$@" ${short:+CFLAGS='-g1 -O0'} || { rm -f Makefile; exit 1; }

if [ "$check" = coverage ]; then
	set -- 'KERNEL_CFLAGS=-O1 -ffp-contract=off -Wno-psabi' 'PLAIN_CFLAGS=-O1 -ffp-contract=off' # quicker to compile
elif [ -n "$short" ]; then
	kernels='-O0 -ffp-contract=off -Wno-psabi'
	[ "$check" != check-thread ] || kernels='-O1 -ffp-contract=off -Wno-psabi -fno-sanitize=thread'
	set -- "KERNEL_CFLAGS=$kernels" "PLAIN_CFLAGS=$kernels"
else
	set --
fi
if [ "$tests" != all ]; then
	programs=
	for test in $tests; do
		case $test in
		*/*) ;;
		*) programs="$programs $test" ;;
		esac
	done
	set -- "$@" noinst_PROGRAMS= "check_PROGRAMS=$programs" "TESTS=$tests"
fi
if [ "$check" = coverage ]; then
	[ -n "${ONLY:-}" ] || find . -name '*.gcda' -exec rm -f {} +
	$make --no-print-directory -s "-j$(nproc)" "$@" VERBOSE=1 check || failed=1
	cd "$here" # what tests have taken counts also where one fails
	"$folder/source/tests/coverage.py" "$folder/make" "$folder/source" ${FILES:-} || failed=1
	exit ${failed:-0}
fi
CK_FORK=no exec $make --no-print-directory -s "-j$(nproc)" "$@" VERBOSE=1 check
