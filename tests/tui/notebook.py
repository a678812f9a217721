#!/usr/bin/python3
"""notebook.py: a session of the workbench as a notebook: what the screen has shown is in it as pictures, what is no part of the work is not,
and a session that began with `load` says so."""
import base64, json, os, re, shutil, subprocess, sys, tempfile
sys.dont_write_bytecode = True
from term import Pty, small_data, wanted

pyte = wanted()
thaw = os.path.abspath(os.environ.get("THAW", "./thaw"))
work = tempfile.mkdtemp()
data = small_data(os.path.join(work, "data"))
os.chdir(work)
n = 0

def begin():
    global t, n
    t = Pty([thaw, "--data", data], 120, 40, env=dict(TERM="linux", XDG_STATE_HOME=work, XDG_CONFIG_HOME=work), pyte=pyte)
    t.until(lambda: "thaw>" in t.text(), 60, "the prompt")

def line(text):
    global n
    n += 1
    t.type(f"{text}\r")
    if text.startswith("train"): # beside a run `print` acts at once, and what the run says at its end may cover it
        t.until(lambda: "Test accuracy" in t.text(), 120, text)
    t.type(f'print "line {n} is done"\r')
    t.until(lambda: f"\n| line {n} is done" in t.text(), 120, text)

def notebook(name):
    line("export ipynb " + name)
    book = json.load(open(name))
    return {"".join(c["source"]).partition("\n")[2]: c["outputs"] for c in book["cells"] if "".join(c["source"]).startswith("%%thaw")}, \
        ["".join(c["source"]) for c in book["cells"] if c["cell_type"] == "markdown"]

def pictures(outputs):
    return [o for o in outputs if o["output_type"] == "display_data" and len(o["data"]["image/png"]) > 1000]

begin()
for text in ('build "conv2d 2 5, relu, max_pooling2d 6, flatten | dense 5, softmax"', "train gte5 epochs=1", "freeze conv9", "help train", "foc loss",
             "layout train", "plot acc r1", "show n=4", "show test:2", "predict test:1", "saliency test:1", "occlude test:1", "stats dense",
             "explain dense[2] test:1", "probe gte5 n=50", "save s.safetensors", "save w.npz", "load w.npz", "thaw> print 6 * 7"):
    line(text)
told = "the commands before them" in " ".join(t.text().split()) # weights bring no runs
cells, remarks = notebook("a.ipynb")
wrong = [text for text in ("freeze conv9", "help train", "foc loss", "layout train") if text in cells]
wrong += [text for text in ("train gte5 epochs=1", "save s.safetensors") if text not in cells]
wrong += [] if "42" in json.dumps(cells.get("print 6 * 7")) else ["a line that was pasted with its prompt"]
wrong += [text for text in ("plot acc r1", "show n=4", "show test:2", "predict test:1", "saliency test:1", "occlude test:1",
                             "stats dense", "explain dense[2] test:1", "probe gte5 n=50")
          if len(pictures(cells.get(text, []))) != 1]
wrong += [f"{text}: {lines}" for text, lines in (("stats dense", "histogram"), ("explain dense[2] test:1", "computed by the network"),
                                                 ("probe gte5 n=50", "max_pooling2d")) if lines not in json.dumps(cells.get(text, []))]
wrong += ["on the screen"] if "the curves are on the screen" in json.dumps(cells) else []
wrong += ["a word about weights that were loaded"] if told or any("has brought" in r for r in remarks) else []
UP, DOWN = "\x1b[A", "\x1b[B"
t.type("draw\r")
t.until(lambda: " drawn " in t.text() and "brush" in t.text(), 60, "the canvas")
t.type(UP * 8 + " " + DOWN * 17 + " ") # a one
t.until(lambda: "draw a digit" not in t.text(), 60, "a stroke")
t.type("\x1b")
t.until(lambda: " drawn " not in t.text(), 60, "the prompt")
line("predict last")
line("export png draw")
line("predict thaw-draw.png")
shutil.copy("thaw-draw.png", "drawn.png")
cells, remarks = notebook("drawn.ipynb")
ink = [c for c in cells if c.startswith("draw ink=")]
wrong += [f"{len(ink)} cells with the drawing"] if len(ink) != 1 or [o["output_type"] for o in cells[ink[0]]] != ["display_data"] else []
wrong += ["the cells around it"] if not any("Here a picture was drawn by hand, which the next cell has" in r for r in remarks) or \
    not list(cells).index(ink[0]) < list(cells).index("predict last") < list(cells).index("export png draw") else []
