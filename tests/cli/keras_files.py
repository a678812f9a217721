#!/usr/bin/python3
"""keras_files.py: what several versions of Keras have saved gives the same outputs here, and what thaw saves there; what lies, hangs or dies is
met by one sentence. KERAS=PYTHON is an interpreter with Keras 3, which then loads the files and evaluates them."""
import json, os, re, shutil, signal, struct, subprocess, sys, tempfile, time, zipfile

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

FOUR = ("mode json", *(f"predict test:{n}" for n in range(4)))

def probabilities(out):
    rows = [json.loads(x) for x in out.split("\n") if x.startswith('{"event":"predict"')]
    check(len(rows) == 4, f"{len(rows)} predictions", out)
    return [list(r["probabilities"].values()) for r in rows]

def agree(got, expected, what):
    worst = max(abs(a - b) for x, y in zip(got, expected) for a, b in zip(x, y))
    check([len(x) for x in got] == [len(y) for y in expected] and worst <= 1e-6, f"{what}: the outputs differ by {worst}")

NET = "conv2d 2 3 stride=2 same relu, batch_normalization, max_pooling2d 2, dropout 0.3, flatten | dense 3 tanh l2=0.01, dense 5, softmax"

def models():
    expected = json.load(open(f"{files}/expected.json"))
    for name in "keras-2.keras", "keras-2.h5", "keras-3.0.keras", "keras-3.6.keras", "keras-3.15.keras":
        built, out = works(f"build {name}", "show config", 'print "== loaded"', f"load {name}", "show config", *FOUR).split("== loaded")
        agree(probabilities(out), expected[re.sub(r"\.(keras|h5)$", "", name)], name)
        for part in (f'build "{NET}"', "freeze conv2d,batch_normalization", "set optimizer adadelta; set lr 0.5; set rho 0.9", "8 layers, 345 weights",
                     "the optimizer's state (adadelta, 4 steps) is kept"):
            check(part in out, f"{name}: without {part!r}", out)
        check(f'build "{NET}"' in built and "freeze" not in built, f"build {name}", built)
    agree(probabilities(works("load line.keras", *FOUR)), expected["line"], "a model of lines of 784 values")
    out = works("load unbiased.keras", "train lt5 limit=20 epochs=1 slots=loaded", "undo", "save biased.keras", "reset", "load biased.keras", *FOUR)
    agree(probabilities(out), expected["unbiased"], "layers without a bias")
    check("conv2d, dense: no bias in the file; here it is 0, and trains with the layer" in out and "state (adam, 4 steps) is kept" in out, "unbiased.keras", out)
    check("conv2d, dense: no bias in the file" in works("build unbiased.keras"), "build unbiased.keras")
    out = works("load graph.keras", "show config", *FOUR)
    agree(probabilities(out), expected["graph"], "a graph with a model in it and logits")
    check("freeze conv2d,conv2d_1" in out and "leaky_re_lu 0.2" in out and "ends with logits; a softmax stands behind them" in out, "graph.keras", out)
    agree(probabilities(works("load twice.h5", *FOUR)), expected["twice"], "models in one another with layers of one name")
    weights = "keras-3.15.weights.h5"
    agree(probabilities(works(f'build "{NET}"', f"load {weights}", *FOUR)), expected["keras-3.15"], weights)
    agree(probabilities(works(f'build "{NET}"', "load keras-2.h5 only=all", *FOUR)), expected["keras-2"], "the weights of keras-2.h5")

