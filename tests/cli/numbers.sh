#!/bin/sh
# numbers.sh: the network as numbers: stats, explain, probe. What is printed follows from the weights as a file has them.
. "$top_srcdir/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/lesson.sh"
few_images
data=$scratch/few

cat >small.thaw <<'EOT'
timing off
verbose 0
set kernels base
build "conv2d 4 3, relu, max_pooling2d 2, flatten | dense 16, relu, dense 5, softmax"
train gte5 limit=1000 epochs=1
save small.safetensors
EOT
thaw small.thaw
works

it 'says of weights what follows from the file'
thaw -c 'mode json' -c 'load small.safetensors' -c 'freeze conv2d' -c 'stats'
works
cp "$out" all
cat >weights.py <<'EOT'
import json, math, struct
raw = open("small.safetensors", "rb").read()
n = struct.unpack("<Q", raw[:8])[0]
head, data = json.loads(raw[8:8 + n]), raw[8 + n:]
rows = [r for r in map(json.loads, open("all")) if r["event"] == "stats"]
assert [(r["layer"], r["tensor"]) for r in rows] == [(l, t) for l in ("conv2d", "dense", "dense_1") for t in ("kernel", "bias")]
for r in rows:
    name = [k for k in head if k.endswith(r["layer"] + "." + r["tensor"]) or k.endswith(r["layer"] + "/" + r["tensor"])]
    a, b = head[name[0]]["data_offsets"]
    x = struct.unpack("<%df" % ((b - a) // 4), data[a:b])
    mean = math.fsum(x) / len(x)
    near = lambda key, v: abs(r[key] - v) <= 1e-6 * max(abs(v), 1e-3)
    assert r["count"] == len(x) and r["zeros"] == x.count(0) and r["nonfinite"] == 0, r
    assert near("min", min(x)) and near("max", max(x)) and near("mean", mean), r
    assert near("std", math.sqrt(math.fsum((v - mean) ** 2 for v in x) / len(x))), r
    edges, counts = r["histogram"]["edges"], r["histogram"]["counts"]
    assert len(edges) == len(counts) + 1 and sum(counts) == len(x)
    for i, c in enumerate(counts):
        last = i == len(counts) - 1
        assert c == sum(1 for v in x if edges[i] <= v < edges[i + 1] or last and v >= edges[i + 1]), (r, i)
    assert r["trainable"] == (r["layer"] != "conv2d") and r["of"] == "weights"
EOT
/usr/bin/python3 weights.py || unmet 'figures of the weights'

it 'marks frozen layers, and fits 80 columns'
thaw -c 'load small.safetensors' -c 'freeze conv2d' -c 'stats'
works
out_like 'conv2d  kernel N     36 .*'
out_like 'dense_1 bias   Y      5 .*'
[ "$(wc -L <"$out")" -le 80 ] || unmet 'lines of at most 80 columns'
thaw -c 'load small.safetensors' -c 'set glyphs ascii' -c 'stats dense_1'
works
LC_ALL=C grep -q '[^ -~]' "$out" && unmet 'ASCII alone'

it 'says the same each time, and with any number of threads'
for t in 1 2 3; do
	thaw --threads $t -c 'mode json' -c 'load small.safetensors' -c 'stats activations' -c 'stats grad' -c 'stats grad lt5'
	works
	cp "$out" threads$t
done
cmp -s threads1 threads2 && cmp -s threads1 threads3 || unmet 'the same bytes'

it 'shows what each layer puts out'
thaw -c 'load small.safetensors' -c 'stats activations'
works
out_has 'of the first 128 test images of gte5'
out_like 'conv2d        output Y 346,112 .*'
out_like 'activation_2  output -     640 .*'
thaw -c 'mode json' -c 'load small.safetensors' -c 'stats activation_2 activations lt5'
works
out_has '"layer":"activation_2","tensor":"output","of":"activations","images":"the first 128 test images of lt5"' \
	'"count":640,' '"mean":0.2' # probabilities of five units

it 'says of which batch the gradients are'
thaw -c 'load small.safetensors' -c 'stats grad'
works
out_has 'of the last batch of r1 (epoch 1, batch 5: 110 images of gte5)'
thaw -c 'load small.safetensors' -c 'stats head grad lt5'
works
out_has 'of the first 128 training images of lt5'
out_lacks 'conv2d '
thaw -c 'stats dense_1 grad'
works
out_has 'of the first 128 training images of gte5'

it 'counts numbers that are none'
build='build "flatten | dense 5, softmax"'
thaw -c "$build" -c 'train gte5 limit=256 batch=256 epochs=3 optimizer=adam epsilon=0' -c 'stats'
exits 1 # the loss is not a number any more
thaw -c 'bail off' -c "$build" -c 'train gte5 limit=256 batch=256 epochs=3 optimizer=adam epsilon=0' -c 'stats' \
	-c 'stats grad' -c 'stats dense activations' -c 'mode json' -c 'stats'
exits 1
out_like 'dense bias   Y     5     5 0.00 +- +- +- +-'
out_like 'dense output Y +640 +640 0.00 +- +- +- +-'
out_has '"tensor":"bias","of":"weights","trainable":true,"count":5,"min":null,"max":null,"mean":null,"std":null,"zeros":0,"nonfinite":5,"histogram":{"edges":[],"counts":[]}}'

it 'writes CSV'
thaw -c 'load small.safetensors' -c 'mode csv' -c 'stats dense_1'
works
out_has 'event,layer,tensor,of,trainable,count,min,max,mean,std,zeros,nonfinite,counts'
out_like 'stats,dense_1,bias,weights,true,5,.*,0,0,1( [0-9]+){31}'

refused() { # COMMAND TEXT...: status 1, no output, the sentence
	it "refuses $1"
	thaw -c "$1"
	shift
	exits 1
	no_out
	err_has "$@"
}
refused 'stats flatten' 'flatten has no weights; `stats flatten activations` shows what it puts out'
refused 'stats conv3' 'no layer matches "conv3"'
refused 'stats weights lt5' 'weights are of no split; `stats activations lt5`'
refused 'stats grad all' 'build classes=10'
refused 'stats activations lt11' 'no split "lt11"'
refused 'stats gard' 'did you mean "grad"'

it 'explains a convolution, pixel by pixel'
thaw -c 'load small.safetensors' -c 'explain conv2d[2] 12,12 test:1'
works
out_has 'conv2d[2] 12,12 for test:1, label 2' 'bias + the sum of 9 products, input x weight' \
	'inputs: the picture, rows 12-14, columns 12-14'
[ "$(grep -c '^  pixel 1[234],1[234] ' "$out")" -eq 9 ] || unmet 'nine pixels'
same_digits() { # WORD: what the rule says and what the network computed are printed alike
	[ "$(sed -n "s/^  $1 .* //p" "$out")" = "$(sed -n 's/^  computed by the network .* //p' "$out")" ] || unmet "one $1"
	[ "$(grep -v '^note: ' "$out" | wc -L)" -le 80 ] || unmet 'lines of at most 80 columns'
}
same_digits sum

it 'explains dense layers, the largest products first'
thaw -c 'load small.safetensors' -c 'explain dense[5] test:1 n=3'
works
out_like 'bias [+] the sum of 676 products, input x weight; [0-9]+ of the inputs are 0'
out_like '  max_pooling2d\[[0-3]\] [0-9]+,[0-9]+ .*'
out_like '  the other 673 .*'
[ "$(grep -c '^  max_pooling2d' "$out")" -eq 3 ] || unmet 'three products'
same_digits sum

thaw -c 'load small.safetensors' -c 'explain dense_1[9] test:1'
exits 1
err_has 'dense_1 has the units 0 to 4; write dense_1[0] to dense_1[4]; the unit of digit 9 is dense_1[4]'

it 'explains what has no weights'
thaw -c 'load small.safetensors' -c 'explain activation[1] 3,4 test:1'
works
out_has 'relu: max(0, input)' '  conv2d[1] 3,4'
thaw -c 'load small.safetensors' -c 'explain max_pooling2d[1] 6,6 test:1'
works
out_has 'the largest of a window of 2x2' '  activation[1] 12,12' '  activation[1] 13,13' '  wins'
same_digits largest
thaw -c 'load small.safetensors' -c 'explain flatten[9] test:1'
works
out_has '  max_pooling2d[1] 0,2'
thaw -c 'load small.safetensors' -c 'explain activation_2[2] test:1'
works
out_has 'activation_2[2] for test:1, label 2; the unit of digit 7' 'softmax' '  digit 5' '  digit 9'
same_digits 'share of this unit'
thaw -c 'explain dropout[3] 1,2'
works
out_has 'a prediction drops nothing (training drops 0.25 of them)'

it 'explains channels of a deep convolution'
thaw -c 'explain conv2d_1[3] 10,14 test:0'
works
out_has 'bias + the sum of 288 products' 'inputs: activation, rows 10-12, columns 14-16, all channels' \
	'  the other 22 channels' '  the other 278'
same_digits sum

it 'gives programs all terms'
thaw -c 'mode json' -c 'load small.safetensors' -c 'explain conv2d[2] 12,12 test:1' -c 'explain dense_1[4] test:1' \
	-c 'explain activation_2[2] test:1' -c 'explain max_pooling2d[1] 6,6 test:1'
works
cp "$out" all
cat >terms.py <<'EOT'
import json, math
conv, dense, soft, pool = [r for r in map(json.loads, open("all")) if r["event"] == "explain"]
assert (conv["layer"], conv["channel"], conv["y"], conv["x"], conv["image"], conv["label"]) == ("conv2d", 2, 12, 12, "test:1", 2)
assert [(t["y"], t["x"]) for t in conv["terms"]] == [(y, x) for y in (12, 13, 14) for x in (12, 13, 14)]
for r, n in (conv, 9), (dense, 16):
    assert len(r["terms"]) == n
    assert all(abs(t["input"] * t["weight"] - t["product"]) <= 1e-7 * abs(t["product"]) for t in r["terms"])
    assert abs(r["bias"] + math.fsum(t["product"] for t in r["terms"]) - r["sum"]) < 1e-6
    assert abs(r["sum"] - r["output"]) < 1e-5 and abs(float(r["printed"]) - r["output"]) < 1e-5
assert dense["y"] is None and dense["x"] is None
p = [math.exp(t["input"]) for t in soft["terms"]]
assert abs(p[2] / sum(p) - soft["output"]) < 1e-6 and soft["terms"][4]["input"] == dense["output"]
assert pool["output"] == max(t["input"] for t in pool["terms"]) and len(pool["terms"]) == 4 and pool["bias"] is None
EOT
/usr/bin/python3 terms.py || unmet 'terms that make the sum'
thaw -c 'mode csv' -c 'load small.safetensors' -c 'explain conv2d[2] 12,12 test:1'
works
out_has 'event,part,from,input,weight,value'
out_like 'explain,term,"pixel 12,14",[0-9.]+,-?[0-9.e-]+,-?[0-9.e-]+'
out_like 'explain,output,,,,-?[0-9.]+'
[ "$(grep -c ^explain,term "$out")" -eq 9 ] || unmet 'nine terms'

it 'explains a picture of a file'
cat >png.py <<'EOT'
import struct, zlib
def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
rows = b"".join(b"\0" + bytes(255 if 4 <= y < 24 and 12 <= x < 16 else 0 for x in range(28)) for y in range(28))
open("one.png", "wb").write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">2I5B", 28, 28, 8, 0, 0, 0, 0)) +
    chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))
