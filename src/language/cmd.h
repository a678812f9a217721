/* cmd.h: what a command is.
 *
 * A command is a constant struct beside its code, named in commands/commands.def. From the struct come its parsing, its
 * errors with a caret under the word, usage, help, completion, its section of the man page, and a test that runs its
 * example.
 */
#ifndef CMD_H
#define CMD_H

#include "util/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct session;

/* ---- what a command takes ---- */

enum arg_type {
	ARG_END,
	ARG_WORD, /* any word, or one of `choices` */
	ARG_INT, /* min..max */
	ARG_NUM, /* min..max */
	ARG_SPLIT, /* all, ltN, gteN, 5-9, digits=0-2,5,8, classes=cat,dog */
	ARG_CLASS, /* a class by its name; of digits a number, to max where that is above 0 */
	ARG_LAYERS, /* names, indices, ranges, globs, groups */
	ARG_POINT, /* @name, rN, init, now */
	ARG_RUN, /* rN, or the beginning of the hash of a run in the store */
	ARG_CONDITION, /* KEY>VALUE, KEY<VALUE */
	ARG_UNIT, /* conv2d[7]: a channel or unit of a layer */
	ARG_PLACE, /* 12,12: Y,X */
	ARG_IMAGE, /* test:IDX, train:IDX, last, FILE.png */
	ARG_FILE,
	ARG_SIZE, /* 960x640; of at most max pixels: height first, as shapes are said */
	ARG_SETTING, ARG_COMMAND,
	ARG_RAW, /* the rest of the command as typed */
	ARG_COMMANDS, /* the same; behind a -- the rest of the line, unless that begins with a quote */
};

struct arg {
	const char *name; /* "SPLIT" */
	enum arg_type type;
	bool required, many;
	bool behind; /* it stands directly behind a word for the argument before it, or not at all */
	const char *const *choices; /* NULL-terminated, or NULL */
	double min, max;
	bool factor; /* *2 and /2 stand for a number, too: value.num is 2 and 0.5 */
	const char *what; /* one line for help */
	/* For completion, of what may be a file: the endings of its name, NULL behind the last; and whether the command
	 * makes the file, so that a name may be given one. */
	const char *(*ending)(int i);
	bool made;
};

#define CMD_ARGS_MAX 6
#define CMD_KEYS_MAX 16
#define CMD_WORDS_MAX 64

enum cmd_when {
	CMD_WAITS, /* until a run that goes on has ended */
	CMD_NOW, /* looks or steers: acts at once during a run, unless a command of its line waits */
	CMD_ALWAYS, /* acts at once during a task, too, since it needs nothing that a task reads */
	CMD_IN_TURN, /* so does this, but not before a typed line that waits, whose output or end it changes */
};

struct cmd_args;

struct cmd {
	const char *name;
	const char *alias[3]; /* NULL-terminated unless full */
	/* from this beginning on its name means this command on a terminal although others begin so, too; or NULL */
	const char *brief;
	const char *group; /* of the help screen: model train look files session */
	const char *what; /* one line */
	const char *text; /* paragraphs for help and man, "" when the line says all */
	const char *keras; /* the Keras line that it stands for, or NULL */
	const char *example; /* a line that works at the start of a session with the lesson's data, run by the tests */
	struct arg arg[CMD_ARGS_MAX + 1]; /* positional, ends with ARG_END */
	struct arg key[CMD_KEYS_MAX]; /* key=value, ends with ARG_END; name is the key */
	/* Of a command that has a list of things with texts and keys of their own: paragraphs that come before `text`
	 * (the caller's), and the i-th key behind `key`, NULL behind the last. Either may be NULL. */
	char *(*list_text)(void);
	const struct arg *(*list_key)(int i);
	/* also takes every setting of settings.def marked as a run's, as key=value for this command only */
	bool settings;
	bool settings_stay; /* not for this command only: it sets them */
	enum cmd_when when;
	/* in place of `when`, where that depends on the operands; else NULL */
	enum cmd_when (*when_of)(const struct session *s, const struct cmd_args *a);
	/* whether it changes the model, so that `undo` takes it back; puts another in its place, so that there need
	 * be none before; or changes it with some operands, while others say what a first model is made with */
	enum cmd_changes { CMD_KEEPS, CMD_CHANGES, CMD_REPLACES, CMD_MAY_CHANGE } changes;
	bool again; /* says the same again and changes nothing: its answer is laid out anew where the screen changes */
	int (*exec)(struct session *s, const struct cmd_args *a, struct err *e);
	/* for --check: what else is wrong, before anything runs; -1 with a sentence. NULL: what fits may be right */
	int (*check)(struct session *s, const struct cmd_args *a, struct err *e);
	bool checks_words; /* that looks at the words alone: a line that is typed and waits is checked, too */
	bool sources; /* its first operand is a script, which is checked as well */
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
	int npos, nkey;
	struct cmd_value pos[CMD_WORDS_MAX];
	struct cmd_value key[CMD_WORDS_MAX];
};

const struct cmd_value *args_pos(const struct cmd_args *a, const char *name); /* the first of that name, or NULL */
const struct cmd_value *args_key(const struct cmd_args *a, const char *name);
int fail_at(struct err *e, const struct cmd_value *v, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

bool args_word(const struct cmd_args *a, const char *word); /* whether this choice was given, as in `eval lt5 report` */

int err_at(struct err *e, const struct cmd_value *v); /* points the error at this word; returns -1 */

const struct arg *cmd_key(const struct cmd *c, int i); /* the i-th key but for settings, NULL behind the last */
char *cmd_text(const struct cmd *c); /* the paragraphs of its page, "" for none; the caller's */
char *cmd_synopsis(const struct cmd *c); /* "train SPLIT [epochs=N] ..." */
char *cmd_usage(const struct cmd *c); /* the same for an error: many keys are left to the page */
char *cmd_example(const struct cmd *c); /* the first line of its example that is of itself; the caller's */

/* ---- the commands that a session has ---- */

struct cmd_table {
	const struct cmd *const *list; /* NULL-terminated */
	const char *const *groups; /* in the order of the help screen, NULL-terminated */
};

#endif