def parts():
    other = NET.replace("dense 3 tanh l2=0.01, dense 5", "dense 7")
    for name in "keras-3.15.weights.h5", "keras-3.15.keras", "keras-2.h5":
        out = works(f'build "{other}"', f"load {name} only=features")
        check(len(re.findall(r"^(conv2d|batch_normalization)\.\w+ .* loaded$", out, re.M)) == 6 and "dense" not in out.split("head:")[1].split("\n", 1)[1], name, out)
        out = works(f'build "{other}"', f"load {name} only=all")
        check("left as it is: 98x3 in the file, 98x7 in the model" in out, f"{name}: what does not fit", out)
    refused(f'build "{other}"; load keras-3.15.weights.h5', "dense.kernel is 98x3 in the file, 98x7 in the model")
    with zipfile.ZipFile(f"{files}/graph.keras") as z, open(f"{base}/nested.weights.h5", "wb") as f:
        f.write(z.read("model.weights.h5"))
    for more in "", " only=all": # "layers/dense" is the first of the outer model alone
        refused(f"load nested.weights.h5{more}", "of models in one another and does not say their order; save that model as .keras")
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
    shutil.copy(f"{files}/make.py", f"{base}/script.keras")
    refused("load script.keras", "neither a ZIP archive nor HDF5")
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
    told = json.loads(config)
    told["compile_config"]["optimizer"]["config"]["learning_rate"] = {"class_name": "CosineDecay", "config": {"initial_learning_rate": 0.01}}
    archive("cosine", config_json=json.dumps(told))
    out = " ".join(works("load cosine.keras").split())
    check("the file's learning rate is a schedule (CosineDecay from 0.01), which is not taken: lr is the default of that optimizer, 1.0, and `set lr` "
          "changes it" in out, "the schedule of a file", out)
    out = " ".join(works("set lr 0.3", "load cosine.keras").split())
    check("not taken: lr is as it was set, 0.3" in out, "a schedule of a file beside a rate that was set", out)
    for name, change, words in (
            ("weightless", {"model_weights_h5": None}, "has no model.weights.h5"), ("pickled", {"model_weights_h5": None, "model_weights_npz": b"x"}, "as pickles"),
            ("textless", {"config_json": None}, "none of Keras: it has no config.json"), ("broken", {"config_json": config[:900]}, "its config.json is no JSON"),
            ("nested", {"config_json": "[" * 300000}, "longer than that of any model"), ("subclass", {"config_json": config.replace('"Sequential"', '"Mine"')}, "of its own class (Mine)"),
            ("foreign", {"config_json": config.replace('"keras.layers", "class_name": "Flatten"', '"evil", "class_name": "Flatten"')}, "is code (Flatten)"),
            ("dilated", {"config_json": config.replace('"dilation_rate": [1, 1]', '"dilation_rate": [2, 2]')}, "dilation_rate=2 is not to be had here; take a model without it"),
            ("huge", {"config_json": config.replace('"units": 3', '"units": 2000000000')}, "cannot be had here"),
            ("unlike", {"config_json": config.replace('"units": 3', '"units": 4')}, "dense.kernel is 98x3 in the file, 98x4 in the model"),
            ("bias", {"config_json": config.replace('"bias_regularizer": null', '"bias_regularizer": {"class_name": "L2", "config": {"l2": 0.01}}')},
             "bias_regularizer=L2(l2=0.01) is not to be had"),
            ("many", {"config_json": config.replace('"units": 3', '"units": 60000')}, "its model has 6240"),
            ("axis", {"config_json": config.replace('"axis": -1', '"axis": 1')}, "axis=1 is not to be had here"),
            ("not-h5", {"model_weights_h5": b"x" * 100}, "is no HDF5 file")):
        archive(name, **change)
        refused(f"load {name}.keras", f"{name}.keras", words)
    archive("rms", config_json=config.replace('"class_name": "Adadelta"', '"class_name": "RMSprop"').replace('"categorical_crossentropy"', '"mse"'))
    check("its optimizer RMSprop is not to be had here" in works("load rms.keras"), "an optimizer that is not known")
    loss = '"sparse_categorical_crossentropy"'
    for name, said in (("sparse", loss), ("class", '{"module": "keras.losses", "class_name": "SparseCategoricalCrossentropy", "config": {"from_logits": false}}'),
                       ("function", f'{{"module": "builtins", "class_name": "function", "config": {loss}, "registered_name": "function"}}')):
        archive(name, config_json=config.replace('"categorical_crossentropy"', said))
        out = works(f"load {name}.keras")
        check(re.search(r"compiled with the loss (sparse_categorical_crossentropy|SparseCategoricalCrossentropy), of labels that are numbers", out)
              and "saved says categorical_crossentropy, of one-hot labels" in out and out.count("compiled with the loss") == 1, f"{name}: the loss", out)
    told = json.loads(config)
    told["compile_config"]["loss"] = {"module": "keras.losses", "class_name": "CategoricalCrossentropy", "config": {"label_smoothing": 0.1}}
    told["compile_config"]["optimizer"]["config"].update(weight_decay=0.01, use_ema=True)
    archive("smooth", config_json=json.dumps(told))
    out = works("load smooth.keras")
    check("its loss smooths labels by 0.1, which is left out" in out and "its weight_decay, use_ema are left out: adadelta" in out, "what else belongs to it", out)
    told["compile_config"]["optimizer"]["class_name"] = "RMSprop"
    archive("smooth", config_json=json.dumps(told))
    out = works("load smooth.keras")
    check("its loss smooths labels by 0.1" in out and "RMSprop is not to be had" in out, "the loss beside an optimizer that is not known", out)
    check("compiled with the loss" not in works("load keras-3.15.keras") + works("load keras-2.h5"), "a word about a loss that is kept")
    # What cannot be set stays as it is; a rate that is no number is not taken.
    archive("fast", config_json=config.replace('"learning_rate": 0.5', '"learning_rate": 1e30').replace('"rho": 0.9, ', ""))
    check("lr stays as it is: " in works("load fast.keras"), "a rate that is too large")
    archive("word", config_json=config.replace('"learning_rate": 0.5', '"learning_rate": "fast"').replace('"categorical_crossentropy"', "null"))
    out = " ".join(works("load word.keras").split())
    check("the file's learning rate is no number that is known here, which is not taken" in out and "compiled with" not in out, "a rate that is a word", out)
    archive("odd-loss", config_json=config.replace('"categorical_crossentropy"', '"sparse_loss"'))
    check("with the loss sparse_loss; here that is categorical cross-entropy" in works("load odd-loss.keras"), "a loss that only sounds sparse")
    # What needs the data for its shape, where there are none or others; and a model that cannot be built.
    for lines, words in (("load line.keras", "nowhere"), ("load keras-3.15.weights.h5", "nowhere")):
        status, out, err = run("--data", "nowhere", "-c", lines)
        check(status == 1 and words in err and err.count("error: ") == 1, f"{lines} without data", out + err)
    status, out, err = run("--data", "nowhere", "-c", "load keras-3.15.keras")
    check(status == 0 and "8 layers, 345 weights" in out, "a model that needs no data", out + err)
    refused(f"data {source}/assets/own-digits size=20x24; load line.keras", "line.keras takes 784 values, and the data have pictures of 20x24x1; choose other data")
    refused("build huge.keras", "huge.keras: its model cannot be had here")
    archive("named", config_json=config.replace('"name": "conv2d"', '"name": "eyes"').replace('"name": "dense_1"', '"name": "answer"'))
    for command in "load", "build":
        out = works(f"{command} named.keras")
        check("layers have thaw's names here, and in the files that are saved: conv2d for eyes, dense_1 for answer\n" in out, f"{command}: the names", out)
    names = re.findall(r'"name": "(\w+)", "trainable"', config)
    check(len(set(names) - {"sequential"}) > 4, f"names in the file: {names}")
    many = config
    for n in set(names) - {"sequential"}:
        many = many.replace(f'"name": "{n}"', f'"name": "my_{n}"')
    archive("many", config_json=many)
    check(re.search(r"names here, .*: \w+ for my_\w+, \w+ for my_\w+, \w+ for my_\w+ and \d more\n", works("load many.keras")), "many names")
    check("thaw's names" not in works("load keras-3.15.keras"), "a word about names that are kept")
    archive("mse", config_json=config.replace('"categorical_crossentropy"', '"mse"').replace('"clipnorm": null', '"clipnorm": 1.0'))
    out = works("load mse.keras")
    check("with the loss mse; here that is categorical cross-entropy" in out and "its clipnorm is left out" in out, "what else it was compiled with", out)

