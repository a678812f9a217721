#!/usr/bin/python3
"""moments.py: signals at any moment, from the first millisecond on, to a workbench that trains, saves and draws: the terminal is as
before, the status tells the signal, every file is whole or not there. MOMENTS=N tries N of them and not only a few."""
import os, random, shutil, signal, subprocess, sys, tempfile, time
sys.dont_write_bytecode = True
from term import Pty, small_data

thaw = os.environ.get("THAW", "./thaw")
sanitized = os.environ.get("sanitized", "no") != "no"
r = random.Random()
longest = 4 if sanitized else 1.2 # seconds; by then the second run is going on
KINDS = [signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGINT, signal.SIGTSTP] + [signal.SIGSEGV] * (not sanitized)
LINE = "train gte5 epochs=5; save {0}/a.safetensors; export png curves {0}/a.png; export png screen {0}/b.png; freeze features; " \
    "set cache on; train lt5 epochs=100000\r"

class Moment:
    def __init__(self, kind, after):
        self.kind, self.after = kind, after
        self.work = tempfile.mkdtemp()
        self.files = os.path.join(self.work, "files")
        os.mkdir(self.files)
        self.t = Pty([thaw, "--data", data], env=dict(XDG_STATE_HOME=self.work, XDG_CONFIG_HOME=self.work))
        self.start, self.sent, self.over = time.time(), False, False
        self.t.type(LINE.format(self.files)) # it waits in the terminal until somebody reads

    def fail(self, why):
        raise SystemExit(f"FAIL: {self.kind.name} after {self.after:.3f} s: {why}\n{self.t.log[-1500:]!r}")

    def step(self):
        """Sends what is due; at the end looks at what is left."""
        self.t.pump(.01)
        now, code = time.time(), self.t.proc.poll()
        if not self.sent and now - self.start >= self.after:
            self.sent = now
            self.t.proc.send_signal(self.kind)
        elif self.sent and code is None and self.kind in (signal.SIGINT, signal.SIGTSTP) and now - self.sent >= .3:
            self.t.proc.send_signal(signal.SIGTERM) # the run was stopped, or nothing was: a session goes on
            self.sent = now
        elif self.sent and code is None and now - self.sent > 60:
            self.fail("it does not end")
        if code is not None:
            self.end(code)

    def end(self, code):
        self.over = True
        self.t.pump(.01)
        if not self.sent:
            self.fail(f"it ended before, with {code}")
        if code not in {-self.kind, -signal.SIGTERM if self.kind in (signal.SIGINT, signal.SIGTSTP) else -self.kind}:
            self.fail(f"status {code}")
        if self.t.modes() != self.t.before:
            self.fail("the terminal's settings are not as before")
        if self.t.log.count(b"\x1b[?1049h") != self.t.log.count(b"\x1b[?1049l") or self.t.log.count(b"\x1b[?2004h") > self.t.log.count(b"\x1b[?2004l"):
            self.fail("the screen is not left")
        for folder, _, names in os.walk(self.work):
            for name in names:
                path = os.path.join(folder, name)
                if name.startswith(".") and self.kind != signal.SIGSEGV: # what a crash leaves beside the file
                    self.fail(f"{name} is left over")
                if name.endswith(".png") and not name.startswith(".") and not open(path, "rb").read().endswith(b"IEND\xaeB`\x82"):
                    self.fail(f"{name} is cut off")
                if name.endswith(".safetensors") and not name.startswith("."):
                    p = subprocess.run([thaw, "-c", f"load {path}"], capture_output=True)
                    if p.returncode != 0:
                        self.fail(f"{name} does not load: {p.stderr!r}")
        self.t.close()
        shutil.rmtree(self.work, ignore_errors=True)

def main():
    left = int(os.environ.get("MOMENTS", 4 if sanitized else 8))
    going, done = [], 0
    order = r.sample(KINDS, len(KINDS))
    while left or going:
        while left and len(going) < 4:
            left -= 1
            going.append(Moment(order[left % len(order)], r.uniform(0, longest) ** 2 / longest)) # rather early: there most changes
        for m in going:
            m.step()
        done += sum(m.over for m in going)
        going = [m for m in going if not m.over]
    print(done, "moments")

folder = tempfile.mkdtemp()
try:
    data = small_data(os.path.join(folder, "data"))
    main()
finally:
    shutil.rmtree(folder, ignore_errors=True)