EOT
/usr/bin/python3 png.py || unmet 'a picture'
thaw -c 'load small.safetensors' -c 'explain conv2d[0] 12,11 one.png' -c 'explain dense_1[1]'
works
out_has 'conv2d[0] 12,11 for one.png' 'dense_1[1] for one.png; the unit of digit 6'
out_like '  pixel 12,11 +0.000000 .*'
out_like '  pixel 12,12 +1.000000 .*'

it 'reads each layer'
thaw -c 'load small.safetensors' -c 'probe n=300'
works
out_has 'share of the 591 test images of gte5' '15 nearest (knn) of 300 training images'
[ "$(wc -L <"$out")" -le 80 ] || unmet 'lines of at most 80 columns'
out_like 'input            -   28x28x1    0[.][0-9]{4}    0[.][0-9]{4}'
out_like 'conv2d           Y   26x26x4    0[.][0-9]{4}    0[.][0-9]{4}'
out_like 'activation_2     -         5    0[.][0-9]{4}    0[.][0-9]{4}'
thaw -c 'build "conv2d 2 3, batch_normalization, relu, batch_normalization, flatten | dense 5, softmax"; probe gte5 n=50'
works
out_like 'batch_normalization_1 Y   26x26x2    0[.][0-9]{4}    0[.][0-9]{4}'
out_like 'dense                 Y         5    0[.][0-9]{4}    0[.][0-9]{4}'
thaw -c 'load small.safetensors' -c 'probe n=300'
row() { sed -n "s/^$1 .*[0-9]  *\(0.*\)/\1/p" "$out"; }
[ "$(row max_pooling2d)" = "$(row flatten)" ] || unmet 'flatten as the pool'

