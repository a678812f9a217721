# lesson.sh: how the tests run a lesson: as it is; under a sanitizer, whose arithmetic is slow, with few images, one
# epoch and without the asserts on what was learned. Sourced behind lib.sh.

lesson() { # NAME
	it "runs the lesson $1"
	if [ "$sanitized" = no ]; then
		thaw "$lessons/$1.thaw"
		works
	else
		sed -e 's/^train .*/& limit=128 epochs=1/' -e 's/^\(eval .*\)/# \1/' \
			-e '/^assert.*\(accuracy\|loss\)/d' "$lessons/$1.thaw" >"$1.thaw"
		thaw "$1.thaw"
		works
	fi
}
