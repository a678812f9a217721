"""term.py: a program on a terminal of our own: a pty whose bytes go through pyte, or a window of tmux. For the tests in this folder."""
import atexit, errno, fcntl, gzip, os, pty, select, shutil, signal, struct, subprocess, sys, tempfile, termios, time, unicodedata

SKIP = 77

def skip(why):
    print("skipped:", why)
    sys.exit(SKIP)

def wanted():
    try:
        import pyte
    except ImportError:
        skip("pyte is missing (python3-pyte)")
    return pyte

def small_data(folder, train=260, test=100):
    """The first images of the bundled data as a set of its own, so that an epoch is short under a sanitizer too."""
    os.makedirs(folder)
    for part, n in (("train", train), ("t10k", test)):
        for name, head, size in ((f"{part}-images-idx3-ubyte", 16, 28 * 28), (f"{part}-labels-idx1-ubyte", 8, 1)):
            data = gzip.open(os.path.join(os.environ.get("top_srcdir", "."), "assets/mnist", name + ".gz")).read(head + n * size)
            with open(os.path.join(folder, name), "wb") as f:
                f.write(data[:4] + struct.pack(">i", n) + data[8:])
    return folder

def packed_data(folder):
    """Two gigabytes of blank images, packed: a data set that takes seconds to read."""
    os.makedirs(folder)
    piece = gzip.compress(bytes(1 << 24), 1)
    for part, many in (("train", 120), ("t10k", 1)):
        with open(f"{folder}/{part}-images-idx3-ubyte.gz", "wb") as f:
            f.write(gzip.compress(struct.pack(">4BIII", 0, 0, 8, 3, many * 256, 256, 256)) + piece * many)
        with open(f"{folder}/{part}-labels-idx1-ubyte.gz", "wb") as f:
            f.write(gzip.compress(struct.pack(">4BI", 0, 0, 8, 1, many * 256) + bytes(many * 256)))
    return folder

class Pty:
    """The program on a pty; feed it with type(), look with text()."""
    def __init__(self, argv, cols=80, rows=24, env=None, pyte=None):
        self.cols, self.rows, self.bytes = cols, rows, 0
        self.log = b"" # the last of what has come
        self.head = b"" # and the first
        self.screen = pyte.Screen(cols, rows) if pyte else None
        self.stream = pyte.ByteStream(self.screen) if pyte else None
        self.master, slave = pty.openpty()
        self.before = termios.tcgetattr(slave)
        self.size(cols, rows, tell=False)
        full = dict(os.environ, LC_ALL="C.UTF-8", TERM="xterm-256color", INPUTRC="/dev/null", ASAN_OPTIONS="exitcode=99:intercept_tls_get_addr=0")
        full.pop("NO_COLOR", None); full.pop("COLORTERM", None)
        full.update(env or {})
        full = {k: v for k, v in full.items() if v is not None}
        def child():
            os.setsid()
            fcntl.ioctl(0, termios.TIOCSCTTY, 0)
            for sig in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT): # whoever started the tests may ignore them
                signal.signal(sig, signal.SIG_DFL)
        self.proc = subprocess.Popen(argv, stdin=slave, stdout=slave, stderr=slave, env=full, preexec_fn=child, close_fds=True)
        self.slave = slave
        os.set_blocking(self.master, False)

    def size(self, cols, rows, tell=True):
        self.cols, self.rows = cols, rows
        if self.screen and tell:
            self.screen.resize(rows, cols)
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, cols, 0, 0))

    def type(self, data):
        data = data.encode() if isinstance(data, str) else data
        end = time.time() + 60
        while data and time.time() < end:
            self.pump(0)
            try:
                data = data[os.write(self.master, data):]
            except BlockingIOError:
                self.pump(.05)
            except OSError:
                return

    def pump(self, wait):
        """Takes what the program has written; True when there was something."""
        some = False
        while True:
            ready, _, _ = select.select([self.master], [], [], 0 if some else wait)
            if not ready:
                return some
            try:
                data = os.read(self.master, 65536)
            except BlockingIOError:
                return some
            except OSError as e:
                if e.errno == errno.EIO:
                    return some
                raise
            if not data:
                return some
            some = True
            self.bytes += len(data)
            self.log = (self.log + data)[-400000:]
            self.head += data[:20000 - len(self.head)] if len(self.head) < 20000 else b""
            if self.stream:
                self.stream.feed(data)

    def until(self, condition, seconds=30, what="what was waited for"):
        end = time.time() + seconds
        while not condition():
            if time.time() > end:
                print(self.text() if self.screen else self.log[-2000:], file=sys.stderr)
                raise SystemExit(f"FAIL: {what} did not come within {seconds} s")
            self.pump(.05)
            if self.proc.poll() is not None and not condition():
                raise SystemExit(f"FAIL: {what}: the program has ended with status {self.proc.returncode}: {self.log[-300:]!r}")

    def busy(self):
        """Whether the program has still to read what was typed, or a thread of it runs or waits for a processor."""
        task = f"/proc/{self.proc.pid}/task"
        try:
            states = [open(f"{task}/{thread}/stat").read().rpartition(")")[2].split()[0] for thread in os.listdir(task)]
        except (FileNotFoundError, ProcessLookupError): # a thread, or the program, that has just ended
            return self.proc.poll() is None
        unread = struct.unpack("i", fcntl.ioctl(self.slave, termios.FIONREAD, bytes(4)))[0]
        return any(state in "RD" for state in states) or (unread > 0 and "T" not in states)

    def settled(self, quiet=.15, seconds=60):
        """All that was typed is read and shown: nothing comes, and the program sleeps, for longer than it waits behind an Esc. This
        does not end while a run goes on."""
        end = time.time() + seconds
        since = time.time()
        while time.time() - since < quiet:
            if self.pump(.01) or self.busy():
                since = time.time()
            if since > end:
                raise SystemExit(f"FAIL: the program does not settle within {seconds} s")

    def text(self):
        lines = []
        for y in range(self.rows):
            row = self.screen.buffer[y]
            lines.append("".join(row[x].data for x in range(self.cols)).rstrip())
        return unicodedata.normalize("NFC", "\n".join(lines))

    def end(self, seconds=30):
        """Waits for the program; returns its status (negative: the signal)."""
        end = time.time() + seconds
        while self.proc.poll() is None:
            if time.time() > end:
                self.proc.kill()
                raise SystemExit("FAIL: the program does not end")
            self.pump(.05)
        self.pump(.05)
        return self.proc.returncode

    def modes(self):
        return termios.tcgetattr(self.slave)

    def close(self):
        if self.proc.poll() is None:
            self.proc.kill()
            self.proc.wait()
        os.close(self.master)
        os.close(self.slave)