it 'reads alike with any number of threads, and while features are frozen'
for t in 1 3; do
	thaw --threads $t -c 'mode json' -c 'load small.safetensors' -c 'freeze features' -c 'probe lt5 conv2d..dense n=200'
	works
	cp "$out" threads$t
done
cmp -s threads1 threads3 || unmet 'the same bytes'
cat >probe.py <<'EOT'
import json
rows = [r for r in map(json.loads, open("threads1")) if r["event"] == "probe"]
assert [r["layer"] for r in rows] == ["conv2d", "activation", "max_pooling2d", "flatten", "dense"]
assert all(r["split"] == "lt5" and r["n"] == 689 and r["train"] == 200 for r in rows)
assert all(0.5 < r["linear"] < 1 and 0.5 < r["knn"] < 1 for r in rows) # five classes: chance is 0.2
EOT
/usr/bin/python3 probe.py || unmet 'a line a layer'
thaw -c 'mode csv' -c 'load small.safetensors' -c 'probe dense n=200'
works
out_has 'event,split,layer,linear,knn,n,train,lambda'
out_like 'probe,gte5,dense,0[.][0-9]+,0[.][0-9]+,591,200,[0-9.e-]+'

it 'reads splits of more digits than the head has units, and nothing that is no number'
thaw -c 'load small.safetensors' -c 'probe all dense n=100'
works
out_has 'the 1,280 test images of all'
thaw -c 'bail off' -c "$build" -c 'train gte5 limit=256 batch=256 epochs=3 optimizer=adam epsilon=0' -c 'probe n=100'
exits 1 # the run
out_has 'note: outputs that are NaN'
out_like 'dense            Y         5         -         -'

