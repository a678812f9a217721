#!/bin/sh
# classes.sh: classes with names: said by them, typed by them, however odd they are; splits of them; very many of them.
. "$top_srcdir/tests/cli/lib.sh"

python3 - <<'PY'
import os, struct, zlib

def png(path, side, value):
    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
    raw = b"".join(b"\0" + bytes((value + 3 * (x ^ y)) % 256 for x in range(side)) for y in range(side))
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as f:
        f.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)) +
                chunk(b"IDAT", zlib.compress(raw)) + chunk(b"IEND", b""))

for c, name in enumerate(("Ankle boot", "cat", "dog")):
    for i in range(24):
        png(f"pets/{name}/{i}.png", 4, 90 * c + i % 2)
odd = ["7", "a,b", "say \"hi\"", "\u6f22\u5b57", "x\ty\x1b[31m", "\u202egnp", "n" * 250, "n" * 249 + "m", "back\\slash", "!no", "#3;"]
for c, name in enumerate(odd):
    for i in range(6):
        png(f"odd/{name}/{i}.png", 4, 20 * c + i)
for c in range(100):
    for i in range(3):
        png(f"many/class_{c:03d}/{i}.png", 2, 2 * c)
PY

net='build "flatten | dense 3, softmax"; set verbose 0; set threads 1'

it 'calls classes by their names'
thaw -c "data pets size=4x4; $net; train all epochs=40 lr=10 batch=8" -c 'eval report; predict test:0; confusion; toplosses n=1; show n=1'
works
out_has '(classes Ankle boot, cat, dog -> units 0-2)' 'class      precision    recall' 'Ankle boot    1.0000' \
	'test:0  label cat  predicted cat  right' '  Ankle boot  0.' 'actual     Ankle boot        cat        dog   recall' \
	'image        label      predicted        loss'
thaw -c "data pets size=4x4; $net; train all epochs=1 batch=64" -c 'confused min=1; confusion all cat dog; confusion cat cat' \
	-c 'show class=cat n=1; saliency test:0 class="Ankle boot"; explain dense[0] test:0'
works
out_has 'actual     predicted   count' ' images of cat predicted as dog' ' images of cat predicted as cat' ' for Ankle boot' \
	'; the unit of Ankle boot'
thaw -c 'mode json' -c "data pets size=4x4; $net; train all epochs=40 lr=10 batch=8" -c 'eval report; predict test:0; confusion; toplosses n=1'
works
out_has '"class":"Ankle boot","digit":0,' '"label":1,"label_class":"cat","predicted":1,"predicted_class":"cat","probabilities":{"Ankle boot":' \
	'"names":"classes"' '"labels":[0,1,2],"counts":' '"classes":["Ankle boot","cat","dog"]' '"label_class":'
thaw -c 'mode csv' -c "data pets size=4x4; $net; train all epochs=40 lr=10 batch=8" -c 'confusion'
works
out_has 'confusion,all,0,Ankle boot,1,cat,0'

it 'says nothing new of digits'
thaw -c 'mode csv; build "max_pooling2d 4, flatten | dense 5, softmax"; train lt5 limit=8 epochs=1; eval report; confused; toplosses n=1; show n=1'
works
out_has 'event,split,digit,precision,recall,f1,support' 'event,split,actual,predicted,count' \
	'event,image,label,predicted,loss,p_label,p_predicted' 'event,image,label,predicted,probability'

it 'takes splits by name'
thaw -c "data pets size=4x4; $net; train classes=dog,\"Ankle boot\" epochs=1; eval classes=!cat; eval classes=cat..dog" \
	-c 'print split; assert split == "classes=\"Ankle boot\",dog"; eval "classes=Ankle boot,cat"; save a.safetensors'
