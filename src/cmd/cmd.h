/* cmd.h: what a command is.
 *
 * A command is a constant struct beside its code, named in commands.def. From the struct come its parsing, its errors with
 * a caret under the word, usage, help, completion, its section of the man page, and a test that runs its example.
 */
#ifndef CMD_H
#define CMD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct session;

/* ---- errors and status ---- */

struct err {
	char text[1024]; /* one sentence that ends with the way out */
	int col, len; /* where in the line, for the caret; len 0: nowhere */
	int status; /* exit status that it asks for: 1, or 3 for an assert */
};
int fail(struct err *e, const char *fmt, ...) __attribute__((format(printf, 2, 3))); /* returns -1 */

/* ---- what a command takes ---- */

enum arg_type {
	ARG_END,
	ARG_WORD, /* any word, or one of `choices` */
	ARG_INT, /* min..max */
	ARG_NUM, /* min..max */
	ARG_SPLIT, /* all, ltN, gteN, digits=3,5,8 */
	ARG_LAYERS, /* names, indices, ranges, globs, groups */
	ARG_POINT, /* @name, rN, init */
	ARG_RUN, /* rN */
	ARG_IMAGE, /* test:IDX, train:IDX, last, FILE.png */
	ARG_FILE,
	ARG_SIZE, /* 960x640 */
	ARG_SETTING, ARG_COMMAND, ARG_FIGURE, ARG_LESSON,
	ARG_RAW, /* the rest of the command as typed */
};

struct arg {
	const char *name; /* "SPLIT" */
	enum arg_type type;
	bool required, many;
	const char *const *choices; /* NULL-terminated, or NULL */
	double min, max;
	const char *what; /* one line for help */
};

#define CMD_ARGS_MAX 6
#define CMD_KEYS_MAX 16
#define CMD_WORDS_MAX 64

enum cmd_when {
	CMD_WAITS, /* behind a run that goes on */
	CMD_NOW, /* looks or steers: acts at once when typed alone */
	CMD_ALWAYS, /* the same, and also while a command computes that is no run: needs nothing of the session */
};

struct cmd_args;

struct cmd {
	const char *name;
	const char *alias[3]; /* NULL-terminated unless full */
	const char *group; /* of the help screen: model train look files session */
	const char *what; /* one line */
	const char *text; /* paragraphs for help and man, "" when the line says all */
	const char *keras; /* the Keras line that it stands for, or NULL */
	const char *example; /* a line that works at the start of a session with the lesson's data, run by the tests */
	struct arg arg[CMD_ARGS_MAX]; /* positional, ends with ARG_END */
	struct arg key[CMD_KEYS_MAX]; /* key=value, ends with ARG_END; name is the key */
	bool settings; /* also takes every setting of settings.def marked as a run's, as key=value for this command only */
	bool settings_stay; /* no: not for this command only, they are set */
	enum cmd_when when;
	bool (*now)(const struct session *s, const struct cmd_args *a); /* where `when` depends on the operands; NULL: it does not */
	int (*exec)(struct session *s, const struct cmd_args *a, struct err *e);
};

/* ---- a parsed command ---- */

struct cmd_value {
	const struct arg *arg;
	const char *text; /* as typed, unquoted */
	int col, len; /* in the line */
	double num;
	int64_t integer;
};

struct cmd_args {
	const struct cmd *cmd;
	const char *line; /* the whole line, for carets */
	int npos, nkey;
	struct cmd_value pos[CMD_WORDS_MAX];
	struct cmd_value key[CMD_WORDS_MAX];
};

const struct cmd_value *args_pos(const struct cmd_args *a, const char *name); /* first of that name, or NULL */
const struct cmd_value *args_key(const struct cmd_args *a, const char *name);
int fail_at(struct err *e, const struct cmd_value *v, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

bool args_word(const struct cmd_args *a, const char *word); /* one of the choices was given, as in `eval lt5 report` */

/* ---- the table, from commands.def ---- */

extern const struct cmd *const commands[]; /* NULL-terminated */
extern const char *const cmd_groups[]; /* in the order of the help screen, NULL-terminated */

/* By name or alias; with `prefix` a unique prefix is enough (names and aliases that mean the same command count once). */
const struct cmd *cmd_find(const char *name, bool prefix, struct err *e);
/* Whether a word is one of Python's; which command does what `model.fit(x,` calls or `l.trainable` sets, or NULL. */
bool keras_like(const char *word);
const struct cmd *keras_command(const char *word);
const char *keras_key(const char *name); /* `batch` of Keras' batch_size, or NULL */
/* The same of a line such as `score = model.evaluate(x, y)`, cut into words. */
struct cmd_word;
const struct cmd *keras_assignment(const struct cmd_word *word, int n);
char *cmd_synopsis(const struct cmd *c); /* "train SPLIT [epochs=N] ..." */

/* ---- parsing ---- */

struct cmd_parsed {
	struct cmd_args args;
	char *store; /* the unquoted words */
};

/* Parses the command at line[*at] and moves *at behind it and its `;`, also when it fails. Returns 1 with a command, 0 when
 * only blanks and comments were left, -1 with a sentence. *p is released by cmd_parsed_free in every case. */
int cmd_parse(struct session *s, const char *line, size_t *at, struct cmd_parsed *p, struct err *e);
void cmd_parsed_free(struct cmd_parsed *p);

/* Splits one command into words, as cmd_parse does; used by completion too. */
struct cmd_word {
	const char *text; /* unquoted */
	int col, len; /* as typed */
	int eq; /* index in text of the first = outside quotes; -1: none */
	bool open; /* a quote is not closed */
};
/* Returns the number of words, or -1 when there are more than max (the line is read to its end all the same). *at as above.
 * store must be freed. */
int cmd_words(const char *line, size_t *at, struct cmd_word *word, int max, char **store);

/* Whether a word fits an argument: 1 yes (and fills num and integer), 0 it is something else, -1 it is meant but wrong. */
int arg_fits(struct session *s, const struct arg *arg, const char *text, struct cmd_value *v, struct err *e);
const char *arg_type_words(const struct arg *arg); /* "all, ltN, gteN or digits=3,5,8" */
const char *arg_bounds(const struct arg *arg, char buf[96]); /* " from 1 to 9" of a number with bounds, else "" */

/* The nearest of the candidates by edit distance, or NULL when none is near. */
const char *near_word(const char *word, const char *const *candidates, int n);

#endif
