#!/usr/bin/python3
"""pictures.py: the workbench on a terminal that draws pictures by kitty's protocol, played here: it answers as one, keeps what is sent,
decodes it, and looks at the cells that show it. And terminals that answer otherwise, or not at all: cells."""
import base64, fcntl, gzip, os, re, shutil, signal, struct, sys, tempfile, termios, time, zlib
sys.dont_write_bytecode = True
from term import Pty, small_data, wanted

pyte = wanted()
import pyte.graphics
thaw = os.environ.get("THAW", "./thaw")
driver = os.path.join(os.environ.get("top_builddir", "."), "tui_driver")
work = tempfile.mkdtemp()
env = dict(XDG_STATE_HOME=work, XDG_CONFIG_HOME=work, KONSOLE_VERSION=None, TMUX=None)
HOLDER = "\U0010eeee"
NUMBER = {colour: n for n, colour in reversed(list(enumerate(pyte.graphics.FG_BG_256))) if n >= 16}
KITTY = (b"\x1bP>|kitty(0.41.1)\x1b\\", b"\x1b[6;16;8t", b"\x1b]11;rgb:0000/0000/0000\x1b\\", b"\x1b_Gi=%d;OK\x1b\\", b"\x1b[?62;c")
QUERY = re.compile(rb"\x1b_Gi=(\d+)[^;]*a=q[^;]*;[^\x1b]*\x1b\\.*?\x1b\[c", re.S)
APC = re.compile(rb"\x1b_G([^;\x1b]*);?([^\x1b]*)\x1b\\")

def fail(what, t=None):
    print("FAIL:", what)
    if t is not None:
        print(t.raw[-1500:])
    sys.exit(1)

def check(good, what, t=None):
    if not good:
        fail(what, t)

class Drawing(Pty):
    """A terminal that draws. answers: what it sends when it has been asked, %d standing for the question's id, each after so many seconds."""
    def __init__(self, argv, cols=100, rows=30, answers=KITTY, wait=0, **more):
        self.raw, self.answers, self.wait, self.asked = b"", answers, wait, None
        super().__init__(argv, cols, rows, **more)

    def size(self, cols, rows, tell=True):
        super().size(cols, rows, tell)
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, cols, 8 * cols, 16 * rows))

    def pump(self, wait):
        self.log = b""
        some = super().pump(wait)
        self.raw += self.log
        if b"\x1b[>c" in self.log and self.answers: # tmux asks for itself; thaw does not ask this
            os.write(self.master, b"\x1b[>1;4000;29c" + KITTY[0])
        asked = QUERY.search(self.raw)
        if asked and self.asked is None:
            self.asked = time.time() + self.wait
        if asked and self.answers and time.time() >= self.asked:
            answers, self.answers = self.answers, None
            for answer in answers:
                os.write(self.master, answer.replace(b"%d", asked.group(1)))
        return some

    def pictures(self):
        """What the terminal holds after all that was sent: id -> (columns, rows, PNG)."""
        held, open_ = {}, None
        for keys, data in APC.findall(self.raw):
            key = dict(k.split("=") for k in keys.decode().split(",") if k)
            if key.get("a") == "T":
                check(key["U"] == "1" and key["q"] == "2" and key["f"] == "100", f"a picture is sent as {keys}", self)
                open_ = [int(key["i"]), int(key["c"]), int(key["r"]), b""]
            if key.get("a") == "d":
                low, high = (int(key["i"]),) * 2 if key["d"] == "I" else (int(key["x"]), int(key["y"]))
                held = {i: p for i, p in held.items() if not low <= i <= high}
            elif open_ and key.get("a") in (None, "T"):
                check(len(data) <= 4096, "a sequence is longer than the protocol allows", self)
                open_[3] += data
                if key.get("m", "0") == "0":
                    held[open_[0]] = (open_[1], open_[2], base64.b64decode(open_[3]))
                    open_ = None
        return held

    def look(self):
        """The screen, from all that was sent."""
        screen = pyte.Screen(self.cols, self.rows)
        text = APC.sub(b"", self.raw)
        for question in (b"\x1b[>q", b"\x1b[16t", b"\x1b]11;?\x1b\\", b"\x1b\\", b"\x18"):
            text = text.replace(question, b"")
        pyte.ByteStream(screen).feed(text)
        return screen

    def shown(self):
        """id -> {(row, column) of the picture: (y, x) of the screen}; marks as they are, by their place among those seen."""
        out, screen = {}, self.look()
        for y in range(self.rows):
            for x in range(self.cols):
                cell = screen.buffer[y][x]
                if cell.data.startswith(HOLDER):
                    marks = cell.data[1:]
                    check(len(marks) == 3, f"a cell with {len(marks)} marks", self)
                    out.setdefault((marks[2], NUMBER[cell.fg]), {})[marks[0], marks[1]] = (y, x)
        return out