# the notebook runs again in another folder, and says of the drawing what the screen said
said = "".join(x for o in cells["predict last"] if o["output_type"] == "stream" for x in o["text"])
os.mkdir("again")
shutil.copy("drawn.ipynb", "again")
shutil.copy("w.npz", "again") # which it loads
again = subprocess.run([thaw, "--safe", "--data", data, "drawn.ipynb"], capture_output=True, text=True, cwd="again", env=dict(os.environ, LC_ALL="C.UTF-8", TERM="dumb"))
bars = re.findall(r"^ +(?:unit )?\d  [.\d]+", said, re.M)
wrong += [f"predict last in {said!r} and {again.stdout[-600:]!r} {again.stderr!r}"] if not bars or again.returncode or \
    again.stdout.count(bars[0]) < 2 else []
wrong += ["the drawing as a file"] if not os.path.exists("again/thaw-draw.png") or \
    open("again/thaw-draw.png", "rb").read() != open("drawn.png", "rb").read() else []
# a drawing as text, onto the canvas that has another: a bar from edge to edge
line("draw ink=" + base64.b64encode(bytes(784 // 2 - 28) + b"\xff" * 56 + bytes(784 // 2 - 28)).decode())
t.type("draw\r")
t.until(lambda: " drawn " in t.text() and "=" * 28 in t.text(), 60, "the bar on the canvas")
t.type("\x1b")
t.until(lambda: " drawn " not in t.text(), 60, "the prompt")
t.type("quit\r")
first = t.end(60)
# lines of Python: each with its own answer, a statement of several lines as one, and all of it runs again
begin()
line('build "conv2d 2 5, relu, max_pooling2d 6, flatten | dense 5, softmax"')
t.type("import keras\rimport numpy as np\rx = 1 + \\\r  2\rmodel.compile(loss='categorical_crossentropy',\r    optimizer='sgd')\r)\r")
t.until(lambda: "that is: compile optimizer=sgd" in t.text(), 60, "a statement of two lines")
t.type("for l in feature_layers:\r    l.trainable = False\r\r")
t.until(lambda: "frozen: conv2d" in t.text(), 60, "a loop")
t.type("model.compile(\r\r")
t.until(lambda: "was not closed" in t.text(), 60, "what was not closed")
t.type("model.fit(x_train_gte5, y_train_gte5,\r  epochs=1)\r")
t.until(lambda: "Test accuracy" in t.text(), 120, "model.fit")
cells, remarks = notebook("python.ipynb")
said = lambda text: "".join(x for o in cells.get(text, []) for x in o.get("text", []))
for text, answer in (("# import keras", "note: passed over: nothing has to be imported\n"), ("# import numpy as np", "note: passed over: nothing has to be imported\n"),
                     ("# x = 1 + \\ \n#   2", "note: passed over: "),
                     ("# model.compile(loss='categorical_crossentropy',\n#     optimizer='sgd')\ncompile optimizer=sgd", "that is: compile optimizer=sgd\n"),
                     ("# for l in feature_layers:\n#     l.trainable = False\nfreeze features", "that is: freeze features\nfrozen: conv2d"),
                     ("# model.fit(x_train_gte5, y_train_gte5,\n#   epochs=1)\ntrain gte5 epochs=1", "that is: train gte5 epochs=1\n")):
    wrong += [] if said(text).startswith(answer) else [f"{text}: {said(text)!r}"]
wrong += [f"in no cell: {list(cells)}"] if any(text in cells for text in ("freeze features", "train gte5 epochs=1", ")")) else []
again = subprocess.run([thaw, "--data", data, "python.ipynb"], capture_output=True, text=True, env=dict(os.environ, LC_ALL="C.UTF-8", TERM="dumb"))
wrong += [f"python.ipynb again: {again.stderr!r}"] if again.returncode or "Test accuracy" not in again.stdout else []
line("export html python.html")
page = open("python.html").read()
wrong += [f"python.html: {text}" for text in ('class="in">import numpy as np</pre>\n<pre class="out"><span class="dim">note: passed over',
                                              'class="in">model.fit(x_train_gte5, y_train_gte5,\n  epochs=1)</pre>', 'class="in">model.compile(</pre>') if text not in page]
t.type("quit\r")
third = t.end(60)
begin()
line("load s.safetensors")
said = "the file has the runs, not the commands before them" in " ".join(t.text().split())
cells, remarks = notebook("b.ipynb")
wrong += ["a word about the load"] if not said or not any("What `load s.safetensors` has brought was made" in r for r in remarks) else []
t.type("quit\r")
second = t.end(60)
shutil.rmtree(work)
if wrong or first or second or third:
    sys.exit(f"not as it should be: {wrong}; status {first}, {second}, {third}")