KINDS = ("rescaling 2.0 offset=-0.5, zero_padding2d 0 top=2 bottom=1 left=3 right=1, zero_padding2d 1, conv2d 4 3 stride=2 same leaky_relu l2=0.001, batch_normalization momentum=0.9, average_pooling2d 2 same, "
         "conv2d 3 3 elu, tanh, leaky_re_lu 0.15, max_pooling2d 2 stride=1, batch_normalization epsilon=0.01, global_average_pooling2d | dense 6 sigmoid l2=0.01, dropout 0.2, dense 5 softmax")

KERAS = """
import gzip, json, os, sys, warnings
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import keras, numpy as np
warnings.simplefilter("error")
data = sys.argv[1] + "/assets/mnist/t10k-"
x = np.frombuffer(gzip.open(data + "images-idx3-ubyte.gz").read(), np.uint8, -1, 16).reshape(-1, 28, 28, 1) / np.float32(255)
y = np.frombuffer(gzip.open(data + "labels-idx1-ubyte.gz").read(), np.uint8, -1, 8)
model = keras.saving.load_model(sys.argv[2])
loss, accuracy = model.evaluate(x[y >= 8], np.eye(5)[y[y >= 8] - 8], batch_size=500, verbose=0)
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    again = keras.models.clone_model(model)
    again.load_weights(sys.argv[3])
assert np.array_equal(again.predict(x[:100], verbose=0), model.predict(x[:100], verbose=0))
print(json.dumps({"loss": loss, "accuracy": accuracy, "trainable": [l.trainable for l in model.layers], "steps": int(model.optimizer.iterations),
                  "optimizer": model.optimizer.get_config(), "slots": [float(np.abs(np.asarray(v)).sum()) for v in model.optimizer.variables[2:]]}))
"""

