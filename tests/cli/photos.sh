#!/bin/sh
# photos.sh: a data set as a folder of pictures a class, whole and broken: each bad thing is said, and nothing else breaks.
. "$top_srcdir/tests/cli/lib.sh"

# Pillow 13.0.0: 16x8 grey, left 250 and right 20, with the note that the camera was turned (6); 8x8 CMYK.
turned=/9j/4AAQSkZJRgABAQAAAQABAAD/4QAiRXhpZgAATU0AKgAAAAgAAQESAAMAAAABAAYAAAAAAAD/2wBDAA0JCgsKCA0LCgsODg0PEyAVExISEyccHhcgLikxMC4pLSwzOko+MzZGNywtQFdBRkxOUlNSMj5aYVpQYEpRUk//wAALCAAIABABAREA/8QAFQABAQAAAAAAAAAAAAAAAAAABwj/xAAUEAEAAAAAAAAAAAAAAAAAAAAA/9oACAEBAAA/AEtOT//Z
cmyk=/9j/7gAOQWRvYmUAZAAAAAAA/9sAQwAoHB4jHhkoIyEjLSsoMDxkQTw3Nzx7WF1JZJGAmZaPgIyKoLTmw6Cq2q2KjMj/y9ru9f///5vB////+v/m/f/4/8AAFAgACAAIBEMRAE0RAFkRAEsRAP/EABUAAQEAAAAAAAAAAAAAAAAAAAUE/8QAFBABAAAAAAAAAAAAAAAAAAAAAP/aAA4EQwBNAFkASwAAPwBdATIv/9k=
python3 - "$turned" "$cmyk" <<'END'
import base64, os, struct, sys, zlib

def png(path, height, width, pixels, kind=0):
    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
    row = width * (1 if kind == 0 else 3)
    raw = b"".join(b"\0" + pixels[y * row:(y + 1) * row] for y in range(min(height, len(pixels) // row)))
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as f:
        f.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, kind, 0, 0, 0)) +
                chunk(b"IDAT", zlib.compress(raw)) + chunk(b"IEND", b""))

for c, name in enumerate(("a cat", "d\u00f6g")):
    for i in range(20):
        png(f"pets/{name}/{i}.png", 4, 4, bytes([10 * c + 1] * 8 + [200] * 8))
turned, cmyk = (base64.b64decode(x) for x in sys.argv[1:])
for name in "ab":
    os.makedirs(f"jpeg/{name}")
    for i in range(2):
        open(f"jpeg/{name}/{i}.jpg", "wb").write(turned)
for name in "one", "lonely/a", "lonely/b", "empty/a", "empty/b", "empty/.hidden":
    os.makedirs(name, exist_ok=True)
for i in range(3):
    png(f"one/a/{i}.png", 2, 2, bytes(4))
    png(f"lonely/a/{i}.png", 2, 2, bytes(4))
png("lonely/b/x.png", 2, 2, bytes(4))
for name in "ab":
    for i in range(12):
        png(f"odd/{name}/{i}.png", 2, 2, bytes(4))
png("odd/a/huge.png", 60000, 60000, bytes(60000))
open("odd/a/none.png", "w").write("no picture")
open("odd/a/cut.jpg", "wb").write(turned[:150])
open("odd/a/print.jpg", "wb").write(cmyk)
open("odd/b/notes.txt", "w").write("notes")
open("odd/b/empty.png", "w")
os.mkfifo("odd/b/pipe.png")
os.symlink("..", "odd/b/loop.png")
os.symlink("nowhere", "odd/b/away.png")
os.symlink(".", "odd/round")
os.makedirs("odd/bare")
open("odd/labels.csv", "w").write("a,b")
END

it 'takes a class a folder, and says how'
thaw -c 'data pets; data info' -c 'build "flatten | dense 2, softmax"; train lt2 epochs=1 batch=8'
works
out_has 'note: `train all` begins' ' images of 28x28x1, 2 classes' 'note: 40 pictures scaled to 28x28 grey; 1 in 6, by a hash of their names, is for testing' \
	'  a cat' '  dög'
thaw -c 'mode json; data pets size=4x2 rgb holdout=2; data info'
works
out_has '"shape":[4,2,3]' '"class_names":["a cat","dög"]'
thaw -c 'data pets size=28x30 rgb normalise=mnist holdout=3; show config'
works
out_has 'data pets size=28x30 rgb normalise=mnist holdout=3; set'
mv pets other
thaw -c 'mode json; data other size=4x2 rgb holdout=2; data info'
mv other pets
grep -o '"sha256".*' "$out" >sums
thaw -c 'mode json; data pets/ size=4x2 rgb holdout=2; data info'
grep -o '"sha256".*' "$out" | diff - sums >&2 || unmet 'the same split wherever the folder is'
thaw -c 'data pets normalise=mnist'
works
out_has 'fitted into 28x28 grey and centred as in MNIST'

