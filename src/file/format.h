/* format.h: the file formats of save and load, from formats.def; the suffix chooses. */
#ifndef FORMAT_H
#define FORMAT_H

#include "session/session.h"

#include <stdio.h>

struct file_format {
	const char *suffix; /* ".safetensors" */
	const char *what; /* one line for help */
	/* Writes the session, or the layers with pick[i] only (pick NULL: everything). The model is there. A failed
	 * write shows in f. path: as the user gave it, for sentences. */
	int (*save)(struct session *s, const bool *pick, FILE *f, const char *path, struct err *e);
	/* layout=torch; NULL: it has none */
	int (*save_torch)(struct session *s, const bool *pick, FILE *f, const char *path, struct err *e);
	bool session; /* what it saves is the whole session */
	/* Reads into the session and says what it read; with pick, weights of those layers alone. On failure the
	 * session is as before. */
	int (*load)(struct session *s, const char *path, const bool *pick, struct err *e);
	/* For `build FILE`: the net that a file describes, without its weights, and how many of its layers are
	 * features; the caller's. NULL with a sentence. A format that has no member describes none. */
	struct nn_net *(*build)(struct session *s, const char *path, int *features, struct err *e);
};

/* The format of such a file, which `build` takes, by suffix; NULL: it is none. */
const struct file_format *file_format_of_model(const char *path);
/* by suffix; NULL with a sentence that lists them */
const struct file_format *file_format_find(const char *path, struct err *e);
char *file_format_list(bool save); /* those that `save`, or `load`, knows, for its page of help; the caller's */
const struct file_format *file_format_at(int i); /* NULL behind the last */
/* Endings of files that `save` makes, `load` reads, or `build` takes a model from; NULL behind the last. */
const char *file_ending_save(int i);
const char *file_ending_load(int i);
const char *file_ending_build(int i);

/* Saves into `path`, whole or not at all: what `save` and the autosave do. Returns the bytes, or -1. */
enum file_way {
	FILE_KEEP = 1, /* what stands there stays, and it fails */
	FILE_TORCH = 2, /* in PyTorch's names and layout */
	FILE_CHECKPOINT = 4, /* while a run goes on: the weights alone, or the model with them */
};
/* The format that such a file is saved in, layout=torch included; NULL with a sentence. */
const struct file_format *file_format_to_save(const char *path, unsigned ways, struct err *e);
long long file_save(struct session *s, const char *path, const bool *pick, unsigned ways, struct err *e);
/* The session into a file that is open for it, which is committed or aborted; .safetensors. */
struct atomic_file;
long long file_save_open(struct session *s, struct atomic_file *a, const char *path, struct err *e);

#endif
