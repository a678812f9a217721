#!/usr/bin/env python3
"""make.py ASSETS torch|keras: the files of this folder, written by PyTorch (2.2.2, torch.onnx.export; torch-pad and torch-rows
by 2.3.1) and by Keras (3.15.1, model.export with tf2onnx 1.17), and what these give for the test images 1, 7 and 20, which onnx.sh has. ASSETS is
assets/mnist."""
import gzip
import sys

import numpy as np

with gzip.open(sys.argv[1] + "/t10k-images-idx3-ubyte.gz") as f:
    x = np.frombuffer(f.read(), np.uint8, -1, 16).reshape(-1, 28, 28)[[1, 7, 20]].astype("f") / np.float32(255)


def torch_files():
    import torch
    from torch import nn

    class View(nn.Module):
        def forward(self, x):
            return x.view(x.size(0), -1)

    class Rows(nn.Module):
        def forward(self, x):
            return x.view(-1, x.size(1) * x.size(2) * x.size(3))

    torch.manual_seed(3)
    nets = {
        "torch-17": nn.Sequential(
            nn.Conv2d(1, 3, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(3, 4, 3, padding=1), nn.BatchNorm2d(4), nn.Tanh(),
            nn.AvgPool2d(3), nn.Dropout(.3), nn.Flatten(), nn.Linear(64, 9), nn.BatchNorm1d(9), nn.LeakyReLU(.2),
            nn.Linear(9, 5), nn.Softmax(1)),
        "torch-11": nn.Sequential(
            nn.Conv2d(1, 2, 3, stride=2, padding=1, bias=False), nn.BatchNorm2d(2), nn.ELU(), nn.Conv2d(2, 3, 3, padding="same"),
            nn.Sigmoid(), nn.AvgPool2d(5, 3, padding=1), View(), nn.BatchNorm1d(48), nn.Linear(48, 5)),
        "torch-mean": nn.Sequential(
            nn.Conv2d(1, 4, 3), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(4, 5), nn.LogSoftmax(1)),
        "torch-pad": nn.Sequential(
            nn.ZeroPad2d((1, 2, 3, 0)), nn.Conv2d(1, 3, 5, stride=2), nn.ReLU(), nn.MaxPool2d(3, 2, padding=1), nn.Flatten(),
            nn.Linear(147, 5)),
        "torch-rows": nn.Sequential( # whose pads and rows are worked out by nodes, and whose kernel is turned by one
            nn.Conv2d(1, 3, 5, stride=2), nn.ReLU(), nn.ZeroPad2d((1, 0, 0, 2)), nn.MaxPool2d(4), Rows(),
            nn.Linear(27, 5, bias=False)),
    }
    for name, net in nets.items():
        for layer in net:
            if isinstance(layer, (nn.BatchNorm1d, nn.BatchNorm2d)):
                layer.running_mean.normal_(0, .2)
                layer.running_var.uniform_(.5, 2)
                nn.init.uniform_(layer.weight, .5, 1.5)
                nn.init.normal_(layer.bias)
        net.eval()
        dynamic = {} if name == "torch-mean" else {"dynamic_axes": {"input": {0: "n"}}}
        torch.onnx.export(net, torch.tensor(x)[:, None], name + ".onnx", input_names=["input"],
                          opset_version=11 if name in ("torch-11", "torch-pad") else 17,
                          do_constant_folding=name != "torch-rows", **dynamic)
        p = net(torch.tensor(x)[:, None])
        yield name, (p if name == "torch-17" else torch.softmax(p, 1)).detach().numpy()


def keras_files():
    import keras
    from keras import layers as L

    keras.utils.set_random_seed(2)
    nets = {
        "keras": [L.Conv2D(3, 5, activation="relu"), L.MaxPooling2D(2), L.Conv2D(4, 3, padding="same"), L.BatchNormalization(),
                  L.Activation("tanh"), L.AveragePooling2D(3), L.Dropout(.3), L.Flatten(), L.Dense(9, activation="elu"),
                  L.Dense(5, activation="softmax")],
        "keras-last": [L.Rescaling(2., offset=-1.), L.ZeroPadding2D(1), L.Conv2D(3, 3, strides=2, padding="same",
                       activation="leaky_relu"), L.BatchNormalization(), L.Conv2D(4, 3, padding="same", activation="sigmoid"),
                       L.MaxPooling2D(3, strides=2, padding="same"), L.AveragePooling2D(2, padding="same"),
                       L.GlobalAveragePooling2D(), L.Dense(5), L.Activation("softmax")],
    }
    for name, layers in nets.items():
        net = keras.Sequential([keras.Input((28, 28, 1)), *layers])
        for w in net.weights:
            if "kernel" not in w.path:
                w.assign(np.random.uniform(.5, 1.5, w.shape))
        net(x[..., None])
        net.export(name + ".onnx", format="onnx", verbose=False)
        yield name, net.predict(x[..., None], verbose=0)


for name, p in (torch_files if sys.argv[2] == "torch" else keras_files)():
    print(name, *(f'"{np.format_float_positional(v, 5)}"' for v in p[0]))
    np.savetxt(name + ".txt", p, fmt="%.8f")
