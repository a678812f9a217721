#!/usr/bin/env python3
"""make_saliency.py: which pixels matter to the activity's network, computed by Keras in double precision.

The weights are those of gte5-10.safetensors beside this file, as float32. IMAGES are numbers of test images, UNITS the output
units that are asked about. For image i and unit u, saliency.safetensors holds under "test:i unit u/":

    logit              gradient of the unit's logit (before softmax) by the image [28,28]
    probability        the same of its probability
    gradcam            sum over the channels of activation_1 of (mean over places of the logit's gradient) x activation, without
                       the paper's ReLU [24,24]
    gradcam 28x28      that, by tf.image.resize (bilinear)
    occlude 5          the fall of the probability where a black square of side 5, cut at the rims, is centred on each pixel [28,28]

and under "test:i/" the probabilities [5]. "test:I unit U/activation_1" is, for the first image and unit, the logit's gradient by
activation_1 [24,24,32].
Needs: keras, tensorflow-cpu, numpy, safetensors (PyPI). Usage: make_saliency.py OUTDIR
"""
import gzip, os, sys
os.environ["KERAS_BACKEND"] = "tensorflow"; os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import numpy as np, tensorflow as tf, keras
from keras import layers as L
from safetensors.numpy import load_file, save_file

IMAGES, UNITS = (0, 7), (2, 4)
SIDE = 5
HERE = os.path.dirname(os.path.abspath(__file__))
MNIST = os.environ.get("MNIST", os.path.join(HERE, "..", "..", "..", "assets", "mnist"))
keras.config.set_floatx("float64")

x = np.frombuffer(gzip.open(os.path.join(MNIST, "t10k-images-idx3-ubyte.gz")).read(), np.uint8, offset=16).reshape(-1, 28, 28, 1) / 255.0
m = keras.Sequential([keras.Input((28, 28, 1)), L.Conv2D(32, 3), L.Activation("relu"), L.Conv2D(32, 3), L.Activation("relu"),
    L.MaxPooling2D(2), L.Flatten(), L.Dense(128), L.Activation("relu"), L.Dense(5), L.Activation("softmax")])
w = load_file(os.path.join(HERE, "gte5-10.safetensors"))
m.set_weights([w[f"after 10 steps/{l}.{k}"] for l in ("conv2d", "conv2d_1", "dense", "dense_1") for k in ("kernel", "bias")])

def gradient(image, unit, probability=False):
    """By the image, and by activation_1 with its values."""
    with tf.GradientTape(persistent=True) as g:
        at = v = tf.constant(x[image:image + 1])
        g.watch(v)
        for i, layer in enumerate(m.layers[:None if probability else -1]):
            at = layer(at)
            if i == 3: inner = at
        score = at[0, unit]
    return g.gradient(score, v).numpy()[0, :, :, 0], g.gradient(score, inner).numpy()[0], inner.numpy()[0]

def occlude(image, unit):
    side, r = np.arange(28), SIDE // 2
    hidden = np.repeat(x[image:image + 1], 28 * 28, 0).reshape(28, 28, 28, 28)
    for a in side:
        for b in side:
            hidden[a, b, max(a - r, 0):a + r + 1, max(b - r, 0):b + r + 1] = 0
    p = m.predict(hidden.reshape(-1, 28, 28, 1), verbose=0)[:, unit]
    return m.predict(x[image:image + 1], verbose=0)[0, unit] - p.reshape(28, 28)

out = {}
for i in IMAGES:
    out[f"test:{i}/probabilities"] = m.predict(x[i:i + 1], verbose=0)[0]
    for u in UNITS:
        name = f"test:{i} unit {u}/"
        out[name + "logit"], by_inner, inner = gradient(i, u)
        out[name + "probability"] = gradient(i, u, True)[0]
        out[name + "gradcam"] = cam = (by_inner.mean((0, 1)) * inner).sum(-1)
        out[name + "gradcam 28x28"] = tf.image.resize(cam[..., None], (28, 28)).numpy()[..., 0]
        out[name + f"occlude {SIDE}"] = occlude(i, u)
        if (i, u) == (IMAGES[0], UNITS[0]): out[name + "activation_1"] = by_inner
save_file({k: np.ascontiguousarray(v, np.float32) for k, v in out.items()}, os.path.join(sys.argv[1], "saliency.safetensors"))
