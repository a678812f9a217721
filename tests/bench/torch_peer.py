"""torch_peer.py MODEL DIR EPOCHS: one of models.py in PyTorch, channels last; TORCH_COMPILE=1 compiles it.
Prints the seconds of its epochs as a JSON object; of the activity, those with frozen features, too."""
import json, os, sys, time
import torch, models
from torch import nn

name, dir, epochs = sys.argv[1], sys.argv[2], int(sys.argv[3])
split, limit, text = models.MODELS[name]
compiled = bool(os.environ.get("TORCH_COMPILE"))
make = {"conv2d": lambda f, k, padding="valid": nn.LazyConv2d(int(f), int(k), padding=padding), "relu": nn.ReLU, "max_pooling2d": lambda p: nn.MaxPool2d(int(p)),
        "tanh": nn.Tanh, "zero_padding2d": lambda p: nn.ZeroPad2d(int(p)), "average_pooling2d": lambda p: nn.AvgPool2d(int(p)),
        "batch_normalization": lambda: nn.LazyBatchNorm2d(eps=1e-3, momentum=.01), # as in Keras
        "dropout": nn.Dropout, "flatten": nn.Flatten, "dense": lambda u: nn.LazyLinear(int(u))}
torch.manual_seed(1)
net = nn.Sequential(*[make[kind](*args) for kind, *args in models.layers(text) if kind != "softmax"])
run = None

def tensors(part, split, limit=0):
    x, y = models.read(dir, part, split, limit)
    return torch.from_numpy(x).permute(0, 3, 1, 2).contiguous(memory_format=torch.channels_last), torch.from_numpy(y)

def train(split):
    global net, run
    (x, y), (tx, ty) = tensors("train", split, limit), tensors("t10k", split)
    if run is None:
        net(x[:1]) # the lazy layers learn their sizes
        net = net.to(memory_format=torch.channels_last)
        for m in net:
            if hasattr(m, "weight") and m.weight.dim() > 1:
                nn.init.xavier_uniform_(m.weight)
                nn.init.zeros_(m.bias)
        run = torch.compile(net) if compiled else net
    opt = torch.optim.Adadelta([p for p in net.parameters() if p.requires_grad], lr=1.0, rho=.95, eps=1e-7, foreach=True)
    loss, seconds = nn.CrossEntropyLoss(), []
    for _ in range(epochs):
        began = time.perf_counter()
        net.train()
        order = torch.randperm(len(x))
        for i in range(0, len(x), 128):
            pick = order[i:i + 128]
            opt.zero_grad()
            loss(run(x[pick].contiguous(memory_format=torch.channels_last)), y[pick]).backward()
            opt.step()
        net.eval()
        with torch.no_grad():
            right = sum((run(tx[i:i + 128]).argmax(1) == ty[i:i + 128]).sum().item() for i in range(0, len(tx), 128))
        seconds.append(time.perf_counter() - began)
    return {"epochs": seconds, "val_accuracy": right / len(tx)}

out = {"peer": "pytorch %s%s" % (torch.__version__, ", compiled" if compiled else ""), "full": train(split)}
if name == "activity":
    for m in net[:models.FEATURES]:
        for p in m.parameters():
            p.requires_grad_(False)
    out["frozen"] = train("lt5")
print(json.dumps(out))
