#!/usr/bin/python3
"""agree.py: two terminal emulators that are not ours show what our cells say, over a session with resizes, wide and combining
characters, and 0, 8 and 256 colours."""
import os, shutil, sys, tempfile, time, unicodedata
sys.dont_write_bytecode = True
from term import Pty, Tmux, skip, wanted

driver = os.path.join(os.environ.get("top_builddir", "."), "tui_driver")
work = tempfile.mkdtemp()
count = 0

STEPS = [
    None, "state 0", "state 3", "log 語語 wide, e\u0301a\u0308 combining, x\u200by zero width", ("size", 120, 40), "log " + "語" * 70, "layout beamer",
    "layout inspect", ("size", 40, 8), "layout log", ("size", 39, 8), ("size", 100, 30), "focus runs", "focus prompt", "state 1", ("size", 200, 60),
    "layout train", "glyphs block", "glyphs ascii", "glyphs braille", "colours 0", "colours 1", ("size", 61, 17), "colours 2", ("size", 80, 24), "log \U0001f600 and \U0001f469\u200d\U0001f52c",
]

def compare(term, what):
    """Asks for the cells, then waits until the emulator shows them; a resize may come in between, so it asks again."""
    global count
    count += 1
    want, end = "", time.time() + 20
    while time.time() < end:
        path = os.path.join(work, "dump")
        if os.path.exists(path):
            os.remove(path)
        term.type(f"dump {path}\n")
        term.until(lambda: os.path.exists(path), what=f"{what}: the dump")
        want = unicodedata.normalize("NFC", open(path, encoding="utf-8").read().rstrip("\n"))
        soon = time.time() + 1
        while time.time() < soon:
            term.pump(.03)
            if term.text().rstrip("\n") == want:
                return
    a, b = want.split("\n"), term.text().split("\n")
    for y in range(max(len(a), len(b))):
        x, z = (a[y] if y < len(a) else "-"), (b[y] if y < len(b) else "-")
        if x != z:
            print(f"row {y}\n  cells    {x!r}\n  terminal {z!r}", file=sys.stderr)
    raise SystemExit(f"FAIL: {what}: the terminal shows something else")

def session(term, name, start):
    term.until(lambda: "thaw>" in term.text(), what=f"{name}: the prompt")
    for step in start:
        term.type(step + "\n")
    for step in STEPS:
        if isinstance(step, tuple):
            term.size(*step[1:])
        elif step:
            term.type(step + "\n")
        compare(term, f"{name}: {step}")
    term.close()

pyte = wanted()
try:
    # pyte knows what TERM=linux sends; the glyphs are forced there.
    session(Pty([driver], env={"TERM": "linux"}, pyte=pyte), "pyte, TERM=linux", ["glyphs braille"])
    if shutil.which("tmux"):
        for name in ("tmux-256color", "screen", "xterm-256color"):
            session(Tmux([driver], env={"TERM": name}), f"tmux, TERM={name}", [])
    else:
        print("tmux is missing: half of the test skipped")
finally:
    shutil.rmtree(work, ignore_errors=True)
print(count, "screens agree")
