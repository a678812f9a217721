#!/usr/bin/python3
"""keras_files.py: what several versions of Keras have saved gives the same outputs here; what lies, hangs or dies is met by one sentence."""
import json, os, re, shutil, signal, subprocess, sys, tempfile, time, zipfile

thaw = os.path.abspath(os.environ.get("THAW", "./thaw"))
source = os.path.abspath(os.environ.get("top_srcdir", "."))
sanitized = os.environ.get("sanitized", "no") != "no"
base = os.path.realpath(tempfile.mkdtemp())
files = os.path.join(source, "tests/cli/h5")
env = {k: v for k, v in os.environ.items() if not k.startswith(("THAW_", "XDG_", "LC_", "INPUTRC"))}
env.update(LC_ALL="C.UTF-8", TERM="dumb", HOME=base)

def check(condition, what, seen=""):
    if not condition:
        raise SystemExit(f"FAIL: {what}\n{seen[-3000:]}")

def run(*argv, program=thaw, **more):
    p = subprocess.run([program, *argv], cwd=base, env=dict(env, **more), stdin=subprocess.DEVNULL, capture_output=True, timeout=120)
    out, err = p.stdout.decode(errors="replace"), p.stderr.decode(errors="replace")
    check(p.returncode >= 0 and p.returncode != 99 and "Sanitizer" not in err and "runtime error" not in err, f"{argv}: status {p.returncode}", err)
    return p.returncode, out, err

def works(*lines):
    status, out, err = run("-c", "; ".join(lines))
    check(status == 0 and not err, f"{lines}: status {status}", out + err)
    return out

def refused(line, *words, program=thaw, **more):
    status, out, err = run("-c", line, program=program, **more)
    errors = [x for x in err.split("\n") if "error: " in x]
    check(status == 1 and len(errors) == 1 and len(errors[0]) < 1300 and "\x1b" not in err, f"{line}: status {status}, {len(errors)} sentences", out + err)
    for word in words:
        check(word in errors[0], f"{line}: without {word!r}", err)
    return errors[0]

def probabilities(*lines):
    """Of the first four test images."""
    out = works(*lines, "mode json", *(f"predict test:{n}" for n in range(4)))
    rows = [json.loads(x) for x in out.split("\n") if x.startswith('{"event":"predict"')]
    check(len(rows) == 4, f"{lines}: {len(rows)} predictions", out)
    return [list(r["probabilities"].values()) for r in rows]

def agree(got, expected, what):
    worst = max(abs(a - b) for x, y in zip(got, expected) for a, b in zip(x, y))
    check([len(x) for x in got] == [len(y) for y in expected] and worst <= 1e-6, f"{what}: the outputs differ by {worst}")

NET = "conv2d 2 3 stride=2 same relu, batch_normalization, max_pooling2d 2, dropout 0.3, flatten | dense 3 tanh l2=0.01, dense 5, softmax"

def models():
    expected = json.load(open(f"{files}/expected.json"))
    for name in "keras-2.keras", "keras-2.h5", "keras-3.0.keras", "keras-3.6.keras", "keras-3.15.keras":
        agree(probabilities(f"load {name}"), expected[re.sub(r"\.(keras|h5)$", "", name)], name)
        out = works(f"load {name}", "show config")
        for part in (f'build "{NET}"', "freeze conv2d,batch_normalization", "set optimizer adadelta; set lr 0.5; set rho 0.9", "8 layers, 345 weights",
                     "the optimizer's state in the file (8 tensors) is left out"):
            check(part in out, f"{name}: without {part!r}", out)
        out = works(f"build {name}", "show config")
        check(f'build "{NET}"' in out and "freeze" not in out, f"build {name}", out)
    agree(probabilities("load graph.keras"), expected["graph"], "a graph with a model in it and logits")
    agree(probabilities("load line.keras"), expected["line"], "a model of lines of 784 values")
    out = works("load graph.keras", "show config")
    check("freeze conv2d,conv2d_1" in out and "leaky_relu" in out and "ends with logits; a softmax stands behind them" in out, "graph.keras", out)
    weights = "keras-3.15.weights.h5"
    agree(probabilities(f'build "{NET}"', f"load {weights}"), expected["keras-3.15"], weights)
    agree(probabilities(f'build "{NET}"', "load keras-2.h5 only=all"), expected["keras-2"], "the weights of keras-2.h5")

