#!/bin/sh
# safetensors.sh: weight files that are broken or hostile. Each is refused with a sentence, and the weights stay.
. "$top_srcdir/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/lesson.sh"
few_images
data=$scratch/few

build='build "flatten | dense 4, relu, dense 5, softmax"'

it 'saves and loads'
thaw -c "$build" -c 'save good.safetensors'
works
thaw -c "$build" -c 'reset seed=2' -c 'load good.safetensors' -c 'save again.safetensors'
works
same good.safetensors again.safetensors

it 'writes the same bytes on any number of threads, but for what the clock says'
two='build "conv2d 4 3, relu, max_pooling2d 2, flatten | dense 5, softmax"; train gte5 limit=300 epochs=2; freeze features; train lt5 limit=300 epochs=2 watch=gte5'
for n in 1 2 3; do
	thaw --threads $n -c 'timing off' -c "$two" -c "save of$n.safetensors; save of$n.onnx; save of$n.npz"
	works
done
for suffix in safetensors onnx npz; do
	same of1.$suffix of2.$suffix
	same of1.$suffix of3.$suffix
done
thaw -c 'load of1.safetensors; export json r2.json; mode json; runs'
works
grep -q '"threads":null' r2.json || unmet 'a number of threads that is not known'
thaw --threads 2 -c "$two" -c 'save clock.safetensors; load clock.safetensors; export json clock.json'
works
grep -q '"threads":2' clock.json || unmet 'the number of threads'

it 'says once which settings that were given the file replaces'
thaw --seed 1 -c "$build" -c 'set batch 16; set rho 0.9; lr 0.5; save given.safetensors'
works
thaw --seed 2 -c "$build" -c 'set batch 32; set rho 0.9; set threads 1; load given.safetensors; load given.safetensors'
works
out_has "note: the file's batch 16 replaces 32, seed 1 replaces 2"
[ "$(grep -c 'replaces' "$out")" -eq 1 ] || unmet 'that once'
out_lacks rho 'lr 0.5'

size=$(od -An -t u8 -N 8 good.safetensors | tr -d ' ')
tail -c +9 good.safetensors | head -c "$size" >header
tail -c +$((9 + size)) good.safetensors >data

little() { # N: 64 bits, little-endian
	n=$1
	for _ in 1 2 3 4 5 6 7 8; do
		# shellcheck disable=SC2059 # a format made of an escape
		printf "\\$(printf %03o $((n & 255)))"
		n=$((n >> 8))
	done
}

join() { # HEADER-FILE DATA-FILE
	little "$(wc -c <"$1")"
	cat "$1" "$2"
}

edit() { # SED-SCRIPT: bad.safetensors is the good file with its header edited
	sed "$1" header >edited
	! cmp -s header edited || unmet "an edit that changes the header: $1"
	join edited data >bad.safetensors
}

count=0
broken() { # WHAT TEXT...
	it "refuses $1"
	shift
	thaw -c "$build" -c 'reset seed=3' -c 'save before.safetensors' -c 'bail off' \
		-c 'load bad.safetensors' -c 'save after.safetensors'
	refused 1 bad.safetensors "$@"
	same before.safetensors after.safetensors
	rm -f bad.safetensors
	count=$((count + 1))
}

