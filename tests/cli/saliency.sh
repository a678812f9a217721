#!/bin/sh
# saliency.sh: which pixels matter: what saliency, gradcam and occlude print, in each mode, of nets and pictures of all kinds.
. "$top_srcdir/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/lesson.sh"
few_images
data=$scratch/few

cat >small.thaw <<'EOT'
timing off
verbose 0
build "conv2d 4 3, relu, max_pooling2d 2, dropout .25, flatten | dense 16, relu, dropout .5, dense 5, softmax"
train gte5 limit=1000 epochs=1
save small.safetensors
EOT
thaw small.thaw
works

for c in saliency gradcam occlude; do
	it "$c: a picture, the map, its scale, the digit and its probability"
	thaw -c 'load small.safetensors' -c "$c test:0"
	works
	out_like "$c (of )?test:0 for [5-9].*  p 0\.[0-9]+, predicted"
	out_has '+ for' 'label 7' 'largest '
	[ "$(wc -L <"$out")" -le 80 ] || unmet 'at most 80 columns'

	it "$c: the same values on any number of threads and frozen, as JSON and as CSV"
	thaw -c 'load small.safetensors; set threads 1' -c 'mode json' -c "$c test:0 class=6"
	works
	grep "\"event\":\"$c\"" "$out" >one
	thaw -c 'load small.safetensors; set threads 3; freeze features; lr 0.5' -c 'mode json' -c "$c test:0 class=6"
	works
	grep "\"event\":\"$c\"" "$out" >other
	same one other
	thaw -c 'load small.safetensors; set threads 1' -c 'mode csv' -c "$c test:0 class=6"
	works
	grep -A 800 '^event,image' "$out" >one.csv
	python3 - "$c" <<'EOT' || unmet 'JSON and CSV that agree'
import csv, json, sys
(e,) = [json.loads(line) for line in open("one")]
assert e["event"] == sys.argv[1] and e["image"] == "test:0" and e["class"] == 6 and e["names"] == "digits" and e["unit"] == 1
assert e["shape"] == [28, 28] and len(e["values"]) == 28 and all(len(row) == 28 for row in e["values"])
flat = [v for row in e["values"] for v in row]
assert min(flat) < 0 < max(flat)
rows = list(csv.DictReader(open("one.csv")))
assert [float(r["value"]) for r in rows] == flat and (rows[30]["y"], rows[30]["x"], rows[30]["class"]) == ("1", "2", "6")
if e["event"] == "gradcam":
    assert e["layer"] == "activation" and e["raw"]["shape"] == [26, 26]
if e["event"] == "occlude":
    assert (e["size"], e["stride"]) == (5, 1)
EOT
done

it 'gives the same values with each set of kernels'
for k in reference base auto; do
	thaw -c "set kernels $k; load small.safetensors" -c 'mode csv' -c 'saliency test:3'
	works
	sed -n 's/^saliency.*,//p' "$out" >"by-$k"
done
for k in base auto; do
	paste by-reference by-$k | awk '{ d = $1 - $2; d = d < 0 ? -d : d; a = $1 < 0 ? -$1 : $1; if (d > w) w = d; if (a > m) m = a }
		END { exit !(NR == 784 && w <= 1e-6 * m) }' || unmet "$k as near to reference as 1e-6"
done

it 'takes the digit that is predicted, as predict does'
thaw -c 'load small.safetensors' -c 'mode json' -c 'predict test:7' -c 'saliency last'
works
python3 - "$out" <<'EOT' || unmet 'the digit and the probability of predict'
import json, sys
p, s = [json.loads(line) for line in open(sys.argv[1]) if line.startswith("{")]
assert s["image"] == "test:7" and s["class"] == s["predicted"] == p["predicted"]
assert abs(s["probability"] - p["probabilities"][str(s["class"])]) < 1e-7
EOT

it 'occludes with another square and in steps'
thaw -c 'load small.safetensors' -c 'mode json' -c 'occlude test:0 size=3 stride=9'
works
out_has '"size":3,"stride":9' '"raw":{"shape":[4,4]'

thaw -c 'load small.safetensors' -c 'mode json' -c 'occlude test:0 square=3 stride=9'
works
out_has '"size":3,"stride":9'

it 'says how a map of gradcam is read that is nowhere above zero, and of no other'
{
	echo 'set verbose 0; build "conv2d 2 3, relu, flatten | dense 5, softmax"; train gte5 limit=32 epochs=1'
	for i in 1 2 3 4 5 6 7 8; do for d in 5 6 7 8 9; do echo "gradcam test:$i class=$d"; done; done
} >below.thaw
thaw below.thaw
works
awk '/^largest / { below = $2 <= 0 && $7 < 0; maps++; belows += below; was = below; next }
	/^note: the map is nowhere above zero: .*`occlude` shows/ { if (!was) bad = 1; said++ }
	END { exit !(maps == 40 && belows > 0 && belows < 40 && said == belows && !bad) }' "$out" || unmet 'a note behind each such map'