def stream(data):
    """The tensors of a safetensors file: {name: values}."""
    n, = struct.unpack("<Q", data[:8])
    header, body = json.loads(data[8:8 + n]), data[8 + n:]
    header.pop("__metadata__", None)
    return {k: body[v["data_offsets"][0]:v["data_offsets"][1]] for k, v in header.items()}

def hdf5(data):
    p = subprocess.run([os.path.join(os.path.dirname(thaw), "thaw-hdf5"), "read"], input=data, capture_output=True, timeout=60)
    check(p.returncode == 0 and p.stdout[:1] == b"+", "the helper by itself", p.stdout[:200].decode(errors="replace"))
    return stream(p.stdout[1:])

def content(name):
    with open(f"{base}/{name}", "rb") as f:
        return f.read()

def same_model(net, more, name):
    """A model is saved, in two processes alike, and comes back with all that belongs to it."""
    before = works(f'build "{net}"', more, f"save {name}.keras", f"save {name}.weights.h5", "show config", "mode json", "eval 8-9")
    works(f'build "{net}"', more, f"save {name}2.keras", f"save {name}2.weights.h5")
    for end in "keras", "weights.h5":
        check(content(f"{name}.{end}") == content(f"{name}2.{end}"), f"{name}.{end} differs from run to run")
    after = works(f"load {name}.keras", "show config", "mode json", "eval 8-9")
    weights = works(f'build "{net}"', more.replace("train gte5 limit=200 epochs=1; ", ""), f"load {name}.weights.h5", "mode json", "eval 8-9")
    config, scored = (lambda t: re.search(r"^data mnist.*$", t, re.M).group()), (lambda t: json.loads(t.strip().split("\n")[-1]))
    check(config(before) == config(after), f"{name}: {config(before)} has become {config(after)}")
    check(scored(before) == scored(after) == scored(weights), f"{name}: {scored(before)} has become {scored(after)} and {scored(weights)}")
    with zipfile.ZipFile(f"{base}/{name}.keras") as z:
        check(z.testzip() is None and [m.filename for m in z.infolist()] == ["metadata.json", "config.json", "model.weights.h5"] and
              all(m.date_time == (1980, 1, 1, 0, 0, 0) and m.compress_type == 0 for m in z.infolist()), f"{name}: the archive")
        json.loads(z.read("metadata.json")), json.loads(z.read("config.json"))
        check(content(f"{name}.weights.h5").startswith(b"\x89HDF") and z.read("model.weights.h5").startswith(b"\x89HDF"), f"{name}: HDF5")
    if shutil.which("h5dump"):
        p = subprocess.run(["h5dump", "-A", f"{base}/{name}.weights.h5"], capture_output=True, text=True, timeout=60)
        check(p.returncode == 0 and p.stdout.count("DATASET") > 3 and "H5T_IEEE_F32LE" in p.stdout and 'ATTRIBUTE "name"' in p.stdout, f"h5dump of {name}", p.stdout)
    if os.environ.get("KERAS"):
        p = subprocess.run([os.environ["KERAS"], "-c", KERAS, source, f"{name}.keras", f"{name}.weights.h5"], cwd=base, capture_output=True, text=True, timeout=120)
        check(p.returncode == 0, f"Keras does not load {name}", p.stderr)
        there, here = json.loads(p.stdout), scored(before)
        check(abs(there["loss"] - here["loss"]) <= 1e-6 and abs(there["accuracy"] - here["accuracy"]) <= 1e-6, f"{name}: Keras says {there}, thaw {here}")
        return there
    return None

