/* format.c: which format a file has, and saving whole or not at all. */
#include "file/format.h"

#include "session/made.h"
#include "util/atomic.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#define FORMAT(name) extern const struct file_format file_format_##name;
#include "file/formats.def"
#undef FORMAT
#define FORMAT(name) &file_format_##name,

static const struct file_format *const formats[] = {
#include "file/formats.def"
	NULL};

#undef FORMAT

const struct file_format *
file_format_at(int i)
{
	return formats[i];
}

static bool
saves(const struct file_format *f)
{
	return f->save != NULL;
}

static bool
loads(const struct file_format *f)
{
	return f->load != NULL;
}

static bool
builds(const struct file_format *f)
{
	return f->build != NULL;
}

static const char *
ending(int i, bool (*fits)(const struct file_format *f))
{
	for (int k = 0; formats[k] != NULL; k++)
		if (fits(formats[k]) && i-- == 0)
			return formats[k]->suffix;
	return NULL;
}

const char *
file_ending_save(int i)
{
	return ending(i, saves);
}

const char *
file_ending_load(int i)
{
	return ending(i, loads);
}

const char *
file_ending_build(int i)
{
	return ending(i, builds);
}

char *
file_format_list(bool save)
{
	struct str b = {0};

	str_add(&b, "The end of the file's name is its format:");
	for (int i = 0; formats[i] != NULL; i++)
		if (save ? formats[i]->save != NULL : formats[i]->load != NULL)
			str_add(&b, "\n%-14s %s", formats[i]->suffix, formats[i]->what);
	return b.s;
}

const struct file_format *
file_format_of_model(const char *path)
{
	for (int i = 0; formats[i] != NULL; i++)
		if (formats[i]->build != NULL && text_ends(path, formats[i]->suffix))
			return formats[i];
	return NULL;
}

/* By suffix; NULL with a sentence that lists them, or those that can be saved. */
static const struct file_format *
format_named(const char *path, bool save, struct err *e)
{
	struct str list = {0};

	for (int i = 0; formats[i] != NULL; i++) {
		if (text_ends(path, formats[i]->suffix)) {
			free(list.s);
			return formats[i];
		}
		if (!save || saves(formats[i]))
			str_add(&list, "%s%s", list.n > 0 ? ", " : "", formats[i]->suffix);
	}
	if (text_ends(path, ".ipynb"))
		fail(e, "%s: a notebook of Jupyter is no model; `source %s` runs its cells that begin with %%%%thaw",
		    path, path);
	else
		fail(e, "%s: the end of its name says no format that is known here; end it with %s", path, list.s);
	free(list.s);
	return NULL;
}

const struct file_format *
file_format_find(const char *path, struct err *e)
{
	return format_named(path, false, e);
}

const struct file_format *
file_format_to_save(const char *path, unsigned ways, struct err *e)
{
	const struct file_format *format = format_named(path, true, e);

	if (format == NULL)
		return NULL;
	if (ways & FILE_CHECKPOINT && format->save == NULL)
		fail(e, "%s: %s is only read here; end its name with .safetensors", path, format->suffix);
	else if (ways & FILE_TORCH && format->save_torch == NULL)
		fail(e, "%s: only .safetensors has PyTorch's layout; end its name so, or leave out layout=torch", path);
	else if (format->save == NULL)
		fail(e, "%s: %s is only read here; end its name with %s", path, format->suffix,
		    strcmp(format->suffix, ".h5") == 0 ? ".weights.h5 or .keras" :
		    ".safetensors, and add layout=torch for PyTorch");
	else
		return format;
	return NULL;
}

/* Takes a over. */
static long long
save_to(struct session *s, const struct file_format *format, struct atomic_file *a, const char *path, const bool *pick,
    unsigned ways, struct err *e)
{
	long long bytes;
	int rc;

	memory_try();
	rc = (ways & FILE_TORCH ? format->save_torch : format->save)(s, pick, atomic_stream(a), path, e);
	if (!memory_tried())
		rc = fail_memory(e, "not enough memory to write %s", path);
	if (rc < 0) {
		atomic_abort(a);
		return -1;
	}
	if ((bytes = atomic_commit(a, e)) >= 0 && pick == NULL && format->session && !(ways & FILE_TORCH))
		runs_keep(&s->runs);
	return bytes;
}

long long
file_save(struct session *s, const char *path, const bool *pick, unsigned ways, struct err *e)
{
	const struct file_format *format = file_format_to_save(path, ways, e);
	struct atomic_file *a;

	if (format == NULL)
		return -1;
	if (session_net(s, e) == NULL || (a = atomic_open(path, e)) == NULL)
		return -1;
	if (ways & FILE_KEEP)
		atomic_keep(a);
	return save_to(s, format, a, path, pick, ways, e);
}

long long
file_save_open(struct session *s, struct atomic_file *a, const char *path, struct err *e)
{
	return save_to(s, file_format_find(path, e), a, path, NULL, 0, e);
}