: >bad.safetensors
broken 'an empty file'
printf '\001\000\000' >bad.safetensors
broken 'three bytes'
{ printf '\377\377\377\377\377\377\377\377'; cat header data; } >bad.safetensors
broken 'the largest length of a header'
{ printf '\377\377\377\377\377\377\377\177'; cat header data; } >bad.safetensors
broken 'the largest signed length of a header'
{ little 200000000; cat header data; } >bad.safetensors
broken 'a header over the limit'
{ little $((size + 100000)); cat header data; } >bad.safetensors
broken 'a header longer than the file'
{ little $((size - 20)); cat header data; } >bad.safetensors
broken 'a header cut short'
echo 'not json' >edited; join edited data >bad.safetensors
broken 'a header that is not JSON'
echo '[1, 2]' >edited; join edited data >bad.safetensors
broken 'a header that is not an object'
head -c 1000000 /dev/zero | tr '\0' '[' >edited; join edited data >bad.safetensors
broken 'a header of a million brackets'
echo '{}' >edited; : >none; join edited none >bad.safetensors
broken 'a file without tensors' dense
head -c 1000 good.safetensors >bad.safetensors
broken 'a file cut short'
{ cat good.safetensors; echo more; } >bad.safetensors
broken 'a file that goes on behind its tensors'
edit 's/"dense\.bias"/"dense.biased"/'
broken 'a tensor with another name' dense.bias
edit 's/"F32"/"F64"/'
broken 'another type'
edit 's/\[784, *4\]/[4,784]/'
broken 'another shape' 784
edit 's/\[784, *4\]/[4294967296,4294967296]/'
broken 'a shape that overflows'
edit 's/\[784, *4\]/[-784,-4]/'
broken 'a negative shape'
edit 's/\[784, *4\]/[784,4,1,1,1,1,1,1,1]/'
broken 'a shape of nine dimensions'
edit 's/\[784, *4\]/"big"/'
broken 'a shape that is a string'
edit 's/"data_offsets": *\[\([0-9]*\), *\([0-9]*\)\]/"data_offsets":[\2,\1]/'
broken 'offsets in the wrong order'
edit 's/"data_offsets": *\[\([0-9]*\), *\([0-9]*\)\]/"data_offsets":[0,16]/'
broken 'tensors that overlap'
edit 's/"data_offsets": *\[\([0-9]*\), *\([0-9]*\)\]/"data_offsets":[\1,99999999999999999999]/'
broken 'an offset beyond all numbers'
edit 's/"data_offsets"/"offsets"/'
broken 'a tensor without offsets'
cp good.safetensors bad.safetensors
little $((0x7fc00000)) | head -c 4 | dd of=bad.safetensors bs=1 seek=$((8 + size)) conv=notrunc 2>/dev/null
broken 'a weight that is not a number' NaN
[ $count -eq 25 ] || unmet 'twenty-five kinds of broken files'

it 'survives a flipped bit anywhere'
total=$(wc -c <good.safetensors)
flips=60
[ "$sanitized" = no ] || flips=25
i=0
while [ $i -lt $flips ]; do
	at=$((i < flips * 3 / 4 ? i * 997 % (8 + size) : i * 99991 % total))
	byte=$(od -An -t u1 -j $at -N 1 good.safetensors | tr -d ' ')
	cp good.safetensors bad.safetensors
	# shellcheck disable=SC2059 # a format made of an escape
	printf "\\$(printf %03o $((byte ^ 1 << i % 8)))" | dd of=bad.safetensors bs=1 seek=$at conv=notrunc 2>/dev/null
	thaw -c "$build" -c 'load bad.safetensors'
	[ "$status" -le 1 ] || unmet "status 0 or 1 with bit $((i % 8)) of byte $at flipped"
	i=$((i + 1))
done

it 'refuses a folder and a file of another kind'
mkdir folder.safetensors
thaw -c "$build" -c 'load folder.safetensors'
refused 1 folder.safetensors
gzip -c good.safetensors >packed.safetensors
thaw -c "$build" -c 'load packed.safetensors'
refused 1 packed.safetensors

it 'loads a part and reports on each tensor'
thaw -c "$build" -c 'load good.safetensors only=dense'
works
out_has dense
thaw -c "$build" -c 'load good.safetensors only=nowhere'
refused 1 nowhere

it 'names the type of a tensor that holds no floats'
edit '/"dense.bias":{/s/\("dense.bias":{[^}]*\)"F32","shape":\[4\]/\1"I16","shape":[8]/'
thaw -c "$build" -c 'load bad.safetensors'
refused 1 'dense.bias is I16 in the file, F32 here; write it as float32'

it 'says what does not fit another model'
thaw -c 'build "flatten | dense 8, relu, dense 5, softmax"' -c 'load good.safetensors only=dense'
refused 1 dense 784

done_testing
