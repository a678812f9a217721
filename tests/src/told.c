/* told.c: a command of which one call after the other fails. */
#include "util/sha256.h"
#include "util/xmalloc.h"
#include "tests/src/told.h"
#include "tests/run.h"

#include <stdlib.h>
#include <unistd.h>

/* What must not change where a command fails: the weights, what is frozen, the data, the runs. */
static char *
state(void)
{
	struct nn_net *net = capture_net(&C);
	char sha[65] = "no model";
	char *text;
	int frozen = 0;

	if (net != NULL) {
		sha256_hex(nn_net_weights(net), nn_net_params(net) * sizeof(float), sha);
		for (int i = 0; i < nn_net_count(net); i++)
			frozen += !nn_net_layer(net, i)->trainable;
	}
	text = xasprintf("%s, %d frozen, %s, %d runs", sha, frozen, C.s->data.name, capture_nruns(&C));
	return text;
}

/* The error that is meant, with a way out; or what a library and a thread say instead. */
static bool
is_sentence(const char *says)
{
	return (strstr(C.errors, says) != NULL && strchr(C.errors, ';') != NULL) ||
	    strstr(C.errors, " threads; choose fewer, or raise `ulimit -v` and `ulimit -u`") != NULL ||
	    strstr(C.errors, "libpng does not start") != NULL;
}

/* The files that lines write; how many there were. */
static int
remove_new(void)
{
	static const char *const names[] = {"new.csv", "new.png", "new.svg", "new.pdf", "new.html", "new.ipynb",
	    "new.safetensors", "new.keras"};
	int n = 0;

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		n += unlink(names[i]) == 0;
	return n;
}

bool told_for_good;

int
told_each(const char *before, const char *line, enum failing what, int error, const char *says)
{
	/* what has changed nothing needs no new beginning; behind the first 30 calls each third is tried */
	bool anew = strncmp(line, "train", 5) == 0 || strncmp(line, "data", 4) == 0 || strncmp(line, "load", 4) == 0 ||
	    strncmp(line, "build", 5) == 0;
	int count = 0, status;

	for (int n = 1;; n += n < 30 ? 1 : 3) {
		char *was, *is;

		if (count % 16 == 0) { /* runs that have begun are kept, which would take longer and longer */
			capture_close(&C);
			capture_open(&C);
		}
		if (anew || count % 16 == 0)
			captured_ok(before);
		was = state();
		remove_new();
		(told_for_good ? failing_from : failing_at)(what, n, error);
		status = capture_run(&C, line);
		if (!failing_struck()) {
			ck_assert_msg(status == 0, "%s: undisturbed, but: %s", line, C.errors);
			free(was);
			remove_new();
			return count;
		}
		is = state();
		ck_assert_msg(status == 0 || is_sentence(says), "%s, call %d: \"%s\" is not in %s", line, n, says, C.errors);
		/* a run that has begun is kept */
		ck_assert_msg(status == 0 || strcmp(is, was) == 0 || strncmp(line, "train", 5) == 0, "%s, call %d: %s is %s",
		    line, n, was, is);
		ck_assert_msg(remove_new() == 0 || status == 0, "%s, call %d: a file is left", line, n);
		count++;
		free(is);
		free(was);
	}
}
