/* test_python.c: lines of Python at a prompt: what they mean, what is passed over, what is refused; a notebook's cells. */
#include "language/python.h"
#include "session/made.h"
#include "tests/src/capture.h"
#include "tests/run.h"
#include "util/text.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static struct capture C;

static void
setup(void)
{
	capture_open(&C);
	C.s->user.interactive = true;
}

static void
teardown(void)
{
	capture_close(&C);
}

/* A line, and thaw's; "": it is passed over, NULL: it is no Python, "!...": it is refused in these words. */
static const struct line {
	const char *python, *ours;
} lines[] = {
	{"model.summary()", "model"},
	{"model.summary(show_trainable=True)", "model trainable"},
	{"history = model.fit(x_train_lt5, y_train_lt5, batch_size=64, epochs=3, verbose=1)",
	    "train lt5 epochs=3 batch=64 verbose=1"},
	{"model.fit(x_train_gte5[:1000], y_train_gte5[:1000], shuffle=False)", "train gte5 shuffle=off limit=1000"},
	{"model.fit(x_train, y_train)", "!`train gte5`"},
	{"train_model(model, (x_train_gte5, y_train_gte5), (x_test_gte5, y_test_gte5), num_classes)", "train gte5"},
	{"model.fit(x_train[y_train >= 5], y_train[y_train >= 5] - 5, epochs=2)", "train gte5 epochs=2"},
	{"model.fit(x_train[y_train > 6], y_train[y_train > 6] - 7)", "train gte7"},
	{"model.evaluate(x_test[y_test<=4], y_test[y_test<=4])", "eval lt5"},
	{"model.evaluate(x_test[y_test < 5], y_test[y_test < 5])", "eval lt5"},
	{"model.fit(x_train[y_train == 5], y_train[y_train == 5])", "!the choice in brackets"},
	{"model.fit(x_train[(y_train > 2) & (y_train < 5)], y)", "!the choice in brackets"},
	{"model.evaluate(x_test[np.isin(y_test, [3, 4])], y)", "!the choice in brackets"},
	{"model.fit(x_train[y_train >= 10], y)", "!the choice in brackets"}, {"model.fit(x_train[y_train < 0], y)", "!the choice in brackets"},
	{"model.fit(x_train[chosen], y_train[chosen])", "!the choice in brackets"},
	{"model.fit(x_train_lt5[:n], y_train_lt5[:n], epochs=given['epochs'])", "train lt5"},
	{"score = model.evaluate(x_test_lt5, y_test_lt5, verbose=0)", "eval lt5"},
	{"print(model.evaluate(x_train_gte5, y_train_gte5))", "eval gte5 on=train"},
	{"for l in feature_layers: l.trainable = False", "freeze features"},
	{"for layer in classification_layers: layer.trainable = True", "unfreeze head"},
	{"for l in model.layers[:7]: l.trainable = False; model.compile(optimizer='adam')",
	    "freeze 0..6; compile optimizer=adam"},
	{"for i, l in enumerate(model.layers): l.trainable = False", "freeze all"},
	{"for l in model.layers: l.trainable = i >= 3", "!`freeze_to LAYER`"},
	{"model.layers[0].trainable = False", "freeze 0"},
	{"model.layers[-1].trainable=True", "unfreeze 11"},
	{"model.layers[99].trainable = False", "!`freeze features`"},
	{"feature_layers[2:].trainable = False", "freeze 2..6"},
	{"model.get_layer('conv2d_1').trainable = False", "freeze conv2d_1"},
	{"l.trainable = False", "!`freeze features`"},
	{"model.trainable = False", "freeze all"},
	{"model.compile(loss=keras.losses.categorical_crossentropy, optimizer='adadelta', metrics=['accuracy'])",
	    "compile optimizer=adadelta"},
	{"model.compile(optimizer=keras.optimizers.SGD(0.01, momentum=0.9))", "compile optimizer=sgd lr=0.01 momentum=0.9"},
	{"model.compile(Adam(learning_rate=1e-3), 'mse')", "compile optimizer=adam lr=1e-3"},
	{"model.optimizer.learning_rate = 0.1", "lr 0.1"},
	{"model.save_weights('f.safetensors')", "save \"f.safetensors\""},
	{"model.load_weights(\"f.safetensors\")", "load \"f.safetensors\""},
	{"model.save(path)", "!`save FILE`"},
	{"model.predict(x_test[:1])", "predict test:0"},
	{"model.predict(x_train[7:8])", "predict train:7"},
	{"model.predict(x_test_lt5[3])", "!`show lt5`"},
	{"plt.imshow(x_test[3])", "show test:3"},
	{"plt.plot(history.history['loss'])", "plot loss"},
	{"plt.savefig('curves.png')", "export \"curves.png\""},
	{"keras.utils.set_random_seed(1337)", "set seed 1337"},
	{"quit()", "quit"},
	{"exit(3)", "quit 3"},
	{"epochs = 3", "set epochs 3"},
	{"batch_size=64", "set batch 64"},
	{"model.summary(); train gte5", "model; train gte5"},
	{"(x_train, y_train), (x_test, y_test) = fashion_mnist.load_data()", "data fashion"},
	{"model.add(Dense(5))", "!`build"},
	{"model = Sequential()", "!`build"},
	/* what stands in quotes is a text, no code */
	{"print('model.layers[0].trainable = False')", ""}, {"print(\"model.layers[0].trainable == False\")", ""},
	{"print('a', 'model.layers[0].trainable')", ""}, {"print(r'model.optimizer.lr')", ""},
	{"x = \"model.fit(x_train_lt5)\"", ""}, {"x = 'quit()'", ""}, {"'quit()', 'model.summary()'", ""},
	{"d['model.layers'] = 3", ""}, {"plt.title('l.trainable = False, model.fit(x_train_lt5)')", ""},
	{"print('a (b', model.layers[0].trainable)", "model trainable"}, {"print(f'{model.layers[0].name}')", "layers"},
	{"d['model.layers[0]('].fit(x_train_lt5)", "train lt5"},
	{"model.layers[len(model.layers)-1].trainable = False", "freeze 11"},
	/* seldom met */
	{"model.layers[0:2].trainable = 0", "freeze 0..1"}, {"model.layers[:-2].trainable = True", "unfreeze 0..9"},
	{"model.layers[-3:].trainable = 1", "unfreeze 9..11"},
	{"model.layers[5:2].trainable = False", "!\"model.layers[5:2]\" names no layers that"},
	{"model.layers[a:b].trainable = False", "!\"model.layers[a:b]\" names no layers that"},
	{"for l in reversed(model.layers): l.trainable = True", "unfreeze all"},
	{"for l in list(features): l.trainable = False", "freeze features"},
	{"for l in classifier: l.trainable = False", "freeze head"},
	{"for l in base.layers: l.trainable = False", "freeze all"},
	{"classifier_layers[0].trainable = False", "freeze 7"}, {"classifier[-1].trainable = False", "freeze 11"},
	{"classifier[:].trainable = True", "unfreeze 7..11"},
	{"model.get_layer(index=2).trainable = False", "freeze 2"},
	{"model.get_layer(name='dense').trainable = False", "freeze dense"},
	{"model.get_layer(which).trainable = False", "!\"model.get_layer(which)\" names no layers"},
	{"layers[3].trainable = False", "freeze 3"},
	{"model.layers[0].trainable = maybe", "!trainable is True or False; did you mean"},
	{"learning_rate = 0.5", "set lr 0.5"}, {"lr = 0.5", ""}, {"rho = 0.9", ""}, {"verbose = 2", ""},
	{"seed = 7", "set seed 7"}, {"model.optimizer.lr = 0.5", "lr 0.5"}, {"opt.learning_rate = 0.5", "lr 0.5"},
	{"model.stop_training = True", "stop"}, {"model.stop_training = False", ""}, {"batch_size = 'many'", ""},
	{"model.fit(x_train_lt5, y_train_lt5, verbose=False)", "train lt5 verbose=0"},
	{"model.fit(x_train_lt5, y_train_lt5, shuffle=True, epochs=n)", "train lt5 shuffle=on"},
	{"model.fit(x_train_lt5, y_train_lt5, validation_data=(x, y))", "train lt5"},
	{"model.fit(x_train_digits, y)", "!nothing here says which digits; did you "},
	{"model.evaluate(x_test, y_test)", "eval"}, {"model.evaluate()", "eval"},
	{"model.evaluate(x_test_gte5[:100], y)", "eval gte5"}, {"model.predict(x_test)", "predict"},
	{"model.predict(img)", "predict"}, {"model.predict(x_test[:5])", "predict test:0"},
	{"plt.imshow(img)", "show"}, {"plt.imshow(x_train[0].reshape(28, 28), cmap='gray')", "show train:0"},
	{"plt.imshow(x_test[i])", "show"}, {"plt.plot(history.history['accuracy'])", "plot acc"},
	{"plt.plot(history.history['val_accuracy'])", "plot acc"},
	{"plt.plot(history.history['acc'], label='x')", "plot acc"}, {"plt.plot(x)", "plot"},
	{"plt.savefig(name)", "!the name of the file is missing; `export"},
	{"plt.savefig('a\\b.png')", "!a backslash in a file's name; `export FI"},
	{"model.save('C:\\\\x')", "!a backslash in a file's name; `save FILE"},
	{"model.save('m.keras')", "save \"m.keras\""}, {"model.save('m.safetensors')", "save \"m.safetensors\""},
	{"model.load_weights('a.h5')", "load \"a.h5\""}, {"load_model('m.safetensors')", "load \"m.safetensors\""},
	{"keras.models.load_model('m.safetensors')", "load \"m.safetensors\""},
	{"keras.utils.set_random_seed(n)", "!the seed is missing; `set seed 1337`"}, {"np.random.seed(3)", ""},
	{"tf.random.set_seed(4)", ""}, {"random.seed(5)", NULL},
	{"keras.datasets.fashion_mnist.load_data()", "data fashion"},
	{"(a, b), (c, d) = keras.datasets.mnist.load_data()", ""},
	{"(a, b), (c, d) = cifar10.load_data()", "data cifar10"}, {"cifar100.load_data()", "data cifar100"},
	{"model.compile()", "compile"}, {"model.compile(optimizer=opt)", "compile"},
	{"model.compile(optimizer=keras.optimizers.RMSprop())", "compile optimizer=rmsprop"},
	{"model.compile(optimizer='rmsprop')", "compile optimizer=rmsprop"},
	{"model.compile(optimizer=Adam(lr=0.1, beta_1=0.8, beta_2=0.7, epsilon=1e-8))", "compile optimizer=adam lr=0.1 epsilon=1e-8 beta_1=0.8 beta_2=0.7"},
	{"model.compile(optimizer=keras.optimizers.Adadelta())", "compile optimizer=adadelta"},
	{"history.history", "history"}, {"print(history.history)", "history"}, {"model.layers", "layers"},
	{"print(model.summary())", "model"}, {"print(len(model.layers))", "layers"},
	{"print(model.predict(x_test[2:3]))", "predict test:2"}, {"len(model.layers)", "layers"},
	{"model.get_weights()", "!weights are no arrays here; `layers` lis"},
	{"model.set_weights(w)", "!weights are no arrays here; `layers` lis"},
	{"model.pop()", "!a model is built at once, not layer by l"}, {"model.build((None, 28, 28, 1))", NULL},
	{"keras.backend.clear_session()", NULL}, {"K.clear_session()", ""},
	{"np.argmax(model.predict(x_test[:1]))", "predict test:0"}, {"plt.figure(figsize=(3, 4))", ""}, {"help(model)", NULL},
	{"help()", NULL}, {"quit", NULL}, {"exit()", "quit"}, {"sys.exit(0)", "quit 0"},
	{"model.summary(line_length=100)", "model"}, {"model.summary(expand_nested=True)", "model"},
	{"clone_model(model)", "reset"}, {"model.to_json()", "show config"},
	{"x = model.predict(x_test[4:5])", "predict test:4"},
	{"weights = model.get_weights()", "!weights are no arrays here; `layers` lis"}, {"assert model", NULL},
	{"for i in range(3): model.fit(x_train_lt5, y_train_lt5)", ""}, {"if True: model.summary()", ""},
	{"with open('x') as f: pass", ""}, {"@decorator", ""}, {"lambda x: x", NULL}, {"model.fit", NULL},
	{"train_model(model, (x_train_lt5, y_train_lt5), (x_test_lt5, y_test_lt5), 5)", "train lt5"},
	{"model = keras.Sequential([Conv2D(8, 3), Flatten(), Dense(5, activation='softmax')])", "build \"conv2d 8 3, flatten, dense 5 softmax\""},
	{"model = Model(inputs, outputs)", ""}, {"print(1)", ""}, {"print('a', 'b')", ""},
	{"history = model.fit(x_train_lt5, y_train_lt5, epochs=2, callbacks=[EarlyStopping()])", "train lt5 epochs=2"},
	/* passed over */
	{"import keras", ""}, {"from keras.models import Sequential", ""}, {"num_classes = 5", ""}, {"x_train /= 255", ""},
	{"x_train = x_train.reshape(x_train.shape[0], 28, 28, 1).astype('float32')", ""},
	{"(x_train, y_train), (x_test, y_test) = mnist.load_data()", ""}, {"x_train_lt5 = x_train[y_train < 5]", ""},
	{"now = datetime.datetime.now", ""}, {"print('Test score:', score[0])", ""}, {"plt.show()", ""},
	{"%matplotlib inline", ""}, {"\"\"\"A text.\"\"\"", ""}, {"data = x_train", ""},
	/* thaw's own */
	{"model", NULL}, {"train gte5 epochs=3", NULL}, {"print \"a = b\"", NULL}, {"set lr=0.1", NULL}, {"", NULL},
	{"assert accuracy == 1", NULL}, {"expotr csv", NULL}, {"digits=3,5", NULL}, {"# model.fit(", NULL},
	/* attributes that there are, and that there are not */
	{"model.layers[0].trainble = False", "!a layer has no \"trainble\" - did you mean \"trainable\"?"},
	{"for l in model.layers[:7]: l.trainble = False", "!a layer has no \"trainble\" - did you mean \"trainable\"?"},
	{"for l in feature_layers: l.Trainable = False", "!did you mean \"trainable\"?"},
	{"model.trainble = False", "!the model has no \"trainble\" - did you mean \"trainable\"?"},
	{"optimizer.learning_rat = 0.1", "!the optimizer has no \"learning_rat\" - did you mean \"learning_rate\"?"},
	{"model.optimizer.learnig_rate = 0.1", "!did you mean \"learning_rate\"?"},
	{"model.optimizer.momentun = 0.9", "!did you mean \"momentum\"?"}, {"model.optimiser.learning_rat = 1", "!\"learning_rate\""},
	{"model.optimzer = 'sgd'", "!did you mean \"optimizer\"?"}, {"model.stop_trainig = True", "!did you mean \"stop_training\"?"},
	{"model.get_layer('conv2d').trainabel = False", "!did you mean \"trainable\"?"},
	{"model.layers[99].trainble = False", "!did you mean \"trainable\"?"}, {"l.trainble = False", "!did you mean \"trainable\"?"},
	{"feature_layers[0].train = False", "!did you mean \"trainable\"?"}, {"model.layers[0].frozen = True", "!`trainable`"},
	{"model.foo = 3", "!the model has no \"foo\""}, {"model.optimizer.frob = 3", "!the optimizer has no \"frob\""},
	{"model.layers[0].trainble &= False", "!did you mean \"trainable\"?"}, {"model.layers[0].trainable &= False", "!True or False"},
	{"setattr(model.layers[0], 'trainable', False)", "freeze 0"}, {"setattr(model.layers[0], 'trainble', False)", "!\"trainable\""},
	{"K.set_value(model.optimizer.learning_rate, 0.1)", "lr 0.1"}, {"K.set_value(model.optimizer.learning_rat, 0.1)", "!\"learning_rate\""},
	{"model.optimizer.learning_rate.assign(0.1)", "lr 0.1"}, {"model.optimizer.learning_rate *= 0.1", "lr *0.1"},
	{"model.optimizer.lr /= 10", "lr /10"}, {"model.optimizer.lr += 10", "!did you mean `lr *0.1`"},
	{"model.optimizer.learning_rate = schedule", "!the rate is a number"}, {"model.optimizer.rho = 0.9", "set rho 0.9"},
	{"model.layers[5].rate = 0.5", "set dropout.rate 0.5"}, {"model.get_layer('dropout').rate = 0.5", "set dropout.rate 0.5"},
	{"model.stop_training = Ture", "!stop_training is True or False"}, {"model.layers[0].trainable: bool = False", "freeze 0"},
	{"model.name = 'x'", ""}, {"model.layers[0].name = 'x'", ""}, {"config.x = 3", ""}, {"self.epoch = 3", ""},
	/* methods of a model and values that are mistyped */
	{"model.sumary()", "!the model has no \"sumary\" - did you mean model.summary()?"}, {"model.fitt(x_train_lt5, y)", "!model.fit()?"},
	{"model.evalute(x_test_lt5, y)", "!did you mean model.evaluate()?"}, {"h = model2.fitt(x, y)", "!did you mean model2.fit()?"},
	{"print(model.evalute(x_test_lt5, y))", "!did you mean model.evaluate()?"}, {"model.Summary()", "!model.summary()?"},
	{"model.predcit(x_test[:1])", "!did you mean model.predict()?"}, {"model.complie(optimizer='sgd')", "!model.compile()?"},
	{"model.train_on_batch(x, y)", NULL}, {"model.reset_states()", NULL}, {"model.export('f')", NULL}, {"plt.sumary()", ""},
	{"model.layers[0].trainable = Flase", "!trainable cannot be \"Flase\" - did you mean False?"},
	{"for l in feature_layers: l.trainable = true", "!did you mean True?"}, {"model.trainable = false", "!did you mean False?"},
	{"model.trainable = Tru", "!did you mean True?"}, {"model.trainable = i", "!`freeze A..B`"},
	/* loops that count layers */
	{"for i in range(7): model.layers[i].trainable = False", "freeze 0..6"},
	{"for i in range(0,7): model.layers[i].trainable = True", "unfreeze 0..6"},
	{"for i in range(2, 7): model.layers[i].trainable=False", "freeze 2..6"},
	{"for i in range(0, 7, 3): model.layers[i].trainable = False", "freeze 0,3,6"},
	{"for i in range(2, -1, -1): model.layers[i].trainable = False", "freeze 2,1,0"},
	{"for i in reversed(range(2)): model.layers[i].trainable = False", "freeze 0..1"},
	{"for i in [0,2]: model.layers[i].trainable = False", "freeze 0,2"},
	{"for i in (0, -1,): model.layers[i].trainable = False", "freeze 0,11"},
	{"for i in 0, 2: model.layers[i].trainable = True", "unfreeze 0,2"},
	{"for i in range(len(model.layers)-5): model.layers[i].trainable = False", "freeze 0..6"},
	{"for i in range(len(model.layers)): model.layers[i].trainable = False", "freeze 0..11"},
	{"for i in range((len(feature_layers) + 1) // 2 * 1): model.layers[i].trainable = False", "freeze 0..3"},
	{"for i in range(2): classification_layers[i].trainable = False", "freeze 7..8"},
	{"for i, l in enumerate(model.layers): model.layers[i].trainable = False", "freeze 0..11"},
	{"for i, l in enumerate(model.layers, 1): model.layers[i].trainable = False", "!names no layers"},
	{"for i in range(2): setattr(model.layers[i], 'trainable', False)", "freeze 0..1"},
	{"for i in range(2): print(i); model.layers[i].trainable = False", "freeze 0..1"},
	{"for layer in model.layers[:-5]: layer.trainable = False", "freeze 0..6"},
	{"for layer in model.layers[:len(model.layers)-5]: layer.trainable = False", "freeze 0..6"},
	{"for i in range(13): model.layers[i].trainable = False", "!names no layers"},
	{"for i in range(0): model.layers[i].trainable = False", "!`freeze A..B`"},
	{"for i in range(9, 9, 0): model.layers[i].trainable = False", "!`freeze A..B`"},
	{"for i in range(3000): model.layers[i].trainable = False", "!`freeze A..B`"},
	{"for i in range(1, 2, 3, 4): model.layers[i].trainable = False", "!`freeze A..B`"},
	{"for i in range(n / 2): model.layers[i].trainable = False", "!`freeze A..B`"},
	{"for i in range(7): model.layers[i + 1].trainable = False", "!names no layers"},
	{"for i in range(len(model.layers)): model.layers[i].trainable = i > 6", "!`freeze A..B`"},
	{"for l in unknown: l.trainable = False", "!`freeze A..B`"},
	{"if True: model.layers[0].trainable = False", "!`freeze A..B`"},
	{"[setattr(l, 'trainable', False) for l in model.layers]", "!`freeze A..B`"},
	{"for i in range(3): print(i)", ""},
	/* what is only looked at */
	{"model.layers[0].trainable", "model trainable"}, {"layers[0].trainable", "model trainable"},
	{"model.layers[0].trainable == False", "model trainable"}, {"model.layers[0].trainable==False", "model trainable"},
	{"model.layers[0].trainable is False", "model trainable"}, {"not model.layers[0].trainable", "model trainable"},
	{"model.layers[-1].trainable != True", "model trainable"}, {"print(model.layers[0].trainable)", "model trainable"},
	{"print('conv:', model.layers[0].trainable)", "model trainable"}, {"bool(model.layers[0].trainable)", "model trainable"},
	{"model.get_layer('conv2d').trainable", "model trainable"}, {"feature_layers[0].trainable", "model trainable"},
	{"model.trainable", "model trainable"}, {"l.trainable", "model trainable"},
	{"for l in model.layers: print(l.name, l.trainable)", "model trainable"},
	{"for i, l in enumerate(model.layers): print(i, l.name, l.trainable)", "model trainable"},
	{"for l in model.layers: print(f'{l.name}: {l.trainable}')", "model trainable"},
	{"for i in range(12): print(i, model.layers[i].trainable)", "model trainable"},
	{"for l in model.layers: print(l.name)", "layers"}, {"for l in model.layers: print(l)", "layers"},
	{"for w in model.trainable_weights: print(w.shape)", "model trainable"},
	{"for l in model.layrs: print(l)", "!did you mean \"layers\"?"}, {"for l in model.layers[::2]: l.trainable = False", "!names no layers"},
	{"[l.trainable for l in model.layers]", "model trainable"}, {"[l.name for l in model.layers]", "layers"},
	{"[(l.name, l.trainable) for l in model.layers]", "model trainable"}, {"{l.name: l.trainable for l in model.layers}", "model trainable"},
	{"all(l.trainable for l in model.layers)", "model trainable"}, {"sum([l.trainable for l in model.layers])", "model trainable"},
	{"len([l for l in model.layers if l.trainable])", "model trainable"}, {"model.layers[0].trainable, model.layers[1].trainable", "model trainable"},
	{"len(model.layers) == 12", "layers"}, {"model.layers[0]", "layers"}, {"model.layers[:7]", "layers"}, {"model.layers[0].name", "layers"},
	{"print(model.layers)", "layers"}, {"list(model.layers)", "layers"}, {"feature_layers", "layers"}, {"len(feature_layers)", "layers"},
	{"model.get_layer('conv2d')", "layers"}, {"model.layers[0].get_config()", "layers"}, {"model.layers[0].output_shape", "layers"},
	{"model.trainable_weights", "model trainable"}, {"len(model.trainable_weights)", "model trainable"},
	{"len(model.non_trainable_weights)", "model trainable"}, {"print(len(model.trainable_variables))", "model trainable"},
	{"model.weights", "layers"}, {"model.output_shape", "model"}, {"model.get_config()", "show config"}, {"print(model)", "model"},
	{"model.optimizer.learning_rate", "set lr"}, {"print(model.optimizer.lr)", "set lr"}, {"optimizer.learning_rate", "set lr"},
	{"model.optimizer.learning_rate.numpy()", "set lr"}, {"K.get_value(model.optimizer.learning_rate)", "set lr"},
	{"float(model.optimizer.learning_rate)", "set lr"}, {"model.optimizer", "set optimizer"}, {"model.optimizer.momentum", "set momentum"},
	{"history.history['val_accuracy']", "history"}, {"print(history.history['acc'][-1])", "history"}, {"history.history.keys()", NULL},
	{"x_train_lt5.shape", "data info lt5"}, {"print(x_train.shape)", "data info"}, {"len(x_test_gte5)", "data info gte5"},
	{"model.layers[0].trainble", "!a layer has no \"trainble\" - did you mean \"trainable\"?"}, {"model.trainble", "!\"trainable\""},
	{"print(model.layers[0].trainble)", "!\"trainable\""}, {"model.optimizer.learning_rat", "!\"learning_rate\""},
	{"model.layers[99]", "!names no layers"}, {"model.evaluate", NULL}, {"model.compile", NULL}, {"model.predict", NULL}, {"features", NULL},
	{"model.save_weights", NULL}, {"model.get_weights", NULL}, {"model.add", NULL}, {"score[0]", NULL}, {"layrs", NULL},
	/* a mistyped command with key=value is none of Python; a target of Python is */
	{"trian lt5 limit=2000 epochs=2", NULL}, {"rain lt5 limit=2000", NULL}, {"exprot png size=800x600", NULL},
	{"buidl \"conv2d 8 3\" classes=5", NULL}, {"buidl filters=8 kernel=3", NULL}, {"rusn lr>=0.1", NULL},
	{"rusn lr<0.1 epochs=2", NULL}, {"trian lt5 watch=digits=3,5 lr=0.1", NULL}, {"sweeep lr=0.1,0.2 -- train lt5", NULL},
	{"trian lt5, gte5 limit=20", NULL}, {"trian lt5; x = 3", NULL}, {"trian lt5 lr=1.0 * 2", NULL},
	{"trian gte5; train lt5 limit=10", NULL}, {"sumary; model layers=conv2d", NULL},
	{"sett epochs 2; train gte5 limit=100", NULL},
	{"predcit test:1 top=3", NULL}, {"limit=2000 train lt5", NULL}, {"freze conv2d[0] lr=0.1", NULL},
	{"xtrain lt5 limit=[1, 2]", NULL}, {"xx lt5 += 2", NULL}, {"f(x) = 3", NULL}, {"a b: int = 3", NULL},
	{"a, b = 1, 2", ""}, {"a, = [1]", ""}, {"a[0] = 1", ""}, {"a [0] = 1", ""}, {"a.b = 1", ""}, {"(a, b) = f(x)", ""},
	{"[a, b] = 1, 2", ""}, {"a, *b = f(x)", ""}, {"a: int = 3", ""}, {"a += 1", ""}, {"a[1:2] -= 1", ""}, {"a //= 2", ""},
	{"a **= 2", ""}, {"a >>= 2", ""}, {"a = b = 3", ""}, {"a.f(x)[0].b = 1", ""}, {"x = 1 if y else 2", ""},
	{"x = 'a' 'b'", ""}, {"x=f'a' + .5", ""}, {"x = not y and z is not w", ""}, {"x = lambda y: y + 1e-3", ""},
	{"x = 3; trian lt5 limit=3", "trian lt5 limit=3"},
	{"build \"Conv2D(8, 3), Flatten(), Dense(5, 'softmax')\"", NULL}, {"lesson.thaw", NULL}, {"model.summary", NULL},
};

