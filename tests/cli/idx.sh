#!/bin/sh
# idx.sh: folders of IDX files, whole and broken. A broken one is refused with the name of the file, before memory is
# taken for what it claims, and the data set in use stays.
. "$top_srcdir/tests/cli/lib.sh"

number() { # N...: each as 32 bits, big-endian
	for n in "$@"; do
		# shellcheck disable=SC2059 # a format made of escapes
		printf "\\$(printf %03o $((n >> 24 & 255)))\\$(printf %03o $((n >> 16 & 255)))\\$(printf %03o $((n >> 8 & 255)))\\$(printf %03o $((n & 255)))"
	done
}

for part in train t10k; do
	gzip -dc "$top_srcdir/assets/mnist/$part-images-idx3-ubyte.gz" | tail -c +17 | head -c $((784 * 200)) >pixels-$part
	gzip -dc "$top_srcdir/assets/mnist/$part-labels-idx1-ubyte.gz" | tail -c +9 | head -c 200 >labels-$part
done

whole() { # FOLDER: a good one of 200 and 200 images
	mkdir "$1"
	for part in train t10k; do
		{ number 0x803 200 28 28; cat pixels-$part; } >"$1/$part-images-idx3-ubyte"
		{ number 0x801 200; cat labels-$part; } >"$1/$part-labels-idx1-ubyte"
	done
}

it 'reads a folder of plain files'
whole plain
thaw -c 'data plain' -c 'mode json' -c 'data info all'
works
out_has '"train":200' '"test":200' '"shape":[28,28,1]'

it 'reads an archive of arrays as Keras has it, to the same sums as the files'
python3 - <<'END'
import zipfile
def npy(kind, shape, data):
    text = repr({"descr": kind, "fortran_order": False, "shape": shape}).encode()
    text += b" " * (-(len(text) + 11) % 64) + b"\n"
    return b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text + data
with zipfile.ZipFile("fashion.npz", "w", zipfile.ZIP_DEFLATED) as z:
    for file, name in (("train", "train"), ("t10k", "test")):
        labels = open("labels-" + file, "rb").read()
        z.writestr(f"x_{name}.npy", npy("|u1", (200, 28, 28), open("pixels-" + file, "rb").read()))
        z.writestr(f"y_{name}.npy", npy("<i8", (200, 1), b"".join(bytes([c, 0, 0, 0, 0, 0, 0, 0]) for c in labels)))
with zipfile.ZipFile("bad.npz", "w") as z:
    z.writestr("x_test.npy", npy("<f4", (1, 28, 28), bytes(4 * 784)))
    z.writestr("x_train.npy", npy("|u1", (1, 28), bytes(28)))
END
thaw -c 'mode json' -c 'data plain; data info; data fashion.npz; data info'
works
grep '"sha256"' "$out" | sed 's/.*"sha256"//' >sums
[ "$(sort -u sums | wc -l)" -eq 1 ] && [ "$(wc -l <sums)" -eq 2 ] || unmet 'the same sums'
out_has '"class_names":["T-shirt/top","Trouser"' '"counts":{"0":['
thaw -c 'data fashion.npz; data info digits=1,9'
works
out_has 'Trouser' 'Ankle boot'
out_lacks Coat
thaw -c 'data bad.npz'
refused 1 'x_test.npy holds values of 4 bytes that are no uint8; write pixels as uint8'
cp plain/train-images-idx3-ubyte no.npz
thaw -c 'data no.npz'
refused 1 'no.npz is no ZIP archive'

it 'takes the labels that there are for all of a smaller data set'
whole few
for part in train t10k; do
	{ number 0x801 200; tr '\004-\011' '\000-\003\000\001' <labels-$part; } >few/$part-labels-idx1-ubyte
done
python3 - <<'EOF'
import io, zipfile
with zipfile.ZipFile("three.npz", "w") as z:
    for name, data, shape in ("x_train", bytes(range(60)) * 784, (60, 28, 28)), ("y_train", bytes([3, 4, 7] * 20), (60,)), \
            ("x_test", bytes(range(30)) * 784, (30, 28, 28)), ("y_test", bytes([3, 4, 7] * 10), (30,)):
        z.writestr(f"{name}.npy", b"\x93NUMPY\x01\x00\x76\x00" + f"{{'descr': '|u1', 'fortran_order': False, 'shape': {shape}, }}".ljust(117)
            .encode() + b"\n" + data)
