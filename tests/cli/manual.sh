#!/bin/sh
# manual.sh: the manual is whole, up to date, and clean for groff and mandoc.
. "$top_srcdir/tests/cli/lib.sh"

man=$top_srcdir/man/thaw.1

it 'is up to date (make man)'
"$top_builddir/man_generate" <"$man" >fresh.1 || unmet 'status 0'
diff -u "$man" fresh.1 >"$out" || unmet 'the generated parts as they are checked in'

it 'refuses a part that it does not know'
printf '.\\" begin nothing\n.\\" end\n' | "$top_builddir/man_generate" >/dev/null 2>"$err" && unmet 'an error'
err_has '"nothing"' 'commands'

it 'has every command and every setting'
thaw -c 'mode json' -c help
works
for c in $(sed -n 's/.*"command":"\([^"]*\)".*/\1/p' "$out"); do
	grep -q "^\\.It Ic .&$c" "$man" || unmet "the command $c"
done
thaw -c 'mode csv' -c set
works
[ "$(wc -l <"$out")" -gt 20 ] || unmet 'a list of settings'
for k in $(sed -n 's/^setting,\([^,]*\),.*/\1/p' "$out" | grep -v '\.rate$'); do
	grep -q "^\\.It Cm .&$k\$" "$man" || unmet "the setting $k"
done

it 'has every option in its synopsis'
sed -n '/^\.Sh SYNOPSIS/,/^\.Sh DESCRIPTION/p' "$man" | sed 's/\\//g' >synopsis
sed -n '2,/plan/p' synopsis >first
thaw --help
for o in $(sed -n 's/^  \(-., \)*--\([a-z-]*\).*/\2/p' "$out"); do
	where=first
	case $o in slice | help | version) where=synopsis ;; esac
	grep -q -e "-$o" $where || unmet "the option --$o"
done

it 'names the folders of the installation where it is installed'
grep -q 'PREFIX/etc/thaw/init' "$man" && ! grep -qE '/usr/local|[^X]/etc/thaw' "$man" || unmet 'no folder of one installation'
if [ -f "$top_builddir/Makefile" ]; then
	command='make install-data-hook'
	make -s -C "$top_builddir" DESTDIR="$PWD/inst" sysconfdir=/site/etc pkgdatadir=/opt/share/thaw man1dir=/man \
		install-data-hook >"$out" 2>"$err" </dev/null || unmet 'status 0'
	for f in /site/etc/thaw/init /opt/share/thaw/lessons/transfer.thaw; do has inst/man/thaw.1 "$f" || unmet "$f in the manual"; done
	! has inst/man/thaw.1 PREFIX/etc || unmet 'no PREFIX'
fi

it 'lists formats of files as a list'
grep -q '^\.It Pa .&\.safetensors$' "$man" || unmet 'an item of its own'

it 'is clean'
if command -v groff >/dev/null; then
	groff -ww -mandoc -Tutf8 "$man" >page 2>"$err"
	[ ! -s "$err" ] || unmet 'no word from groff -ww'
	[ "$(wc -l <page)" -gt 500 ] || unmet 'a page'
fi
if command -v man >/dev/null && command -v groff >/dev/null; then
	MANWIDTH=80 man --warnings=w -l "$man" >page 2>"$err"
	[ ! -s "$err" ] || unmet 'no word from man -l'
fi
if command -v mandoc >/dev/null; then
	mandoc -T lint "$man" >"$out" 2>&1 || unmet 'no word from mandoc -T lint'
fi

done_testing
