/* file.c: sessions and weights that go to files and come from them: save, load. */
#include "commands/file.h"

#include "commands/load_point.h"
#include "file/autosave.h"
#include "file/format.h"
#include "file/keras_save.h"
#include "language/arg.h"
#include "util/place.h"
#include "util/row.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void
file_event(struct session *s, const char *command, const char *file, long long bytes)
{
	row_print(s->out, "file", true, (const struct row_cell[]){
		{"command", ROW_TEXT, .s = command},
		{"file", ROW_TEXT, .s = file},
		{"bytes", ROW_INT, .n = bytes}, {0}});
}

/* The layers of only=, or NULL in *which for everything. */
static int
file_layers(struct session *s, const struct cmd_args *a, bool pick[NN_LAYERS_MAX], const bool **which, struct err *e)
{
	const struct cmd_value *only = args_key(a, "only");

	*which = only != NULL ? pick : NULL;
	return only != NULL ? arg_pick_layers(s, only, pick, e) : 0;
}

static unsigned
save_ways(const struct cmd_args *a)
{
	const struct cmd_value *layout = args_key(a, "layout");

	return layout != NULL && strcmp(layout->text, "torch") == 0 ? FILE_TORCH : 0;
}

/* A .keras file is compiled with a rate that stays. */
static void
save_dropped(struct session *s, const char *path)
{
	char *schedule = keras_dropped_schedule(s);

	if (schedule[0] != '\0' && text_ends(path, ".keras"))
		out_note(s->out, "%s is compiled with the rate alone, without its schedule (%s); `export keras` writes "
		    "that as a script", path, schedule);
	free(schedule);
}

static int
save_exec(struct session *s, const struct cmd_args *a, struct err *e)
{
	const struct cmd_value *file = args_pos(a, "FILE");
	bool pick[NN_LAYERS_MAX] = {false};
	const bool *which;
	const struct file_format *format;
	long long bytes;
	char n[32];

	if (file_layers(s, a, pick, &which, e) < 0 || (bytes = file_save(s, file->text, which,
	    save_ways(a), e)) < 0)
		return -1;
	format = file_format_to_save(file->text, save_ways(a), e);
	if (!runs_unkept(&s->runs)) /* said when all is done */
		autosave_saved(s, format->session && which == NULL && save_ways(a) == 0);
	out_text(s->out, "wrote %s (%s bytes)", file->text, text_count(n, (unsigned long long)bytes));
	file_event(s, "save", file->text, bytes);
	save_dropped(s, file->text);
	return 0;
}

static int
save_check(struct session *s, const struct cmd_args *a, struct err *e)
{
	const struct cmd_value *file = args_pos(a, "FILE");

	if (file_format_to_save(file->text, save_ways(a), e) == NULL || place_refused(file->text, true, e))
		return err_at(e, file);
	return 0;
}

static const char *const layouts[] = {"keras", "torch", NULL};

static char *
save_formats(void)
{
	return file_format_list(true);
}

const struct cmd cmd_save = {
	.name = "save",
	.group = "files",
	.what = "write the session into a file: weights, flags, settings, history",
	.list_text = save_formats,
	.text = "An interrupted run is saved with the optimizer's state, so that `load` and `resume` go on to the "
	    "same bits. `only` writes the weights of these layers and nothing else. `layout=torch` writes them under "
	    "PyTorch's names and in its order, that of the rows behind a flatten included; `export pytorch` writes "
	    "the class that loads them. A file of Keras has the model (layers, weights, flags, rates, the optimizer's "
	    "state of an interrupted run, or as it was loaded with these weights) and not the session. It is compiled "
	    "with the optimizer of the last run, where it is as that left it and none has been set since, else with "
	    "that of the settings. An .onnx takes pictures of [batch, height, width, channels] with pixels "
	    "from 0 to 1, puts their channels first for its layers and last before a Flatten, and gives "
	    "probabilities. The file is replaced whole or not at all.\n"
	    "A session holds clock times and the number of threads unless `timing off`: files of equal weights may "
	    "differ. Equal bits are proved by `layers` and by \"weights\" in `export json`.",
	.keras = "model.save(\"model.keras\"); model.save_weights(\"model.weights.h5\")",
	.example = "save model.safetensors",
	.arg = {{.name = "FILE", .type = ARG_FILE, .required = true, .what = "what is written",
	    .ending = file_ending_save, .made = true}},
	.key = {{.name = "only", .type = ARG_LAYERS, .what = "the weights of these layers alone"},
		{.name = "layout", .type = ARG_WORD, .choices = layouts,
		    .what = "of .safetensors: keras, else the weights alone as PyTorch has them"}},
	.when = CMD_WAITS,
	.exec = save_exec,
	.check = save_check,
	.checks_words = true,
};

static void
load_none(const struct session *s, const struct cmd_value *file, struct err *e)
{
	char *other = autosave_elsewhere(s);
	const char *none = s->user.interactive ? "no session at a terminal ended unsaved, or another has its work" :
	    "no batch ended unsaved in this folder, or another has its work";

	if (other != NULL)
		fail_at(e, file, "%s; that of %s is in %s: load it by this name", none,
		    s->user.interactive ? "a batch" : "a terminal", other);
	else
		fail_at(e, file, "%s; name a file", none);
	free(other);
}