class Bench(Pty):
    """A workbench with a small data set, in a folder of its own."""
    def __init__(self, pyte, cols=120, rows=40):
        self.work = tempfile.mkdtemp()
        atexit.register(shutil.rmtree, self.work, ignore_errors=True)
        super().__init__([os.environ.get("THAW", "./thaw"), "--data", small_data(os.path.join(self.work, "data"))], cols, rows,
                         env=dict(TERM="linux", XDG_STATE_HOME=self.work, XDG_CONFIG_HOME=self.work), pyte=pyte)

    def line(self, text):
        self.type(text + "\r")

    def shows(self, *texts, what):
        self.until(lambda: all(x in self.text() for x in texts), 120, f"{what}: {texts}")

    def fails(self, why):
        raise SystemExit(f"FAIL: {why}\n{self.text()}")

class Tmux:
    """The program in a window of a tmux server of its own."""
    count = 0

    def __init__(self, argv, cols=80, rows=24, env=None):
        Tmux.count += 1 # a server that is going must not be asked
        self.name, self.cols, self.rows = f"thaw-test-{os.getpid()}-{Tmux.count}", cols, rows
        atexit.register(self.close) # a failing test leaves no server behind
        words = ["env", "-u", "NO_COLOR", "-u", "COLORTERM", "LC_ALL=C.UTF-8", "TERM=tmux-256color", "INPUTRC=/dev/null"]
        words += [f"{k}={v}" for k, v in (env or {}).items()] + argv
        self.tmux("new-session", "-d", "-x", str(cols), "-y", str(rows), *words)
        self.tmux("set", "-g", "status", "off"); self.tmux("set", "-g", "remain-on-exit", "on")
        self.tmux("resize-window", "-x", str(cols), "-y", str(rows))

    def tmux(self, *words):
        return subprocess.run(["tmux", "-L", self.name, "-f", "/dev/null", *words], env=dict(os.environ, LC_ALL="C.UTF-8"),
                              capture_output=True, text=True).stdout

    def size(self, cols, rows):
        self.cols, self.rows = cols, rows
        self.tmux("resize-window", "-x", str(cols), "-y", str(rows))

    def type(self, text):
        self.tmux("send-keys", "-l", text.rstrip("\n"))
        if text.endswith("\n"):
            self.tmux("send-keys", "Enter")

    def text(self):
        return unicodedata.normalize("NFC", "\n".join(l.rstrip() for l in self.tmux("capture-pane", "-p").split("\n")[:self.rows]))

    def until(self, condition, seconds=30, what="what was waited for"):
        end = time.time() + seconds
        while not condition():
            if time.time() > end:
                print(self.text(), file=sys.stderr)
                raise SystemExit(f"FAIL: {what} did not come within {seconds} s")
            time.sleep(.03)

    def pump(self, wait):
        time.sleep(wait)

    def close(self):
        self.tmux("kill-server")