works
out_has 'run r1: classes="Ankle boot",dog (classes Ankle boot, dog -> units 0-1)' 'classes=cat,dog test: '
thaw -c 'load a.safetensors; runs' # without the pictures at hand
works
out_has 'r1  classes="Ankle boot",dog'
thaw -c 'data pets size=4x4; load a.safetensors; predict test:0; data mnist; load a.safetensors; train classes=cat'
refused 1 'the classes of mnist have no names; take digits'
out_has '  Ankle boot  0.'
thaw -c "bail off; data pets size=4x4; $net" -c 'train classes=ct' -c 'train classes=zebra' -c 'train classes=cat,cat' \
	-c 'confusion all cat dg' -c 'confusion classes=cat,dog "Ankle boot" cat' -c 'confusion all cat' -c 'assert recall(dg) > 0' \
	-c 'assert recall(cat) > 0' -c 'assert confused(cat) > 0' -c 'show class=cat digit=dog'
exits 1
err_has 'train: no class "ct" - did you mean "cat"' 'no class "zebra" (classes: Ankle boot, cat, dog)' 'the class cat is named twice' \
	'no class "dg" - did you mean "dog"' 'classes=cat,dog has no class Ankle boot' 'name both' \
	'recall(cat) is not known yet; `eval all` and `confusion` tell it' 'confused(7,9) is of 2 classes' 'leave one out'
thaw -c "data pets size=4x4; $net; train all epochs=40 lr=10 batch=8; eval report; assert recall(cat) == 1; predict test:0" \
	-c 'assert p(Ankle boot) < 0.5; confused; assert confused("Ankle boot",dog) == 0; assert confused(cat, dog) == 0'
works
printf '%s\n' 'data pets' 'train classes=cat,dog' 'confusion all cat dog' 'train classes' >script.thaw
thaw --check script.thaw
exits 1
out_has '4 commands, 1 wrong'

it 'shows and takes odd names'
thaw -c "data odd size=4x4; build \"flatten | dense 11, softmax\"; set verbose 0; set threads 1; train all epochs=1; data info; confusion; predict test:0"
works
out_has '  x?y?[31m' '  ?gnp' '漢字'
grep -q "$(printf '\033')" "$out" && unmet 'no escape sequence of a name'
thaw -c "data odd size=4x4; build \"flatten | dense 11, softmax\"; set verbose 0; set threads 1; train classes=7,a,b,漢字 epochs=1; eval report" \
	-c 'assert recall(a,b) >= 0; assert recall("say \"hi\"") >= 0'
refused 1 'recall(say "hi") is not known yet'
out_has 'run r1: classes=7,a,b,漢字 '
thaw -c 'mode json; data odd size=4x4; build "flatten | dense 11, softmax"; set verbose 0; set threads 1; train "classes=say \"hi\",back\\slash,#3;" epochs=1' \
	-c 'train classes="#3;",!no epochs=1; confusion all 7 a,b'
works
out_has '"split":"classes=\"#3;\",\"back\\\\slash\",\"say \\\"hi\\\"\""' '"split":"classes=!no,\"#3;\""' # in the order of the labels

it 'takes a hundred classes'
thaw -c 'data many size=2x2' -c 'build "flatten | dense 100, softmax"; set verbose 0; set threads 1; train all epochs=1; confusion; eval report; train classes=class_007..class_080 epochs=1; train classes=!class_003 epochs=1' \
	-c 'set units digit; train classes=class_099 epochs=1; export png confusion'
works
out_has '100 classes' '100 by 100 cells do not fit into 80 columns; the ' ' pairs that count most:' 'class_099' \
	'run r2: classes=class_007..class_080 (classes class_007, class_008, class_009, class_010, class_011, class_012 and 68 more -> units 0-73)' \
	'run r3: classes=!class_003 ' 'class class_099 -> unit 99' 'wrote thaw-confusion.png'
thaw -c 'data many size=10x10; train all epochs=1'
refused 1 'all has 100 classes, the model 5 output units; `build classes=100`'
thaw -c 'set width 1000; data many size=2x2; build "flatten | dense 100, softmax"; set verbose 0; set threads 1; train all epochs=1; confusion'
works
out_has 'rows: actual, columns: predicted' 'class_~9 class~10 '