def parts():
    other = NET.replace("dense 3 tanh l2=0.01, dense 5", "dense 7")
    for name in "keras-3.15.weights.h5", "keras-3.15.keras", "keras-2.h5":
        out = works(f'build "{other}"', f"load {name} only=features")
        check(len(re.findall(r"^(conv2d|batch_normalization)\.\w+ .* loaded$", out, re.M)) == 6 and "dense" not in out.split("head:")[1].split("\n", 1)[1], name, out)
        out = works(f'build "{other}"', f"load {name} only=all")
        check("left as it is: 98x3 in the file, 98x7 in the model" in out, f"{name}: what does not fit", out)
    refused(f'build "{other}"; load keras-3.15.weights.h5', "dense.kernel is 98x3 in the file, 98x7 in the model")
    out = works('build "conv2d 2 3, flatten | dense 2, softmax"', "load unknown.keras only=conv2d")
    check(len(re.findall(r"^conv2d\.\w+ .* loaded$", out, re.M)) == 2, "layers of a model that cannot be had here", out)

def refusals():
    refused("load code.keras", "is code (Lambda), which is never run")
    refused("load branches.keras", "do not follow one another in a line")
    refused("load unknown.keras", 'its layer "p_re_lu" cannot be had here: unknown layer "PReLU"')
    refused("build keras-3.15.weights.h5", "holds weights and no model; `build` one")
    refused("build keras-2.h5 classes=3", "from a file or from classes=")
    refused("build nowhere.keras", "nowhere.keras cannot be opened")
    refused("save x.h5", ".h5 is only read here; end its name with .weights.h5 or .keras")
    shutil.copy(f"{files}/keras-2.h5", f"{base}/old.keras") # as TensorFlow once named it
    works("load old.keras")
    with zipfile.ZipFile(f"{files}/keras-3.15.keras") as z:
        members = {n: z.read(n) for n in z.namelist()}
    config = members["config.json"].decode()
    def archive(name, **change):
        with zipfile.ZipFile(f"{base}/{name}.keras", "w") as z:
            for n, data in {**members, **{k.replace("_", "."): v for k, v in change.items()}}.items():
                if data is not None:
                    z.writestr(n, data)
    for name, change, words in (
            ("weightless", {"model_weights_h5": None}, "has no model.weights.h5"), ("pickled", {"model_weights_h5": None, "model_weights_npz": b"x"}, "as pickles"),
            ("textless", {"config_json": None}, "none of Keras: it has no config.json"), ("broken", {"config_json": config[:900]}, "its config.json is no JSON"),
            ("nested", {"config_json": "[" * 300000}, "longer than that of any model"), ("subclass", {"config_json": config.replace('"Sequential"', '"Mine"')}, "of its own class (Mine)"),
            ("foreign", {"config_json": config.replace('"keras.layers", "class_name": "Flatten"', '"evil", "class_name": "Flatten"')}, "is code (Flatten)"),
            ("dilated", {"config_json": config.replace('"dilation_rate": [1, 1]', '"dilation_rate": [2, 2]')}, "dilation_rate=2 is not to be had here"),
            ("huge", {"config_json": config.replace('"units": 3', '"units": 2000000000')}, "cannot be had here"),
            ("unlike", {"config_json": config.replace('"units": 3', '"units": 4')}, "dense.kernel is 98x3 in the file, 98x4 in the model"),
            ("axis", {"config_json": config.replace('"axis": -1', '"axis": 1')}, "axis=1 is not to be had here"),
            ("not-h5", {"model_weights_h5": b"x" * 100}, "is no HDF5 file")):
        archive(name, **change)
        refused(f"load {name}.keras", f"{name}.keras", words)
    archive("rms", config_json=config.replace('"class_name": "Adadelta"', '"class_name": "RMSprop"').replace('"categorical_crossentropy"', '"mse"'))
    check("its optimizer RMSprop is not to be had here" in works("load rms.keras"), "an optimizer that is not known")
    archive("mse", config_json=config.replace('"categorical_crossentropy"', '"mse"').replace('"clipnorm": null', '"clipnorm": 1.0'))
    out = works("load mse.keras")
    check("with the loss mse; here that is categorical cross-entropy" in out and "its clipnorm is left out" in out, "what else it was compiled with", out)

HOSTILE = {
    "attributes": "its model_config is no JSON", "big-endian": 2, "compound": (1, "are no arrays of numbers"), "cut": "no HDF5 file, or is cut off", "deep": "more than 32 groups",
    "doubles": (1, "F64 in the file"), "empty": "no HDF5 file", "external-link": "holds a link to another place", "external-values": "from another file",
    "hard-loop": "one object under two names", "huge": "that no memory has", "larger": "declares 209715200 bytes", "lzf": "by the filter lzf", "newest": 2,
    "no-shape": (1, "are no arrays of numbers"), "none": "no HDF5 file", "not-finite": "are NaN or infinite", "odd-name": (1, ""), "packed": 2, "plain": 2,
    "soft-loop": "holds a link to another place", "soft-nowhere": "holds a link to another place", "strings": (1, "are no arrays of numbers"), "transposed": (1, "2x1x5x5 in the file"),
    "twice": "one object under two names", "unstored": "and stores 0", "unstored-chunks": "and stores 0", "virtual": "from another file",
}