/* The file that is meant: the operand, or the newest autosave. The caller's to free. */
static char *
load_path(struct session *s, const struct cmd_value *file, int *claim, struct err *e)
{
	char *path;

	if (strcmp(file->text, AUTOSAVE_WORD) != 0)
		return xstrdup(file->text);
	if ((path = autosave_claim(s, claim)) == NULL)
		load_none(s, file, e);
	return path;
}

/* Whoever gave a setting is told when the file has another value of it. */
static void
load_replaces(struct session *s, const struct settings *before)
{
	char *text = settings_replaced(&s->set, before);

	if (text != NULL)
		out_note(s->out, "the file's %s", text);
	free(text);
}

static const struct file_format *
load_format(const char *path, struct err *e)
{
	const struct file_format *format = file_format_find(path, e);

	if (format == NULL && store_is_hash(path))
		fail(e, "%s: a run of the store has no weights there, only its record; `save FILE` behind a run keeps "
		    "them, and `history %s` shows its curves", path, path);
	return format;
}

static int
load_file(struct session *s, const struct cmd_args *a, struct err *e)
{
	int claim = -1, rc = -1;
	char *path = load_path(s, args_pos(a, "FILE"), &claim, e);
	const struct file_format *format = path != NULL ? load_format(path, e) : NULL;
	bool pick[NN_LAYERS_MAX] = {false};
	const bool *which;
	struct settings before = s->set;
	struct stat st = {0};

	if (format != NULL && file_layers(s, a, pick, &which, e) == 0 && format->load(s, path, which, e) == 0) {
		s->runs.loaded++;
		if (which == NULL) {
			if (claim >= 0)
				autosave_hold(s, path, claim);
			else
				autosave_loaded(s, path);
			claim = -1;
			if (!format->session)
				model_loaded(&s->model, path, s->runs.n);
		}
		load_replaces(s, &before);
		stat(path, &st);
		file_event(s, "load", path, (long long)st.st_size);
		rc = 0;
	}
	if (claim >= 0)
		close(claim);
	free(path);
	return rc;
}

static int
load_exec(struct session *s, const struct cmd_args *a, struct err *e)
{
	return load_point_meant(s, args_pos(a, "FILE")->text) ? load_point(s, a, e) : load_file(s, a, e);
}

/* The file may hold any model. */
static int
load_check(struct session *s, const struct cmd_args *a, struct err *e)
{
	const struct cmd_value *file = args_pos(a, "FILE");

	s->user.any_layer = args_key(a, "only") == NULL;
	if (strcmp(file->text, AUTOSAVE_WORD) != 0 && !load_point_meant(s, file->text) &&
	    (load_format(file->text, e) == NULL || place_refused(file->text, false, e)))
		return err_at(e, file);
	return 0;
}

static char *
load_formats(void)
{
	return file_format_list(false);
}

const struct cmd cmd_load = {
	.name = "load",
	.group = "files",
	.what = "read a session or weights from a file",
	.list_text = load_formats,
	.text = "A file of thaw brings the whole session back: model, weights, flags, settings, history, an "
	    "interrupted run; a note says which setting that you gave it replaces. One of Keras that "
	    "describes a model brings that: layers, weights, flags, rates, as settings what it was compiled with, a "
	    "bias of zeros where a layer has none, and "
	    "the optimizer's state, with which `train SPLIT slots=loaded` goes on (a note says so, or why it is left "
	    "out). One of ONNX brings its layers and weights. "
	    "Any other file brings weights, which must fit the model tensor by tensor; those "
	    "of PyTorch are told by their names, and turned to Keras' layout. Where these are not those of the "
	    "layers, they are taken in their order, or from a .safetensors, which has not kept that, by their "
	    "shapes; a note says so. Weights in float16, bfloat16 or float64 are converted to float32, which the "
	    "answer says. "
	    "`only` takes the weights of these layers, as far as they fit, and says of each tensor what became of it. "
	    "When anything is wrong with the file, the session stays as it was. `load autosave` brings back what the "
	    "newest session that ended unsaved has kept. `load @NAME` brings back what a snapshot keeps: the model, "
	    "weights, flags, rates of dropouts; `load r1` the weights after r1, while flags stay as they are; either "
	    "with `only` the weights of these layers alone.",
	.keras = "model.load_weights(\"model.weights.h5\")",
	.example = "save model.safetensors; load model.safetensors only=features",
	.arg = {{.name = "FILE", .type = ARG_FILE, .required = true, .what = "what is read; or autosave, @NAME, or rN",
	    .ending = file_ending_load}},
	.key = {{.name = "only", .type = ARG_LAYERS, .what = "the weights of these layers, as far as they fit"}},
	.when = CMD_WAITS,
	.changes = CMD_REPLACES,
	.exec = load_exec,
	.check = load_check,
};
