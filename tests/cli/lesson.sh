# lesson.sh: how the tests run a lesson: as it is; or, as under a sanitizer, whose arithmetic is slow, with few images, one
# epoch and without the asserts on what was learned. Sourced behind lib.sh.

# The first 1,280 (two bytes: 5, 0) of MNIST's images, to train with and to test with, as a data set in the folder few.
few_images() {
	mkdir few
	for of in train t10k; do
		{
			printf '\0\0\10\3\0\0\5\0\0\0\0\34\0\0\0\34'
			gzip -dc "$top_srcdir/assets/mnist/$of-images-idx3-ubyte.gz" 2>/dev/null | tail -c +17 | head -c 1003520
		} >few/$of-images-idx3-ubyte
		{
			printf '\0\0\10\1\0\0\5\0'
			gzip -dc "$top_srcdir/assets/mnist/$of-labels-idx1-ubyte.gz" 2>/dev/null | tail -c +9 | head -c 1280
		} >few/$of-labels-idx1-ubyte
	done
}

# Whether lessons are run as they are: all of them are by `make check-long`.
whole=no
[ "${FAULTS:-}" != all ] || [ "$sanitized" != no ] || whole=yes

lesson() { # NAME [WORD...]: what else stands on the command line, behind it
	lesson=$1
	shift
	it "runs the lesson $lesson"
	if [ "$whole" = yes ]; then
		thaw "$lessons/$lesson.thaw" "$@"
		works
	else
		few_images
		sed -e '1i data few' -e 's/^train .*/& limit=128 epochs=1/' -e 's/^\(eval .*\)/# \1/' \
			-e '/^assert.*\(accuracy\|loss\)/d' "$lessons/$lesson.thaw" >"$lesson.thaw"
		thaw "$lesson.thaw" "$@"
		works
	fi
}
