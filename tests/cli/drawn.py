#!/usr/bin/env python3
"""drawn.py: picture files brought to the form of the data, in every form that a PNG can have, and what is no picture refused.

The digit of all of them is a dark 7 on light paper, so that a model of gte5 has to say 7 however the file holds it.
"""
import json
import os
import struct
import subprocess
import sys
import tempfile
import zlib

THAW = os.path.abspath(os.environ["THAW"])
W, H = 60, 50
failed = 0
GREY, RGB, PALETTE, GREY_ALPHA, RGB_ALPHA = 0, 2, 3, 4, 6
TRAIN = 'build "flatten | dense 64, relu, dense 5, softmax"; train gte5 epochs=1 verbose=0; '


def check(good, what):
    global failed
    if not good:
        failed += 1
        print("FAIL:", what)


def thaw(lines):
    p = subprocess.run([THAW, "--no-init", "-c", lines], capture_output=True, text=True)
    check(p.returncode in (0, 1) and "Sanitizer" not in p.stderr, f"{lines[-120:]}: status {p.returncode}: {p.stderr[-300:]}")
    return p


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def ink(x, y):
    """How much ink is there: a 7 of two strokes, 5 pixels wide."""
    least = 1e9
    for x0, y0, x1, y1 in ((14, 10, 36, 10), (36, 10, 24, 42)):
        dx, dy = x1 - x0, y1 - y0
        t = min(1, max(0, ((x - x0) * dx + (y - y0) * dy) / (dx * dx + dy * dy)))
        least = min(least, ((x - x0 - t * dx) ** 2 + (y - y0 - t * dy) ** 2) ** .5)
    return min(1, max(0, 3 - least))


def pixel(kind, depth, x, y, paper, clear):
    """The bits of a pixel, as a number and their count."""
    v = paper * (1 - ink(x, y)) + 20 * ink(x, y)
    values = {GREY: [v], RGB: [v, v, v * .9], PALETTE: [v], GREY_ALPHA: [v, 255], RGB_ALPHA: [v, v, v, 255]}[kind]
    if clear: # what is drawn is in the alpha alone
        values = [20] * (len(values) - 1) + [255 * ink(x, y)]
    bits = 0
    for value in values:
        value = int(value * 257) if depth == 16 else int(value) >> 8 - depth
        bits = bits << depth | value
    return bits, depth * len(values)


def rows(kind, depth, interlace, paper=250, clear=False):
    passes = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)] if interlace else [(0, 0, 1, 1)]
    out = b""
    for x0, y0, dx, dy in passes:
        for y in range(y0, H, dy):
            number = count = 0
            for x in range(x0, W, dx):
                bits, n = pixel(kind, depth, x, y, paper, clear)
                number, count = number << n | bits, count + n
            if count:
                pad = -count % 8
                out += b"\0" + (number << pad).to_bytes((count + pad) // 8, "big")
    return out


def write(name, kind, depth=8, interlace=0, before=b"", behind=b"", **more):
    palette = chunk(b"PLTE", bytes(v for i in range(1 << depth) for v in [i << 8 - depth] * 3)) if kind == PALETTE else b""
    with open(name, "wb") as f:
        f.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", W, H, depth, kind, 0, 0, interlace)) + palette + before
                + chunk(b"IDAT", zlib.compress(rows(kind, depth, interlace, **more))) + behind + chunk(b"IEND", b""))


def flat(name, w, h, value):
    with open(name, "wb") as f:
        f.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", w, h, 8, GREY, 0, 0, 0))
                + chunk(b"IDAT", zlib.compress((b"\0" + bytes([value]) * w) * h)) + chunk(b"IEND", b""))


