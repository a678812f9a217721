#!/bin/sh
# manual.sh: man/thaw.1 says what the commands say today, and man and mandoc take it without a word.
. "$top_srcdir/tests/cli/lib.sh"

it 'is fresh'
"$top_builddir/manual" "$top_srcdir/man/thaw.1.in" >.t/fresh || unmet 'a page'
cmp -s .t/fresh "$top_srcdir/man/thaw.1" || unmet 'a man/thaw.1 as the commands are now; `make man` renews it'

if command -v mandoc >/dev/null 2>&1; then
	it 'satisfies mandoc'
	mandoc -T lint -W warning "$top_srcdir/man/thaw.1" >.t/lint 2>&1
	[ ! -s .t/lint ] || unmet "nothing to complain of: $(head -n 3 .t/lint)"
fi
if command -v man >/dev/null 2>&1 && command -v groff >/dev/null 2>&1; then
	it 'satisfies man'
	LC_ALL=C.UTF-8 MANWIDTH=80 man --warnings=w -l "$top_srcdir/man/thaw.1" >.t/page 2>.t/man-err
	[ ! -s .t/man-err ] || unmet "no warning: $(head -n 3 .t/man-err)"
fi

done_testing
