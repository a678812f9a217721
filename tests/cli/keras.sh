#!/bin/sh
# keras.sh: a session as a script for Keras: its text, and (where python3, or the program that KERAS names, has Keras) what it does there.
. "$top_srcdir/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/lesson.sh"
few_images
data=$scratch/few

python=${KERAS:-python3}
small='verbose 0; build "conv2d 2 5, relu, max_pooling2d 6, flatten | dense 5, softmax"'
valid() { # FILE: Python that can be read; its text becomes the output
	command="python3 $1"
	if command -v python3 >.t/which; then
		python3 -c 'import ast, sys; ast.parse(open(sys.argv[1], encoding="utf-8").read())' "$1" >"$out" 2>"$err" ||
			unmet "Python in $1"
	fi
	cp "$1" "$out"
}

it 'writes the model with what Keras is given for each layer'
thaw -c 'build "conv2d 4 3 same stride=2 relu l2=0.001, batch_normalization, zero_padding2d 1 top=1, conv2d 4 3 leaky_relu,
average_pooling2d 2 same, rescaling 0.5 offset=0.25, max_pooling2d 2 stride=1, elu, leaky_relu .1, dropout .1, global_average_pooling2d |
dense 8 tanh l2=0.01, dense 5 softmax"; freeze batch_normalization; export keras kinds.py'
works
out_has 'wrote kinds.py (13 layers, 0 runs)'
valid kinds.py
out_has 'keras.Input((28, 28, 1))' 'layers.Conv2D(4, 3, strides=2, padding="same", activation="relu", kernel_regularizer=' \
	'keras.regularizers.L2(0.001), name="conv2d")' 'layers.BatchNormalization(name="batch_normalization")' \
	'layers.ZeroPadding2D(((2, 1), (1, 1)), name=' 'layers.Conv2D(4, 3, activation="leaky_relu", name="conv2d_1")' \
	'layers.AveragePooling2D(2, padding="same", name=' 'layers.Rescaling(0.5, offset=0.25, name=' \
	'layers.MaxPooling2D(2, strides=1, name=' 'layers.Activation("elu", name="activation")' 'layers.LeakyReLU(negative_slope=0.1, name="leaky_re_lu")' \
	'layers.Dropout(0.1, name="dropout")' 'layers.GlobalAveragePooling2D(name=' 'layers.Dense(5, activation="softmax"' \
	'# what trains now' 'not in ["batch_normalization"]'

