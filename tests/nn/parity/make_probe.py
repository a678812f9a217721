#!/usr/bin/env python3
"""make_probe.py: what scikit-learn's readers tell from each layer's outputs, which Keras computes in double precision.

The weights are those of gte5-10.safetensors beside this file, as float32. The readers learn from 1,000 training images of gte5, spread
evenly in file order (number i is image i * all // 1000 of them), and read all its test images. probe.json holds for each layer from the
pool on, and for the pixels as "input": lambda (0.01 times the mean squared length of the training outputs, their mean taken out), the test images that
Ridge (to one-hot labels) and KNeighborsClassifier(15) tell right, by how much the two largest scores of Ridge differ at least, and how
many images the neighbours decide by less than 1e-5 of a distance or by a draw of votes ("close").
Needs: keras, tensorflow-cpu, numpy, safetensors, scikit-learn (PyPI). Usage: make_probe.py OUTDIR
"""
import gzip, json, os, sys
os.environ["KERAS_BACKEND"] = "tensorflow"; os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import numpy as np, keras, sklearn
from keras import layers as L
from safetensors.numpy import load_file
from sklearn.linear_model import Ridge
from sklearn.neighbors import KNeighborsClassifier

TRAIN, NEAR, RIDGE, BATCH = 1000, 15, 0.01, 500
HERE = os.path.dirname(os.path.abspath(__file__))
MNIST = os.environ.get("MNIST", os.path.join(HERE, "..", "..", "..", "assets", "mnist"))
keras.config.set_floatx("float64")

def gte5(part):
    """Images and units of that part."""
    read = lambda name, offset: np.frombuffer(gzip.open(os.path.join(MNIST, name)).read(), np.uint8, offset=offset)
    y = read(part + "-labels-idx1-ubyte.gz", 8)
    return read(part + "-images-idx3-ubyte.gz", 16).reshape(-1, 28, 28, 1)[y >= 5], y[y >= 5].astype(int) - 5

x, y = gte5("train")
pick = np.arange(TRAIN) * len(x) // TRAIN
x, y = x[pick] / 255.0, y[pick]
q, label = gte5("t10k")
m = keras.Sequential([keras.Input((28, 28, 1)), L.Conv2D(32, 3), L.Activation("relu"), L.Conv2D(32, 3), L.Activation("relu"),
    L.MaxPooling2D(2), L.Flatten(), L.Dense(128), L.Activation("relu"), L.Dense(5), L.Activation("softmax")])
w = load_file(os.path.join(HERE, "gte5-10.safetensors"))
m.set_weights([w[f"after 10 steps/{l}.{k}"] for l in ("conv2d", "conv2d_1", "dense", "dense_1") for k in ("kernel", "bias")])
names = ("max_pooling2d", "flatten", "dense", "activation_2", "dense_1", "activation_3")

def reading(f, g):
    """Of what they learn from and of what they read: [n, size] each."""
    alpha = RIDGE * ((f - f.mean(0)) ** 2).sum() / TRAIN
    scores = Ridge(alpha=alpha, solver="cholesky").fit(f, np.eye(5)[y]).predict(g)
    top = np.sort(scores, 1)
    near = KNeighborsClassifier(NEAR, algorithm="brute").fit(f, y)
    knn = close = 0
    for i in range(0, len(g), BATCH):
        far, which = near.kneighbors(g[i:i + BATCH], NEAR + 1)
        votes = np.array([np.bincount(y[row[:NEAR]], minlength=5) for row in which])
        knn += int((votes.argmax(1) == label[i:i + BATCH]).sum()) # as its predict: of a draw the first class
        order = np.sort(votes, 1)
        close += int(((far[:, -1] - far[:, -2] < 1e-5 * far[:, -1]) | (order[:, -1] == order[:, -2])).sum())
    return {"lambda": float(alpha), "linear": int((scores.argmax(1) == label).sum()), "knn": knn,
        "margin": float((top[:, -1] - top[:, -2]).min()), "close": close}

def through(layers, images):
    out = []
    for i in range(0, len(images), BATCH):
        at = images[i:i + BATCH]
        for layer in layers:
            at = layer(at)
        out.append(np.asarray(at))
    return np.concatenate(out)

out = {"keras": keras.__version__, "scikit-learn": sklearn.__version__, "n": len(q), "train": TRAIN}
q = q / 255.0
out["input"] = reading(x.reshape(len(x), -1), q.reshape(len(q), -1))
x, q = through(m.layers[:4], x), through(m.layers[:4], q)
for name, layer in zip(names, m.layers[4:]):
    x, q = through([layer], x), through([layer], q)
    out[name] = reading(x.reshape(len(x), -1), q.reshape(len(q), -1))
    print(name, out[name], flush=True)
with open(os.path.join(sys.argv[1], "probe.json"), "w") as f:
    f.write(json.dumps(out).replace('}, "', '},\n "') + "\n")
