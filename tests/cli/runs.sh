#!/bin/sh
# runs.sh: the same bits for any number of threads, with the cache on and off, from one process to the next; and the
# same bytes of output with `timing off`.
. "$top_srcdir/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/lesson.sh"

# A small net with every kind of layer; two runs, the second on frozen features. Each epoch is validated with the whole test set.
few_images
n=200
cat >small.thaw <<EOT
timing off
data few
build "conv2d 8 3, relu, conv2d 8 3, relu, max_pooling2d 2, dropout .25, flatten | dense 16, relu, dropout .5, dense 5, softmax"
train gte5 limit=$n epochs=2
freeze features
train lt5 limit=$n epochs=2
eval lt5
diff r1
history
export csv small.csv
export json small.json
export png plot small.png
save small.safetensors
EOT

# trained ARGUMENT...: runs the script and keeps what must not differ.
trained() {
	thaw "$@" small.thaw
	works
}

it 'writes the same bytes twice'
trained
golden_run=first
mkdir first second
mv small.csv small.json small.png small.safetensors first/
cp "$out" first/out
trained
mv small.csv small.json small.png small.safetensors second/
cp "$out" second/out
for f in out small.csv small.json small.png small.safetensors; do
	same first/$f second/$f
done

it 'says no times with timing off'
! grep -qE '[0-9](ms|us|s)(/step)?( |$)|0:00:' first/out || unmet 'no figure that depends on the clock'

it 'gives the same weights for 1, 2, 3 and 7 threads'
for t in 1 2 3 7; do
	trained --threads $t
	same first/small.csv small.csv
	thaw -c 'load small.safetensors' -c 'save weights.safetensors only=all'
	works
	mv weights.safetensors threads-$t.safetensors
	thaw --threads $t -c 'mode json' small.thaw
	works
	grep -o '"weights":"[0-9a-f]*"' "$out" >threads-$t.sums
	[ "$(wc -l <threads-$t.sums)" -eq 2 ] || unmet 'two checksums of weights'
done
for t in 2 3 7; do
	same threads-1.sums threads-$t.sums
done

it 'gives the same weights with the cache off'
thaw -c 'cache off' -c 'mode json' small.thaw
works
grep -o '"weights":"[0-9a-f]*"' "$out" >uncached.sums
out_has '"cached":false'
out_lacks '"cached":true'
same threads-1.sums uncached.sums

it 'gives the same weights above the limit of the cache, and says so'
thaw -c 'set cache.limit 1000' small.thaw
exits 0
same first/small.csv small.csv

it 'gives other weights for another seed'
thaw --seed 2 -c 'mode json' small.thaw
works
grep -o '"weights":"[0-9a-f]*"' "$out" >seed.sums
differ threads-1.sums seed.sums

it 'gives the same weights for AVX-512 and AVX2'
if "$THAW" -c 'set kernels v4' >/dev/null 2>&1; then
	for k in v4 v3; do
		thaw -c "set kernels $k" -c 'mode json' small.thaw
		works
		out_has "\"kernels\":\"$k\""
		grep -o '"weights":"[0-9a-f]*"' "$out" >$k.sums
	done
	same v4.sums v3.sums
fi

it 'gives programs all that a run was made with'
made='build "flatten | dense 5, softmax"; train gte5 limit=64 epochs=1 rho=0.9 shuffle=off verbose=0; train lt5 limit=64 epochs=1 optimizer=sgd momentum=.5 verbose=0'
thaw -c "timing off; $made; export json r1 one.json; export json r2 two.json; mode json; runs; data info"
works
grep '"event":"run"' "$out" >listed
python3 - "$out" <<'EOF' || unmet 'the settings in one.json and two.json'
import json, sys
one, two = (json.load(open(f"{name}.json")) for name in ("one", "two"))
listed = [json.loads(line) for line in open("listed")]
data = [json.loads(line) for line in open(sys.argv[1]) if '"sha256"' in line]
assert one["version"] and one["rho"] == .9 and one["epsilon"] == 1e-7 and one["shuffle"] is False and "momentum" not in one, one
assert two["momentum"] == .5 and two["shuffle"] is True and "rho" not in two and two["begun"] == one["weights"], two
assert one["model"] == "flatten | dense 5, softmax" and one["input"] == [28, 28, 1] and one["params"] == one["trainable"] == 3925, one
assert len(one["begun"]) == 64 and one["first_epoch"] == 0 and two["first_epoch"] == 1, one
assert one["sha256"] == two["sha256"] == data[0]["sha256"] and len(one["sha256"]["train-images"]) == 64, one
for file, run in zip((one, two), listed):
    for key in "rho epsilon momentum shuffle model input params trainable first_epoch begun weights".split():
        assert file.get(key) == run.get(key), (key, file, run)
