"""models.py: the models on which thaw and its peers are compared, as `build` takes them, and their pictures.

Every program trains them the same way: Adadelta at 1.0, batches of 128 in a new order each epoch, validation behind each epoch."""
import gzip, os, random

HEAD = "dropout 0.25, flatten, dense 128, relu, dropout 0.5, dense %d, softmax"
FEATURES = 7 # layers of the activity that are frozen in its second part

# name: data (digits 5-9 of MNIST, or made-up pictures), training images (0: all), layers
MODELS = {
    "activity": ("gte5", 0, "conv2d 32 3, relu, conv2d 32 3, relu, max_pooling2d 2, " + HEAD % 5),
    "16 filters": ("gte5", 0, "conv2d 16 3, relu, conv2d 16 3, relu, max_pooling2d 2, " + HEAD % 5),
    "64 filters of 5x5": ("gte5", 4000, "conv2d 64 5, relu, conv2d 64 5, relu, max_pooling2d 2, " + HEAD % 5),
    "three convolutions on 32x32x3": ("pictures", 0, "conv2d 32 3, relu, conv2d 32 3, relu, max_pooling2d 2, conv2d 64 3, relu, "
                                      "max_pooling2d 2, " + HEAD % 10),
    # `build lenet5` and `build cifar`, with padding and activations as layers of their own: the same arithmetic
    "LeNet-5": ("gte5", 0, "zero_padding2d 2, conv2d 6 5, tanh, average_pooling2d 2, conv2d 16 5, tanh, average_pooling2d 2, flatten, "
                "dense 120, tanh, dense 84, tanh, dense 5, softmax"),
    "four convolutions on 32x32x3": ("pictures", 0, "zero_padding2d 1, conv2d 32 3, relu, conv2d 32 3, relu, max_pooling2d 2, dropout 0.25, "
                                     "zero_padding2d 1, conv2d 64 3, relu, conv2d 64 3, relu, max_pooling2d 2, dropout 0.25, flatten, "
                                     "dense 512, relu, dropout 0.5, dense 10, softmax"),
    "normalised, padding=same": ("pictures", 0, "conv2d 32 3 same, batch_normalization, relu, conv2d 32 3 same, batch_normalization, relu, "
                                 "average_pooling2d 2, conv2d 64 3 same, batch_normalization, relu, average_pooling2d 2, flatten, dense 128, relu, "
                                 "dropout 0.5, dense 10, softmax"),
    "dense only": ("gte5", 0, "flatten, dense 512, relu, dropout 0.2, dense 512, relu, dropout 0.2, dense 5, softmax"),
}

def layers(text):
    """[(kind, number or word, ...), ...]"""
    value = lambda word: word if word.isalpha() else float(word)
    return [(words[0], *map(value, words[1:])) for words in (part.split() for part in text.split(","))]

# ---- IDX files ----

def write_idx(path, dims, data):
    with open(path, "wb") as f:
        f.write(bytes([0, 0, 8, len(dims)]) + b"".join(d.to_bytes(4, "big") for d in dims))
        f.write(data)

def make_pictures(dir, train=8000, test=2000, classes=10, side=32):
    """Pictures of three channels: half the pattern of their class, half noise; the same each time."""
    r, size = random.Random(1), side * side * 3
    low = int.from_bytes(bytes([127]) * size, "big")
    halve = lambda b: int.from_bytes(b, "big") >> 1 & low
    pattern = []
    for _ in range(classes):
        cells = [[r.randbytes(3) for _ in range(side // 4)] for _ in range(side // 4)]
        pattern.append(halve(b"".join(cells[y // 4][x // 4] for y in range(side) for x in range(side))))
    for part, count in (("train", train), ("t10k", test)):
        label = bytes(r.randrange(classes) for _ in range(count))
        write_idx(os.path.join(dir, part + "-labels-idx1-ubyte"), [count], label)
        write_idx(os.path.join(dir, part + "-images-idx4-ubyte"), [count, side, side, 3],
                  b"".join((pattern[y] + halve(r.randbytes(size))).to_bytes(size, "big") for y in label))

def read_idx(dir, name):
    """For the peers, which have numpy."""
    import numpy
    for path, opener in ((os.path.join(dir, name), open), (os.path.join(dir, name + ".gz"), gzip.open)):
        if os.path.exists(path):
            with opener(path, "rb") as f:
                b = f.read()
            dims = [int.from_bytes(b[4 + 4 * i:8 + 4 * i], "big") for i in range(b[3])]
            return numpy.frombuffer(b, numpy.uint8, offset=4 + 4 * b[3]).reshape(dims)
    return None

def read(dir, part, split, limit=0):
    """(pictures [n][h][w][c] from 0 to 1, labels from 0 on): digits 5-9 (gte5), 0-4 (lt5) or all there is."""
    x = read_idx(dir, part + "-images-idx3-ubyte")
    x = read_idx(dir, part + "-images-idx4-ubyte") if x is None else x[..., None]
    y = read_idx(dir, part + "-labels-idx1-ubyte")
    keep = y >= 5 if split == "gte5" else y < 5 if split == "lt5" else y >= 0
    n = limit or len(y)
    return x[keep][:n].astype("float32") / 255, (y[keep][:n] - (5 if split == "gte5" else 0)).astype("int64")