EOF
thaw -c 'data few; build "flatten | dense 4, softmax"; train all epochs=1; reset; train lt4 epochs=1; compare r1 r2'
works
out_has ', 4 classes' '`train all` begins' 'run r1: all (digits 0-3 -> units 0-3)'
thaw -c 'data three.npz; eval all; eval' -c 'build "flatten | dense 3, softmax"; train 0-9 epochs=1; eval; data info; assert split == "all"; save three.safetensors' \
	-c 'data mnist; mode json; runs' -c 'eval'
refused 1 'gte5 has 5 digits' # what all means here was not trained
out_has '3 classes' 'all test: 30 images (digits 3,4,7 -> units 0-2)' '"split":"all","digits":[3,4,7]'
thaw -c 'load three.safetensors; mode json; runs' -c 'mode table; data three.npz; eval; train digits=7 epochs=1; train digits=5 epochs=1'
refused 1 'none of the 60 images belongs to digits=5'
out_has '"split":"all","digits":[3,4,7]' 'all test: 30 images' 'run r2: digits=7'

it 'calls the classes of an archive as its texts name them'
python3 - <<'EOF'
import struct, zipfile
def npy(type, shape, data):
    head = f"{{'descr': '{type}', 'fortran_order': False, 'shape': {shape}, }}".ljust(117).encode() + b"\n"
    return b"\x93NUMPY\x01\x00\x76\x00" + head + data
def texts(*names, size=6):
    return npy(f"<U{size}", (len(names),), b"".join(n.encode("utf-32-le").ljust(4 * size, b"\0") for n in names))
def write(file, **more):
    with zipfile.ZipFile(file, "w") as z:
        for part, n in ("train", 60), ("test", 30):
            z.writestr(f"x_{part}.npy", npy("|u1", (n, 28, 28), bytes(range(n)) * 784))
            z.writestr(f"y_{part}.npy", npy("|u1", (n,), bytes(i % 3 for i in range(n))))
        for name, data in more.items():
            z.writestr(name + ".npy", data)
write("named.npz", classes=texts("box", "d\u00ef\u20ac\U0001f600", "stroke"))
write("names.npz", class_names=texts("a", "b", "c", "d"))
write("numbers.npz", classes=npy("<i8", (3,), bytes(24)))
write("few.npz", classes=texts("box", "disc"))
write("cut.npz", classes=texts("box", "disc", "stroke")[:-1])
write("large.npz", classes=texts("a", "b", "c", size=251))
write("odd.npz", classes=npy("<U1", (3,), struct.pack("<3I", 97, 0xd800, 98)))
write("empty.npz", classes=texts("box", "", "stroke"))
write("objects.npz", classes=npy("|O", (3,), bytes(9)))
write("fields.npz", classes=b"\x93NUMPY\x01\x00\x76\x00" + b"{'descr': [('a', '<U3')], 'fortran_order': False, 'shape': (3,), }".ljust(117) + b"\n")
write("junk.npz", classes=b"junk")
write("both.npz", class_names=npy("|O", (3,), bytes(9)), classes=texts("box", "disc", "stroke"))
write("square.npz", classes=npy("<U1", (2, 2), struct.pack("<4I", *b"abcd")))
EOF
thaw -c 'data named.npz; data info; data names.npz; data info classes=c,b; data numbers.npz; data info'
works
out_has 'dï€😀' 'classes b, c -> units 0-1' 'digits 0-2 -> units 0-2'
for e in 'few:names of 2 classes, but a picture with the label 2; name each label' 'cut:no list of 1 to 4096 texts of at most 250 characters' \
	'empty:an empty name for the label 1' 'large:no list of 1 to' 'square:no list of 1 to' 'odd:classes.npy holds no text at 1'; do
	thaw -c "data ${e%%:*}.npz"
	refused 1 "${e#*:}"
done
for e in objects fields junk; do
	thaw -c "data $e.npz; data info"
	works
	out_has 'note: classes.npy is no array of texts, so that the classes have no names' 'digits 0-2 -> units 0-2'
done
thaw -c 'data both.npz; data info'
works
out_has 'classes box, disc, stroke'
out_lacks 'is no array of texts'

