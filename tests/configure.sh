#!/bin/sh
# configure.sh: where something is missing configure stops with a sentence that names Debian's package; where it is HDF5, it goes on.
set -u
tmp=$(mktemp -d) || exit 99
trap 'rm -rf "$tmp"' EXIT
command -v pkg-config >/dev/null || exit 77
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
exec pkg-config "$@"
END
chmod +x pkg-config

bad() {
	failed=1
	echo "without $LACKS: $*"
	tail -n 5 out
}

without() { # MODULE: the status and output of configure
	export LACKS="$1"
	./configure -C --no-create PKG_CONFIG="$tmp/pkg-config" >out 2>&1 </dev/null
}

without hdf5 || bad 'configure fails'
grep -q 'files of Keras no: install .* libhdf5-dev' out || bad 'no word about the package'

sed -n 's/^THAW_LIB(\[[A-Z]*\], \[\([^] ]*\).*\], \[\([^]]*\)\])$/\1 \2/p' configure.ac >libraries
[ "$(wc -l <libraries)" -ge 11 ] || bad 'the libraries are not found in configure.ac'
while read -r module package; do
	without "$module" && bad 'configure works'
	grep -q "error: .*$module.* is missing: install Debian's package $package " out || bad 'no sentence with the package'
done <libraries
exit $failed
