/* session.h: what a user has: data, a net, settings, runs. No globals: a program may hold several.
 *
 * One thread owns a session. While a job is active the worker owns the net, and the session is only read
 * or steered through job.h; whatever changes the model waits until the job is done.
 */
#ifndef SESSION_H
#define SESSION_H

#include "cmd/cmd.h"
#include "data/dataset.h"
#include "data/split.h"
#include "nn.h"
#include "settings.h"
#include "util/out.h"

#include <sys/types.h>

struct job;
struct pending;
struct image;
struct snapshot;
struct sheet;
struct ui_canvas;
struct sheet_request;

/* The model: a net and where its head begins. */
struct model {
	struct nn_net *net;
	int features; /* the first `features` layers are the group features, the others head */
	char *build; /* the operand of `build` that makes it again */
	uint64_t seed; /* of the last build or whole reset */
	uint64_t asked; /* the setting `seed` at that time: a reset takes the setting when it is another one now */
	struct split trained; /* the split that the head was last trained on; kind SPLIT_NONE: never */
};

/* Values of one epoch; NAN where not known. */
struct epoch_record {
	double accuracy, loss, val_accuracy, val_loss, watch_accuracy, watch_loss, seconds;
};

/* Points within an epoch, for the live curves: running train means by batch. */
struct batch_point {
	float x; /* in epochs */
	float loss, accuracy; /* of the batch alone */
};

struct run {
	int number; /* the 2 of r2 */
	struct split split, watch;
	struct nn_run_config config;
	int epochs, threads;
	char *kernels, *frozen; /* "conv2d conv2d_1", "" when none */
	char *changes; /* by `now` while it went on: "epoch 2, batch 17: freeze conv2d"; NULL when none */
	size_t limit, train, test, params, trainable;
	uint32_t first_epoch;
	bool cached, interrupted;
	size_t cache_bytes;
	int nepoch;
	struct epoch_record *epoch; /* [nepoch] done */
	size_t nbatch;
	struct batch_point *batch;
	double seconds;
	float *weights; /* after the run, canonical block; rN as a point. NULL when the model has changed since */
	float *before; /* the block when the run began: frozen_delta, diff */
	char sha256[65]; /* of all parameters after the run */
	/* to resume an interrupted run */
	struct nn_run_state state;
	struct nn_metrics partial; /* of the epoch that was cut */
	float *slot[NN_SLOTS_MAX];
};

/* Results that assert and print know. A run that begins, and another model, forget them. */
struct results {
	bool epoch, eval; /* an epoch was done, an eval: figures are known, be they NAN */
	bool run; /* a run has ended */
	double loss, accuracy, val_loss, val_accuracy, epochs, seconds;
};

struct session {
	struct out *out;
	struct settings set;
	struct dataset *data; /* NULL until first needed: session_data() */
	char *data_name; /* what `data` was given, else "mnist" */
	struct model model;
	struct nn_engine *engine; /* session_engine() */
	char engine_kernels[16]; /* what it was asked for */
	struct nn_cache *cache_train, *cache_test; /* of the sets below */
	struct session_sets {
		struct split split; /* kind SPLIT_NONE: none made */
		size_t limit;
		struct selection train, test;
	} sets; /* of the last run; kept with the caches that were made from them */
	uint32_t next_epoch; /* epochs that all runs have begun since the last reset of everything */
	int nruns;
	struct run **runs;
	struct split last_split; /* last trained; kind SPLIT_NONE: none */
	struct image *last_image; /* the last drawing or prediction, data/image.h; NULL: none */
	int nsnapshots;
	struct snapshot **snapshots; /* point.h */
	struct results results;
	struct job *job; /* NULL: nothing is running */
	bool interactive; /* a person is typing: unique prefixes, carets, going on after an error */
	bool async; /* the host drives the job by session_tick; false: session_exec waits for it */
	bool greet, init; /* an interactive host has yet to greet; and to read the init file */
	bool bail_set, bail, echo, quit, safe;
	unsigned long interrupts; /* of jobs that session_exec waited for */
	bool waiting; /* session_exec waits for a job: lines that come in join the queue */
	bool stopped; /* an error has ended what the host was running; bail */
	int interrupted; /* the signal that ended what was going on, 0: none */
	int quit_code;
	int status; /* so far: 0, 1, 3 */
	int depth; /* of `source` */
	struct pending *queue; /* lines that wait, first first */
	char *dropped; /* what a run that is being stopped made us drop, to be said behind its last word; NULL */
	int wake[2]; /* the worker's pipe, job.h */
	uint32_t job_steps; /* batches after which the next run pauses or ends, 0: none */
	char *job_script; /* where the command of the job stood, for its errors */
	int job_line;
	char *job_typed; /* the line, if it was typed: an error may point at its word */
	unsigned long job_lines; /* of output before it */
	uint32_t *show; /* job_show */
	size_t nshow;
	float *shown;
	uint64_t show_version, shown_version;
	int auto_width; /* of the terminal, else 80 */
	bool auto_colour; /* what color=auto means here */
	const struct session_host *host; /* NULL: a batch */
	void *host_arg;
};

