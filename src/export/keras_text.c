/* keras_text.c: the parts of a script for Keras that are the same in all of them. */
#include "export/keras_text.h"

#include "util/out.h"
#include "util/xmalloc.h"

#include <stdarg.h>
#include <stdlib.h>

const char keras_text_head[] =
    "\"\"\"A session of thaw for Keras 3: its model, and its runs in their order.\n"
    "\n"
    "    python3 thaw-session.py [--data mnist.npz or a folder of IDX files]\n"
    "\n"
    "Keras draws other random numbers, so its figures are like those of thaw, but not the same.\n"
    "\"\"\"\n"
    "import argparse\n"
    "import glob\n"
    "import gzip\n"
    "import os\n"
    "\n"
    "import keras\n"
    "import numpy as np\n"
    "from keras import layers\n"
    "\n"
    "\n";

const char keras_text_idx[] =
    "def idx(path, name):\n"
    "    found = sorted(glob.glob(glob.escape(path) + name))\n"
    "    if not found:\n"
    "        raise SystemExit(f\"no {path}{name}\")\n"
    "    with (gzip.open if found[0].endswith(\".gz\") else open)(found[0], \"rb\") as f:\n"
    "        data = f.read()\n"
    "    shape = np.frombuffer(data, \">i4\", data[3], 4)\n"
    "    return np.frombuffer(data, np.uint8, -1, 4 + 4 * data[3]).reshape(shape)\n"
    "\n"
    "\n"
    "def load(path):\n"
    "    \"\"\"(x_train, y_train), (x_test, y_test), as keras.datasets has them.\"\"\"\n";

const char keras_text_load[] =
    "    if path.endswith(\".npz\"):\n"
    "        with np.load(path) as a:\n"
    "            return (a[\"x_train\"], a[\"y_train\"]), (a[\"x_test\"], a[\"y_test\"])\n"
    "    if os.path.isdir(path):\n"
    "        path = os.path.join(path, \"\")\n"
    "    sets = [[idx(path, f\"*{part}-{what}*\") for what in (\"images\", \"labels\")] for part in (\"train\", "
    "\"t[1e]*\")]\n";

const char keras_text_select[] =
    "\n"
    "\n"
    "def select(part, units, limit=None, seed=None):\n"
    "    \"\"\"The pictures of these digits in the order of the files, from 0 to 1, and their output units.\"\"\"\n"
    "    x, y = part[0], part[1].ravel()\n"
    "    index = np.flatnonzero(np.isin(y, list(units)))\n"
    "    if seed is not None:\n"
    "        index = np.sort(np.random.default_rng(seed).permutation(index)[:limit])\n"
    "    index = index[:limit]\n"
    "    x = x[index].astype(\"float32\") / 255\n"
    "    return x.reshape(-1, *model.input_shape[1:]), np.array([units[d] for d in y[index]])\n";

const char keras_text_build[] =
    "\n"
    "\n"
    "def build():\n"
    "    return keras.Sequential([\n";

const char keras_text_helpers[] =
    "\n"
    "\n"
    "def anew(model, names):\n"
    "    \"\"\"Draws the weights of these layers again.\"\"\"\n"
    "    for layer in build().layers:\n"
    "        if layer.name in names:\n"
    "            model.get_layer(layer.name).set_weights(layer.get_weights())\n"
    "\n"
    "\n"
    "def score(name, x, y):\n"
    "    loss, accuracy = model.evaluate(x, y, verbose=0)\n"
    "    print(f\"{name} score: {loss:.4f}, accuracy: {accuracy:.4f}\")\n";

void
keras_string(struct str *b, const char *fmt, ...)
{
	json_t *string;
	char *text, *quoted;
	va_list ap;

	va_start(ap, fmt);
	text = xvasprintf(fmt, ap);
	va_end(ap);
	string = out_string(text);
	quoted = out_json_text(string);
	str_add(b, "%s", quoted);
	free(quoted);
	json_decref(string);
	free(text);
}

void
keras_loaded(struct str *b, const char *path)
{
	if (path == NULL)
		return;
	str_add(b, "# thaw had the weights of ");
	keras_string(b, "%s", path);
	str_add(b, " here; those of build() are drawn anew. ");
	if (text_ends(path, ".keras") || text_ends(path, ".weights.h5")) {
		str_add(b, "They are loaded by\n# model.load_weights(");
		keras_string(b, "%s", path);
		str_add(b, ")\n");
	} else
		str_add(b, "`load` and then\n# `save FILE.weights.h5` in thaw make a file for "
		    "model.load_weights(\"FILE.weights.h5\")\n");
}

void
keras_slots(struct str *b, const struct run *r)
{
	if (r->slots[0] != '\0')
		str_add(b, "# slots=loaded: it went on with the state of the file's optimizer, behind %llu steps; "
		    "compile() begins with\n# zeros. keras.saving.load_model() of the .keras file in place of build(), "
		    "without compile(), goes on with it\n", (unsigned long long)r->slots_steps);
}
