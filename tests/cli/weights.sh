#!/bin/sh
# weights.sh: weights in the formats of others: NumPy's .npz, PyTorch's .pt and its layout. weights/make.py made the files
# of this folder with PyTorch and NumPy; what is hostile is refused with a sentence, and the weights stay.
. "$top_srcdir/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/lesson.sh"
few_images
data=$scratch/few

files=$top_srcdir/tests/cli/weights
build='build "conv2d 2 5, relu, max_pooling2d 6, flatten | dense 5, softmax"'
cp "$files"/*.pt "$files"/*.npz . && chmod u+w ./*

# What PyTorch gives for test:1, by make.py.
torch_says() {
	works
	out_has '"0":0.212' '"1":0.145490' '"2":0.152768' '"3":0.187227' '"4":0.302471'
}

for f in net.pt strides.pt double.pt order.npz packed.npz; do
	it "gives what PyTorch gives with the weights of $f"
	thaw -c "mode json; $build; load $f; predict test:1"
	torch_says
done

it 'says that modules of other names were taken in their order'
thaw -c "$build; load net.pt"
works
out_has 'loaded net.pt: 217 weights' 'note: the file has other names than the model'
cp net.pt net.pth
thaw -c "$build; load net.pth"
works

if python3 -c 'import torch, safetensors' 2>/dev/null; then
	it "takes PyTorch's names from .safetensors and .npz as well"
	python3 - >"$out" 2>"$err" <<'END' || unmet 'files of PyTorch'
import numpy, safetensors.torch, torch
weights = torch.load("net.pt")
safetensors.torch.save_file(weights, "named.safetensors")
numpy.savez("named.npz", **{k: v.numpy() for k, v in weights.items()})
END
	for f in named.safetensors named.npz; do
		thaw -c "mode json; $build; load $f; predict test:1"
		torch_says
	done
	thaw -c "$build; load named.safetensors; load named.npz"
	works
	out_has 'by their shapes: conv2d from features.0, dense from fc' 'taken in their order'
fi

it 'says what PyTorch has otherwise of batch normalization, and no file tells'
python3 - <<'END'
import struct, zipfile
def array(*shape):
    n = 1
    for d in shape:
        n *= d
    head = f"{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}, }}".ljust(117).encode() + b"\n"
    return b"\x93NUMPY\x01\x00\x76\x00" + head + struct.pack("<f", 0.5) * n
with zipfile.ZipFile("bn.npz", "w") as z:
    for name, shape in (("0.weight", (2, 1, 5, 5)), ("0.bias", (2,)), ("1.weight", (2,)), ("1.bias", (2,)), ("1.running_mean", (2,)),
            ("1.running_var", (2,)), ("5.weight", (5, 32)), ("5.bias", (5,))):
        z.writestr(f"{name}.npy", array(*shape))
END
net='conv2d 2 5, batch_normalization%s, relu, max_pooling2d 6, flatten | dense 5, softmax'
# shellcheck disable=SC2059 # the model with an epsilon or without
thaw -c "build \"$(printf "$net" '')\"; load bn.npz; save own.safetensors layout=torch; load own.safetensors"
works
[ "$(grep -c 'epsilon of batch normalization, which is 1e-5 in PyTorch unless told otherwise, and 0.001 in batch_normalization' "$out")" -eq 1 ] ||
	unmet 'one note, of the file with other names'
out_has '`build "... batch_normalization epsilon=1e-5 momentum=0.9 ..."` makes it as there'
# shellcheck disable=SC2059
thaw -c "build \"$(printf "$net" ' epsilon=1e-5 momentum=0.9')\"; load bn.npz"
works
out_has 'note: the file has other names'
out_lacks epsilon

it 'saves an archive that NumPy names alike, the same bytes each time'
thaw -c "$build; load net.pt; save a.npz; reset seed=3; load a.npz; save b.npz; mode json; predict test:1"
torch_says
same a.npz b.npz
if python3 -c 'import numpy' 2>/dev/null; then
	python3 -c 'import numpy as n
a = n.load("a.npz")
assert {k: v.shape for k, v in a.items()} == {"conv2d.kernel": (5, 5, 1, 2), "conv2d.bias": (2,), "dense.kernel": (32, 5), "dense.bias": (5,)}
assert all((a[k] == v).all() for k, v in n.load("packed.npz").items())' >"$out" 2>"$err" || unmet 'what NumPy reads of a.npz'
fi

it 'writes the layout of PyTorch and reads it again'
thaw -c "$build; load net.pt; save t.safetensors layout=torch; reset seed=3; load t.safetensors; save u.safetensors layout=torch" \
	-c 'mode json; predict test:1'
torch_says
same t.safetensors u.safetensors
head -c 600 t.safetensors >.t/head
has .t/head '"conv2d.weight":{"dtype":"F32","shape":[2,1,5,5]' || unmet 'the names and shapes of PyTorch'
has .t/head '"dense.weight":{"dtype":"F32","shape":[5,32]' || unmet 'the names and shapes of PyTorch'

it 'writes the class that loads it'
thaw -c "$build; freeze features; export pytorch model.py"
works
out_has 'wrote model.py'
cat model.py >"$out"
out_has 'self.conv2d = nn.Conv2d(1, 2, 5)' 'self.dense = nn.Linear(32, 5)' 'x = nn.functional.max_pool2d(x, 6, 6)' \
	'model.conv2d.requires_grad_(False)'
if python3 -c 'import torch, safetensors' 2>/dev/null; then
	python3 model.py >"$out" 2>"$err" && unmet 'a class that misses its weights'
	cp t.safetensors model.safetensors
	python3 model.py >"$out" 2>"$err" || unmet 'a class that loads its weights'
fi
thaw -c 'build "conv2d 3 4 stride=3 same tanh, average_pooling2d 4 stride=2 same, conv2d 2 2 same, max_pooling2d 3 stride=2 same, flatten | dense 5, softmax"' \
	-c 'export pytorch around.py; save around.safetensors layout=torch; mode json; predict test:1'
works
cp "$out" .t/said
cat around.py >"$out"
out_has 'self.conv2d(nn.functional.pad(x, (1, 2, 1, 2)))' 'max_pool2d(nn.functional.pad(x, (1, 1, 1, 1), value=-torch.inf), 3, 2)' \
	'inside = nn.functional.avg_pool2d(nn.functional.pad(torch.ones_like(x[:1, :1]), (1, 1, 1, 1)), 4, 2)' '(1, 1, 1, 1)), 4, 2) / inside'
if python3 -c 'import torch, safetensors' 2>/dev/null; then
	python3 - "$top_srcdir/assets/mnist/t10k-images-idx3-ubyte.gz" >"$out" 2>"$err" <<'END' || unmet 'the same probabilities'
import gzip, json, sys, torch
from around import load
x = torch.tensor(list(gzip.open(sys.argv[1]).read()[16 + 784:16 + 2 * 784])).reshape(1, 1, 28, 28) / 255
said = next(json.loads(line) for line in open(".t/said") if "probabilities" in line)["probabilities"].values()
there = load("around.safetensors")(x)[0].tolist()
assert max(abs(a - b) for a, b in zip(there, said)) <= 1e-6, (there, said)
END
fi
thaw -c "$build; export pytorch plot"
refused 1 'pytorch has no plot: it writes the model as a class' 'leave the word out'

it 'takes a part of the weights and says what became of each'
thaw -c 'build "conv2d 2 5, relu, max_pooling2d 6, flatten | dense 9, softmax"; load packed.npz only=features'
works
out_has 'conv2d.kernel' 'loaded'
thaw -c 'build "conv2d 2 5, relu, max_pooling2d 6, flatten | dense 9, softmax"; load packed.npz only=all'
works
out_has '32x5 in the file, 32x9 in the model'

thaw -c 'build "conv2d 2 5, batch_normalization, relu, max_pooling2d 6, flatten | dense 5, softmax"; save norm.npz; load norm.npz only=all'
works
out_has 'conv2d.kernel                       5x5x1x2        loaded' 'batch_normalization.moving_variance 2              loaded'

it 'writes nothing that it cannot'
thaw -c "$build; save x.pt"
refused 1 '.pt is only read here' safetensors
thaw -c "$build; save x.npz layout=torch"
refused 1 'only .safetensors has'
no_file x.pt x.npz

it 'takes the weights out of a checkpoint'
thaw -c "$build; load net.pt; save net.safetensors"
works
taken_from() { # FILE NOTE
	thaw -c "$build; load $1; save taken.safetensors"
	works
	out_has "note: the file is a checkpoint; the weights are those of its $2"
	same net.safetensors taken.safetensors
}
taken_from checkpoint.pt '"weights"; left out: epoch'
taken_from trained.pt '"model"; left out: optim, epoch, losses, best, 5, seed, said'
taken_from gan.pt '"net"; left out: small'

# ---- what is hostile ----

thaw -c "$build; save before.safetensors"
works
broken() { # FILE TEXT...
	it "refuses $1"
	file=$1
	shift
	thaw -c 'bail off' -c "$build; load $file; save after.safetensors"
	refused 1 "$@"
	same before.safetensors after.safetensors
}

broken whole.pt '__main__.Net, which would be code to run' 'torch.save(model.state_dict(), FILE)'
broken twice.pt 'two dicts of tensors that fit the model, "net" and "ema"' 'torch.load(FILE)[KEY]'
broken other.pt '2 dicts of tensors ("a", "b"), and none fits the model'
broken objects.npz 'holds Python objects'
head -c 1500 net.pt >cut.pt
broken cut.pt 'cut off'
head -c 1000 packed.npz >cut.npz
broken cut.npz 'cut off'
cp order.npz bad.pt
broken bad.pt 'none of PyTorch'
cp net.pt bad.npz
broken bad.npz 'no array of NumPy'
printf '\200\002\212\012\154\374\234\106\371\040\152\250\120\031.\200\002M\351\003.' >old.pt
broken old.pt 'as PyTorch wrote it before 1.6' 'torch.save(torch.load(FILE), FILE)'
: >empty.pt
broken empty.pt 'no ZIP archive'
sed 's/ctorch\nFloatStorage/x/; s/_rebuild_tensor_v2/_rebuild_tensor_v9/' net.pt >bad.pt
broken bad.pt checksum

if python3 -c 'import zipfile' 2>/dev/null; then
	python3 - <<'END' || unmet 'archives made by python3'
import zipfile
members = {n: zipfile.ZipFile("net.pt").read(n) for n in zipfile.ZipFile("net.pt").namelist()}
top = next(iter(members)).split("/")[0]
def write(name, changed, kind=zipfile.ZIP_STORED):
    with zipfile.ZipFile(name, "w", kind) as z:
        for n, b in {**members, **changed}.items():
            if b is not None:
                z.writestr(n, b)
pkl, data = f"{top}/data.pkl", members[f"{top}/data.pkl"]
write("function.pt", {pkl: data.replace(b"ctorch._utils\n_rebuild_tensor_v2", b"cposix\nsystem")})
write("stop.pt", {pkl: data[:-1]})
write("reach.pt", {pkl: data.replace(b"K\x05K \x86", b"K\x06K \x86", 1)})
write("huge.pt", {pkl: data.replace(b"K\x05K \x86", b"J\xff\xff\xff\x7fJ\xff\xff\xff\x7f\x86", 1)})
write("opcode.pt", {pkl: b"\x80\x02i__main__\nNet\n."})
write("gone.pt", {f"{top}/data/0": None})
write("short.pt", {f"{top}/data/0": members[f"{top}/data/0"][:-4]})
write("script.pt", {f"{top}/constants.pkl": b""})
write("big.pt", {f"{top}/byteorder": b"big"})
write("packed.pt", {}, zipfile.ZIP_DEFLATED)
write("nan.pt", {f"{top}/data/0": b"\xff" * len(members[f"{top}/data/0"])})
write("memo.pt", {pkl: b"\x80\x02}r\xff\xff\xff\x7f."})
write("mark.pt", {pkl: b"\x80\x02}(u(t."})
END
	broken function.pt 'posix.system, which would be code to run'
	broken stop.pt 'data.pkl is damaged'
	broken reach.pt 'reaches beyond its storage'
	broken huge.pt 'reaches beyond its storage'
	broken opcode.pt 'the instruction 0x69'
	broken gone.pt 'has no values of'
	broken short.pt 'data.pkl says'
	broken script.pt 'TorchScript'
	broken big.pt 'byte order'
	broken packed.pt 'is packed'
	broken nan.pt 'NaN'
	broken memo.pt 'data.pkl is damaged'
	broken mark.pt
fi

done_testing