thaw -c 'data many size=2x2; build "flatten | dense 100, softmax"; set verbose 0; train all epochs=1; export png confusion classes=class_000..class_029 x.png'
works
out_has 'wrote x.png'

it 'takes more classes than a byte tells apart'
python3 - >sums <<'PY'
import hashlib, struct, zipfile
def npy(kind, shape, data):
    text = repr({"descr": kind, "fortran_order": False, "shape": shape}).encode()
    text += b" " * (-(len(text) + 11) % 64) + b"\n"
    return b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text + data
def archive(file, classes, repeated):
    with zipfile.ZipFile(file, "w") as z:
        for part in ("train", "test"):
            n = classes * repeated
            label = struct.pack(f"<{n}I", *(i % classes for i in range(n)))
            pixels = b"".join(bytes((255 * (c >> k & 1) for k in range(12))) for c in (i % classes for i in range(n)))
            z.writestr(f"x_{part}.npy", npy("|u1", (n, 3, 4), pixels))
            z.writestr(f"y_{part}.npy", npy("<u4", (n,), label))
    print(hashlib.sha256(struct.pack(">HBBI", 0, 11, 1, n) + struct.pack(f">{n}H", *(i % classes for i in range(n)))).hexdigest())
archive("300.npz", 300, 2)
archive("4097.npz", 4097, 1)
PY
i=100
while [ $i -lt 300 ]; do
	cp -r many/class_0$((i % 90 + 10)) many/class_$i
	i=$((i + 1))
done
net='build "flatten | dense 300, softmax"; set verbose 0; set threads 1; set timing off'
thaw -c "data 300.npz; $net; train all epochs=60 lr=3 batch=30; eval all report; assert recall(299) == 1 and accuracy > 0.95" \
	-c 'confused min=1; confusion all 299 299; predict test:599 top=300; assert p(299) > 0.2; print loss; save 300.safetensors; save 300.onnx; save weights.npz; load weights.npz' \
	-c 'eval gte256; eval digits=3,299; show n=2 digit=257; assert p(299) > 0.2; saliency test:299 class=299; probe gte256 n=88'
works
out_has 'digits 0-299 -> units 0-299' '1.0000    1.0000    1.0000         2' 'test:599  label 299  predicted 299  right' \
	'2 images of 299 predicted as 299'
thaw -c "mode json; data 300.npz; $net; load 300.safetensors; eval all report; confusion all; data info all"
works
out_has '"split":"all","digit":299,"precision":1' ',298,299],"counts":[[' '"299":[2,2]' "$(head -n 1 sums)" # the sum of labels of two bytes, big-endian
thaw -c "data 300.npz; $net" -c 'train digits=3,299 epochs=1; runs' -c 'train gte280 limit=3 epochs=1; save two.safetensors' -c 'load two.safetensors; runs; print split'
works
out_has 'digits=3,299' 'gte280'
thaw -c "data many size=2x2; $net; train classes=class_250..class_299 epochs=1; confusion all class_299 class_299; eval classes=class_001,class_299" -c 'export png confusion; data info'
works
out_has '300 classes' '(classes class_250, class_251, class_252, class_253, class_254, class_255 and 44 more -> units 0-49)'
thaw -c "data 300.npz; $net; eval digits=$(seq -s, 0 2 298)" -c 'print 1'
refused 1 'that list of 150 classes is too long, with 551 characters; name more of them as ranges, or fewer'
thaw -c 'data 4097.npz'
refused 1 'labels are 0 to 4095: renumber the classes, or take fewer'

it 'names a folder that cannot be read'
ln -s / pets/zoo
thaw --safe -c 'data pets'
refused 1 'the folder pets/zoo cannot be read: ' 'make it readable, or move it away'
rm pets/zoo

done_testing