def saving():
    same_model(NET, "train gte5 limit=200 epochs=1; freeze conv2d,dense; set dropout.rate 0.1; set optimizer adam; set lr 0.01; set beta_1 0.8", "net")
    same_model(KINDS, "train gte5 limit=200 epochs=1; freeze batch_normalization; set optimizer sgd; set momentum 0.9", "kinds")
    # What a run alone was given stays with the model, in a session that comes back as well; what is set behind it, or other weights, do not.
    adam = "train lt5 limit=200 epochs=1 optimizer=adam lr=0.002 beta_1=0.8"
    for after, name, rate in (("", "Adam", 0.002), ("save s.safetensors; load s.safetensors; ", "Adam", 0.002), ("lr 0.5; ", "Adadelta", 0.5),
                              ("set optimizer sgd; ", "SGD", 0.01), ("reset head; ", "Adadelta", 1.0), ("undo; ", "Adadelta", 1.0),
                              ("train lt5 limit=20 epochs=1; ", "Adadelta", 1.0), ("set batch 32; ", "Adam", 0.002)):
        works(f'build "{NET}"; {adam}; {after}save own.keras')
        with zipfile.ZipFile(f"{base}/own.keras") as z:
            told, kept = json.loads(z.read("config.json"))["compile_config"]["optimizer"], hdf5(z.read("model.weights.h5"))
        check((told["class_name"], told["config"]["learning_rate"]) == (name, rate) and abs(floats(kept["optimizer/vars/1"])[0] - rate) < 1e-7,
              f"{after}: compiled with {told}")
        check(told["config"].get("beta_1", 0.8) == 0.8, f"{after}: {told}")
        check(f"set optimizer {name.lower()}" in works("load own.keras; show config") or name == "Adadelta", f"{after}: what comes back")
    out = works(f'build "{NET}"', "save part.weights.h5 only=features", "reset seed=5", "load part.weights.h5 only=features")
    check(out.count(" loaded\n") == 6, "a part of the weights", out)
    check(set(x.split("/")[1] for x in hdf5(content("part.weights.h5"))) == {"conv2d", "batch_normalization"}, "a part has more than it should")
    refused(f'build "{NET}"; save x.keras only=features', "a .keras file has a whole model")
    refused('save x.weights.h5 only=flatten', "no weights to save in these layers")
    check(not os.path.exists(f"{base}/x.keras") and not os.path.exists(f"{base}/x.weights.h5"), "a file is left of a save that failed")

def interrupted():
    """The state of the optimizer is that of a run that goes on."""
    p = subprocess.Popen([thaw, "-c", f'build "{NET}"; freeze conv2d; train gte5 limit=2000 epochs=1000 batch=16 verbose=2'], cwd=base, env=env, stdin=subprocess.DEVNULL,
                         stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, preexec_fn=lambda: signal.signal(signal.SIGTERM, signal.SIG_DFL))
    for line in p.stdout:
        if b"val_loss" in line:
            break
    p.send_signal(signal.SIGTERM)
    p.communicate(timeout=60)
    works("load thaw-autosave.safetensors", "save state.keras", "save state.weights.h5", "save state.safetensors")
    with zipfile.ZipFile(f"{base}/state.keras") as z:
        kept = hdf5(z.read("model.weights.h5"))
        config = json.loads(z.read("config.json"))["compile_config"]["optimizer"]
    there = stream(content("state.safetensors"))
    steps, = struct.unpack("<i", kept["optimizer/vars/0"])
    trains = ["batch_normalization.gamma", "batch_normalization.beta", "dense.kernel", "dense.bias", "dense_1.kernel", "dense_1.bias"]
    slots = [there[f"optimizer.{slot}.{name}"] for name in trains for slot in ("accumulated_grad", "accumulated_delta_var")]
    check(steps >= 125 and config["class_name"] == "Adadelta" and struct.unpack("<f", kept["optimizer/vars/1"]) == (1.0,), f"{steps} steps of {config}")
    check([kept[f"optimizer/vars/{2 + i}"] for i in range(len(slots))] == slots and f"optimizer/vars/{2 + len(slots)}" not in kept, "the slots")
    check(hdf5(content("state.weights.h5")) == kept and any(any(x) for x in slots), "the state beside weights alone")
    # It comes back, and goes into a file again to the same bytes. By itself, and with the weights alone, it says which optimizer it is of.
    for how in "load state.keras", f'build "{NET}"; freeze conv2d; load state.weights.h5':
        out = works(how, "save again.keras", "save again.weights.h5")
        check(f"the optimizer's state (adadelta, {steps:,} steps) is kept" in out, f"{how}: a state that is read", out)
        check(content("again.keras") == content("state.keras") and content("again.weights.h5") == content("state.weights.h5"), f"{how}: a state that is written again")
    other = works("load state.keras only=all", "save other.weights.h5")
    check("the optimizer's state in the file (12 tensors) is left out: `only` takes weights alone" in other, "a state beside only=", other)
    check("optimizer/vars/0" not in hdf5(content("other.weights.h5")), "a state that was left out")
    for change in "lr dense 0.5; reset dense_1", "set optimizer sgd", "unfreeze conv2d", "train lt5 epochs=1 limit=20 slots=loaded":
        works("load state.keras", change, "save changed.keras")
        with zipfile.ZipFile(f"{base}/changed.keras") as z:
            kept = hdf5(z.read("model.weights.h5"))
        check(kept["optimizer/vars/0"] == bytes(4) and not any(any(v) for k, v in kept.items() if re.fullmatch(r"optimizer/vars/([2-9]|1\d)", k)),
              f"{change}: a state beside other weights")
    refused("load state.keras; unfreeze conv2d; train lt5 limit=20 epochs=1 slots=loaded", "conv2d has been unfrozen since the optimizer's state was loaded; `freeze conv2d`")