def png(data):
    """Width, height, rows of bytes and palette of a PNG of 8 bits, not filtered."""
    check(data[:8] == b"\x89PNG\r\n\x1a\n", "no PNG")
    at, chunks = 8, {}
    while at < len(data):
        n, kind = struct.unpack(">I4s", data[at:at + 8])
        check(zlib.crc32(data[at + 4:at + 8 + n]) == struct.unpack(">I", data[at + 8 + n:at + 12 + n])[0], "a broken chunk")
        chunks[kind] = data[at + 8:at + 8 + n]
        at += 12 + n
    w, h, depth, kind = struct.unpack(">IIBB", chunks[b"IHDR"][:10])
    raw = zlib.decompress(chunks[b"IDAT"])
    check(depth == 8 and len(raw) == (w + 1) * h and not any(raw[::w + 1]), "an odd PNG")
    return w, h, b"".join(raw[y * (w + 1) + 1:(y + 1) * (w + 1)] for y in range(h)), chunks.get(b"PLTE"), kind

def whole(t):
    """Each picture in view is there, and its cells are all of it, in their order; returns the ids in view."""
    held, view = t.pictures(), t.shown()
    check(view, "no picture is in view", t)
    groups = {i >> 24 for i in held}
    check(len(groups) == 1, f"ids of several groups: {groups}", t)
    for (_, number), cells in view.items():
        i = groups.copy().pop() << 24 | number
        check(i in held, f"cells show picture {i}, which was not sent", t)
        cols, rows, _ = held[i]
        check(len(cells) == cols * rows, f"picture {i} of {cols}x{rows} has {len(cells)} cells", t)
        top, left = min(cells.values())
        rows_of, cols_of = {}, {}
        for (r, c), (y, x) in cells.items(): # the same mark for all of a row, another one for another
            rows_of.setdefault(r, set()).add(y - top)
            cols_of.setdefault(c, set()).add(x - left)
        check(all(len(v) == 1 for v in (*rows_of.values(), *cols_of.values())) and len(rows_of) == rows and len(cols_of) == cols,
              f"picture {i}: marks that do not count", t)
    return {groups.copy().pop() << 24 | n for _, n in view}

def framed(t):
    """A picture comes with the cells of its frame, which a terminal of synchronised output shows whole."""
    frames = rb"".join(re.split(rb"\x1b\[\?2026h.*?\x1b\[\?2026l", t.raw, flags=re.S))
    check(b"a=T" not in frames, "a picture outside a frame", t)

def prompt(t):
    row = t.look().buffer[t.rows - 1]
    return "".join(row[x].data for x in range(t.cols)).rstrip()

def opened(argv, **more):
    t = Drawing(argv, env=dict(env, **more.pop("env", {})), **more)
    t.until(lambda: b"thaw> " in t.raw, 60, "the first frame")
    return t

def left(t, how, status=0):
    t.end(); t.pump(.1)
    check(t.proc.returncode == status, f"{how}: status {t.proc.returncode}", t)
    check(not t.pictures(), f"{how}: pictures stay behind: {list(t.pictures())}", t)
    last = [m.end() for m in re.finditer(rb"a=d", t.raw)][-1]
    check(t.raw.rfind(b"\x1b[?1049l") > last and b"a=T" not in t.raw[last:], f"{how}: they are not taken back before the screen is left", t)
    t.close()

