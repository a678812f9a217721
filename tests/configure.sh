#!/bin/sh
# configure.sh: where something is missing configure stops with a sentence that names Debian's package; where it is HDF5, it goes on. What
# bootstrap makes of arguments.
set -u
tmp=$(mktemp -d) || exit 99
trap 'rm -rf "$tmp"' EXIT
PKG=$(command -v pkg-config) || exit 77
export PKG
unset with_hdf5 # what tests are told by it is an argument to configure
[ "${sanitized:-no}" = no ] || exit 77 # the script is the same in each build
failed=0

# A source that is configured refuses another folder: what configure needs to look around is copied.
cd "$top_srcdir" || exit 99
cp -r configure configure.ac build-aux "$tmp" || exit 99
cd "$tmp" || exit 99
mkdir nn
: >nn/nn.h
cat >pkg-config <<'END'
#!/bin/sh
for word; do
	case " $word " in *" $LACKS "*) echo "Package $LACKS was not found" >&2; exit 1 ;; esac
done
exec "$PKG" "$@"
END
chmod +x pkg-config

bad() {
	failed=1
	echo "without $LACKS: $*"
	tail -n 5 out
}

without() { # MODULE ARGUMENT...: the status and output of configure
	export LACKS="$1"
	shift
	./configure -C --no-create PKG_CONFIG="$tmp/pkg-config" "$@" >out 2>&1 </dev/null
}

without hdf5 || bad 'configure fails'
grep -q 'files of Keras no: install .* libhdf5-dev' out || bad 'no word about the package'

without hdf5 --with-hdf5 && bad 'configure --with-hdf5 works'
grep -q 'error: hdf5 is missing: install .* libhdf5-dev' out || bad 'no sentence with the package, where it is asked for'
without nothing --without-hdf5 || bad 'configure --without-hdf5 fails'
grep -q 'files of Keras no: --without-hdf5' out || bad '--without-hdf5 is passed over'

# bootstrap before a configure that only tells its arguments, where the library is missing and nothing can be installed.
mkdir -p b/build-aux bin || exit 99
cp "$top_srcdir/bootstrap" b && mv pkg-config bin && cp bin/pkg-config . || exit 99
: >b/Makefile >b/Makefile.in >b/build-aux/missing
for name in apt-get sudo; do
	printf '#!/bin/sh\necho "$*" >>"%s/installed"\nexit 1\n' "$tmp" >bin/$name
done
cat >b/configure <<'END'
#!/bin/sh
case " $* " in *' --without-hd '*) [ "$1" = --enable-option-checking=fatal ] && echo 'error: unrecognized options: --without-hd' && exit 1 ;; esac
printf '#!/bin/sh\necho "%s"\n' "$*" >config.status
chmod +x config.status
printf 'abs_top_srcdir = %s\nall thaw config.h:\n' "$PWD" >Makefile
END
chmod +x b/configure bin/*
boot() { # ARGUMENT...
	rm -f installed
	(export LACKS=hdf5 PATH="$tmp/bin:$PATH" && cd b && ./bootstrap "$@") >out 2>&1 </dev/null
}
boot --without-hd && bad 'bootstrap takes what configure does not know'
grep -q 'unrecognized options: --without-hd' out || bad 'bootstrap does not say what configure does not know'
boot --without-hdf5 || bad 'bootstrap --without-hdf5 fails'
grep -q -e ' --without-hdf5' b/config.status || bad 'bootstrap does not pass --without-hdf5'
[ ! -e installed ] || bad 'bootstrap --without-hdf5 installs libhdf5-dev'
boot || bad 'bootstrap fails'
[ ! -e installed ] || bad 'bootstrap installs libhdf5-dev where thaw was configured without it'
boot --with-hdf5=no && boot || bad 'bootstrap --with-hdf5=no fails'
[ ! -e installed ] || bad 'bootstrap installs libhdf5-dev where thaw was configured --with-hdf5=no'
boot --prefix=/usr || bad 'bootstrap --prefix fails'
grep -q libhdf5-dev installed || bad 'bootstrap does not want libhdf5-dev'

sed -n 's/^THAW_LIB(\[[A-Z]*\], \[\([^] ]*\).*\], \[\([^]]*\)\])$/\1 \2/p' configure.ac >libraries
[ "$(wc -l <libraries)" -ge 11 ] || bad 'the libraries are not found in configure.ac'
while read -r module package; do
	without "$module" && bad 'configure works'
	grep -q "error: .*$module.* is missing: install Debian's package $package " out || bad 'no sentence with the package'
done <libraries
exit $failed