EOF

it 'gives programs the split that is watched, and its figures'
watch='build "flatten | dense 5, softmax"; train gte5 limit=64 epochs=1 watch=lt5'
thaw -c 'mode json; timing off' -c "$watch"
works
out_like '\{"event":"run",.*,"watch":"lt5"\}'
thaw -c 'mode csv; timing off' -c "$watch"
works
out_has 'event,run,epoch,accuracy,loss,val_accuracy,val_loss,watch_accuracy,watch_loss,seconds'
out_like 'epoch,1,1(,[0-9.]+){6},'

it 'says once that a watched split has lost its units'
thaw -c "${watch%epochs*}epochs=2 watch=lt5"
works
out_has 'note: lt5 is watched, but its units stand for the digits of gte5'
[ "$(grep -c 'is watched' "$out")" -eq 1 ] || unmet 'the note once'

it 'gives programs as many of the probabilities as were asked for'
thaw -c 'mode json; predict test:0 top=2; predict test:0; mode csv; predict test:0 top=2'
works
out_like '\{"event":"predict",.*"probabilities":\{"4":0\.[0-9]*,"0":0\.[0-9]*\},"names":"units",.*\}'
out_like '.*"probabilities":\{("[0-4]":0\.[0-9]*,?){5}\},.*'
[ "$(grep -c '^predict,test:0,7,' "$out")" -eq 2 ] || unmet 'two rows of CSV'

it 'aligns the bars of a prediction, and counts one digit as one'
thaw -c 'timing off; build "flatten | dense 2, softmax"; train digits=3 limit=64 epochs=1 verbose=0; predict'
works
out_has 'note: 1 digit for 2 output units: unit 1 never sees a sample'
out_like '  3       [01]\.[0-9]{4}.*'
out_like '  unit 1  [01]\.[0-9]{4}.*'

it 'names the table of each row of CSV, and heads each table once'
thaw -c 'timing off; mode csv; build filters=4 dense=8; set batch; set dropout.rate; help lr; help mode; help lr; mode' \
    -c 'train gte5 limit=256 epochs=2; eval report; eval lt5; history; runs; predict test:0; diff; snapshot a' \
    -c 'confusion; confused; toplosses n=2; show n=2; model; layers; data info lt5; plot loss; cache info; show config' \
    -c 'print 1, "two"; save a.safetensors; export csv; set epochs 3; freeze features; data; load a.safetensors' \
    -c 'reset head; mode csv; eval'
works
awk -F, '
	$1 == "event" { head = $0; begun = 1; next }
	begun && $1 " " head == table { print NR ": headed again" }
	begun { table = $1 " " head; name = $1; begun = 0 }
	$1 !~ /^[a-z]+$/ || $1 != name { print NR ": " $0 }' "$out" >.t/unnamed
[ ! -s .t/unnamed ] || { cat .t/unnamed; unmet 'rows that begin with the name of their table'; }
out_has 'setting,batch,128,' 'help,lr,' 'event,run,epoch,accuracy,' 'epoch,1,2,' 'eval,lt5,test,' 'print,1 two'
[ "$(grep -c '^event,key,value,range,what$' "$out")" -eq 1 ] || unmet 'one line of heads for two settings'
[ "$(grep -c '^event,split,on,n,loss,accuracy,data$' "$out")" -eq 3 ] || unmet 'a line of heads where eval begins again'

