"""make.py: makes the files of this folder: models as several versions of Keras save them, what Keras says of four test images, and HDF5 files that lie.

    python3 -m venv venv && venv/bin/pip install keras tensorflow-cpu h5py
    venv/bin/python make.py 3.15                                               with the Keras that is there
    PYTHONPATH=FOLDER venv/bin/python make.py NAME                             with another one, that pip has put there (--target FOLDER)
    PYTHONPATH=FOLDER venv/bin/python make.py 2                                with tf_keras
    venv/bin/python make.py hostile                                            wants h5py alone
    venv/bin/python make.py unbiased                                           layers without a bias
    venv/bin/python make.py state                                              optimizers in the midst of their work, and where they get to

Made with Keras 3.0.5, 3.6.0 and 3.15.1, tf_keras 2.21.0, h5py 3.14.0. Archives are packed again by deflate, but for that of 3.15, so
that they take little room.
"""
import gzip
import io
import json
import os
import struct
import sys
import zipfile

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
DATA = os.path.join(HERE, "../../../assets/mnist")


def pictures(count):
    with gzip.open(os.path.join(DATA, "t10k-images-idx3-ubyte.gz")) as f:
        raw = f.read(16 + 784 * count)
    return np.frombuffer(raw, np.uint8, -1, 16).reshape(count, 28, 28, 1).astype("float32") / 255


def expect(name, probabilities):
    path = os.path.join(HERE, "expected.json")
    said = json.load(open(path)) if os.path.exists(path) else {}
    said[name] = [[float(v) for v in row] for row in probabilities]
    with open(path, "w") as f:
        f.write("{\n" + ",\n".join(f"{json.dumps(k)}: {json.dumps(said[k])}" for k in sorted(said)) + "\n}\n")


def pack(name):
    """The same archive with its members packed, and no dates."""
    with zipfile.ZipFile(name) as z:
        members = [(m.filename, z.read(m)) for m in z.infolist()]
    with zipfile.ZipFile(name, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as z:
        for member, data in members:
            z.writestr(zipfile.ZipInfo(member), data, zipfile.ZIP_DEFLATED)


def models(version):
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    if version == "2":
        import tf_keras as keras
    else:
        import keras
    layers = keras.layers
    keras.utils.set_random_seed(7)
    net = keras.Sequential([
        layers.InputLayer(input_shape=(28, 28, 1)) if version == "2" else keras.Input((28, 28, 1)),
        layers.Conv2D(2, 3, strides=2, padding="same", activation="relu"), layers.BatchNormalization(), layers.MaxPooling2D(2), layers.Dropout(0.3),
        layers.Flatten(), layers.Dense(3, activation="tanh", kernel_regularizer=keras.regularizers.L2(0.01)), layers.Dense(5), layers.Activation("softmax")])
    net.compile(optimizer=keras.optimizers.Adadelta(learning_rate=0.5, rho=0.9), loss="categorical_crossentropy", metrics=["accuracy"])
    rng = np.random.default_rng(3)
    x, y = rng.random((64, 28, 28, 1), dtype=np.float32), np.eye(5)[rng.integers(0, 5, 64)]
    net.fit(x, y, verbose=0, batch_size=16)
    for layer in net.layers[:2]: # frozen with statistics that have moved
        layer.trainable = False
    net.compile(optimizer=keras.optimizers.Adadelta(learning_rate=0.5, rho=0.9), loss="categorical_crossentropy", metrics=["accuracy"])
    net.fit(x, y, verbose=0, batch_size=16)
    expect(f"keras-{version}", net.predict(pictures(4), verbose=0))
    name = f"keras-{version}.keras"
    net.save(name)
    if version == "2":
        net.save("keras-2.h5")
    if version != "3.15":
        pack(name)
        return
    net.save_weights("keras-3.15.weights.h5")
    base = keras.Sequential([keras.Input((28, 28, 1)), layers.Conv2D(2, 5, name="first"), layers.ReLU(), layers.Conv2D(3, 5, name="second"), layers.LeakyReLU(
        negative_slope=0.2), layers.AveragePooling2D(4)], name="base")
    base.trainable = False
    picture = keras.Input((28, 28, 1))
    h = layers.Dense(4, activation="elu", name="inner")(layers.Flatten()(base(picture)))
    graph = keras.Model(picture, layers.Dense(3, name="logits")(h))
    graph.compile("adam", keras.losses.CategoricalCrossentropy(from_logits=True))
    graph.save("graph.keras")
    pack("graph.keras")
    logits = graph.predict(pictures(4), verbose=0).astype("float64")
    expect("graph", np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True))
    line = keras.Sequential([keras.Input((784,)), layers.Dense(2, activation="sigmoid"), layers.Dense(2, activation="softmax")])
    line.save("line.keras")
    pack("line.keras")
    expect("line", line.predict(pictures(4).reshape(4, 784), verbose=0))
    halves = [keras.Sequential([keras.Input(shape), layers.Conv2D(1, 3, name="eye"), layers.MaxPooling2D(2, name="pool")], name=name)
              for name, shape in (("near", (28, 28, 1)), ("far", (13, 13, 1)))] # a layer of the same name and shape in each
    twice = keras.Sequential([keras.Input((28, 28, 1)), *halves, layers.Flatten(), layers.Dense(2, activation="softmax", name="eye")])
    twice.save("twice.h5")
    expect("twice", twice.predict(pictures(4), verbose=0))
    for name, more in {"code": layers.Lambda(lambda v: v * 2), "branches": None, "unknown": layers.PReLU()}.items():
        if name == "branches":
            h = layers.Conv2D(1, 3, padding="same")(picture)
            bad = keras.Model(picture, layers.Dense(2, activation="softmax")(layers.Flatten()(layers.Add()([h, picture]))))
        else:
            bad = keras.Sequential([keras.Input((28, 28, 1)), layers.Conv2D(2, 3), more, layers.Flatten(), layers.Dense(2, activation="softmax")])
        bad.save(f"{name}.keras")
        pack(f"{name}.keras")