def data_set():
    """Real digits: what is shown is what is in the file. And curves, when there is something to draw."""
    t = opened([thaw, "--data", small_data(os.path.join(work, "data"))], cols=120, rows=40)
    t.until(lambda: len(t.pictures()) >= 5, 60, "the digits")
    images = gzip.open(os.path.join(os.environ.get("top_srcdir", "."), "assets/mnist/t10k-images-idx3-ubyte.gz")).read(16 + 100 * 784)[16:]
    inner = lambda image, m: b"".join(image[y * 28 + m:y * 28 + 28 - m] for y in range(m, 28 - m)) # without the margin that all of them have
    known = {(28 - 2 * m, inner(images[k * 784:(k + 1) * 784], m)) for k in range(100) for m in range(5)}
    for i in whole(t):
        w, h, pixels, _, kind = png(t.pictures()[i][2])
        check(w == h and kind == 0 and (w, pixels) in known, f"picture {i} is none of the data set", t)
        check(len(t.pictures()[i][2]) <= 500, f"a digit takes {len(t.pictures()[i][2])} bytes", t)
    t.type("train gte5 epochs=4\r")
    charts = lambda: [p for p in t.pictures().values() if png(p[2])[4] == 3]
    t.until(lambda: len(charts()) >= 2, 120, "two curves")
    for _ in range(60): # an echo between two frames, when the model may have other digits already
        t.type("x"); t.pump(.01)
    t.type("\x15")
    t.until(lambda: b"Test accuracy" in t.raw, 120, "the end of the run")
    t.settled(.4)
    whole(t)
    framed(t)
    def curve(cols, rows, data):
        """In the colour of train."""
        w, h, pixels, colours, _ = png(data)
        check((w, h) == (8 * cols, 16 * rows), f"a curve of {w}x{h} in {cols}x{rows} cells")
        used = set(pixels)
        near = lambda want: [k for k in used if all(abs(colours[3 * k + j] - want[j]) < 24 for j in range(3))]
        return near((0x00, 0xaf, 0xff)) or near((0x00, 0x5f, 0xaf))
    t.until(lambda: all(curve(*chart) for chart in charts()), 120, "a curve in the colour of train") # what is slow to draw is sent late
    t.settled(1 if os.environ.get("sanitized", "no") == "no" else 5) # the other curve, too
    sent = len(t.raw)
    t.type("x"); t.settled(.2); t.type("\x15"); t.settled(.2)
    check(b"a=T" not in t.raw[sent:], "pictures that have not changed are sent again", t)
    t.type("set pictures cells\r")
    t.until(lambda: not t.pictures(), what="pictures taken back")
    t.settled()
    check(not t.shown(), "cells of pictures that are gone", t)
    t.type("set pictures auto\r")
    t.until(lambda: len(t.pictures()) >= 7, what="pictures again")
    t.type("quit\r")
    left(t, "quit")

def numbers():
    """A probe is one picture on the terminal's own ground, dark or light; of a sum each map is one."""
    for ground in (0x00, 0xff):
        told = (*KITTY[:2], b"\x1b]11;rgb:%02x/%02x/%02x\x1b\\" % (ground, ground, ground), *KITTY[3:])
        t = opened([thaw, "--data", os.path.join(work, "data")], cols=120, rows=60, answers=told)
        t.type('build "flatten | dense 5, softmax"\rprobe gte5 n=50\r')
        large = lambda: [p for p in t.pictures().values() if p[0] > 60 and p[1] > 20]
        t.until(large, 120, "a picture of the probe")
        w, h, pixels, colours, kind = png(large()[-1][2])
        check(kind == 3 and pixels[0] == pixels[-1] and set(colours[3 * pixels[0]:3 * pixels[0] + 3]) == {ground}, f"a ground that is not {ground}", t)
        t.type("explain dense[2] test:3\r")
        maps = lambda: [p for i, p in t.pictures().items() if png(p[2])[:2] == (28, 28) and png(p[2])[4] == 3]
        t.until(lambda: len(maps()) >= 3, 120, "input, weights and products of a unit")
        t.settled()
        whole(t)
        t.type("quit\r")
        left(t, "quit")