# Threads that compute have stacks of their own size. With a sanitizer the main one wants more than this.
if [ "$sanitized" = no ]; then
	it 'computes where the system gives a thread little stack'
	stack=$(ulimit -S -s)
	ulimit -S -s 512
	thaw -c 'build "conv2d 32 3, relu, conv2d 250 4, relu, max_pooling2d 2, flatten, dense 5, softmax"' \
	    -c 'train gte5 limit=16 epochs=1' -c 'eval gte5'
	ulimit -S -s "$stack"
	works
fi

it 'goes on to the same bits after save and load'
cat >part1.thaw <<EOT
timing off
data few
build "conv2d 8 3, relu, max_pooling2d 2, dropout .25, flatten | dense 16, relu, dropout .5, dense 5, softmax"
train gte5 limit=$n epochs=1
EOT
cat >part2.thaw <<EOT
timing off
mode json
freeze features
train lt5 limit=$n epochs=1
EOT
thaw part1.thaw part2.thaw
works
grep -o '"weights":"[0-9a-f]*"' "$out" >through.sums
thaw part1.thaw -c 'save between.safetensors'
works
thaw -c 'load between.safetensors' part2.thaw
works
grep -o '"weights":"[0-9a-f]*"' "$out" >loaded.sums
same through.sums loaded.sums

it 'draws the images by a seed, and again after a load'
thaw -c 'timing off; build "flatten | dense 5, softmax"' -c 'train gte5 limit=300 sample=3 epochs=1' \
	-c 'save drawn.safetensors' -c 'load drawn.safetensors' -c 'mode json; runs'
works
out_has '"limit":300,"sample":3'
it 'takes other images for another seed'
thaw -c 'timing off; mode json; build "flatten | dense 5, softmax"' -c 'train gte5 limit=300 sample=3 epochs=1' \
	-c 'reset; train gte5 limit=300 sample=3 epochs=1' -c 'reset; train gte5 limit=300 sample=4 epochs=1' \
	-c 'reset; train gte5 limit=300 epochs=1'
works
[ "$(grep -o '"weights":"[0-9a-f]*"' "$out" | sort -u | wc -l)" -eq 3 ] || unmet 'three different weights of four runs'

it 'ends early with the best weights, which are in the checkpoint, too'
cat >early.thaw <<EOT
timing off
build "flatten | dense 5, softmax"
train gte5 limit=300 epochs=3
train lt5 limit=160 epochs=20 batch=32 watch=gte5 by=batch stop=watch_loss:patience=2 checkpoint=best:early.safetensors lr=10:cosine
eval lt5
print rN.val_loss
EOT
sed -i 's/rN/r2/' early.thaw
thaw early.thaw
works
out_like 'ended early: the weights of epoch 1/3 stay, whose watch_loss is the best, .*'
[ "$(grep -c '^Epoch [0-9]*/20' "$out")" -eq 3 ] || unmet 'three epochs'
[ "$(grep '^Test score' "$out" | tail -n 2 | sort -u | wc -l)" -eq 1 ] || unmet 'the score of the weights that stay'
out_like ' +4 +[0-9.]+ +[0-9.]+'
file_exists early.safetensors
thaw -c 'timing off; build "flatten | dense 5, softmax"; load early.safetensors; mode json; model; save again.safetensors only=all'
works
thaw early.thaw -c 'save last.safetensors only=all'
works
same last.safetensors early.safetensors

it 'names the points that are compared, to programs'
points='snapshot a; train gte5 limit=64 epochs=1; train lt5 limit=64 epochs=1'
thaw -c 'timing off; verbose 0; build "conv2d 2 3, relu, flatten | dense 5, softmax"' -c "$points" \
	-c 'mode csv; diff; diff r1; diff @a r1; confusion gte5 @a r1; mode json; diff; diff init; confusion gte5 @a'
works
out_like 'event,layer,trainable,max_abs,changed,count,from,to,sha256_from,sha256_to'
out_like 'diff,dense,true,[^,]*,[0-9]*,6765,before r2,now,[0-9a-f]{64},[0-9a-f]{64}'
out_like 'diff,dense,.*,r1,now,.*'
out_like 'diff,dense,.*,@a,r1,.*'
out_like 'flip,gte5,test:[0-9]+,[5-9],[5-9],[5-9],@a,r1'
out_has '"from":"before r2","to":"now"' '"from":"init","to":"now"'
out_like '\{"event":"flip",.*"from":"@a","to":"now"\}'

