#!/bin/sh
# numbers.sh: the network as numbers: stats. What is printed follows from the weights as a file has them.
. "$top_srcdir/tests/cli/lib.sh"

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
out_has 'of the last batch of r1 (epoch 1, batch 8: 104 images of gte5)'
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
out_has 'layer,tensor,of,trainable,count,min,max,mean,std,zeros,nonfinite,counts'
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

done_testing