refused 'probe digits=7' 'digits=7 is a single digit, and a reader tells one from another; take a split of two or more'
refused 'probe lt5 conv3' 'no layer matches "conv3"'
refused 'probe n=5' 'from 10 to 4000'
refused 'probe n=5000' 'from 10 to 4000'
refused 'explain' 'LAYER[CH] is missing'
refused 'explain conv2d' 'say which channel of conv2d, in brackets: conv2d[0] to conv2d[31]'
refused 'explain conv2d 12,12' 'say which channel of conv2d, in brackets: conv2d[0] to conv2d[31]'
refused 'explain conv2d[ 12,12' 'in brackets: conv2d[0] to conv2d[31]'
refused 'explain conv2d[] 12,12' 'in brackets: conv2d[0] to conv2d[31]'
refused 'explain conv2d[x] 12,12' 'in brackets: conv2d[0] to conv2d[31]'
refused 'explain dense test:0' 'say which unit of dense, in brackets: dense[0] to dense[127]'
refused 'explain conv2d[32] 12,12' 'conv2d has the channels 0 to 31'
refused 'explain conv2d[-1] 12,12' 'conv2d has the channels 0 to 31'
refused 'explain conv2d[99999999999999999999] 12,12' 'conv2d has the channels 0 to 31'
refused 'explain dense[128]' 'dense has the units 0 to 127'
refused 'explain conv2d[3]' 'conv2d puts out pictures; say where, as Y,X from 0,0 to 25,25: `explain conv2d[3] 13,13`'
refused 'explain conv2d[3] 26,0' 'there is no place 26,0; Y,X go from 0,0 to 25,25'
refused 'explain conv2d[3] 0,-1' 'Y,X go from 0,0 to 25,25'
refused 'explain conv2d[3] 99999999999999999999,0' 'Y,X go from 0,0 to 25,25'
refused 'explain conv2d[3] 12' 'is not a place: Y,X, as in 12,12'
refused 'explain dense[3] 1,2' 'dense puts out a row of 128 numbers, without Y,X; `explain dense[3]`'
refused 'explain conv3[3] 1,2' 'no layer matches "conv3"'
refused 'explain features[3] 1,2' 'features is more than one layer'
refused 'explain dense[3] test:10000' 'test:0 to test:1279'
refused 'explain dense[3] missing.png' 'missing.png'

done_testing