static void
line_means_as(const struct line *l)
{
	struct err e = {0};
	char *ours;
	int rc = python_line(C.s, l->python, &ours, &e);

	if (l->ours == NULL)
		ck_assert_msg(rc == 0, "%s is taken for Python: %s%s", l->python, ours != NULL ? ours : "", e.text);
	else if (l->ours[0] == '!') {
		ck_assert_msg(rc == -1, "%s: %d %s", l->python, rc, ours != NULL ? ours : "");
		ck_has(e.text, l->ours + 1);
	} else {
		ck_assert_msg(rc == 1, "%s: %d %s", l->python, rc, e.text);
		ck_assert_str_eq(ours, l->ours);
		ck_assert_int_eq(C.s->user.notebook.passed == NULL && l->python[0] != '"', l->ours[0] != '\0');
	}
	free(ours);
}

START_TEST(python__line__means_a_command)
{
	line_means_as(&lines[_i]);
}
END_TEST

START_TEST(python__line__runs_and_is_shown)
{
	ck_assert_int_eq(capture_run(&C, "model.layers[0].trainable = False"), 0);
	ck_has(C.text, "that is: freeze 0\nfrozen: conv2d");
	ck_assert_int_eq(capture_run(&C, "for l in model.layers:"), 0);
	ck_assert_int_eq(capture_run(&C, "    print(l.name, l.trainable)"), 0);
	ck_has(C.text, "that is: model trainable\nModel: \"sequential\"");
	ck_assert_int_eq(capture_run(&C, "print('Test score:', score[0])"), 0);
	ck_has(C.text, "`eval` a score");
	ck_assert_int_eq(capture_run(&C, "plt.show()"), 0);
	ck_has(C.text, "`plot` the curves");
	ck_assert_int_eq(capture_run(&C, "import keras"), 0);
	ck_assert_str_eq(C.text, "note: passed over: nothing has to be imported\n");
	ck_assert_int_eq(capture_run(&C, "import numpy as np"), 0);
	ck_assert_str_eq(C.text, ""); /* once in a row */
	ck_assert_int_eq(capture_run(&C, "model.add(Dense(5))"), 1);
	ck_has(C.errors, "build");
	ck_assert_int_eq(capture_run(&C, "model.frobnicate()"), 1);
	ck_has(C.errors, "unknown command");
	ck_assert_int_eq(capture_run(&C, "trian lt5 limit=2000 epochs=2"), 1);
	ck_has(C.errors, "unknown command \"trian\" - did you mean \"train\"?");
	C.s->user.interactive = false;
	ck_assert_int_eq(capture_run(&C, "model.summary()"), 1);
	ck_has(C.errors, "did you mean \"model\"");
}
END_TEST