it 'writes the rate of each epoch beside its figures where a schedule changes it'
net='timing off; verbose 0; build "flatten | dense 5, softmax"'
thaw -c "$net; train gte5 limit=64 epochs=4 lr=1.0:step=2,0.5; export csv step.csv; export json step.json" \
	-c 'train gte5 limit=64 epochs=2 watch=lt5 lr=0.5:cosine; export csv cosine.csv; export json cosine.json' \
	-c 'train gte5 limit=64 epochs=1 lr=0.1; export csv constant.csv; export json constant.json'
works
[ "$(tr -d '\r' <step.csv | cut -d, -f6 | tr '\n' ' ')" = 'lr 1.0 1.0 0.5 0.5 ' ] || unmet 'lr as the last column'
grep -q '"lr":\[1.0,1.0,0.5,0.5\]' step.json || unmet 'the rates in the history'
[ "$(tr -d '\r' <cosine.csv | cut -d, -f6-8 | head -n 1)" = 'watch_accuracy,watch_loss,lr' ] || unmet 'lr behind what is watched'
grep -q ',0.5.$' cosine.csv || unmet 'the first rate'
! grep -q lr constant.csv || unmet 'no column of what does not change'
! grep -q '"lr":\[' constant.json || unmet 'no list of what does not change'

it 'writes the best weights in every format that is saved, with the model where the format has one'
for form in keras onnx npz weights.h5 safetensors; do
	thaw -c "build \"flatten | dense 5, softmax\"; train lt5 limit=160 epochs=1 checkpoint=best:best.$form; save one.safetensors only=all"
	works
	case $form in
	keras | onnx) thaw -c "load best.$form; save again.safetensors only=all" ;;
	*) thaw -c "build \"flatten | dense 5, softmax\"; load best.$form; save again.safetensors only=all" ;;
	esac
	works
	thaw -c "build \"flatten | dense 5, softmax\"; load again.safetensors; snapshot a; load one.safetensors; mode json; diff @a"
	works
	out_has '"max_abs":0.0,"changed":0'
done
if command -v unzip >.t/which; then
	thaw -c 'build "flatten | dense 5, softmax"; train lt5 limit=160 epochs=1 optimizer=sgd lr=0.25 checkpoint=best:rate.keras'
	works
	unzip -p rate.keras config.json | grep -q '"SGD".*"learning_rate": *0.25' || unmet "the run's own optimizer"
fi

it 'says where digit d is the unit that was trained for it'
thaw -c 'build "flatten | dense 10, softmax"; train all limit=300 epochs=1; eval gte5; set units digit; eval gte5; set units order; train lt5 limit=20 epochs=1; eval gte5'
works
[ "$(grep -c 'say little by themselves' "$out")" -eq 2 ] || unmet 'of other units it is said'
[ "$(grep -c 'themselves; `set units digit` scores each by the unit that was trained for it' "$out")" -eq 1 ] || unmet 'and that way only where it leads to them'

it 'trains digit d as unit d, and shows what is forgotten'
cat >digit1.thaw <<EOT
timing off
set units digit
build "flatten | dense 10, softmax"
train gte5 limit=300 epochs=2
EOT
cat >digit2.thaw <<EOT
train lt5 limit=300 epochs=4 watch=gte5
eval gte5 report
assert accuracy < 0.1 and recall(7) < 0.1
predict test:7
confusion all
confusion gte5
confusion gte5 9 4
confused gte5 min=1
EOT
thaw digit1.thaw -c 'save digit.safetensors' digit2.thaw
works
out_has '(digits 5-9 -> units 5-9)' 'the 5 output units of other digits see no sample' \
	'images of 9 predicted as 4' '9 taken for 4, gte5 test  ' '9        other'
out_like 'test:7  label 9  predicted [0-4]  wrong'
out_lacks 'units stand for other digits' 'is watched'
sed '1,/^wrote/d' "$out" >through.text
thaw -c 'load digit.safetensors; set units; set timing off' digit2.thaw
works
out_has 'units          digit '
sed '1,/^units /d' "$out" >loaded.text
same through.text loaded.text
thaw digit1.thaw -c 'mode json; runs'
out_has '"units":"digit"'

