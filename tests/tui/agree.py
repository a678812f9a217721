#!/usr/bin/python3
"""agree.py: two terminal emulators that are not ours show what our cells say, characters, colours and attributes, over a session with
resizes, wide and combining characters, and 0, 8, 256 and 2^24 colours."""
import os, select, shutil, subprocess, sys, tempfile, time, unicodedata
sys.dont_write_bytecode = True
from term import Pty, Tmux, wanted

driver = os.path.join(os.environ.get("top_builddir", "."), "tui_driver")
work = tempfile.mkdtemp()
count = looks = 0
seen = set() # numbers of colours that were compared in each emulator

WIDE = [("log 語語 wide, e\u0301a\u0308 combining, x\u200by zero width"), "log " + "語" * 70, "log \U0001f600 and \U0001f469\u200d\U0001f52c"]
SHORT = [None, WIDE[0], "glyphs ascii", ("size", 120, 40), "layout beamer", ("size", 39, 8), ("size", 80, 24)]
FULL = [
    None, "state 0", "state 3", WIDE[0], ("size", 120, 40), WIDE[1], "layout beamer", "layout inspect", ("size", 40, 8), "layout log", ("size", 39, 8),
    ("size", 100, 30), "focus runs", "focus prompt", "state 1", ("size", 200, 60), "layout train", "glyphs block", "glyphs ascii", "glyphs braille",
    "colours 0", "colours 1", ("size", 61, 17), "colours 2", ("size", 80, 24), "colours 3", WIDE[2], ("size", 110, 33), WIDE[0], "layout beamer",
]

# Descriptions that a system may lack: 2^24 colours as xterm takes them, and what pyte understands beyond TERM=linux.
DESCRIPTIONS = r"""
xterm-direct|xterm with 2^24 colours,
	RGB, ccc@, colors#0x1000000, pairs#0x10000, initc@, oc@,
	setab=\E[%?%p1%{8}%<%t4%p1%d%e48\:2\:\:%p1%{65536}%/%d\:%p1%{256}%/%{255}%&%d\:%p1%{255}%&%d%;m,
	setaf=\E[%?%p1%{8}%<%t3%p1%d%e38\:2\:\:%p1%{65536}%/%d\:%p1%{256}%/%{255}%&%d\:%p1%{255}%&%d%;m,
	use=xterm-256color,
pyte-256color|linux with 256 colours,
	ccc@, colors#256, pairs#32767, initc@, ncv@, oc@, setab=\E[48;5;%p1%dm, setaf=\E[38;5;%p1%dm, use=linux,
pyte-direct|linux with 2^24 colours,
	RGB, ccc@, colors#0x1000000, pairs#0x10000, initc@, ncv@, oc@,
	setab=\E[%?%p1%{8}%<%t4%p1%d%e48;2;%p1%{65536}%/%d;%p1%{256}%/%{255}%&%d;%p1%{255}%&%d%;m,
	setaf=\E[%?%p1%{8}%<%t3%p1%d%e38;2;%p1%{65536}%/%d;%p1%{256}%/%{255}%&%d;%p1%{255}%&%d%;m,
	use=linux,
"""
BOLD, DIM, REVERSE, UNDERLINE = 1, 2, 4, 8 # the first three as in ui/canvas.h, which never underlines