START_TEST(python__line__goes_on_while_a_bracket_is_open)
{
	ck_assert_int_eq(capture_run(&C, "model.compile(loss='categorical_crossentropy',  # a (comment"), 0);
	ck_assert_str_eq(C.text, "");
	ck_assert(python_goes_on(C.s));
	ck_assert_int_eq(capture_run(&C, "              optimizer='sgd')"), 0);
	ck_has(C.text, "that is: compile optimizer=sgd");
	ck_assert_str_eq(C.s->set.run.optimizer->name, "sgd");
	ck_assert_int_eq(capture_run(&C, "model.fit(x_train_lt5,"), 0);
	ck_assert_int_eq(capture_run(&C, "print params"), 0); /* a command of thaw gives it up */
	ck_has(C.text, "left open and is forgotten");
	ck_has(C.text, "600165");
	ck_assert_int_eq(capture_run(&C, "model.summary()"), 0);
	ck_has(C.text, "that is: model");
}
END_TEST

START_TEST(python__line__ends_at_an_empty_one)
{
	static const struct {
		const char *line[3], *said;
	} cases[] = {
		{{"model.fit(x_train_lt5, [1, 2", "3"}, "[ was not closed in \"model.fit(x_train_lt5, [1, 2 3\""},
		{{"model.compile({'a': 1"}, "{ was not closed"},
		{{"x = 1 + \\"}, "did not go on"},
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		for (int k = 0; cases[i].line[k] != NULL; k++) {
			ck_assert_int_eq(capture_run(&C, cases[i].line[k]), 0);
			ck_assert(python_goes_on(C.s));
		}
		ck_assert_int_eq(capture_run(&C, "  "), 1);
		ck_has(C.errors, cases[i].said);
		ck_assert(!python_goes_on(C.s));
		ck_assert_int_eq(capture_run(&C, ""), 0);
	}
	ck_assert_int_eq(capture_run(&C, "model.compile(optimizer='sgd', \\"), 0);
	ck_assert_int_eq(capture_run(&C, ")"), 0);
	ck_has(C.text, "that is: compile optimizer=sgd");
	ck_assert_int_eq(capture_run(&C, "x = 1 + \\"), 0);
	ck_assert_int_eq(capture_run(&C, "2"), 0);
	ck_assert(!python_goes_on(C.s));
	ck_assert_int_eq(capture_run(&C, "x = \"\"\"It's"), 0);
	ck_assert(python_goes_on(C.s));
	ck_assert_int_eq(capture_run(&C, "it\"\"\""), 0);
	ck_assert(!python_goes_on(C.s));
	ck_assert_int_eq(capture_run(&C, "print('it\\'s', 1)"), 0);
	ck_assert_int_eq(capture_run(&C, "print('hello)"), 1);
	ck_has(C.errors, "the quote ' is not closed");
	ck_assert_int_eq(capture_run(&C, "def f():"), 0);
	ck_assert(python_goes_on(C.s));
	ck_assert_int_eq(capture_run(&C, ""), 0);
	ck_assert(!python_goes_on(C.s));
	ck_assert_int_eq(capture_run(&C, "    return 1"), 0); /* of the def still: a paste that the terminal has not marked */
	ck_assert_int_eq(capture_run(&C, "for l in feature_layers:"), 0);
	ck_assert(python_goes_on(C.s) && python_give_up(C.s) && !python_goes_on(C.s) && !python_give_up(C.s));
	ck_has(C.text, "given up: the rest of the block");
}
END_TEST

