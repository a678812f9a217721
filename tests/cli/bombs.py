#!/usr/bin/env python3
"""bombs.py: small files that declare or unpack to much. Each is read or refused within bounds of memory and time.

A valid picture of 16 million pixels costs 4 bytes each; nothing costs more than that. What the program itself takes is counted in.
"""
import gzip
import json
import os
import struct
import sys
import tempfile
import zlib

THAW = os.environ["THAW"]
MEMORY, SECONDS = 80 << 10, 4  # KB; of the processor: a quarter of it is seen, and the builds that count lines are slow
MODEL = 'build "flatten | dense 10, softmax"; '
failed = 0


def run(name, line, says):
    """Runs a line; says: a part of what it prints, so that the case is the one that is meant."""
    global failed
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.dup2(write, 1)
        os.dup2(write, 2)
        os.close(read)
        os.execv(THAW, [THAW, "--no-init", "-c", line])
    os.close(write)
    with open(read, encoding="utf-8") as f:
        text = f.read()
    status, usage = os.wait4(pid, 0)[1:]
    wrong = []
    if says not in text or os.WIFSIGNALED(status):
        wrong.append(f"status {status}, says {text[-300:]!r}")
    if usage.ru_maxrss > MEMORY:
        wrong.append(f"takes {usage.ru_maxrss >> 10} MB")
    if usage.ru_utime > SECONDS:
        wrong.append(f"takes {usage.ru_utime:.1f} s")
    print(f"{'bad' if wrong else 'ok'}: {name}: {usage.ru_maxrss >> 10} MB, {usage.ru_utime:.2f} s {'; '.join(wrong)}")
    failed |= bool(wrong)


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def picture(path, width, height, bits, kind, before=b""):
    channels = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[kind]
    rows = zlib.compress(bytes((1 + (width * channels * bits + 7) // 8) * height), 9)
    with open(path, "wb") as f:
        f.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, kind, 0, 0, 0)) + before +
                chunk(b"IDAT", rows) + chunk(b"IEND", b""))


def pictures():
    clear = chunk(b"PLTE", bytes((10, 20, 30) * 2)) + chunk(b"tRNS", bytes((100, 100)))
    picture("vast.png", 8192, 8192, 1, 0)
    picture("bits.png", 4096, 4096, 1, 0)
    picture("palette.png", 4096, 4096, 1, 3, clear)
    picture("alpha.png", 4096, 4096, 16, 6)
    run("a picture of 8192x8192", MODEL + "predict vast.png", "scale it down")
    run("a picture of 4096x4096, 1 bit", MODEL + "predict bits.png", "0.10")
    run("a picture of 4096x4096, a palette with alpha", MODEL + "predict palette.png", "0.10")
    run("a picture of 4096x4096, colour and alpha of 16 bits", MODEL + "predict alpha.png", "0.10")


def tensors(path, header):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    with open(path, "wb") as f:
        f.write(struct.pack("<Q", len(text)) + text)


def sessions():
    meta = {"thaw": "1", "model": "flatten | dense 2, softmax", "session": "{}", "settings": "{}", "runs": "[]"}
    tensors("deep.safetensors", b'{"a":' + b"[" * 3000)
    tensors("wide.safetensors", b'{"a":[' + b"[]," * 199000 + b"[]]}")
    tensors("header.safetensors", {"a": {"dtype": "F32", "shape": [1 << 40], "data_offsets": [0, 1 << 42]}})
    tensors("session.safetensors", {"__metadata__": meta | {"session": "[" + "[]," * 3000 + "[]]"}})
    tensors("model.safetensors", {"__metadata__": meta | {"model": "flatten | " + "dense 65536, " * 60 + "dense 2"}})
    run("brackets in a header, deep", "load deep.safetensors", "damaged header")
    run("brackets in a header, side by side", "load wide.safetensors", "more than 200000 values")
    run("a tensor of 4 TB", "load header.safetensors", "but 0 follow")
    run("brackets in what is said of a session", "load session.safetensors", "too long")
    run("a model of 250 billion weights", "load model.safetensors", "damaged")


def idx(path, dim, size):
    with gzip.open(path, "wb") as f:
        f.write(bytes((0, 0, 8, len(dim))) + b"".join(struct.pack(">I", d) for d in dim) + bytes(size))


def data_sets():
    for name, count, side, size in (("unpacks", 10000, 28, None), ("claims", 1 << 20, 28, 1000), ("counts", 8000000, 1, None)):
        os.mkdir(name)
        for part in ("train", "t10k"):
            idx(f"{name}/{part}-images-idx3-ubyte.gz", (count, side, side), count * side * side if size is None else size)
            idx(f"{name}/{part}-labels-idx1-ubyte.gz", (count,), count)
    run("7 KB that unpack to 8 MB", "data unpacks", "10,000 training")
    run("a header that claims 800 MB", "data claims", "can give at most")
    run("7 KB that hold 8 million images", "data counts", "8,000,000 training")


if os.environ.get("sanitized", "no") != "no":
    sys.exit(77)  # memory is counted otherwise there
with tempfile.TemporaryDirectory() as scratch:
    os.chdir(scratch)
    pictures()
    sessions()
    data_sets()
    os.chdir("/")
sys.exit(failed)
