"""experiment_peer.py keras|torch modes|goal DIR SEEDS [LIMIT ...]: the experiments of bench.py in Keras (any backend; tensorflow
unless KERAS_BACKEND says otherwise) or PyTorch (channels last), as somebody would write them there.

modes: what `compare modes gte5 limit=LIMIT,... seeds=SEEDS` does, with features learned from digits 0-4 in an epoch, which is not
timed. goal: seconds and epochs of training until the test images of 5-9 are told with an accuracy of 0.99. Prints a JSON object."""
import json, os, sys, time
os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import numpy as np
import models

BATCH, STEPS, EPOCHS = 128, 200, 5 # as `compare modes` has them: at least so many steps, and epochs
GOAL, MOST = 0.99, 30
MODES = ("frozen", "tuned", "head-first", "scratch", "random", "selffer")
CLASSES = 5
LAYERS = models.layers(models.MODELS["activity"][2])

class Keras:
    def __init__(self, threads=None):
        import keras
        from keras import layers as L
        self.keras, self.name = keras, "keras %s, %s" % (keras.__version__, keras.backend.backend())
        make = {"conv2d": lambda f, k: L.Conv2D(int(f), int(k)), "relu": lambda: L.Activation("relu"), "softmax": lambda: L.Activation("softmax"),
                "max_pooling2d": lambda p: L.MaxPooling2D(int(p)), "dropout": L.Dropout, "flatten": L.Flatten, "dense": lambda u: L.Dense(int(u))}
        self.model = keras.Sequential([keras.Input((28, 28, 1))] + [make[kind](*args) for kind, *args in LAYERS])
        self.features, self.compiled = self.model.layers[:models.FEATURES], None

    def pictures(self, x):
        return x

    def draw(self, seed, features):
        """New weights of the head, and of the features where they are asked for."""
        self.keras.utils.set_random_seed(seed)
        new = self.keras.models.clone_model(self.model).get_weights()
        if not features:
            new[:4] = self.model.get_weights()[:4]
        self.model.set_weights(new)

    def get(self):
        return self.model.get_weights()

    def put(self, weights):
        self.model.set_weights(weights)

    def begin(self, frozen):
        """A new optimizer; nothing is traced anew where what trains is as before."""
        if self.compiled != frozen:
            for layer in self.features:
                layer.trainable = not frozen
            self.model.compile(loss="sparse_categorical_crossentropy", optimizer=self.keras.optimizers.Adadelta(learning_rate=1.0), metrics=["accuracy"])
            self.compiled = frozen
            return
        for v in self.model.optimizer.variables:
            if "learning_rate" not in v.path:
                v.assign(np.zeros(v.shape, v.dtype))

    def train(self, x, y, epochs):
        self.model.fit(x, y, batch_size=BATCH, epochs=epochs, verbose=0)

    def accuracy(self, x, y):
        return self.model.evaluate(x, y, batch_size=BATCH, verbose=0)[1]

class Torch:
    def __init__(self, threads=None):
        import torch
        from torch import nn
        self.torch, self.nn = torch, nn
        torch.set_num_threads(threads or torch.get_num_threads())
        self.name = "pytorch %s, %d threads" % (torch.__version__, torch.get_num_threads())
        make = {"conv2d": lambda f, k: nn.LazyConv2d(int(f), int(k)), "relu": nn.ReLU, "max_pooling2d": lambda p: nn.MaxPool2d(int(p)),
                "dropout": nn.Dropout, "flatten": nn.Flatten, "dense": lambda u: nn.LazyLinear(int(u))}
        self.net = nn.Sequential(*[make[kind](*args) for kind, *args in LAYERS if kind != "softmax"])
        self.net(torch.zeros(1, 1, 28, 28)) # the lazy layers learn their sizes
        self.net = self.net.to(memory_format=torch.channels_last)

    def pictures(self, x):
        return self.torch.from_numpy(x).permute(0, 3, 1, 2).contiguous(memory_format=self.torch.channels_last)

    def draw(self, seed, features):
        self.torch.manual_seed(seed)
        for m in self.net[0 if features else models.FEATURES:]:
            if hasattr(m, "weight"):
                self.nn.init.xavier_uniform_(m.weight)
                self.nn.init.zeros_(m.bias)

    def get(self):
        return {k: v.clone() for k, v in self.net.state_dict().items()}

    def put(self, weights):
        self.net.load_state_dict(weights)

    def begin(self, frozen):
        for p in self.net[:models.FEATURES].parameters():
            p.requires_grad_(not frozen)
        self.optimizer = self.torch.optim.Adadelta([p for p in self.net.parameters() if p.requires_grad], lr=1.0, rho=.95, eps=1e-7, foreach=True)

    def train(self, x, y, epochs):
        loss, y = self.nn.CrossEntropyLoss(), self.torch.from_numpy(y)
        self.net.train()
        for _ in range(epochs):
            order = self.torch.randperm(len(x))
            for i in range(0, len(x), BATCH):
                pick = order[i:i + BATCH]
                self.optimizer.zero_grad()
                loss(self.net(x[pick].contiguous(memory_format=self.torch.channels_last)), y[pick]).backward()
                self.optimizer.step()

    def accuracy(self, x, y):
        self.net.eval()
        with self.torch.no_grad():
            told = self.torch.cat([self.net(x[i:i + BATCH]).argmax(1) for i in range(0, len(x), BATCH)])
        return float((told.numpy() == y).mean())

