#!/usr/bin/env python3
"""make_layers.py: parity data for layers beyond the activity's, by Keras 3.15.1 on TensorFlow 2.21 in double precision.

Writes layers.json and layers.safetensors.

Pictures of 11x10x2: byte i of all is (i * i * 7 + i * 13 + i // 8) % 251; label k % 3. Weights: value i of tensor t of the model
(in Keras' order) follows from s = sin(0.7 i + t): kernel s sqrt(3 / fan in), bias and beta 0.1 s, gamma 1 + 0.3 s, moving mean 0.2 s,
moving variance 1 + 0.5 s^2. SGD 0.05 with momentum 0.9, batches of 20 of the 40 pictures in file order, 8 steps.

    KERAS_BACKEND=tensorflow venv/bin/python make_layers.py
"""
import json
import keras
import numpy as np
import tensorflow as tf
from keras import layers as L
from safetensors.numpy import save_file

keras.backend.set_floatx("float64")
H, W, C, N, BATCH, STEPS = 11, 10, 2, 40, 20, 8
i = np.arange(N * H * W * C, dtype=np.int64)
X = ((i * i * 7 + i * 13 + i // 8) % 251).reshape(N, H, W, C) / 255.0
Y = np.eye(3)[np.arange(N) % 3]
act = L.Activation
l2 = keras.regularizers.L2
NETS = {
    "functions": lambda: [L.Conv2D(4, 3, activation="tanh"), L.Conv2D(4, 3, activation="leaky_relu"), L.Flatten(),
                          L.Dense(6, activation="sigmoid"), L.Dense(5, activation="elu"), act("softmax"), L.Dense(4), act("elu"),
                          L.Dense(3, activation="softmax")],
    "same": lambda: [L.Conv2D(4, 3, strides=2, padding="same", activation="relu"), L.Conv2D(5, 4, padding="same", activation="tanh"),
                     L.MaxPooling2D(3, strides=2, padding="same"), L.AveragePooling2D(2, padding="same"), L.Flatten(),
                     L.Dense(3, activation="softmax")],
    "windows": lambda: [L.ZeroPadding2D(2), L.Conv2D(6, 3, strides=3), L.MaxPooling2D(2, strides=1), L.AveragePooling2D(2, strides=1),
                        L.GlobalAveragePooling2D(), L.Rescaling(2, offset=-0.5), L.Dense(3, activation="softmax")],
    "norm": lambda: [L.BatchNormalization(), L.Conv2D(4, 3), L.BatchNormalization(), act("relu"), L.Flatten(), L.Dense(6),
                     L.BatchNormalization(momentum=0.9, epsilon=0.01), act("tanh"), L.Dense(3, activation="softmax")],
    "frozen": lambda: [L.Conv2D(4, 3, activation="relu"), L.BatchNormalization(trainable=False), L.Flatten(),
                       L.Dense(3, activation="softmax")],
    "leaky": lambda: [L.Conv2D(4, 3), L.LeakyReLU(0.05), L.Flatten(), L.Dense(6), L.LeakyReLU(), L.LeakyReLU(0.7),
                      L.Dense(3, activation="softmax")],
    "l2": lambda: [L.Conv2D(3, 3, activation="relu", kernel_regularizer=l2(0.01)), L.Flatten(),
                   L.Dense(4, kernel_regularizer=l2(0.03), trainable=False), L.Dense(3, activation="softmax", kernel_regularizer=l2(0.02))],
}


def formula(name, shape, t):
    s = np.sin(0.7 * np.arange(np.prod(shape)) + t).reshape(shape)
    return {"kernel": lambda: s * np.sqrt(3 / np.prod(shape[:-1])), "bias": lambda: 0.1 * s, "beta": lambda: 0.1 * s,
            "gamma": lambda: 1 + 0.3 * s, "moving_mean": lambda: 0.2 * s, "moving_variance": lambda: 1 + 0.5 * s * s}[name]()


out, tensors = {}, {}
for name, make in NETS.items():
    keras.backend.clear_session()
    m = keras.Sequential([keras.Input((H, W, C))] + make(), name="sequential")
    # Keras has trainable weights first in model.weights; the layers' own order is that of the file
    t = 0
    for layer in m.layers:
        if not layer.weights:
            continue
        order = ["gamma", "beta", "moving_mean", "moving_variance"] if "batch" in layer.name else ["kernel", "bias"]
        by = {w.name: w for w in layer.weights}
        for key in order:
            by[key].assign(formula(key, by[key].shape, t))
            t += 1
    opt = keras.optimizers.SGD(0.05, momentum=0.9)
    losses = []
    first = m(X[:2], training=False).numpy()
    for step in range(STEPS):
        at = step * BATCH % N
        with tf.GradientTape() as tape:
            p = m(X[at:at + BATCH], training=True)
            loss = tf.reduce_mean(-tf.math.log(tf.reduce_sum(p * Y[at:at + BATCH], 1))) + sum(m.losses)
        opt.apply_gradients(zip(tape.gradient(loss, m.trainable_variables), m.trainable_variables))
        losses.append(float(loss))
    m.compile(loss="categorical_crossentropy")
    p = m(X, training=False).numpy()
    evaluated = float(np.mean(-np.log((p * Y).sum(1))) + float(sum(m.losses)))
    assert abs(m.evaluate(X, Y, verbose=0) - evaluated) < 1e-9
    out[name] = {"first": first.reshape(-1).tolist(), "losses": losses, "loss": evaluated, "params": m.count_params(),
                 "names": [l.name for l in m.layers], "shapes": [list(l.output.shape[1:]) for l in m.layers]}
    for layer in m.layers:
        for w in layer.weights:
            tensors[f"{name}/{layer.name}.{w.name}"] = np.ascontiguousarray(w.numpy(), dtype=np.float32)
json.dump(out, open("layers.json", "w"), indent=1)
save_file(tensors, "layers.safetensors")
