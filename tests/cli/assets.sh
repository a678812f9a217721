#!/bin/sh
# assets.sh: the bundled data is what its README says, and thaw's own SHA-256 agrees with coreutils'.
. "$top_srcdir/tests/cli/lib.sh"

it 'has the bytes of MNIST'
for f in "$top_srcdir"/assets/mnist/*.gz; do
	name=${f##*/}
	gzip -dc "$f" >"${name%.gz}"
done
grep -oE '^[0-9a-f]{64}  [^ ]+' "$top_srcdir/assets/mnist/README" >sums
[ "$(wc -l <sums)" -eq 4 ] || unmet "four checksums in the README"
sha256sum -c sums >"$out" 2>"$err"
status=$?
command='sha256sum -c'
exits 0

it 'shows the same checksums'
thaw -c 'mode json' -c 'data info'
works
while read -r sum name; do
	out_has "$sum"
done <sums

it 'counts the samples of a split'
thaw -c 'mode json' -c 'data info gte5'
works
out_has '"train":29404' '"test":4861'

done_testing
