#!/usr/bin/python3
"""join.py OUT.png PICTURE.png ...: pictures of one size side by side, two in a row."""
import sys
from PIL import Image

out, *names = sys.argv[1:]
pictures = [Image.open(name).convert("RGB") for name in names]
width, height = pictures[0].size
whole = Image.new("RGB", (2 * width, (len(pictures) + 1) // 2 * height), "white")
for i, picture in enumerate(pictures):
    whole.paste(picture, (i % 2 * width, i // 2 * height))
whole.quantize(64).save(out, optimize=True)
