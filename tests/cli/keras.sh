#!/bin/sh
# keras.sh: a session as a script for Keras: its text, and (where python3 has Keras) what it does there.
. "$top_srcdir/tests/cli/lib.sh"

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
export keras; export keras again.py; save a.safetensors; load a.safetensors; export keras loaded.py"
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

it 'refuses what would lie about its file, and a folder of pictures'
thaw -c "$small; export keras net.keras"
refused 1 'would hold keras' 'end its name with .py'
thaw -c "$small; export net.keras"
refused 1 'would hold png' 'end its name with .png'
thaw -c "$small; export keras plot"
refused 1 'keras has no plot: it writes the session as a script' 'leave the word out'
thaw -c "$small; export keras r1"
refused 1 'unknown word "r1"'
thaw -c 'data own-digits; export keras own.py'
refused 1 'not a folder of pictures' 'data FILE.npz'
no_file net.keras own.py

if KERAS_BACKEND=${KERAS_BACKEND:-tensorflow} TF_CPP_MIN_LOG_LEVEL=3 python3 -c 'import keras; assert keras.__version__ >= "3"' 2>/dev/null; then
	it 'does in Keras what it says'
	command='python3 thaw-session.py'
	export KERAS_BACKEND="${KERAS_BACKEND:-tensorflow}" TF_CPP_MIN_LOG_LEVEL=3
	python3 thaw-session.py --data "$top_srcdir/assets/mnist" >"$out" 2>"$err" || unmet 'a script that runs'
	out_has 'r1: gte5, 64 train samples, 4861 test samples' 'r2: digits=1,7, 40 train samples, 2163 test samples' \
		'r3: lt5, 30 train samples, 5139 test samples' 'r4: Test score: '
	"$THAW" -c "$small; model" </dev/null | sed -n 's/^ \(Total params: [0-9,]*\).*/\1/p' >.t/params
	out_has "$(cat .t/params)"
	command='python3 kinds.py'
	python3 rates.py --data "$top_srcdir/assets/mnist" >"$out" 2>"$err" || unmet 'a script that runs'
	python3 kinds.py --data "$top_srcdir/assets/mnist" >"$out" 2>"$err" || unmet 'a script that runs'
	out_has 'Total params: 289 '
fi

done_testing
