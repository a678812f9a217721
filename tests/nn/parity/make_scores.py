#!/usr/bin/env python3
"""make_scores.py: what scikit-learn says of predictions, and the predictions themselves, by Keras in double precision.

scores.json has two parts. "gte5": the weights of gte5-10.safetensors beside this file, as float32, on all gte5 test images in file
order; the probabilities of the first 20 of them, the confusion matrix, precision, recall, F1 and support of each digit, log loss and
accuracy; "margin" is by how much the largest probability leads at least. "made up": 400 labels 0-4 and probabilities of 7 units from
a fixed generator, among them ties (the first of equals is predicted), a label that is never predicted, and units that are no label.
Needs: keras, tensorflow-cpu, numpy, safetensors, scikit-learn (PyPI). Usage: make_scores.py OUTDIR
"""
import gzip, json, os, sys
os.environ["KERAS_BACKEND"] = "tensorflow"; os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import numpy as np, keras, sklearn
from keras import layers as L
from safetensors.numpy import load_file
from sklearn.metrics import accuracy_score, confusion_matrix, log_loss, precision_recall_fscore_support

HERE = os.path.dirname(os.path.abspath(__file__))
MNIST = os.environ.get("MNIST", os.path.join(HERE, "..", "..", "..", "assets", "mnist"))
keras.config.set_floatx("float64")

def idx(name, offset):
    return np.frombuffer(gzip.open(os.path.join(MNIST, name)).read(), np.uint8, offset=offset)

def scores(y, p, labels):
    """Of the labels alone: what is predicted beyond them counts as a miss."""
    best = p.argmax(1)
    each = precision_recall_fscore_support(y, best, labels=labels, zero_division=0)
    return {"confusion": confusion_matrix(y, best, labels=range(p.shape[1]))[:len(labels)].tolist(), "accuracy": accuracy_score(y, best),
        **{k: v.tolist() for k, v in zip(("precision", "recall", "f1", "support"), each)}}

y = idx("t10k-labels-idx1-ubyte.gz", 8)
x = idx("t10k-images-idx3-ubyte.gz", 16).reshape(-1, 28, 28, 1)[y >= 5] / 255.0
y = y[y >= 5].astype(int) - 5
m = keras.Sequential([keras.Input((28, 28, 1)), L.Conv2D(32, 3), L.Activation("relu"), L.Conv2D(32, 3), L.Activation("relu"),
    L.MaxPooling2D(2), L.Flatten(), L.Dense(128), L.Activation("relu"), L.Dense(5), L.Activation("softmax")])
w = load_file(os.path.join(HERE, "gte5-10.safetensors"))
m.set_weights([w[f"after 10 steps/{l}.{k}"] for l in ("conv2d", "conv2d_1", "dense", "dense_1") for k in ("kernel", "bias")])
p = m.predict(x, batch_size=500, verbose=0)
top = np.sort(p, 1)
out = {"keras": keras.__version__, "scikit-learn": sklearn.__version__, "gte5": {"log_loss": log_loss(y, p, labels=range(5)),
    "margin": float((top[:, -1] - top[:, -2]).min()), "probabilities": p[:20].tolist(), **scores(y, p, range(5))}}

dice = np.random.Generator(np.random.PCG64(7))
y = np.concatenate([np.arange(5), dice.integers(0, 5, 395)])
p = dice.integers(0, 9, (400, 7)).astype(float)
p[np.arange(400), y] += dice.integers(0, 4, 400)
p[:, 3] = 0 # is never predicted
p[p.sum(1) == 0, 0] = 1
out["made up"] = {"labels": y.tolist(), "weights": p.astype(int).tolist(), **scores(y, p, range(5))}
with open(os.path.join(sys.argv[1], "scores.json"), "w") as f:
    f.write(json.dumps(out).replace('], "', '],\n "') + "\n")
