#!/usr/bin/python3
"""moments.py: signals at any moment, from the first millisecond on, to a workbench and a batch that train, save and draw: the terminal is as before,
the status tells the signal, every file is whole or not there. MOMENTS=N tries N of them and not only a few; FAULTS=all 300 of each kind in each."""
import os, random, shutil, signal, subprocess, sys, tempfile, time
sys.dont_write_bytecode = True
from term import Pty, small_data

thaw = os.environ.get("THAW", "./thaw")
sanitized = os.environ.get("sanitized", "no") != "no"
r = random.Random()
longest = 4 if sanitized else 1.2 # seconds; by then the second run is going on
KINDS = [signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGINT, signal.SIGUSR1, signal.SIGXCPU] + [signal.SIGSEGV] * (not sanitized)
EACH = [(kind, batch) for kind in KINDS for batch in (False, True)] + [(signal.SIGTSTP, False)]
LINE = "train gte5 epochs=5; save {0}/a.safetensors; export png plot {0}/a.png; export png {1} {0}/b.png; freeze features; " \
    "set cache on; train lt5 epochs=100000"

class Batch:
    """What stands for a terminal where there is none."""
    before, log = None, b""

    def __init__(self, argv, folder):
        self.proc = subprocess.Popen(argv, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                     preexec_fn=lambda: [signal.signal(s, signal.SIG_DFL) for s in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT)])

    def pump(self, wait):
        time.sleep(wait)

    def modes(self):
        return None

    def close(self):
        pass

class Moment:
    def __init__(self, kind, batch, after):
        self.kind, self.batch, self.after = kind, batch, after
        self.work = tempfile.mkdtemp()
        self.files = os.path.join(self.work, "files")
        os.mkdir(self.files)
        line = LINE.format(self.files, "digits" if batch else "screen")
        self.t = Batch([thaw, "--data", data, "-c", line], self.work) if batch else \
            Pty([thaw, "--data", data], env=dict(XDG_STATE_HOME=self.work, XDG_CONFIG_HOME=self.work))
        self.start, self.sent, self.over = time.time(), False, False
        if not batch:
            self.t.type(line + "\r") # it waits in the terminal until somebody reads

    def fail(self, why):
        raise SystemExit(f"FAIL: {self.kind.name} to {'a batch' if self.batch else 'the workbench'} after {self.after:.3f} s: {why}\n{self.t.log[-1500:]!r}")

    def step(self):
        """Sends what is due; at the end looks at what is left."""
        self.t.pump(.01)
        now, code = time.time(), self.t.proc.poll()
        if not self.sent and now - self.start >= self.after:
            self.sent = now
            self.t.proc.send_signal(self.kind)
        elif self.sent and code is None and self.kind in (signal.SIGINT, signal.SIGTSTP) and not self.batch and now - self.sent >= .3:
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
        if code not in {-self.kind, -signal.SIGTERM if self.kind in (signal.SIGINT, signal.SIGTSTP) and not self.batch else -self.kind}:
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
    order = r.sample(EACH, len(EACH))
    left = int(os.environ.get("MOMENTS", 300 * len(EACH) if os.environ.get("FAULTS", "") == "all" else 4 if sanitized else 8))
    going, done = [], 0
    while left or going:
        while left and len(going) < 4:
            left -= 1
            going.append(Moment(*order[left % len(order)], r.uniform(0, longest) ** 2 / longest)) # rather early: there most changes
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