def forms():
    """Every form of the same 7 is a 7; of those that hold the same values, the same probabilities."""
    names, same = [], []
    for kind, depths in ((GREY, (1, 2, 4, 8, 16)), (RGB, (8, 16)), (PALETTE, (1, 2, 4, 8)), (GREY_ALPHA, (8, 16)), (RGB_ALPHA, (8, 16))):
        for depth in depths:
            for interlace in (0, 1):
                names.append(f"f{kind}-{depth}-{interlace}.png")
                write(names[-1], kind, depth, interlace)
                if depth == 8 and kind in (GREY, PALETTE, GREY_ALPHA):
                    same.append(names[-1])
    write("clear.png", GREY_ALPHA, clear=True)
    write("clear-rgb.png", RGB_ALPHA, 16, 1, clear=True)
    write("grey-paper.png", GREY, paper=140)
    frame = struct.pack(">IIIIIHHBB", 0, W, H, 0, 0, 1, 10, 0, 0) # an animation of two frames, of which the first is the picture
    write("animated.png", GREY, before=chunk(b"acTL", struct.pack(">II", 2, 0)) + chunk(b"fcTL", frame),
          behind=chunk(b"fcTL", b"\0\0\0\1" + frame[4:]) + chunk(b"fdAT", b"\0\0\0\2" + zlib.compress(bytes((W + 1) * H))))
    same.append("animated.png")
    names += ["clear.png", "clear-rgb.png", "grey-paper.png", "animated.png"]
    p = thaw("mode json; " + TRAIN + "; ".join("predict " + n for n in names))
    events = {e["image"]: e for e in map(json.loads, p.stdout.splitlines()) if e["event"] == "predict"}
    check(len(events) == len(names), f"{len(events)} of {len(names)} answers: {p.stderr[-300:]}")
    for name, e in events.items():
        check(e["predicted"] == 7, f"{name} is predicted {e['predicted']}: {e['probabilities']}")
        check(e["inverted"] and e["fitted"][0] == 20 and len(e["moved"]) == 2, f"{name}: {e}")
        if name in same:
            check(e["probabilities"] == events[same[0]]["probabilities"], f"{name} is not {same[0]}")
    check(events["grey-paper.png"]["levelled"], "grey paper is not levelled")


def steps():
    write("seven.png", GREY, paper=180)
    p = thaw("predict seven.png; show seven.png; predict seven.png fit=off; set picture.centre off; predict seven.png; "
             "show config; predict seven.png invert=off level=off fit=off centre=off; predict test:0")
    said = [line.split(": ", 2)[2] for line in p.stdout.splitlines() if "brought to the form" in line]
    want = ["inverted, levelled, fitted into 20x20, centred (moved 4,0)"] * 2 + \
        ["inverted, levelled, centred (moved 3,1)", "inverted, levelled, fitted into 20x20"]
    check(said == want, f"the steps: {said}, not {want}")
    for part in ("as it is", "as the model gets it", "set picture.centre off"):
        check(part in p.stdout, f"{part!r} in what is printed")
    for line, says in (("predict test:0 fit=off", "test:0 is neither"), ("show lt5 fit=off", "name it"), ("predict test:1; predict last fit=on", "last is neither"), ("predict seven.png fit=maybe", "auto"),
                       ("set picture.fit maybe", "auto")):
        p = thaw(line)
        check(p.returncode == 1 and says in p.stderr, f"{line}: {p.stderr}")


def nothing():
    """No ink, and as little as can be."""
    for w, h, value in ((28, 28, 0), (28, 28, 255), (100, 70, 128), (1, 1, 0), (1, 1, 255)):
        flat("flat.png", w, h, value)
        p = thaw("predict flat.png; show flat.png")
        check(p.returncode == 0 and p.stdout.count("flat.png has no ink") == 2, f"{w}x{h} of {value}: {p.stdout[-300:]}{p.stderr}")
        check("brought to" not in p.stdout, f"{w}x{h} of {value}: something was done")
    for w, h in ((1, 2000), (2000, 1), (8192, 2)):
        flat("thin.png", w, h, 0)
        check(thaw("predict thin.png").returncode == 0, f"{w}x{h}")


def refused():
    write("whole.png", GREY)
    data = open("whole.png", "rb").read()
    for n in (0, 5, 8, 20, 33, 60, len(data) - 40, len(data) - 13):
        with open("cut.png", "wb") as f:
            f.write(data[:n])
        p = thaw("predict cut.png")
        check(p.returncode == 1 and "cut.png: " in p.stderr and p.stderr.count("error: ") == 1, f"cut to {n} bytes: {p.returncode} {p.stderr}")
    for w, h in ((8193, 10), (5000, 5000), (2 ** 31 - 1, 2 ** 31 - 1)):
        with open("huge.png", "wb") as f:
            f.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", w, h, 8, GREY, 0, 0, 0)) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b""))
        p = thaw("predict huge.png")
        check(p.returncode == 1 and "huge.png: " in p.stderr and len(p.stderr) < 500, f"{w}x{h}: {p.stderr}")
    for data, what in ((b"GIF89a" + bytes(100), "a GIF"), (b"just text\n", "text"), (bytes(1000), "zeros")):
        with open("no.png", "wb") as f:
            f.write(data)
        p = thaw("show no.png")
        check(p.returncode == 1 and "it is not a PNG file" in p.stderr, f"{what}: {p.stderr}")


os.chdir(tempfile.mkdtemp())
for test in (forms, steps, nothing, refused):
    test()
sys.exit(failed != 0)
