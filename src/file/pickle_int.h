/* pickle_int.h: the machine that reads a pickle: its stack, and what it has made. */
#ifndef PICKLE_INT_H
#define PICKLE_INT_H

#include "file/pickle.h"

#include <stddef.h>

#define PICKLE_SAVE_IT "save the weights alone: torch.save(model.state_dict(), FILE)"

enum pickle_kind {
	NOTHING, MARK, TRUTH, NUMBER, LONG, REAL, TEXT, TUPLE, LIST, DICT, ORDERED, REBUILD, TYPE, STORAGE, TENSOR
}; /* what a LONG, a REAL or a LIST holds is not kept */

struct pickle_value {
	enum pickle_kind kind;
	int64_t number; /* DICT: which */
	const char *text; /* TEXT, and a STORAGE's key: in the pickle; TYPE and STORAGE: dtype in `type` */
	size_t length;
	const char *type;
	size_t first, n; /* TUPLE: in the items; TENSOR: first is its number */
	uint64_t values; /* STORAGE */
};

struct pickle_entry { /* of a dict */
	int64_t dict;
	struct pickle_value key, value;
};

struct pickle_machine {
	const char *path;
	const uint8_t *p, *end;
	struct pickle_value *stack, *item, *memo;
	size_t nstack, nitem, nmemo, stack_cap, item_cap, memo_cap;
	struct pickle_entry *entry;
	size_t nentry, entry_cap;
	struct pickle_tensor *tensor; /* without names */
	size_t ntensor, tensor_cap;
	int64_t ndict;
	struct err *e;
};

int pickle_damaged(struct pickle_machine *m); /* -1 with a sentence */
/* Room for one more in an array that doubles. */
void *pickle_grown(void *p, size_t n, size_t *cap, size_t size);
int pickle_push(struct pickle_machine *m, struct pickle_value v);
int pickle_pop(struct pickle_machine *m, struct pickle_value *v);

/* The instructions that name something and use it. */
int pickle_global(struct pickle_machine *m);
int pickle_storage(struct pickle_machine *m); /* ('storage', torch.FloatStorage, '0', 'cpu', 288) becomes the storage */
int pickle_call(struct pickle_machine *m);

#endif