def unbiased():
    """Layers without a bias, and an optimizer in the midst of its work."""
    import keras
    layers = keras.layers
    keras.utils.set_random_seed(7)
    net = keras.Sequential([keras.Input((28, 28, 1)), layers.Conv2D(2, 3, strides=3, use_bias=False), layers.BatchNormalization(), layers.ReLU(),
                            layers.MaxPooling2D(3), layers.Flatten(), layers.Dense(3, use_bias=False), layers.Dense(5, activation="softmax")])
    net.compile(keras.optimizers.Adam(0.01), "categorical_crossentropy")
    x = pictures(64)
    net.fit(x, np.eye(5)[np.arange(64) % 5], batch_size=32, epochs=2, verbose=0)
    net.save("unbiased.keras")
    pack("unbiased.keras")
    expect("unbiased", net.predict(x[:4], verbose=0))


def state():
    """Models behind five steps, and their weights behind five more, of the model that was loaded again."""
    import keras
    layers = keras.layers
    with gzip.open(os.path.join(DATA, "train-images-idx3-ubyte.gz")) as f:
        x = np.frombuffer(f.read(), np.uint8, -1, 16).reshape(-1, 28, 28, 1)
    with gzip.open(os.path.join(DATA, "train-labels-idx1-ubyte.gz")) as f:
        y = np.frombuffer(f.read(), np.uint8, -1, 8)
    x, y = x[y < 5][:80] / np.float32(255), np.eye(5, dtype="float32")[y[y < 5][:80]]
    said = {}
    for name, optimizer in (("sgd", keras.optimizers.SGD(0.05, momentum=0.9)), ("adam", keras.optimizers.Adam(0.01)), ("adadelta", keras.optimizers.Adadelta(1.0))):
        keras.utils.clear_session()
        keras.utils.set_random_seed(7)
        net = keras.Sequential([keras.Input((28, 28, 1)), layers.Conv2D(2, 5, strides=2, activation="relu"), layers.MaxPooling2D(4), layers.Flatten(),
                                layers.Dense(5, activation="softmax")])
        net.layers[0].trainable = name != "adadelta"
        net.compile(optimizer=optimizer, loss="categorical_crossentropy")
        net.fit(x, y, batch_size=16, shuffle=False, verbose=0)
        net.save(f"state-{name}.keras")
        net = keras.saving.load_model(f"state-{name}.keras")
        net.fit(x, y, batch_size=16, shuffle=False, verbose=0)
        said[name] = [[float(f"{v:.9g}") for v in np.asarray(w).ravel()] for w in net.get_weights()]
        pack(f"state-{name}.keras")
    with open("state.json", "w") as f:
        f.write("{\n" + ",\n".join(f"{json.dumps(k)}: {json.dumps(v)}" for k, v in said.items()) + "\n}\n")