def trial(peer, mode, source, x, y, epochs, seed):
    if mode in ("frozen", "tuned", "head-first"):
        peer.put(source)
        peer.draw(seed, False)
    else:
        peer.draw(seed, True)
    if mode == "head-first":
        peer.begin(True)
        peer.train(x, y, 1)
        peer.begin(False)
        peer.train(x, y, epochs - 1)
        return
    peer.begin(mode in ("frozen", "random"))
    peer.train(x, y, epochs)
    if mode == "selffer":
        peer.draw(seed, False)
        peer.begin(True)
        peer.train(x, y, epochs)

def drawn(x, y, limit, seed):
    pick = np.random.default_rng(seed).permutation(len(y))[:limit]
    return np.ascontiguousarray(x[pick]), y[pick]

def epochs_of(limit):
    return max(EPOCHS, -(-STEPS // -(-limit // BATCH)))

def modes(make, dir, seeds, limits):
    (x, y), (tx, ty) = models.read(dir, "train", "gte5"), models.read(dir, "t10k", "gte5")
    ox, oy = models.read(dir, "train", "lt5")
    peer, best = make(), None
    def learn(peer):
        peer.draw(1, True)
        peer.begin(False)
        peer.train(peer.pictures(ox[:4000]), oy[:4000], 1)
        return peer.get()
    for threads in (range(1, len(os.sched_getaffinity(0)) + 1) if isinstance(peer, Torch) else []): # the best number of them
        peer = make(threads)
        source = learn(peer)
        part = drawn(x, y, limits[-1], 0)
        began = time.perf_counter()
        trial(peer, "tuned", source, peer.pictures(part[0]), part[1], 3, 0)
        took = time.perf_counter() - began
        best = min(best or (took, threads), (took, threads))
    peer = make(best and best[1])
    source = learn(peer)
    test, rows = peer.pictures(tx), []
    began = time.perf_counter()
    for limit in limits:
        for mode in MODES:
            accuracy = []
            for seed in range(1, seeds + 1):
                part = drawn(x, y, limit, seed)
                trial(peer, mode, source, peer.pictures(part[0]), part[1], epochs_of(limit), seed)
                accuracy.append(peer.accuracy(test, ty))
            rows.append({"limit": limit, "mode": mode, "val_accuracy": accuracy})
    return {"peer": peer.name, "seconds": time.perf_counter() - began, "rows": rows}

def goal(make, dir, seeds):
    (x, y), (tx, ty) = models.read(dir, "train", "gte5"), models.read(dir, "t10k", "gte5")
    peer, seconds, epochs = make(), [], []
    x, tx = peer.pictures(x), peer.pictures(tx)
    for seed in range(1, seeds + 1):
        peer.draw(seed, True)
        began, n = time.perf_counter(), 0
        peer.begin(False)
        while n < MOST:
            peer.train(x, y, 1)
            n += 1
            if peer.accuracy(tx, ty) >= GOAL:
                break
        seconds.append(time.perf_counter() - began)
        epochs.append(n)
    return {"peer": peer.name, "seconds": seconds, "epochs": epochs}

make = {"keras": Keras, "torch": Torch}[sys.argv[1]]
if sys.argv[2] == "modes":
    print(json.dumps(modes(make, sys.argv[3], int(sys.argv[4]), [int(a) for a in sys.argv[5:]])))
else:
    print(json.dumps(goal(make, sys.argv[3], int(sys.argv[4]))))