it 'refuses digits, units and layers that are not there'
thaw -c 'load small.safetensors' -c 'saliency test:0 class=3'
refused 1 'trained on gte5' 'digits 5-9' 'unit='
thaw -c 'load small.safetensors' -c 'saliency test:0 unit=5'
refused 1 'units are 0 to 4'
thaw -c 'load small.safetensors' -c 'saliency test:0 class=7 unit=1'
refused 1 'leave one out'
thaw -c 'load small.safetensors' -c 'gradcam test:0 layer=flatten'
refused 1 'no picture' 'before flatten'
thaw -c 'load small.safetensors' -c 'gradcam test:0 layer=features'
refused 1 'several layers'
thaw -c 'load small.safetensors' -c 'occlude test:0 size=29'
refused 1 'size=1 to 28'
thaw -c 'load small.safetensors' -c 'occlude test:0 size=3 square=3'
refused 1 'leave one out'
thaw -c 'load small.safetensors' -c 'export png occlude size=7'
refused 1 'square=7 is the side of the square'
thaw -c 'load small.safetensors' -c 'occlude test:0 stride=29'
refused 1 'stride=1 to 28'
thaw -c 'load small.safetensors' -c 'saliency test:10000'
refused 1 'test:0 to test:1279'

it 'needs no convolution, but for gradcam, which says so'
thaw -c 'build "flatten | dense 16, relu, dense 5, softmax"' -c 'saliency test:0' -c 'occlude test:0'
works
thaw -c 'build "flatten | dense 5, softmax"' -c 'gradcam test:0'
refused 1 'no convolution' '`saliency`'

it 'names units where there are more than digits, or none was trained'
thaw -c 'build "flatten | dense 10, softmax"; verbose 0; train gte5 limit=128 epochs=1' -c 'saliency test:0 unit=8' -c 'mode json' \
	-c 'saliency test:0 unit=8' -c 'saliency test:0 class=8'
works
out_has 'for unit 8' '"class":8,"names":"units","unit":8' '"class":8,"names":"digits","unit":3'
thaw -c 'saliency test:0 class=2'
works
out_has 'for unit 2' 'note: the head has not been trained'

it 'says that weights are no numbers, and goes on'
thaw -c 'timing off; verbose 0; build "conv2d 2 3, relu, flatten | dense 5, softmax"; bail off' \
	-c 'train gte5 limit=128 epochs=1 optimizer=adam epsilon=0' -c 'saliency; gradcam; occlude' -c 'mode json' -c saliency
exits 0
out_has 'no number' '`stats`' '"probability":null'

it 'looks at pictures of one pixel and in colour'
cat >data.py <<'EOT'
import os, random, struct
random.seed(5)
os.makedirs("single"), os.makedirs("colour")
for part in "train", "t10k":
    open("single/%s-images-idx3-ubyte" % part, "wb").write(struct.pack(">4I", 0x803, 40, 1, 1) + bytes(random.randrange(256) for _ in range(40)))
    open("single/%s-labels-idx1-ubyte" % part, "wb").write(struct.pack(">2I", 0x801, 40) + bytes(i % 10 for i in range(40)))
for b in range(6):
    records = b"".join(bytes([i % 10]) + bytes(random.randrange(256) for _ in range(3072)) for i in range(20))
    open("colour/" + ("data_batch_%d.bin" % b if b else "test_batch.bin"), "wb").write(records)
EOT
python3 data.py
thaw -c 'data single; build "conv2d 2 1, relu, flatten | dense 5, softmax"' -c 'saliency; gradcam; occlude' -c 'mode json' -c occlude
works
out_has '"shape":[1,1]'
thaw -c 'data colour; build "conv2d 2 3, relu, flatten | dense 10, softmax"' -c 'saliency; gradcam; occlude' -c 'mode json' \
	-c 'saliency test:1'
works
python3 - "$out" <<'EOT' || unmet 'a map that is the sum of the channels'
import json, sys
e = [json.loads(line) for line in open(sys.argv[1]) if line.startswith("{")][0]
assert e["shape"] == [32, 32]
for row, deep in zip(e["values"], e["channels"]):
    for v, c in zip(row, deep):
        assert len(c) == 3 and abs(v - sum(c)) <= 1e-6 * max(map(abs, c)) + 1e-9
EOT

it 'writes pictures'
dimensions() { # FILE WIDTH HEIGHT
	got=$(od -An -tu1 -j16 -N8 "$1" | awk '{print ($1 * 16777216 + $2 * 65536 + $3 * 256 + $4) " " ($5 * 16777216 + $6 * 65536 + $7 * 256 + $8)}')
	[ "$got" = "$2 $3" ] || unmet "$1: $2 $3, not $got"
}
thaw -c 'load small.safetensors' -c 'export png saliency test:3 class=9; export png gradcam layer=conv2d size=500x300' \
	-c 'export png occlude test:3 square=7 stride=4 o.png'
works
dimensions thaw-saliency.png 960 640
dimensions thaw-gradcam.png 500 300
dimensions o.png 960 640
thaw -c 'load small.safetensors' -c 'export png saliency test:3 square=7'
refused 1 'square='
thaw -c 'load small.safetensors' -c 'export png saliency lt5'
refused 1 'lt5'
no_file thaw-occlude.png
done_testing
