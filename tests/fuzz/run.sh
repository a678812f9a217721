#!/bin/sh
# run.sh: fuzzes each target under clang with libFuzzer, the address and the undefined behaviour sanitizer.
#
#     tests/fuzz/run.sh            RUNS executions of each (1,000,000 where nothing is said), from the corpus in tests/fuzz/corpus
#     RUNS=10000 tests/fuzz/run.sh png keys
#     MERGE=1 tests/fuzz/run.sh    what was found new goes into the corpus, as few and as small inputs as cover the same
#
# Wants a source folder that is not configured, or one made by `make distdir`. Builds in build-fuzz below it. What is found is left
# there as crash-*, timeout-* or oom-*, and the status is 1.
set -u
cd "$(dirname "$0")/../.." || exit 1
source=$PWD
build=$source/build-fuzz
command -v clang >/dev/null || { echo "fuzz: clang is missing"; exit 77; }
mkdir -p "$build/found" && cd "$build" || exit 1
[ -f Makefile ] || "$source/configure" -q CC=clang CFLAGS='-g -O1 -fsanitize=fuzzer-no-link' --with-sanitize=address,undefined || exit 1
make -s -j"$(nproc)" fuzz || exit 1

status=0
for target in ${*:-$(ls "$source/tests/fuzz/corpus")}; do
	mkdir -p "work/$target"
	export FUZZ="$target" ASAN_OPTIONS=detect_leaks=1:allocator_may_return_null=1
	if ! ./fuzz -runs="${RUNS:-1000000}" -seed="${SEED:-1}" -max_len=4096 -timeout=10 -rss_limit_mb=1024 -print_final_stats=1 \
		-artifact_prefix="found/$target-" "work/$target" "$source/tests/fuzz/corpus/$target" >"$target.log" 2>&1; then
		echo "fuzz: $target: $(grep -E 'ERROR|SUMMARY' "$target.log" | head -n 1)"
		status=1
	else
		echo "fuzz: $target: $(sed -n 's/^stat::number_of_executed_units: *//p' "$target.log") executions, nothing found"
	fi
	if [ -n "${MERGE:-}" ]; then
		rm -rf "merged/$target" && mkdir -p "merged/$target"
		./fuzz -merge=1 -max_len=4096 "merged/$target" "work/$target" "$source/tests/fuzz/corpus/$target" >/dev/null 2>&1 &&
			rm -f "$source/tests/fuzz/corpus/$target"/* && cp "merged/$target"/* "$source/tests/fuzz/corpus/$target/"
	fi
done
exit $status