def floats(data):
    return struct.unpack(f"<{len(data) // 4}f", data)

def going_on():
    """Behind five steps in Keras the optimizer goes on here as it does there: state.json has Keras' weights behind five more."""
    goal = json.load(open(f"{files}/state.json"))
    train = "train lt5 limit=80 batch=16 epochs=1 shuffle=off"
    def apart(name, how):
        works(f"load state-{name}.keras", f"{train} {how}", "save on.safetensors only=all")
        there = stream(content("on.safetensors"))
        weights = [floats(there[k]) for k in ("conv2d.kernel", "conv2d.bias", "dense.kernel", "dense.bias")]
        check([len(x) for x in weights] == [len(x) for x in goal[name]], f"{name}: the weights")
        return max(abs(a - b) / (max(map(abs, y)) or 1) for x, y in zip(weights, goal[name]) for a, b in zip(x, y))
    for name in "sgd", "adam", "adadelta":
        there, zero = apart(name, "slots=loaded"), apart(name, "slots=zero")
        check(there <= 1e-5 and zero > 1e-3, f"{name}: {there} from Keras' weights, and {zero} without the state")
        with zipfile.ZipFile(f"{base}/state-{name}.keras") as z:
            before = hdf5(z.read("model.weights.h5"))
        works(f"load state-{name}.keras", "save first.keras", "load first.keras", "save second.keras", "save session.safetensors", "reset seed=3",
              "load session.safetensors", "save third.keras")
        check(content("first.keras") == content("second.keras") == content("third.keras"), f"{name}: files of one state")
        with zipfile.ZipFile(f"{base}/first.keras") as z:
            after = hdf5(z.read("model.weights.h5"))
        check(struct.unpack("<i", after.pop("optimizer/vars/0")) == struct.unpack("<q", before.pop("optimizer/vars/0")) == (5,), f"{name}: the steps")
        check(after == before, f"{name}: what Keras wrote is not what is written again")
        if os.environ.get("KERAS"):
            p = subprocess.run([os.environ["KERAS"], "-c", OPTIMIZER, f"state-{name}.keras", "first.keras"], cwd=base, capture_output=True, text=True, timeout=120)
            check(p.returncode == 0, f"{name}: Keras has another optimizer in the file", p.stderr)
    works("load state-adam.keras", f"{train} slots=loaded", "export keras on.py")
    check("# slots=loaded: it went on with the state of the file's optimizer, behind 5 steps" in content("on.py").decode(), "the script for Keras")

OPTIMIZER = """
import os, sys
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import keras, numpy as np
a, b = [keras.saving.load_model(name).optimizer.variables for name in sys.argv[1:]]
assert len(a) == len(b) > 5 and all(np.array_equal(x, y) for x, y in zip(a, b))
"""