START_TEST(python__loop__of_several_lines_means_its_layers)
{
	static const struct {
		const char *line[5], *said, *ends; /* with an empty line */
		bool fails; /* the last line does */
	} cases[] = {
		{{"for i in range(7):", "    model.layers[i].trainable = False"}, "that is: freeze 0..6\nfrozen: conv2d", "", false},
		{{"for i in [0, 2]:", "\tprint(i)", "\tmodel.layers[i].trainable = True  # again"}, "that is: unfreeze 0,2\n",
		    "note: passed over: the loop's other lines\n", false},
		{{"for epoch in range(3):", "    model.fit(x_train_lt5, y_train_lt5)", "    # done"}, "",
		    "note: passed over: a loop is passed over with what is in it\n", false},
		{{"for x in xs:", "    f(x)"}, "", "note: passed over: a loop is passed over with what is in it\n", false},
		{{"for i in range(12):", "    model.layers[i].trainable = i > 6"}, "`freeze A..B`", "", true},
		{{"for l in unknown:", "    l.trainable = False"}, "`freeze A..B`",
		    "note: passed over: a loop is passed over with what is in it\n", true},
		{{"for i, l in enumerate(model.layers):", "    if i < 7:", "        l.trainable = False"}, "`freeze A..B`", "", true},
		{{"def freeze(model):", "    model.trainable = False"}, "`freeze A..B`", "", true},
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		int n = 0;

		for (; cases[i].line[n] != NULL; n++)
			ck_assert_int_eq(capture_run(&C, cases[i].line[n]), cases[i].fails && cases[i].line[n + 1] == NULL);
		ck_has(cases[i].fails ? C.errors : C.text, cases[i].said);
		capture_clear(&C);
		ck_assert_int_eq(capture_run(&C, ""), 0);
		ck_assert_str_eq(C.text, cases[i].ends);
		ck_assert(!python_goes_on(C.s));
		ck_assert_int_eq(capture_run(&C, "print 1"), 0); /* it is said once */
		ck_assert_ptr_null(strstr(C.text, "passed over"));
	}
	ck_assert_int_eq(capture_run(&C, "for x in xs:"), 0);
	ck_assert_int_eq(capture_run(&C, "    f(x)"), 0);
	ck_assert_int_eq(capture_run(&C, "print 1"), 0); /* ends it as well */
	ck_has(C.text, "a loop is passed over with what is in it\n1");
}
END_TEST