it 'writes the runs in their order, with what each was made with and what was frozen then'
session="$small; train gte5 epochs=2 limit=64 batch=32; freeze features; train digits=1,7 epochs=1 limit=40 lr=0.5 watch=gte5
reset head; lr dense 0.25; train lt5 epochs=1 limit=30 sample=4 optimizer=sgd momentum=0.9 shuffle=off; reset; unfreeze all
train lt5 epochs=1 limit=20 optimizer=adam"
lines "$session
export keras; export again.py keras; save a.safetensors; load a.safetensors; export keras loaded.py"
works
out_has 'wrote thaw-session.py (6 layers, 4 runs)'
same thaw-session.py again.py
same thaw-session.py loaded.py # a file knows which layers began anew
valid thaw-session.py
grep -E '^(# |model|x,|anew|    layer|score)' thaw-session.py | sed 's/score: [0-9.]*, Test accuracy: [0-9.]*$/score/' >.t/calls
cat >.t/meant <<'END'
model = build()
model.summary()
# ---- r1: gte5 (digits 5-9 -> units 0-4) ----
x, y = select(train, {5: 0, 6: 1, 7: 2, 8: 3, 9: 4}, limit=64)
model.compile(optimizer=keras.optimizers.Adadelta(learning_rate=1.0, rho=0.95, epsilon=1e-07),
model.fit(x, y, batch_size=32, epochs=2, validation_data=(x_test, y_test), verbose=2)
# thaw: Test score
score("r1: Test", x_test, y_test)
# ---- r2: digits=1,7 (digits 1,7 -> units 0-1) ----
    layer.trainable = layer.name not in ["conv2d"]
x, y = select(train, {1: 0, 7: 1}, limit=40)
model.compile(optimizer=keras.optimizers.Adadelta(learning_rate=0.5, rho=0.95, epsilon=1e-07),
model.fit(x, y, batch_size=128, epochs=1, validation_data=(x_test, y_test), verbose=2)
# thaw: Test score
score("r2: Test", x_test, y_test)
score("r2: gte5", *select(test, {5: 0, 6: 1, 7: 2, 8: 3, 9: 4}))
# ---- r3: lt5 (digits 0-4 -> units 0-4) ----
# changed by then: reset, loaded or taken back; here they are drawn anew
anew(model, ["dense"])
# dense had a rate of its own, 0.25; Keras has one for all
x, y = select(train, {0: 0, 1: 1, 2: 2, 3: 3, 4: 4}, limit=30, seed=4)
model.compile(optimizer=keras.optimizers.SGD(learning_rate=0.01, momentum=0.9),
model.fit(x, y, batch_size=128, epochs=1, shuffle=False, validation_data=(x_test, y_test), verbose=2)
# thaw: Test score
score("r3: Test", x_test, y_test)
# ---- r4: lt5 (digits 0-4 -> units 0-4) ----
model = build()  # fresh weights
# dense had a rate of its own, 0.25; Keras has one for all
x, y = select(train, {0: 0, 1: 1, 2: 2, 3: 3, 4: 4}, limit=20)
model.compile(optimizer=keras.optimizers.Adam(learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-07),
model.fit(x, y, batch_size=128, epochs=1, validation_data=(x_test, y_test), verbose=2)
# thaw: Test score
score("r4: Test", x_test, y_test)
END
same .t/meant .t/calls

it 'has what Keras has for rates that change and runs that end early'
lines "$small; train gte5 epochs=3 limit=300 lr=0.5:step=2,0.5 stop=val_loss:patience=2; train lt5 epochs=2 limit=40 lr=0.1:cosine validate=end
export keras rates.py"
works
valid rates.py
out_has 'learning_rate=keras.optimizers.schedules.ExponentialDecay(0.5, 6, 0.5, staircase=True)' 'batch_size=128, epochs=3, ' \
	'"val_loss", mode="min", patience=2, min_delta=0.0, restore_best_weights=True)]' '# stop=val_loss:patience=2: ' \
	'keras.optimizers.schedules.CosineDecay(0.1, 2, alpha=0.0)' 'validation_freq=2'

it 'says that a file of Keras has no schedule'
thaw -c "$small; train gte5 epochs=1 limit=20 lr=0.002:cosine; save s.keras; save s.safetensors" -c 'set lr 0.1; save s.keras'
works
[ "$(grep -c 's.keras is compiled with the rate alone, without its schedule (cosine); `export keras` writes' "$out")" -eq 1 ] ||
	unmet 'one note'

it 'says how the weights of a file are loaded, which it draws anew'
thaw -c "$small; save k.keras; save k.weights.h5; save k.npz" -c 'load k.keras; export keras model.py; train gte5 epochs=1 limit=20' \
	-c 'load k.weights.h5; export keras weights.py; load k.npz; export keras npz.py; reset; export keras none.py'
works
out_has 'note: the weights were loaded from k.keras; the script draws new ones' 'loaded from k.weights.h5;'
[ "$(grep -c 'the script draws' "$out")" -eq 3 ] || unmet 'three notes, none behind reset'
valid model.py
out_has '# thaw had the weights of "k.keras" here' '# model.load_weights("k.keras")'
valid weights.py
out_has '# model.load_weights("k.weights.h5")'
valid npz.py
out_has '# thaw had the weights of "k.npz" here' 'save FILE.weights.h5'
out_lacks 'load_weights("k.'
valid none.py
out_lacks load_weights

it 'says which runs it leaves out'
lines "$small; train gte5 epochs=1 limit=20; build classes=3
export keras other.py"
works
out_has '0 runs; 1 left out, it says why'
valid other.py
out_has '# r1 is left out: it was of another model'

it 'gives a digit the unit that it had'
lines "$small; build \"flatten | dense 10, softmax\"; set units digit; train gte5 epochs=1 limit=20
export keras unit.py"
works
valid unit.py
out_has 'select(train, {5: 5, 6: 6, 7: 7, 8: 8, 9: 9}, limit=20)'

it 'names the data that the session had, whatever it is called'
mkdir 'a"b
c' && ln -s "$(cd "$top_srcdir" && pwd)"/assets/mnist/*.gz 'a"b
c'
"$THAW" --data 'a"b
c' -c "$small; export keras named.py" </dev/null >"$out" 2>"$err"
status=$?
works
valid named.py
out_has 'path = "a\"b\nc"'

it 'takes from Keras what Keras has by name'
python3 - <<'EOT'
import os
for name, label in ("ten", 1), ("hundred", 2):
    os.mkdir(name)
    for file in ["data_batch_%d.bin" % i for i in range(1, 6)] + ["test_batch.bin"] if label == 1 else ["train.bin", "test.bin"]:
        open(f"{name}/{file}", "wb").write(b"".join(bytes([i % 10 if label == 1 else i % 20] * label) + bytes(3072) for i in range(100)))
EOT
tiny='build "flatten | dense 2, softmax"'
thaw -c "data ten; $tiny; export keras ten.py" -c "data hundred; $tiny; export keras fine.py" -c "data hundred labels=coarse; $tiny; export keras coarse.py"
works
valid ten.py
out_has 'keras.datasets.cifar10.load_data()'
valid fine.py
out_has 'keras.datasets.cifar100.load_data()'
valid coarse.py
out_has 'keras.datasets.cifar100.load_data(label_mode="coarse")'

it 'reads a folder of pictures as thaw does'
thaw -c 'data own-digits size=20x24; build "flatten | dense 10, softmax"; train all epochs=2; export keras own.py'
works
valid own.py
out_has 'HEIGHT, WIDTH, CHANNELS = 20, 24, 1' 'HOLDOUT = 6 ' "FOLDER = \"" 'a folder with one of pictures for each class' \
	'x, y = select(train, {0: 0, 1: 1,'
name=$(printf 'gr\374n') # no UTF-8
cp -r "$top_srcdir/assets/own-digits" "$name"
thaw -c "data $name; build \"flatten | dense 10, softmax\"; export keras named.py"
refused 1 'no UTF-8'

it 'names classes that are called after folders, whatever these are called'
mkdir odd
for class in 'Katze süß' 'a"q\' 'b,c'; do
	cp -r "$top_srcdir/assets/own-digits/3" "odd/$class"
done
thaw -c 'data odd; build "flatten | dense 3, softmax"; train "classes=Katze süß,b,c" watch=all epochs=1; train all epochs=1; export keras odd.py'
works
valid odd.py
out_has 'print("r1: classes=\"Katze süß\",b,c,", len(x)'

if $python -c 'import numpy, PIL' 2>/dev/null; then
	it 'has the same pictures to the bit, in the same order and divided alike'
	$python - <<'EOT'
import os, random
from PIL import Image, ImageDraw
dice = random.Random(1)
def stroke(mode, size, ground, ink):
    image = Image.new(mode, size, ground)
    for _ in range(3):
        line = [(dice.randrange(size[0] // 5, size[0] * 4 // 5 + 1), dice.randrange(size[1] // 5, size[1] * 4 // 5 + 1)) for _ in range(3)]
        ImageDraw.Draw(image).line(line, ink, max(2, size[0] // 12))
    return image
def sixteen(size):
    grey = stroke("L", size, 230, 30)
    wide = Image.new("I;16", size)
    wide.putdata([v * 257 - dice.randrange(60) for v in grey.tobytes()])
    return wide
kinds = [lambda s: stroke("L", s, 0, 255), lambda s: stroke("L", s, 240, 10), lambda s: stroke("L", s, 90, 130), lambda s: Image.new("L", s, 200),
         lambda s: stroke("LA", s, (0, 0), (0, 255)), lambda s: stroke("RGB", s, (250, 240, 230), (20, 60, 120)), lambda s: stroke("1", s, 1, 0),
         lambda s: stroke("RGBA", s, (9, 9, 9, 0), (200, 100, 255, 180)), lambda s: stroke("RGBA", s, (255, 255, 255, 40), (30, 10, 5, 255)),
         lambda s: stroke("RGB", s, (10, 200, 30), (200, 40, 20)).convert("P", palette=Image.Palette.ADAPTIVE), sixteen]
for label in "a", "b c", "d\u00e4":
    os.makedirs(f"pics/{label}")
    for k, kind in enumerate(kinds):
        for n, size in enumerate(((28, 28), (40, 33), (17, 61), (130, 90))):
            kind(size).save(f"pics/{label}/{k}-{n}.PNG")
    for n, size in enumerate(((28, 28), (64, 48))):
        stroke("L", size, 255, 0).save(f"pics/{label}/grey{n}.jpg")
        photo, note = stroke("RGB", size, (230, 220, 200), (30, 20, 90)), Image.Exif()
        note[0x112] = 6 + n
        photo.save(f"pics/{label}/photo{n}.jpeg", exif=note, quality=80)
    stroke("L", (30, 30), 255, 0).resize((3, 1)).save(f"pics/{label}/flat.png")
os.mkdir("pics/none")
open("pics/a/broken.png", "w").write("no picture")
os.mkfifo("pics/a/pipe.png")
for part, label in ("Train", "a"), ("Train", "b c"), ("val", "a"), ("val", "b c"):
    os.makedirs(f"parts/{part}/{label}")
    for name in sorted(os.listdir(f"pics/{label}"))[::2 if part == "val" else 1]:
        if name != "pipe.png":
            os.link(f"pics/{label}/{name}", f"parts/{part}/{label}/{name}")
EOT
	cat >.t/without.py <<'EOT'
import runpy, sys
from unittest.mock import MagicMock
sys.modules["keras"] = MagicMock() # what reads the pictures does without
runpy.run_path(sys.argv.pop(1), run_name="__main__")
EOT
	pictures() { # DATA EXPECTED
		thaw -c "data $1; build \"flatten | dense 3, softmax\"; data; export keras pics.py"
		works
		command="python3 pics.py (data $1)"
		$python .t/without.py pics.py >"$out" 2>"$err" || unmet 'a script that runs'
		out_has "$2"
		out_lacks 'these are not the pictures'
	}
	of='left out'
	pictures pics "$of"
	pictures 'pics size=20x24 rgb holdout=3' "$of"
	pictures 'pics normalise=mnist' "$of"
	pictures 'pics normalise=mnist rgb size=32x26' "$of"
	pictures parts "$of"
	pictures 'own-digits normalise=mnist' '0 left out'
	mv pics/a/0-0.PNG pics/a/other.png
	$python .t/without.py pics.py --data pics >"$out" 2>"$err" || unmet 'a script that runs'
	out_lacks 'these are not the pictures' # of other data nothing is known
	thaw -c 'data pics; build "flatten | dense 3, softmax"; export keras pics.py'
	mv pics/a/other.png pics/a/0-0.PNG
	$python .t/without.py pics.py >"$out" 2>"$err" || unmet 'a script that runs'
	out_has 'these are not the pictures'
fi

it 'refuses what would lie about its file'
thaw -c "$small; export keras net.keras"
refused 1 'would hold keras' 'end its name with .py'
thaw -c "$small; export net.keras"
refused 1 'would hold png' 'end its name with .png'
thaw -c "$small; export keras plot"
refused 1 'keras has no plot: it writes the session as a script' 'leave the word out'
thaw -c "$small; export keras r1"
refused 1 'unknown word "r1"'
no_file net.keras

if KERAS_BACKEND=${KERAS_BACKEND:-tensorflow} TF_CPP_MIN_LOG_LEVEL=3 $python -c 'import keras; assert keras.__version__ >= "3"' 2>/dev/null; then
	it 'does in Keras what it says'
	command='python3 thaw-session.py'
	export KERAS_BACKEND="${KERAS_BACKEND:-tensorflow}" TF_CPP_MIN_LOG_LEVEL=3
	$python thaw-session.py --data "$top_srcdir/assets/mnist" >"$out" 2>"$err" || unmet 'a script that runs'
	out_has 'r1: gte5, 64 train samples, 4861 test samples' 'r2: digits=1,7, 40 train samples, 2163 test samples' \
		'r3: lt5, 30 train samples, 5139 test samples' 'r4: Test score: '
	"$THAW" -c "$small; model" </dev/null | sed -n 's/^ \(Total params: [0-9,]*\).*/\1/p' >.t/params
	out_has "$(cat .t/params)"
	command='python3 kinds.py'
	$python rates.py --data "$top_srcdir/assets/mnist" >"$out" 2>"$err" || unmet 'a script that runs'
	$python kinds.py --data "$top_srcdir/assets/mnist" >"$out" 2>"$err" || unmet 'a script that runs'
	out_has 'Total params: 289 '

	it 'learns from pictures in Keras about as well as here'
	thaw -c 'data own-digits normalise=mnist; build "conv2d 8 5, relu, max_pooling2d 4, flatten | dense 10, softmax"' \
		-c 'train all epochs=40 batch=16; export keras digits.py; eval all'
	works
	ours=$(sed -n 's/^Test accuracy: //p' "$out" | tail -n 1)
	command='python3 digits.py'
	$python digits.py >"$out" 2>"$err" || unmet 'a script that runs'
	out_lacks 'these are not the pictures'
	theirs=$(sed -n 's/^r1: Test score: .*accuracy: //p' "$out")
	python3 -c 'import sys; sys.exit(abs(float(sys.argv[1]) - float(sys.argv[2])) > .2)' "$ours" "$theirs" ||
		unmet "an accuracy of $theirs near $ours"
fi

done_testing