def hostile():
    with zipfile.ZipFile(f"{files}/hostile.zip") as z:
        check(set(z.namelist()) == set(HOSTILE), f"{set(z.namelist()) ^ set(HOSTILE)} is in one list alone")
        for name in z.namelist():
            with open(f"{base}/{name}.h5", "wb") as f:
                f.write(z.read(name))
    lines = ['build "conv2d 2 5, relu, max_pooling2d 6, flatten | dense 2, softmax"', "bail off"]
    for name in HOSTILE:
        lines += [f"print \"== {name}\"", f"load {name}.h5 only=conv2d"]
    with open(f"{base}/lines", "w") as f:
        f.write("\n".join(lines))
    p = subprocess.run(f"'{thaw}' lines 2>&1", shell=True, cwd=base, env=env, stdin=subprocess.DEVNULL, capture_output=True, timeout=120)
    told = dict(x.split("\n", 1) for x in p.stdout.decode(errors="replace").split("== ")[1:])
    for name, want in HOSTILE.items():
        said = told[name]
        if isinstance(want, str):
            check(said.count("error: load: ") == 1 and want in said and " loaded" not in said, f"{name}: not {want!r}", said)
        else:
            n, words = want if isinstance(want, tuple) else (want, "")
            check("error: " not in said and said.count(" loaded\n") == n and words in said, f"{name}: not {want!r}", said)
        check("\x1b" not in said and "root:" not in said, f"{name}: what must not be shown", said)

def helpers():
    """One that dies, hangs, or gives what it should not."""
    own = os.path.join(base, "own")
    os.mkdir(own)
    shutil.copy(thaw, f"{own}/thaw")
    def helper(text):
        with open(f"{own}/thaw-hdf5", "w") as f:
            f.write(text)
        os.chmod(f"{own}/thaw-hdf5", 0o755)
    use = {"program": f"{own}/thaw", "THAW_ASSETS": f"{source}/assets"}
    for text, words in (("#!/bin/sh\nkill -SEGV $$\n", "was ended by signal 11"), ("#!/bin/sh\nexit 3\n", "ended with status 3"), ("#!/bin/sh\n", "gives nothing that it should"),
                        ("#!/bin/sh\ncat >/dev/null; echo rubbish\n", "gives nothing that it should"), ("#!/bin/sh\ncat >/dev/null; echo +rubbish\n", "safetensors"),
                        ("#!/bin/sh\ncat >/dev/null; echo -\n", "keras-2.h5 ?;"), ("#!/bin/sh\nexec yes\n", "gives more than"),
                        ("#!/nowhere/sh\n", "cannot be started")):
        helper(text)
        refused("load keras-2.h5", words, **use)
    # Of one that hangs an interrupt is an end; it leaves nothing behind.
    helper(f"#!/bin/sh\necho $$ >{own}/pid; mv {own}/pid {own}/pid.there; exec tail -f /dev/null\n")
    p = subprocess.Popen([f"{own}/thaw", "-c", "load keras-2.h5; print \"went on\""], cwd=base, env=dict(env, THAW_ASSETS=f"{source}/assets"), stdin=subprocess.DEVNULL,
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=lambda: signal.signal(signal.SIGTERM, signal.SIG_DFL))
    end = time.monotonic() + 60
    while not os.path.exists(f"{own}/pid.there"):
        check(time.monotonic() < end, "the helper does not start")
        time.sleep(0.01)
    p.send_signal(signal.SIGTERM)
    out, err = p.communicate(timeout=60)
    check(b"went on" not in out and p.returncode in (-signal.SIGTERM, 128 + signal.SIGTERM), f"SIGTERM: status {p.returncode}", (out + err).decode())
    check(not os.path.exists(f"/proc/{int(open(f'{own}/pid.there').read())}"), "the helper is still there")
    os.remove(f"{own}/thaw-hdf5")

def confined():
    status, out, err = run("--safe", "-c", "load keras-3.15.keras; build keras-2.h5")
    check(status == 0 and "8 layers, 345 weights" in out, "under --safe", out + err)
    status, out, err = run("--safe", "-c", f"load {files}/keras-2.h5")
    check(status == 1 and "--safe" in err, "a file outside under --safe", out + err)

try:
    for name in os.listdir(files):
        shutil.copy(os.path.join(files, name), base)
    if os.environ.get("with_hdf5", "yes") != "yes":
        for line in "load keras-2.h5", "load keras-3.15.keras", "build keras-2.h5":
            refused(line, "built without it: install libhdf5-dev")
        print("the rest is skipped: thaw was built without libhdf5")
        sys.exit(77)
    models()
    parts()
    refusals()
    hostile()
    helpers()
    confined()
finally:
    shutil.rmtree(base)