def ends():
    """However it ends; and a resize, which leaves no cell of what was."""
    t = opened([driver])
    t.type("state 2\r")
    t.until(lambda: len(t.pictures()) >= 7, what="pictures")
    for size in ((80, 24), (200, 60), (100, 30)):
        before = len(t.raw)
        t.size(*size)
        t.until(lambda: b"a=T" in t.raw[before:], what="pictures of another size")
        t.settled(.2)
        t.raw = b"".join(m.group(0) for m in APC.finditer(t.raw[:before])) + t.raw[before:] # the screen is drawn anew
        whole(t)
    t.proc.send_signal(signal.SIGTSTP)
    t.until(lambda: not t.pictures(), what="pictures taken back by a stop")
    while open(f"/proc/{t.proc.pid}/stat").read().rsplit(")", 1)[1].split()[0] != "T":
        t.pump(.01)
    t.proc.send_signal(signal.SIGCONT)
    t.until(lambda: len(t.pictures()) >= 7, what="pictures after a stop")
    t.settled(.2)
    whole(t)
    t.type("quit\r")
    left(t, "quit")
    crash = [signal.SIGSEGV] * (os.environ.get("sanitized", "no") == "no") # which a sanitizer takes for itself
    for sig in (signal.SIGTERM, *crash):
        t = opened([thaw, "--data", os.path.join(work, "data")])
        t.until(lambda: len(t.pictures()) >= 5, 60, "the digits")
        t.proc.send_signal(sig)
        t.end(); t.pump(.1)
        check(not t.pictures() and t.raw.rfind(b"a=d") < t.raw.rfind(b"\x1b[?1049l"), f"{sig.name}: pictures stay behind", t)
        t.close()

def others():
    """No pictures, and nothing of an answer on the line."""
    name, cells, ground, ok, fence = KITTY
    for what, answers, wait in (("never", None, 0), ("only what it is", (fence,), 0), ("what it is first", (name, fence, ok), 0),
                                ("Konsole", (b"\x1bP>|Konsole 23.08.1\x1b\\", ok, fence), 0), ("kitty 0.26", (b"\x1bP>|kitty(0.26.5)\x1b\\", ok, fence), 0),
                                ("an error", (name, b"\x1b_Gi=%d;EINVAL:what\x1b\\", fence), 0),
                                ("rubbish", (b"\x1b_Gi=%d;O", b"\x1b\\", b"\x1b]11;\xff\xfe\a\x1bP\x1b\\\x1b[?", b"\x1b[6;t", fence), 0), ("late", KITTY, 1.2)):
        t = opened([driver], answers=answers, wait=wait)
        t.type("state 2\r")
        if answers:
            t.until(lambda: t.answers is None, what="the answer")
        t.settled(.15)
        check(b"a=T" not in t.raw and not t.shown(), f"{what}: pictures all the same", t)
        check(prompt(t) == "thaw>", f"{what}: typed into the prompt: {prompt(t)}", t)
        t.type("quit\r")
        check(t.end() == 0, f"{what}: status", t)
        t.close()
    for more in (dict(NO_COLOR="1"), dict(TERM="linux"), dict(TERM="screen")):
        t = opened([thaw, "--data", os.path.join(work, "data")], env=more)
        t.until(lambda: b"wrong" in t.raw or b"not trained" in t.raw, what="the digits")
        t.settled(.2)
        check(b"a=T" not in t.raw, f"{more}: pictures", t)
        t.type("quit\r")
        t.end()
        t.close()

def through_tmux():
    """tmux passes on what is meant for the terminal around it, where it is allowed to; else there are cells."""
    if shutil.which("tmux") is None:
        return
    for allowed in ("on", "off"):
        conf = os.path.join(work, "tmux.conf")
        with open(conf, "w") as f:
            f.write(f"set -g allow-passthrough {allowed}\nset -g status off\nset -g default-terminal tmux-256color\n")
        socket = f"thaw-pictures-{os.getpid()}-{allowed}"
        t = Drawing(["tmux", "-L", socket, "-f", conf, "new-session", f"echo here; read x; exec {driver}"], env=env)
        t.until(lambda: b"here" in t.raw, 60, "tmux")
        t.type("\r")
        t.until(lambda: b"thaw> " in t.raw, 60, "the first frame in tmux")
        t.type("state 2\r")
        if allowed == "on":
            t.until(lambda: len(t.pictures()) >= 7, what="pictures through tmux")
            t.settled(.5)
            whole(t)
        else:
            t.settled(.5)
            check(b"a=T" not in t.raw, "pictures where tmux does not pass them on", t)
        t.type("quit\r")
        t.end()
        check(not t.pictures(), f"tmux, {allowed}: pictures stay behind", t)
        t.close()

try:
    for test in (data_set, numbers, ends, others, through_tmux):
        start = time.time()
        test()
        print(f"{test.__name__} {time.time() - start:.1f} s")
finally:
    shutil.rmtree(work, ignore_errors=True)