it 'reads pickles of CIFAR as each protocol of Python has them, to the same sums'
python3 - <<'EOF'
import os, pickle, sys, types
def module(name, **has):
    m = sys.modules[name] = types.ModuleType(name)
    for k, v in has.items():
        v.__module__, v.__qualname__ = name, k
        setattr(m, k, v)
class ndarray: pass
class dtype:
    def __init__(self, *a): pass
    def __reduce__(self): return dtype, ("u1", False, True), (3, "|", None, None, None, -1, -1, 0)
class Array: # what NumPy makes of an array: of protocol 5 another thing
    def __init__(self, data): self.data = data
    def __reduce_ex__(self, protocol):
        if protocol >= 5:
            return frombuffer, (bytearray(self.data), dtype(), (len(self.data) // 3072, 3072), "C")
        return reconstruct, (ndarray, (0,), b"b"), (1, (len(self.data) // 3072, 3072), dtype(), False, self.data)
def reconstruct(*a): return Array(b"")
def frombuffer(*a): pass
for core in "numpy.core", "numpy._core":
    module("numpy", ndarray=ndarray, dtype=dtype)
    module(core)
    module(core + ".multiarray", _reconstruct=reconstruct)
    module(core + ".numeric", _frombuffer=frombuffer)
    for protocol in 2, 3, 4, 5:
        folder = f"{core[6:].strip('.')}{protocol}"
        os.mkdir(folder)
        for b, name in enumerate(["test_batch"] + [f"data_batch_{i}" for i in range(1, 6)]):
            batch = {"batch_label": name, "labels": [b % 3, 1, 2], "data": Array(bytes((b * 7 + i) % 251 for i in range(3 * 3072)))}
            if core == "numpy._core":
                batch = {k.encode(): v for k, v in batch.items()}
            pickle.dump(batch, open(f"{folder}/{name}", "wb"), protocol=protocol)
        pickle.dump({"label_names": [list, tuple][protocol % 2](("box", "disc", "stroke"))}, open(f"{folder}/batches.meta", "wb"), protocol=protocol)
EOF
for folder in core2 core3 core4 core5 _core2 _core3 _core4 _core5; do
	thaw -c "data $folder; data info; mode json; data info"
	works
	out_has '15 training and 3 test images of 32x32x3, 3 classes' 'stroke' '"counts":{"0":[1,1],"1":[7,1],"2":[7,1]}'
	grep -o '"sha256":.*' "$out" >>pickled.sums
done
[ "$(sort -u pickled.sums | wc -l)" -eq 1 ] && [ "$(wc -l <pickled.sums)" -eq 8 ] || unmet 'eight times the same sums'
python3 -c 'import pickle; pickle.dump({"label_names": "box"}, open("core3/batches.meta", "wb"), protocol=2)'
thaw -c 'data core3'
refused 1 'core3/batches.meta has no list of texts under "label_names"; write the names as one'
python3 -c 'import pickle; pickle.dump({"label_names": ["box", "disc", ""]}, open("core3/batches.meta", "wb"), protocol=2)'
thaw -c 'data core3'
refused 1 'an empty name for the label 2'
python3 -c 'import pickle; pickle.dump({"data": 1}, open("core4/data_batch_2", "wb"), protocol=0)'
thaw -c 'data core4'
refused 1 'core4/data_batch_2 has the instruction 0x64' 'by pickle.dump with protocol 2 to 5, or as an .npz'

it 'reads a folder of packed files, to the same weights'
whole packed
gzip packed/*
for d in plain packed; do
	thaw -c "data $d" -c 'build "flatten | dense 5, softmax"' -c 'mode json' -c 'timing off' -c 'train gte5 epochs=1'
	works
	out_has '"weights":"'
	grep '"event":"trained"' "$out" >trained-$d
done
same trained-plain trained-packed

it 'says on which data a run was trained, and that others are evaluated'
thaw -c 'build "flatten | dense 5, softmax"; verbose 0; train gte5 limit=128 epochs=1; save m.safetensors' -c 'data plain' \
	-c 'eval gte5' -c 'train gte5 epochs=1' -c 'eval gte5' -c 'mode json' -c runs -c 'eval gte5'
works
[ "$(grep -c '^note: r1 was trained on the data set mnist; these are images of plain$' "$out")" -eq 1 ] || unmet 'one note'
out_has 'kernels=' '  data=plain' '"run":1,"data":"mnist"' '"run":2,"data":"plain"' '"on":"test","data":"plain"'
thaw -c 'data plain' -c 'load m.safetensors' -c 'mode json' -c runs
out_has '"run":1,"data":"mnist"'

it 'reads small colourless pictures of another size'
mkdir small
for part in train t10k; do
	{ number 0x803 100 14 14; head -c 19600 pixels-$part; } >small/$part-images-idx3-ubyte
	{ number 0x801 100; head -c 100 labels-$part; } >small/$part-labels-idx1-ubyte
done
thaw -c 'data small' -c 'build "flatten | dense 5, softmax"' -c 'train lt5 epochs=1' -c 'assert params == 985'
works

it 'says in one sentence that the model takes pictures of another size'
for line in 'train lt5' 'eval lt5' 'show lt5' 'predict test:0' 'export png digits'; do
	thaw -c 'build "conv2d 2 3, flatten | dense 10, softmax"' -c 'data small' -c "$line"
	case $line in predict*) what=test:0 ;; *) what=small ;; esac
	refused 1 "the model takes 28x28x1 pictures, $what has 14x14x1; \`build\` makes a model for it"
	out_has 'note: the model takes 28x28x1 pictures, small has 14x14x1; `build` makes a model for it'
done

broken=0
# broken TEXT...: makes nothing; says what the folder `bad` is refused with. The command that spoils it has run before.
broken() {
	it "refuses $1"
	file=$2
	shift 2
	thaw -c 'bail off' -c 'data plain' -c 'data bad' -c 'mode json' -c 'data info all'
	refused 1 "$file" "$@"
	out_has '"train":200' 'plain'
	rm -rf bad
	broken=$((broken + 1))
}

i=train-images-idx3-ubyte
l=train-labels-idx1-ubyte

mkdir bad
broken 'an empty folder' bad
whole bad; rm bad/t10k-labels-idx1-ubyte
broken 'a missing file' t10k-labels-idx1-ubyte
whole bad; : >bad/$i
broken 'an empty file' $i
whole bad; head -c 9 plain/$i >bad/$i
broken 'half a head' $i
whole bad; head -c 100000 plain/$i >bad/$i
broken 'a file that is too short' $i
whole bad; echo more >>bad/$i
broken 'a file that is too long' $i
whole bad; { number 0x801 200 28 28; cat pixels-train; } >bad/$i
broken 'the magic number of the other kind' $i
whole bad; { number 0xd03 200 28 28; cat pixels-train; } >bad/$i
broken 'pixels that are not bytes' $i
whole bad; { number 0x803 0xffffffff 0xffffffff 0xffffffff; cat pixels-train; } >bad/$i
broken 'sizes that overflow' $i
whole bad; { number 0x803 2000000000 28 28; cat pixels-train; } >bad/$i
broken 'more images than there are bytes' $i
whole bad; { number 0x803 0 28 28; } >bad/$i
broken 'no images' $i
whole bad; { number 0x803 200 0 28; } >bad/$i
broken 'images without rows' $i
whole bad; { number 0x801 199; head -c 199 labels-train; } >bad/$l
broken 'fewer labels than images' $l
whole bad; { number 0x803 100 14 14; head -c 19600 pixels-train; } >bad/$i; { number 0x801 100; head -c 100 labels-train; } >bad/$l
broken 'training images of another size than the test images' 14
whole bad; mv bad/$i bad/$i.gz
broken 'a .gz that is not packed' $i.gz
whole bad; gzip bad/$i; head -c 20000 bad/$i.gz >cut; mv cut bad/$i.gz
broken 'a packed file that is cut' $i.gz
whole bad; gzip bad/$i; printf '\377' | dd of=bad/$i.gz bs=1 seek=15000 conv=notrunc 2>/dev/null
broken 'a packed file with a flipped byte' $i.gz
whole bad; { number 0x803 200 28 28; cat pixels-train; head -c 100000000 /dev/zero; } | gzip -1 >bad/$i.gz; rm bad/$i
broken 'a packed file that holds much more than it says' $i.gz
whole bad; rm bad/$i; mkdir bad/$i
broken 'a folder in the place of a file' $i
[ $broken -eq 19 ] || unmet 'nineteen kinds of broken folders'

it 'refuses a file in the place of the folder'
thaw -c 'data pixels-train'
refused 1 pixels-train

done_testing