START_TEST(python__name__stands_for_layers_it_was_assigned)
{
	static const struct line cases[] = {
		{"feature_layers = model.layers[:2]", ""}, {"for l in feature_layers: l.trainable = False", "freeze 0..1"},
		{"feature_layers[1].trainable = False", "freeze 1"}, {"feature_layers[2].trainable = False", "!names no layers"},
		{"first = model.layers[:3]", ""}, {"for l in first: l.trainable = False", "freeze 0..2"},
		{"for i in range(2): first[i].trainable = True", "unfreeze 0..1"}, {"for l in first[1:]: l.trainable = False", "freeze 1..2"},
		{"for i in range(len(first)): l = model.layers[i]; l.trainable = False", "freeze 0..2"},
		{"some = [model.layers[0], first[2], model.get_layer('dense'),]", ""}, {"for l in some: l.trainable = False", "freeze 0,2,dense"},
		{"rest = list(classification_layers)", ""}, {"for l in rest: l.trainable = False", "freeze head"},
		{"last = model.layers[-1]", ""}, {"last.trainable = False", "freeze 11"}, {"last.trainable", "model trainable"},
		{"first += [model.layers[5]]", "!first is `0..2` here"}, {"first = 3", ""}, {"first.trainable = False", "!names no layers"},
		{"feature_layers = [l for l in model.layers if l.name]", ""}, {"for l in feature_layers: l.trainable = False", "!`freeze A..B`"},
		{"feature_layers = [keras.layers.Conv2D(8, 3), keras.layers.Flatten()]", ""},
		{"for l in feature_layers: l.trainable = False", "freeze features"}, {"empty = []", ""}, {"empty[0].trainable = False", "!names no"},
		{"names = [l.name for l in model.layers]", ""}, {"names[0].trainable = False", "!names no layers"},
		{"each = [l for l in model.layers[:2]]", ""}, {"each[0].trainable = False", "freeze 0"},
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		line_means_as(&cases[i]);
	ck_assert_int_eq(capture_run(&C, "first = model.layers[1:4]"), 0);
	ck_has(C.text, "the name stands for these layers");
	for (const char *const *line = (const char *const[]){"for i in range(2):", "    l = first[i]", "    l.trainable = False", NULL};
	    *line != NULL; line++)
		ck_assert_int_eq(capture_run(&C, *line), 0);
	ck_has(C.text, "that is: freeze 1..2\n");
}
END_TEST

/* As the well-known example has them, with a smaller model. */
static const char *const cells[] = {"'''Transfer learning.", "It's a toy (an example.", "'''", "from __future__ import x",
    "now = datetime.datetime.now", "batch_size = 64", "num_classes = 5", "filters = 4", "kernel_size = 3",
    "if K.image_data_format() == 'channels_first':", "    input_shape = (1, 28, 28)", "else:",
    "    input_shape = (28, 28, 1)", "", "def train_model(model, train, test, num_classes):",
    "    x_train = train[0].reshape((60000,) + input_shape)", "", "    model.compile(loss='categorical_crossentropy',",
    "                  optimizer='sgd')", "    model.fit(x_train, y_train,", "              epochs=9)",
    "(x_train, y_train), (x_test, y_test) = mnist.load_data()", "x_train_lt5 = x_train[y_train < 5]",
    "feature_layers = [", "    Conv2D(filters, kernel_size,", "           padding='valid', # no border",
    "           input_shape=input_shape),", "    Activation('relu'),", "    MaxPooling2D(pool_size=(2, 2)),", "    Flatten(),",
    "]", "classification_layers = [Dense(8), Activation('relu'), Dense(num_classes), Activation('softmax')]",
    "model = Sequential(feature_layers + classification_layers)", "epochs = 1", "for l in feature_layers:",
    "    l.trainable = False", "    # behind it", "model2 = Sequential(feature_layers + classification_layers)", NULL};

START_TEST(python__notebook__does_the_activity)
{
	for (const char *const *line = cells; *line != NULL; line++)
		ck_assert_msg(capture_run(&C, *line) == 0, "%s: %s", *line, C.errors);
	ck_has(C.text, "goes on with their weights"); /* the model of the same layers */
	ck_assert_str_eq(C.s->model.build, "conv2d 4 3, relu, max_pooling2d 2, flatten | dense 8, relu, dense 5, softmax");
	ck_assert(!nn_net_layer(C.s->model.net, 0)->trainable && nn_net_layer(C.s->model.net, 4)->trainable);
	ck_assert_int_eq(C.s->set.run.batch, 64);
	ck_assert_int_eq(C.s->set.epochs, 1);
	ck_assert_str_eq(C.s->set.run.optimizer->name, "adadelta"); /* the def was passed over */
	ck_assert_int_eq(capture_run(&C, "train_model(model,"), 0);
	ck_assert_int_eq(capture_run(&C, "    (x_train_lt5[:128], y_train_lt5[:128]), (x_test_lt5, y_test_lt5), num_classes)"), 0);
	ck_has(C.text, "that is: train lt5 limit=128\n");
	ck_assert_str_eq(C.s->runs.last_split.name, "lt5");
	ck_assert_int_eq(capture_run(&C, "model.fit(x[:128], y, epochs=1)"), 0); /* now it is known which digits are meant */
	ck_has(C.text, "that is: train lt5 epochs=1 limit=128\n");
}
END_TEST

START_TEST(python__arguments__are_named_where_they_mean_nothing)
{
	static const struct {
		const char *line, *said; /* NULL: nothing is left out */
	} cases[] = {
		{"model.fit(x_train_lt5, y, epochs=1, validation_split=0.1)", "note: left out: validation_split (the test "
		    "images of the split validate each epoch; `data FOLDER holdout=10` sets pictures aside for it)\n"},
		{"model.fit(x_train_lt5, y, callbacks=[a, b], epochs=n, validation_split=.1, class_weight={0: 1})",
		    "note: left out: epochs, callbacks (`stop=` and `checkpoint=` do what most are for), validation_split "
		    "(the test images of the split validate each epoch; `data FOLDER holdout=10` sets pictures aside for it), class_weight\n"},
		{"model.fit(x_train_lt5, y, 128)", "note: left out: 128\n"},
		{"model.fit(x_train_lt5, y, validation_data=(x_test_gte5, y_test_gte5))", "note: left out: validation_data (the test images of the split "
		    "validate each epoch; `data FOLDER holdout=10` sets pictures aside for it)\n"},
		{"model.fit(x_train_lt5, y, validation_data=(x_test_lt5, y_test_lt5))", NULL},
		{"train_model(model, (x_train_lt5, y), (x_test_lt5, y), num_classes)", NULL},
		{"model.evaluate(x_test_lt5[:100], y, verbose=0)", "note: left out: the choice in brackets\n"},
		{"model.evaluate(x_test_lt5, y, sample_weight=w)", "note: left out: sample_weight\n"},
		{"model.compile('adam', 'mse', metrics=['accuracy'])", "note: left out: loss (it is the categorical "
		    "crossentropy)\n"},
		{"model.compile('adam', metrics=['auc'])", "note: left out: metrics (accuracy is what is measured)\n"},
		{"model.compile(optimizer=SGD(0.1, clipnorm=1))", "note: left out: clipnorm (gradients are not clipped)\n"},
		{"model.compile(loss=keras.losses.categorical_crossentropy, optimizer='adadelta', metrics=['accuracy'])", NULL},
		{"model.predict(x_test[:5])", "note: left out: 4 more pictures; `show` has sheets\n"},
		{"np.argmax(model.predict(x_train[3:5], verbose=0), axis=1)", "note: left out: 1 more picture; `show` has sheets\n"},
		{"model.predict(x_test[7:])", "note: left out: the pictures behind it; `show` has sheets\n"},
		{"model.predict(x_test)", "note: left out: all pictures but one; `show` has sheets\n"},
		{"model.predict(x_test[:1])", NULL}, {"model.predict(x_test[7:8])", NULL}, {"model.predict(x_test[7])", NULL},
		{"model.predict(img)", NULL},
		{"model.summary(line_length=100)", NULL}, {"model.summary(layer_range=['a', 'b'])", "note: left out: layer_range\n"},
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct err e = {0};
		char *ours;

		capture_clear(&C);
		ck_assert_int_eq(python_line(C.s, cases[i].line, &ours, &e), 1);
		free(ours);
		ck_assert_str_eq(C.text, cases[i].said != NULL ? cases[i].said : "");
	}
}
END_TEST

/* Keras makes a new optimizer each time; what was set for another kind explodes in it. */
START_TEST(python__compile__begins_with_defaults_of_the_optimizer)
{
	static const struct {
		const char *set, *line, *ours;
	} cases[] = {
		{"set optimizer sgd; set lr 0.5", "model.compile(optimizer='adam')", "compile optimizer=adam lr=0.001"},
		{"set optimizer sgd; set lr 0.5; set epsilon 0.1", "model.compile('adam')", "compile optimizer=adam lr=0.001 epsilon=1e-07"},
		{"set optimizer sgd; set lr 0.5", "model.compile(Adam(beta_1=0.8))", "compile optimizer=adam beta_1=0.8 lr=0.001"},
		{"set optimizer sgd; set lr 0.5; set momentum 0.9", "model.compile(SGD(0.1))", "compile optimizer=sgd lr=0.1 momentum=0.0"},
		{"set optimizer sgd; set lr 0.5; set momentum 0.9", "model.compile('sgd')", "compile optimizer=sgd"},
		{"set optimizer sgd; set lr 0.5", "model.compile(SGD(momentum=0.9))", "compile optimizer=sgd momentum=0.9 lr=0.01"},
		{"set optimizer sgd", "model.compile(SGD())", "compile optimizer=sgd"},
		{"set lr 0.001", "model.compile(optimizer='adadelta')", "compile optimizer=adadelta"}, /* as the notebook has it */
		{"set momentum 0.9", "model.compile(optimizer='adam')", "compile optimizer=adam"}, /* which has none */
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct err e = {0};
		char *ours;

		settings_default(&C.s->set);
		ck_assert_int_eq(capture_run(&C, cases[i].set), 0);
		ck_assert_int_eq(python_line(C.s, cases[i].line, &ours, &e), 1);
		ck_assert_str_eq(ours, cases[i].ours);
		free(ours);
	}
}
END_TEST

START_TEST(python__whole_data__is_all_or_the_split_last_trained)
{
	ck_assert_int_eq(capture_run(&C, "build \"flatten | dense 5, softmax\"; train lt5 epochs=1 limit=64"), 0);
	ck_assert_int_eq(capture_run(&C, "model.fit(x_train, y_train, epochs=1, batch_size=30000)"), 0);
	ck_has(C.text, "note: no digits are named, as x_train_lt5 names them: lt5, the split last trained\nthat is: train "
	    "lt5 epochs=1 batch=30000\n");
	ck_assert_int_eq(capture_run(&C, "model.evaluate(x_test, y_test)"), 0);
	ck_has(C.text, "that is: eval lt5\n");
	ck_assert_int_eq(capture_run(&C, "build \"flatten | dense 10, softmax\""), 0);
	ck_assert_int_eq(capture_run(&C, "model.fit(x_train[:64], y_train[:64], epochs=1)"), 0);
	ck_has(C.text, "that is: train all epochs=1 limit=64\n");
	ck_assert_ptr_null(strstr(C.text, "note: no digits"));
}
END_TEST

START_TEST(python__garbage__does_no_harm)
{
	static const char signs[] = "()[]{}'\"=.,:;# \t-+*/@%!a1_lt5for in model.fit";
	char line[40];
	unsigned seed = 1;

	for (int i = 0; i < 20000; i++) {
		struct err e = {0};
		char *ours;
		size_t n = 0;

		while (n < sizeof line - 1 && (seed = seed * 1103515245 + 12345) % 17 != 0)
			line[n++] = signs[(seed >> 16) % (sizeof signs - 1)];
		line[n] = '\0';
		python_line(C.s, line, &ours, &e);
		free(ours);
	}
	for (int i = 0; i < 20000; i++) {
		static const char *const words[] = {"for i in ", "for l in ", "range(", "len(", "model.layers", "[", "]", "(", ")", "i",
		    "l", "7", "-1", " + ", "-", "*", "//", "/", ":", ":", ", ", ".trainable", " = ", "False", "first", "first = ",
		    "enumerate(", "reversed(", " for ", "setattr(", "'trainable'", "    ", "", "999999", "feature_layers", "# "};
		struct str text = {0};
		struct err e = {0};
		char *ours;

		do
			str_add(&text, "%s", words[((seed = seed * 1103515245 + 12345) >> 16) % (sizeof words / sizeof *words)]);
		while ((seed >> 8) % 13 != 0);
		python_line(C.s, text.s, &ours, &e);
		free(ours);
		free(text.s);
	}
	for (int i = 0; i < 3000; i++) /* a bracket that never closes is let go of in the end */
		capture_run(&C, "x = [1234567890, 1234567890, 1234567890,");
	ck_assert(C.s->user.notebook.open == NULL || strlen(C.s->user.notebook.open) < 70000);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("python");
	TCase *t = tcase_create("all");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, python__line__means_a_command, 0, sizeof lines / sizeof lines[0]);
	tcase_add_test(t, python__line__runs_and_is_shown);
	tcase_add_test(t, python__line__goes_on_while_a_bracket_is_open);
	tcase_add_test(t, python__line__ends_at_an_empty_one);
	tcase_add_test(t, python__loop__of_several_lines_means_its_layers);
	tcase_add_test(t, python__name__stands_for_layers_it_was_assigned);
	tcase_add_test(t, python__notebook__does_the_activity);
	tcase_add_test(t, python__arguments__are_named_where_they_mean_nothing);
	tcase_add_test(t, python__compile__begins_with_defaults_of_the_optimizer);
	tcase_add_test(t, python__whole_data__is_all_or_the_split_last_trained);
	tcase_add_test(t, python__garbage__does_no_harm);
	suite_add_tcase(suite, t);
	return run_suite(suite);
}