it 'tells listed runs apart by what they differ in'
net='timing off; verbose 0; build "flatten | dense 5, softmax"'
thaw -c "$net; train lt5 epochs=1 limit=64; train lt5 epochs=1 limit=32" -c 'runs'
works
out_like 'run split  train epochs optimizer lr    val_loss val_accuracy +frozen'
thaw -c "$net; train lt5 epochs=1 limit=64; train lt5 epochs=1 limit=64 batch=32; train lt5 epochs=1 limit=64 seed=4" -c 'runs'
works
[ "$(sed -n '/^run split/,$p' "$out" | wc -L)" -le 80 ] || unmet 'lines of 80 columns'
out_like 'run split  train epochs lr .* val_accuracy batch seed +frozen' 'r1 .*   128 1337 +-' 'r2 .*    32 1337 +-' 'r3 .*   128    4 +-'
out_lacks 'no room'
thaw --project kept -c "$net; sweep batch=32,64 seeds=2 -- reset; train lt5 epochs=1 limit=64 batch={batch} seed={seed}" -c 'runs; mode csv; runs'
works
[ "$(sed -n '/^run .*batch seed/,/^event/s/.* \(32\|64\) \(133[78]\) *-.*/\1 \2/p' "$out" | sort | tr '\n' ';')" = '32 1337;32 1338;64 1337;64 1338;' ] ||
	unmet 'the trials of a sweep'
many='train lt5 epochs=1 limit=64; train lt5 epochs=1 limit=64 batch=32 seed=4 shuffle=off watch=gte5 sample=8 validate=end'
thaw -c "$net; $many" -c 'runs; set width 140; runs'
works
[ "$(sed -n '/^run split/{p;q}' "$out" | wc -L)" -le 80 ] || unmet 'lines of 80 columns, behind which others are'
out_has 'note: they differ also in validate, shuffle, ' 'for which there is no room; `mode csv` in front shows all'
out_like 'run split .* val_accuracy batch sample seed shuffle watch validate +frozen' 'r2 .*    32      8    4 off     gte5  end +-'
thaw -c "$net; $many; train gte5 epochs=1 limit=8 optimizer=adam" -c 'runs'
works
out_like 'run split .* optimizer .*'
! grep '^note: they differ' "$out" | grep -q beta_1 || unmet 'nothing that follows from the optimizer'

it 'gives a run the hashes of the data that it was trained on, or null and why'
few_pictures drawn
mkdir d1 d3
cp drawn/* d1
cp drawn/* d3
printf x | dd of=d3/train-images-idx3-ubyte bs=1 seek=999 conv=notrunc 2>.t/dd
short='build "flatten | dense 10, softmax"; train all epochs=1 batch=50 limit=100 verbose=0'
thaw -c "data d1; $short; export json r1 first.json; save own.safetensors"
works
thaw -c "data d1; $short; data d3; train all epochs=1 limit=100 verbose=0; export json r1 gone.json; export json r2 other.json; data d1" \
	-c 'export json r2 other2.json; export json r1 back.json'
works
out_lacks 'sha256 is null'
sums() { grep -o '"sha256": *{[^}]*}' "$1"; }
[ -n "$(sums first.json)" ] && [ "$(sums gone.json)" = "$(sums first.json)" ] && [ "$(sums back.json)" = "$(sums first.json)" ] ||
	unmet 'the same hashes behind another data'
[ -n "$(sums other.json)" ] && [ "$(sums other2.json)" = "$(sums other.json)" ] && [ "$(sums other.json)" != "$(sums first.json)" ] ||
	unmet 'those of the other data'
cp d3/* d1 # the file's run was not trained on these
for read in data\ d1 'data d1; data info' help\ runs; do
	thaw -c "load own.safetensors; $read; export json r1 loaded.json"
	works
	out_has 'note: sha256 is null: which data r1 was trained on is not known here, since a file brought it'
	grep -q '"sha256": *null' loaded.json || unmet "no hash of other data, behind $read"
done

done_testing