def rgb(index):
    """One of the 256 colours of xterm from the 17th on, which have no names."""
    if index >= 232:
        return (8 + 10 * (index - 232),) * 3
    level = (0, 95, 135, 175, 215, 255)
    return level[(index - 16) // 36], level[(index - 16) // 6 % 6], level[(index - 16) % 6]

def wished(n, colours):
    """A colour of a cell: -1 as None, an index below 8 as it is, others as RGB, which is all that pyte tells."""
    if n < 8:
        return None if n < 0 else n
    return (n >> 16, n >> 8 & 255, n & 255) if colours == 3 else rgb(n)

NAMES = ("black", "red", "green", "brown", "blue", "magenta", "cyan", "white")

def pyte_looks(term):
    def colour(name):
        return None if name == "default" else NAMES.index(name) if name in NAMES else tuple(bytes.fromhex(name))
    for y in range(term.rows):
        row = [term.screen.buffer[y][x] for x in range(term.cols)]
        yield [(c.data, colour(c.fg), colour(c.bg), BOLD * c.bold | UNDERLINE * c.underscore | REVERSE * c.reverse) for c in row if c.data != ""]

def tmux_looks(term):
    fg = bg = None
    attr = 0
    def one(code, rest):
        """The colour that stands behind 38 or 48."""
        if rest[0] == 5:
            del rest[0]
            n = rest.pop(0)
            return n if n < 8 else rgb(n)
        r = tuple(rest[1:4])
        del rest[:4]
        return r
    for line in term.tmux("capture-pane", "-p", "-e", "-N").split("\n")[:term.rows]:
        row, i = [], 0
        while i < len(line):
            if line.startswith("\x1b[", i):
                end = line.index("m", i)
                codes = [int(n or 0) for n in line[i + 2:end].replace(":", ";").split(";")]
                while codes:
                    n = codes.pop(0)
                    if n == 0: fg, bg, attr = None, None, 0
                    elif n in (1, 2, 4, 7): attr |= {1: BOLD, 2: DIM, 4: UNDERLINE, 7: REVERSE}[n]
                    elif n == 39: fg = None
                    elif n == 49: bg = None
                    elif 30 <= n < 38: fg = n - 30
                    elif 40 <= n < 48: bg = n - 40
                    elif n == 38: fg = one(n, codes)
                    elif n == 48: bg = one(n, codes)
                    else: raise SystemExit(f"FAIL: an attribute that nobody has asked for: {n}")
                i = end + 1
                continue
            if line[i] in "\x0e\x0f" or unicodedata.combining(line[i]):
                i += 1
                continue
            row.append((line[i], fg, bg, attr))
            i += 1
        yield row

def differences(term, cells):
    """Where the looks differ, as text. Of a blank cell only its ground can be seen."""
    global looks
    tmux = isinstance(term, Tmux)
    colours, rows = int(cells[0]), cells[1:]
    bad, attrs = [], BOLD | UNDERLINE | REVERSE | (DIM if tmux else 0) # pyte knows no dim
    for y, shown in enumerate(tmux_looks(term) if tmux else pyte_looks(term)):
        want = [w for run in rows[y].split() for w in [tuple(map(int, run.split(",")[1:]))] * int(run.split(",")[0])]
        for x, ((fg, bg, attr), cell) in enumerate(zip(want, shown)):
            mask = attrs
            fg, bg = wished(fg, colours), wished(bg, colours)
            if term.kind == "vt100":
                mask &= ~DIM
            if term.kind == "linux" and (fg is not None or bg is not None): # it cannot do both
                mask &= ~(DIM | UNDERLINE)
            blank = cell[0] == " "
            if blank and not (attr & REVERSE):
                fg, mask, cell = None, REVERSE | UNDERLINE, (" ", None) + cell[2:]
            if (fg, bg, attr & mask) != (cell[1], cell[2], cell[3] & mask):
                bad.append(f"row {y} cell {x} {cell[0]!r}: colours {fg} on {bg}, attributes {attr & mask}; the terminal has {cell[1]} on {cell[2]}, {cell[3] & mask}")
            looks += 1
    if not bad:
        seen.add((type(term).__name__, colours))
    return bad

def compare(term, what):
    """Asks for the cells, then waits until the emulator shows them; a resize may come in between, so it asks again."""
    global count
    count += 1
    want, bad, end = "", [], time.time() + 20
    path = os.path.join(work, "dump")
    while time.time() < end:
        if os.path.exists(path):
            os.remove(path)
        term.type(f"dump {path}\n")
        term.until(lambda: os.path.exists(path), what=f"{what}: the dump")
        want, cells = open(path, encoding="utf-8").read().split("\f")
        want, cells = unicodedata.normalize("NFC", want.rstrip("\n")), cells.rstrip("\n").split("\n")
        if len(cells) != term.rows + 1: # the new size is not known there yet
            term.pump(.01)
            continue
        soon = time.time() + 1
        while time.time() < soon:
            term.pump(.03)
            if term.text().rstrip("\n") == want:
                bad = differences(term, cells)
                if not bad:
                    return
    if bad:
        raise SystemExit(f"FAIL: {what}: {len(bad)} cells look different\n" + "\n".join(bad[:8]))
    a, b = want.split("\n"), term.text().split("\n")
    for y in range(max(len(a), len(b))):
        x, z = (a[y] if y < len(a) else "-"), (b[y] if y < len(b) else "-")
        if x != z:
            print(f"row {y}\n  cells    {x!r}\n  terminal {z!r}", file=sys.stderr)
    raise SystemExit(f"FAIL: {what}: the terminal shows something else")

def session(emulator, name, steps, colorterm=None, start=()):
    env = {"TERM": name, "TERMINFO": os.path.join(work, "terminfo")}
    if colorterm:
        env["COLORTERM"] = colorterm
    term = Pty([driver], env=env, pyte=pyte) if emulator == "pyte" else Tmux([driver], env=env)
    term.kind = name
    term.until(lambda: "thaw>" in term.text(), what=f"{emulator}, TERM={name}: the prompt")
    for step in start:
        term.type(step + "\n")
    for step in steps:
        if isinstance(step, tuple):
            term.size(*step[1:])
        elif step:
            term.type(step + "\n")
        compare(term, f"{emulator}, TERM={name}: {step}")
    term.close()

def interrupts():
    """Ctrl-C makes the system drop what it holds for the terminal, in the middle of a frame too."""
    term = Pty([driver], 200, 60, env={"TERM": "linux"}, pyte=pyte)
    term.kind = "linux"
    term.until(lambda: "thaw>" in term.text(), what="the prompt")
    for i in range(15):
        term.settled(.05)
        os.write(term.master, f"layout {('beamer', 'log', 'inspect', 'train')[i % 4]}\nx".encode())
        select.select([term.master], [], [], 5) # the echo, which is not taken
        select.select([], [], [], .01 * (i % 5)) # and more of the frame, or less
        os.write(term.master, b"\x03")
        compare(term, f"pyte, Ctrl-C {i}")
    term.close()

pyte = wanted()
try:
    subprocess.run(["tic", "-x", "-o", os.path.join(work, "terminfo"), "-"], input=DESCRIPTIONS.encode(), check=True, capture_output=True)
    session("pyte", "linux", FULL, start=["glyphs braille"])
    session("pyte", "pyte-256color", FULL, "truecolor")
    session("pyte", "vt100", SHORT)
    session("pyte", "screen", SHORT)
    interrupts()
    if shutil.which("tmux"):
        session("tmux", "tmux-256color", FULL)
        session("tmux", "xterm-256color", FULL, "truecolor")
        for name in ("tmux", "screen", "linux", "vt100"):
            session("tmux", name, SHORT)
    else:
        print("tmux is missing: half of the test skipped")
    for emulator in {e for e, _ in seen}:
        if {n for e, n in seen if e == emulator} != {0, 1, 2, 3}:
            raise SystemExit(f"FAIL: not each number of colours was compared: {sorted(seen)}")
finally:
    shutil.rmtree(work, ignore_errors=True)
print(count, "screens agree,", looks, "cells")
