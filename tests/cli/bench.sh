#!/bin/sh
# bench.sh: the scripts of tests/bench agree with the program, without measuring anything.
. "$top_srcdir/tests/cli/lib.sh"

python=$PYTHON_PYTE
[ "$python" != no ] || skip 'no python3'

bench() { # ARGUMENT...: python on the modules of tests/bench
	command="python $*"
	PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=$top_srcdir/tests/bench "$python" "$@" </dev/null >"$out" 2>"$err"
	status=$?
	no_report
}

it 'names the sections when one does not exist'
bench "$top_srcdir/tests/bench/bench.py" nonsense
exits 1
err_is 'bench: no section nonsense; choose from kernels time lessons isa threads rounds busy look store workbench peers modes goal'
no_file bench.json

it 'compares models that build takes, on pictures that data takes'
mkdir pictures
cat >agree.py <<'END'
import measure, models
models.make_pictures("pictures", train=64, test=16)
for split, _, text in models.MODELS.values():
    measure.thaw("data pictures" if split == "pictures" else "data mnist", 'build "%s"' % text)
e = measure.thaw("data pictures", 'build "conv2d 4 3, relu, flatten | dense 10, softmax"', "train all epochs=2", "freeze 0..2", "train all epochs=2")
print(len(measure.epochs(e, 1)), len(measure.epochs(e, 2, 1)), len(e["run"][0]["kernels"]) > 0, e["trained"][1]["seconds"] > 0)
END
bench agree.py
works
out_is '1 2 True True'

done_testing