HOSTILE = {
    "attributes": "its model_config is no JSON", "big-endian": 2, "compound": (1, "are no arrays of numbers"), "cut": "no HDF5 file, or is cut off", "deep": "more than 32 groups",
    "bfloat16": (1, "loaded, converted from bfloat16"), "doubles": (1, "loaded, converted from float64"), "empty": "no HDF5 file", "external-link": "holds a link to another place", "external-values": "from another file",
    "float16": (1, "loaded, converted from float16"), "hard-loop": "one object under two names", "huge": "that no memory has", "larger": "declares 209715200 bytes", "lzf": "by the filter lzf", "newest": 2,
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

LAYERS = [{"class_name": "Flatten", "config": {"name": "f"}}, {"class_name": "Dense", "config": {"name": "one", "units": 3}},
          {"class_name": "Dense", "config": {"name": "two", "units": 2, "activation": "softmax"}}]
INPUT = {"class_name": "InputLayer", "config": {"batch_shape": [None, 28, 28, 1]}}

def model_config(*layers):
    return json.dumps({"class_name": "Sequential", "config": {"layers": layers}})

def old_lists(layers, root="model_weights"):
    """The attributes of an old file: {layer: its weights}."""
    said = {f"{root}@layer_names": json.dumps(list(layers))}
    return said | {f"{root}/{name}@weight_names".lstrip("/"): json.dumps(weights) for name, weights in layers.items()}

def invented():
    """What no Keras writes, as a helper of the test's own gives it."""
    own = os.path.join(base, "invented")
    os.mkdir(own)
    shutil.copy(thaw, f"{own}/thaw")
    with open(f"{own}/thaw-hdf5", "w") as f:
        f.write('#!/bin/sh\ncat >/dev/null; cat "$0.says"\n')
    os.chmod(f"{own}/thaw-hdf5", 0o755)
    use = {"program": f"{own}/thaw", "THAW_ASSETS": f"{source}/assets"}
    def gives(said, tensors):
        header, at = {"__metadata__": said}, 0
        for name, shape in tensors.items():
            size = 4
            for d in shape:
                size *= d
            header[name] = {"dtype": "F32", "shape": list(shape), "data_offsets": [at, at + size]}
            at += size
        text = json.dumps(header).encode()
        with open(f"{own}/thaw-hdf5.says", "wb") as f:
            f.write(b"+" + struct.pack("<Q", len(text)) + text + bytes(at))
    def loaded(said, tensors):
        gives(said, tensors)
        status, out, err = run("-c", 'build "flatten | dense 3, dense 2, softmax"; load keras-2.h5 only=all', **use)
        check(status == 0 and not err, f"{said}: status {status}", out + err)
        return re.findall(r"^(dense\S*) .* loaded$", out, re.M)
    kernel, bias, kernel_1, bias_1 = (784, 3), (3,), (3, 2), (2,)
    every = ["dense.kernel", "dense.bias", "dense_1.kernel", "dense_1.bias"]
    usual = ["kernel:0", "bias:0"]
    own_root = {"dense/kernel:0": kernel, "dense/bias:0": bias, "dense_1/kernel:0": kernel_1, "dense_1/bias:0": bias_1}
    old = {f"model_weights/{name}": shape for name, shape in own_root.items()}
    groups = {"layers/dense/vars/0": kernel, "layers/dense/vars/1": bias, "layers/dense_1/vars/0": kernel_1, "layers/dense_1/vars/1": bias_1}
    # An old file of weights alone has its lists at the root; one whose list is no list has groups.
    check(loaded(old_lists({"dense": usual, "dense_1": usual}, ""), own_root) == every, "lists at the root")
    check(loaded({"model_weights@layer_names": "dense", "@layer_names": "[dense"}, groups) == every, "lists that are none")
    # Long lists are in parts; what is no text in them is no layer and no weight, and weights of other names go by their order.
    parts = {"model_weights@layer_names0": '["dense", 7]', "model_weights@layer_names1": '["dense_1"]',
             "model_weights/dense@weight_names": '[7, "colour:0", "bies:0", "third:0"]', "model_weights/dense_1@weight_names": json.dumps(usual)}
    odd = {"model_weights/dense/colour:0": kernel, "model_weights/dense/bies:0": bias}
    check(loaded(parts, odd | {name: shape for name, shape in old.items() if "dense_1" in name}) == every, "lists in parts")
    lists = old_lists({"dense": usual, "dense_1": usual})
    many = {f"model_weights@layer_names{i}": "[]" for i in range(999)} | {k: v for k, v in lists.items() if "layer_names" not in k}
    check(loaded(many | {"model_weights@layer_names999": '["dense"]', "model_weights@layer_names1000": '["dense_1"]'}, old) == every[:2], "a list of 1,001 parts")
    # A layer has no more weights than any here, and the file fewer layers than the model.
    check(loaded(old_lists({"dense": usual + [f"more_{i}:0" for i in range(9)], "dense_1": usual}), old) == every, "a layer of very many weights")
    check(loaded(old_lists({"dense": usual}), old) == every[:2], "a file of fewer layers")
    # The layers of a model that the file has as well go by their names, else in their order.
    said = {"@model_config": model_config(INPUT, *LAYERS)}
    named = {f"model_weights/{name}/{weight}": shape for name, weight, shape in (("two", "kernel:0", kernel_1), ("two", "bias:0", bias_1),
                                                                                ("one", "kernel:0", kernel), ("one", "bias:0", bias))}
    def whole(said, tensors, words):
        gives(said, tensors)
        status, out, err = run("-c", "load keras-2.h5", **use)
        check((status == 0 and words in out) if words.startswith("loaded") else (status == 1 and words in err and err.count("error: ") == 1),
              f"{list(said)}: without {words!r}", out + err)
        return out
    fine = "loaded keras-2.h5: 3 layers, 2,363 weights"
    out = whole(said | old_lists({"two": usual, "one": usual}) | {"left out": "none"}, named, fine)
    check("are left out" not in out, "a word about what is left out", out)
    whole(said | lists, old, fine)
    # What belongs to an optimizer is left out, wherever it stands; what only sounds so is one tensor too many.
    whole(said | lists, old | {"a/optimizer/vars/0": (3,), "optimizer/b": (3,)}, fine)
    whole(said | lists, old | {"my_optimizer/vars/0": (3,)}, "my_optimizer/vars/0")
    # A model that cannot be had has weights all the same; texts that are none are refused.
    strange = {"@model_config": model_config(INPUT, {"class_name": "PReLU", "config": {"name": "p"}}, *LAYERS)}
    whole(strange | lists, old, 'unknown layer "PReLU"')
    check(loaded(strange | lists, old) == every, "weights of a model that cannot be had")
    whole(said | {"@training_config": "{"}, old, "its training_config is no JSON")
    whole({"@model_config": " " * (16 << 20) + "{}"}, old, "its model_config is longer than that of any model")

def bars():
    """The head begins where it did, whatever is here; what metadata.json says and cannot be is left out."""
    bar = 'build "conv2d 2 3 stride=4 relu, flatten, dense 4 relu | dense 5, softmax"'
    works(bar, "save bar.keras")
    for before in "set verbose 1", bar.replace(" |", ",").replace("flatten,", "flatten |"):
        check(bar in works(before, "load bar.keras", "show config"), "the bar of a file")
        check("features: conv2d..dense   head: dense_1..activation" in works(before, "build bar.keras"), "the bar of a model that is built")
    with zipfile.ZipFile(f"{base}/bar.keras") as z:
        said, rest = json.loads(z.read("metadata.json")), {n: z.read(n) for n in ("config.json", "model.weights.h5")}
    check(said["features"] == 3, "metadata.json", str(said))
    for text, at in ((json.dumps(said | {"features": 2}), 2), (json.dumps(said | {"features": 1}), 1), (json.dumps(said | {"features": 5}), 2),
                     (json.dumps(said | {"features": -1}), 2), (json.dumps(said | {"features": 1 << 40}), 2), ("{", 2), ("[]", 2), ("[" * 9000, 2),
                     (json.dumps(said | {"features": "1"}), 2), (json.dumps({"features": 1}), 2), (json.dumps(said | {"more": "x" * 70000}), 2), (None, 2)):
        with zipfile.ZipFile(f"{base}/bar2.keras", "w") as z:
            for name, b in rest.items():
                z.writestr(name, b)
            if text is not None:
                z.writestr("metadata.json", text)
        built = re.search(r'; build "(.*?)"', works("load bar2.keras", "show config")).group(1)
        check(built.split(" | ")[0].count(",") + 1 == at, f"metadata.json {str(text)[:80]}: {built}")

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
            refused(line, "install libhdf5-dev, then run ./bootstrap with the arguments that it had before, but --without-hdf5")
        print("the rest is skipped: thaw was built without libhdf5")
        sys.exit(77)
    for part in models, parts, refusals, saving, interrupted, going_on, bars, hostile, helpers, invented, confined:
        began = time.monotonic()
        part()
        print(f"{part.__name__}: {time.monotonic() - began:.2f} s")
finally:
    shutil.rmtree(base)