it 'reads a JPEG upright'
thaw -c 'mode json; data jpeg size=16x8; data info' # the sum of what Pillow makes of it
works
out_has '"t10k-images":"15851a63d558cf69743fb04276a3c923821b9b5a99826200c06cb4225081fe78"'

it 'says what a folder lacks'
thaw -c 'data one'
refused 1 'one holds pictures of one class only, a; put those of each class into a folder'
thaw -c 'data lonely'
refused 1 'lonely/b holds a single picture; a class takes two or more'
thaw -c 'data empty'
refused 1 'empty has folders and no PNG or JPEG in any of them (a, b); put the pictures of each class into one'
: >empty/b/IMG_1.HEIC
thaw -c 'data empty'
refused 1 'in any of them (a, b: first b/IMG_1.HEIC)'
mkdir one/b
thaw -c 'data one'
refused 1 'of one class only, a (no PNG or JPEG is in b);'
thaw -c 'data pets size=28x0'
refused 1 '1 to 1024 each, as in size=28x28'
thaw -c 'data "pets/a cat"'
refused 1 'pets/a cat holds pictures itself' 'did you mean `data pets`?'
cd one/a && thaw -c 'data .'
cd ../..
refused 1 'put those of each class into a folder of its own in it'
thaw -c 'data .'
refused 1 'its folder does: `data ./'
thaw -c 'data size=28x28'
refused 1 'when their folder is chosen'
thaw -c 'data mnist rgb'
refused 1 'mnist is no folder of pictures'
mkdir inner && cd inner && thaw --safe -c 'data ../pets'
cd ..
refused 1 'outside'

it 'says of pictures as on paper how they become like those of MNIST'
python3 -c "
import struct, zlib
def chunk(name, data): return struct.pack('>I', len(data)) + name + data + struct.pack('>I', zlib.crc32(name + data))
import os
for ground, ink in (255, 0), (0, 255):
    for c in 'ab':
        os.makedirs(f'ground{ground}/{c}')
        for i in range(4):
            rows = b''.join(bytes([0] + [ink if 8 < x < 20 and y == 14 + i else ground for x in range(28)]) for y in range(28))
            with open(f'ground{ground}/{c}/{i}.png', 'wb') as f:
                f.write(b'\\x89PNG\\r\\n\\x1a\\n' + chunk(b'IHDR', struct.pack('>IIBBBBB', 28, 28, 8, 0, 0, 0, 0)) +
                        chunk(b'IDAT', zlib.compress(rows)) + chunk(b'IEND', b''))
"
thaw -c 'data ground255'
works
out_has 'they are dark on a light ground, unlike MNIST' '`normalise=mnist` turns them around'
for way in 'ground0' 'ground255 normalise=mnist'; do
	thaw -c "data $way"
	works
	out_lacks 'light ground'
done

it 'leaves out what is no picture, and says so'
for safe in '' --safe; do
	thaw $safe -c 'data odd'
	works
	out_has '24 pictures' 'left out: 8 that cannot be read, the first since odd/' '1 file that is no PNG or JPEG' \
		'folders without pictures: bare, round'
done
mkdir odd/a/more
thaw -c 'data odd'
works
out_has '1 file that is no PNG or JPEG' 'left out are folders in those of classes, as odd/a/more'
rm odd/a/[0-9]*
thaw -c 'data odd'
refused 1 'there is no picture of a to learn from that can be read (odd/a/'
mkdir other
cp -r odd/b other/a
cp -r odd/a other/b # the class that has none is the second one now
for n in 1 2 3 4 5 6 7 8 9; do
	: >other/a/bad$n.png
done
thaw -c 'data other'
refused 1 'there is no picture of b to learn from that can be read (other/b/'

it 'takes folders that say themselves what is for testing'
mkdir parts parts/train parts/val
cp -r pets/* parts/train
cp -r pets/* parts/val
rm parts/val/*/1*
thaw -c 'mode json; data parts; data info'
works
out_has '"counts":{"0":[20,9],"1":[20,9]},"class_names":["a cat","dög"]'
thaw -c 'data parts'
works
out_has '58 pictures scaled to 28x28 grey; their folders say which are for testing'
thaw -c 'data parts holdout=3'
refused 1 'parts has a folder for testing, parts/val; leave out holdout='
cp -r parts/val/dög parts/val/fox
thaw -c 'data parts'
refused 1 'parts/val/fox has no folder of that name to learn from'
rm -r parts/val/fox parts/val/dög
thaw -c 'data parts'
refused 1 'there is no picture of dög to test with that can be read; put others there'
mkdir word
cp -r pets/dög word/test
cp -r "pets/a cat" word/train # classes that are called so
thaw -c 'data word; data info'
works
out_has '  train' '  test'

it 'takes the same pictures from a JPEG as an operand'
thaw -c 'predict jpeg/a/0.jpg'
works

done_testing
