/* notebook.h: what lines of Python at a prompt have said so far: a notebook's cells come line by line. */
#ifndef NOTEBOOK_H
#define NOTEBOOK_H

#include <stdbool.h>
#include <stddef.h>

enum notebook_block {
	NOTEBOOK_NONE,
	NOTEBOOK_PASSED, /* the lines of a def or an if, which mean nothing here */
	NOTEBOOK_LAYERS, /* those of `for l in feature_layers:` */
	NOTEBOOK_COUNTS, /* those of `for i in range(7):`, of which some say model.layers[i] */
	NOTEBOOK_TEXT, /* those of a text in three quotes */
};

#define NOTEBOOK_NAMES 64
#define NOTEBOOK_COUNTED 512 /* numbers that a loop counts */

struct notebook_name {
	char *name, *value; /* as assigned: epochs, 5; feature_layers, [Conv2D(...), ...] */
	char *layers; /* thaw's word for those of the model that it was assigned, 0..1 of model.layers[:2]; NULL */
	bool fresh; /* layers that no model has been built of yet */
};

struct notebook {
	unsigned long cell; /* of the transcript: of the statement or block that goes on, or was the last */
	char *open; /* what was typed of a line whose brackets are open; NULL */
	enum notebook_block block;
	bool paused; /* an empty line has ended the block, but for lines of it that come all the same */
	char *variable, *layers; /* of NOTEBOOK_LAYERS: l, and thaw's word for the layers that it stands for */
	char *index; /* i of NOTEBOOK_COUNTS or of enumerate; NULL */
	int counted[NOTEBOOK_COUNTED], counts; /* what it stands for */
	bool loop, left, read; /* the block is a loop's: some of its lines were passed over, some were not */
	char quote; /* of NOTEBOOK_TEXT */
	char *meant; /* the command that the last line was taken for; NULL: it was none of Python */
	const char *passed; /* why the line before was passed over, which is said once in a row; NULL: it was not */
	int n;
	struct notebook_name name[NOTEBOOK_NAMES];
};

/* The name of these n letters, or NULL. */
struct notebook_name *notebook_find(struct notebook *b, const char *name, size_t n);
/* Keeps what a name was assigned; the one that was kept first goes where there are too many. */
struct notebook_name *notebook_keep(struct notebook *b, const char *name, const char *value);
void notebook_block_end(struct notebook *b);
void notebook_free(struct notebook *b);

#endif
