#!/usr/bin/env python3
"""make.py: the files of weights in this folder, written by PyTorch and NumPy (1.13.0 and 1.24.2), and what PyTorch gives
for the first two test images: `python3 make.py ASSETS`, where ASSETS is assets/mnist."""
import gzip
import sys

import numpy as np
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(nn.Conv2d(1, 2, 5), nn.ReLU(), nn.MaxPool2d(6))
        self.fc = nn.Linear(32, 5)

    def forward(self, x):
        return torch.softmax(self.fc(torch.flatten(self.features(x), 1)), 1)


def save_trained(net):
    """Checkpoints as people write them: beside an optimizer that has stepped, whose keys are numbers, and all else."""
    copy, small = Net(), nn.Linear(2, 2)
    copy.load_state_dict(net.state_dict())
    adam = torch.optim.Adam(small.parameters())
    small(torch.ones(1, 2)).sum().backward()
    adam.step()
    sd = copy.state_dict()
    torch.save({"model": sd, "optim": adam.state_dict(), "epoch": 3, "losses": [1.5, 0.25], "best": None, 5: {0: (1,)},
                "seed": 2**64 - 1, "said": "x" * 2000}, "trained.pt")
    torch.save({"small": small.state_dict(), "net": sd}, "gan.pt")
    torch.save({"net": sd, "ema": sd}, "twice.pt")
    torch.save({"a": small.state_dict(), "b": small.state_dict()}, "other.pt")


torch.manual_seed(5)
net = Net()
torch.save(net.state_dict(), "net.pt")
torch.save(net, "whole.pt")
torch.save({"weights": net.state_dict(), "epoch": 3}, "checkpoint.pt")
save_trained(net)
torch.save({k: v.double() for k, v in net.state_dict().items()}, "double.pt")
torch.save({k: v.t().contiguous().t() if v.dim() == 2 else v for k, v in net.state_dict().items()}, "strides.pt")
w = [p.detach().numpy() for p in net.parameters()]
np.savez("order.npz", np.ascontiguousarray(w[0].transpose(2, 3, 1, 0)), w[1],
         np.asfortranarray(w[2].reshape(5, 2, 4, 4).transpose(2, 3, 1, 0).reshape(32, 5)), w[3])
np.savez_compressed("packed.npz", **{"conv2d.kernel": w[0].transpose(2, 3, 1, 0), "conv2d.bias": w[1],
                                     "dense.kernel": w[2].reshape(5, 2, 4, 4).transpose(2, 3, 1, 0).reshape(32, 5),
                                     "dense.bias": w[3]})
np.savez("objects.npz", np.array([{}, 1], dtype=object))
with gzip.open(sys.argv[1] + "/t10k-images-idx3-ubyte.gz") as f:
    x = np.frombuffer(f.read(), np.uint8, 2 * 784, 16).reshape(-1, 1, 28, 28).astype("f") / 255
print(net(torch.tensor(x)).detach().numpy())
