"""keras_peer.py MODEL DIR EPOCHS: one of models.py in Keras (any backend; tensorflow unless KERAS_BACKEND says otherwise).
Prints the seconds of its epochs as a JSON object; of the activity, those with frozen features, too."""
import json, os, sys, time
os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import keras, models
from keras import layers as L

name, dir, epochs = sys.argv[1], sys.argv[2], int(sys.argv[3])
split, limit, text = models.MODELS[name]
make = {"conv2d": lambda f, k, padding="valid": L.Conv2D(int(f), int(k), padding=padding), "relu": lambda: L.Activation("relu"), "softmax": lambda: L.Activation("softmax"),
        "tanh": lambda: L.Activation("tanh"), "zero_padding2d": lambda p: L.ZeroPadding2D(int(p)),
        "average_pooling2d": lambda p: L.AveragePooling2D(int(p)), "max_pooling2d": lambda p: L.MaxPooling2D(int(p)),
        "batch_normalization": L.BatchNormalization, "dropout": L.Dropout, "flatten": L.Flatten, "dense": lambda u: L.Dense(int(u))}
keras.utils.set_random_seed(1)
net = [make[kind](*args) for kind, *args in models.layers(text)]
model = None

class Clock(keras.callbacks.Callback):
    def on_epoch_begin(self, epoch, logs=None):
        self.began = time.perf_counter()
    def on_epoch_end(self, epoch, logs=None):
        seconds.append(time.perf_counter() - self.began)

def train(split):
    global model, seconds
    (x, y), (tx, ty) = models.read(dir, "train", split, limit), models.read(dir, "t10k", split)
    model = model or keras.Sequential([keras.Input(x.shape[1:])] + net)
    model.compile(loss="categorical_crossentropy", optimizer=keras.optimizers.Adadelta(learning_rate=1.0), metrics=["accuracy"])
    classes, seconds = model.output_shape[-1], []
    h = model.fit(x, keras.utils.to_categorical(y, classes), batch_size=128, epochs=epochs, verbose=0,
                  validation_data=(tx, keras.utils.to_categorical(ty, classes)), callbacks=[Clock()])
    return {"epochs": seconds, "val_accuracy": h.history["val_accuracy"][-1]}

out = {"peer": "keras %s, %s" % (keras.__version__, keras.backend.backend()), "full": train(split)}
if name == "activity":
    for layer in net[:models.FEATURES]:
        layer.trainable = False
    out["frozen"] = train("lt5")
print(json.dumps(out))