def hostile():
    """HDF5 files that lie, in one archive."""
    import h5py
    from h5py import h5d, h5p, h5s, h5t
    out = {}

    def file(name, fill, **how):
        memory = io.BytesIO()
        with h5py.File(memory, "w", **how) as f:
            v = f.create_group("layers/conv2d/vars")
            v["1"] = np.zeros(2, "float32")
            fill(f, v)
        out[name] = memory.getvalue()

    def put(f, v, key, value):
        v[key] = value

    def deep(f, v):
        for _ in range(100):
            v = v.create_group("g")

    def many(f, v):
        for i in range(300): # each name of it again, each again ...
            v.create_group(f"{i:03}")

    def low(f, v, shape, layout=h5d.CONTIGUOUS, external=None, deflate=False):
        plist = h5p.create(h5p.DATASET_CREATE)
        plist.set_layout(layout)
        if layout == h5d.CHUNKED:
            plist.set_chunk(tuple(min(n, 1 << 10) for n in shape))
        if deflate:
            plist.set_deflate(9)
        if external:
            plist.set_external(*external)
        h5d.create(v.id, b"0", h5t.IEEE_F32LE, h5s.create_simple(shape), plist)

    file("external-link", lambda f, v: put(f, v, "0", h5py.ExternalLink("/etc/passwd", "/x")))
    file("soft-loop", lambda f, v: put(f, v, "0", h5py.SoftLink("/layers/conv2d")))
    file("soft-nowhere", lambda f, v: put(f, v, "0", h5py.SoftLink("/nowhere")))
    file("hard-loop", lambda f, v: put(f, v, "0", f["layers"]))
    file("twice", lambda f, v: put(f, v, "0", v["1"]))
    file("deep", deep)
    file("unstored", lambda f, v: low(f, v, (1 << 30, 1 << 20)))
    file("unstored-chunks", lambda f, v: low(f, v, (1 << 30, 1 << 20), h5d.CHUNKED, deflate=True))
    file("external-values", lambda f, v: low(f, v, (25, 2), external=(b"/etc/passwd", 0, 200)))
    file("compound", lambda f, v: put(f, v, "0", np.zeros(3, [("a", "f4"), ("b", "i4")])))
    file("strings", lambda f, v: put(f, v, "0", np.array([b"a", b"bc"])))
    file("doubles", lambda f, v: put(f, v, "0", np.zeros((5, 5, 1, 2))))
    file("float16", lambda f, v: put(f, v, "0", np.ones((5, 5, 1, 2), "float16")))
    file("bfloat16", lambda f, v: v.create_dataset("0", data=np.full((5, 5, 1, 2), b"\x80\x3f", "V2")).attrs.update(dtype="bfloat16")) # as Keras
    file("transposed", lambda f, v: put(f, v, "0", np.zeros((2, 1, 5, 5), "float32")))
    file("packed", lambda f, v: v.create_dataset("0", data=np.ones((5, 5, 1, 2), "float32"), compression="gzip", shuffle=True, fletcher32=True))
    file("lzf", lambda f, v: v.create_dataset("0", data=np.ones((5, 5, 1, 2), "float32"), compression="lzf"))
    file("big-endian", lambda f, v: put(f, v, "0", np.full((5, 5, 1, 2), 2, ">f4")))
    file("not-finite", lambda f, v: put(f, v, "0", np.full((5, 5, 1, 2), np.nan, "float32")))
    file("no-shape", lambda f, v: put(f, v, "0", h5py.Empty("f4")))
    file("attributes", lambda f, v: f.attrs.update({"model_config": "[" * 100000, "layer_names": np.array([b"\xff\xfe", b"../.."]), "n": 3}))
    file("odd-name", lambda f, v: put(f, v, "\x1b[31m\n\u202e", np.zeros(2, "float32")))
    file("newest", lambda f, v: put(f, v, "0", np.ones((5, 5, 1, 2), "float32")), libver="latest")
    layout = h5py.VirtualLayout((5, 5, 1, 2), "float32")
    layout[:] = h5py.VirtualSource("/etc/passwd", "x", (5, 5, 1, 2))
    file("virtual", lambda f, v: f.create_virtual_dataset("layers/conv2d/vars/0", layout), libver=("v110", "v110"))
    file("plain", lambda f, v: put(f, v, "0", np.ones((5, 5, 1, 2), "float32")))
    whole = out["plain"]
    out["cut"] = whole[:len(whole) // 2]
    out["empty"] = b""
    out["none"] = b"no HDF5 at all\n" * 40
    at = whole.index(struct.pack("<6Q", 5, 5, 1, 2, 5, 5)) # the sizes, and how large they may grow
    out["huge"] = whole[:at] + struct.pack("<Q", 1 << 61) + whole[at + 8:]
    out["larger"] = whole[:at] + struct.pack("<Q", 5 << 20) + whole[at + 8:]
    with zipfile.ZipFile("hostile.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=9) as z:
        for name, data in out.items():
            z.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)


os.chdir(HERE)
if sys.argv[1] == "hostile":
    hostile()
elif sys.argv[1] == "unbiased":
    unbiased()
elif sys.argv[1] == "state":
    state()
else:
    models(sys.argv[1])