/* What a host offers to commands. Any member may be NULL. */
struct session_host {
	bool (*interrupted)(void *arg); /* asked during long work: the user wants it to end */
	bool (*shown)(void *arg, const struct sheet_request *r, const struct sheet *sheet); /* a sample sheet: true when a screen shows it */
	struct dataset *(*data)(void *arg); /* the session's data set where the host has read it ahead: the session's now; NULL */
	const struct ui_canvas *(*screen)(void *arg, int *colours); /* what is on the screen; colours: an enum ui_colours */
	/* While session_exec waits for a job: what is typed (-1: nothing any more), and signals other than those that end. */
	int (*input_fd)(void *arg);
	void (*input)(void *arg);
	void (*served)(void *arg);
	void (*setting)(void *arg, const char *key); /* a live setting has changed */
	int (*tui)(void *arg, const char *command, const char *operand, struct err *e); /* tui, layout, focus */
};

struct session *session_new(struct out *out);
void session_free(struct session *s);

/* Runs one line (several commands, comments, quotes). Returns the exit status so far: 0, 1, 3; errors have been printed
 * through s->out. When a command starts a job, what stands behind it waits: session_exec waits for the job by itself, or, where
 * s->async, returns, and the host calls session_tick whenever the job's wake pipe can be read. While a job goes on, a command
 * that looks or steers acts at once when it is alone on its line; everything else joins the queue. */
int session_exec(struct session *s, const char *line);
int session_exec_at(struct session *s, const char *line, const char *script, int number); /* the same, of a script */
void session_tick(struct session *s); /* takes the job's events and goes on with the queue */
char *session_waiting(const struct session *s); /* the commands that wait, "" when none; the caller's to free */
void session_queue_drop(struct session *s, const char *why); /* empties the queue and says what it dropped */
void session_lines_drop(struct session *s, char *lines, const char *why); /* the same of lines that were not given to it yet; writes into them */
/* An error that no command made: a script that cannot be read. script NULL: of no place. */
void session_error(struct session *s, int status, const char *script, int number, const char *fmt, ...) __attribute__((format(printf, 5, 6)));
/* An error of a job's command, once its exec has returned. */
void session_job_failed(struct session *s, const char *command, const struct err *e);
/* Puts the lines of a script in front of what waits. NULL text: reads the file. */
int session_source(struct session *s, const char *path, struct err *e);
/* Asked between batches of long work on the session's thread: true when it should end (a signal, Ctrl-C). */
bool session_interrupted(void *session);

/* A script's lines, joined where one ends in a backslash. getline's contract: -1 at the end. *number: of the line's first. A NUL
 * byte is an error: -2 and the number. */
struct line_reader {
	FILE *f;
	char *text;
	size_t cap;
	int number, next;
};
ssize_t line_read(struct line_reader *r);
void line_reader_free(struct line_reader *r);

/* What is loaded or made when first needed; NULL or -1 with a sentence. */
struct dataset *session_data(struct session *s, struct err *e);
struct nn_net *session_net(struct session *s, struct err *e);
struct nn_engine *session_engine(struct session *s, struct err *e);
int session_sets_make(struct session *s, const struct split *sp, size_t limit, struct err *e); /* s->sets; drops the caches of another split */
void session_sets_drop(struct session *s); /* with the caches: the data is another one */
void session_cache_drop(struct session *s); /* both caches: the set, the split or the model is another one now */
struct run *session_run_find(struct session *s, const char *rN, struct err *e);
struct run *session_run_last(struct session *s); /* NULL: none */

/* Operands. Names are resolved against the model as it stands. */
int layers_parse(struct session *s, const char *text, int *first_last_pairs, int max, struct err *e); /* returns the number of ranges */
int layers_pick(struct session *s, const struct cmd_value *v, bool *pick, struct err *e); /* sets pick[layer], [NN_LAYERS_MAX] */
int split_operand(struct session *s, const struct cmd_value *v, struct split *out, struct err *e); /* v NULL: last trained, else gte5 */

#endif
