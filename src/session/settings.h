/* settings.h: the settings of a session, from settings.def. */
#ifndef SETTINGS_H
#define SETTINGS_H

#include "nn/nn.h"
#include "past/schedule.h"

struct settings {
	struct nn_run_config run; /* what the next run is made with; lr is NAN until set: the optimizer's own */
	struct schedule schedule; /* of its rate */
	int epochs, threads;
	bool threads_auto; /* they are as many as this process may use */
	bool cache, mouse, timing, keep;
	size_t cache_limit; /* bytes; 0: half of the memory available */
	char units[8]; /* order, digit */
	char kernels[16], glyphs[8], pictures[8], color[8], theme[8], font[512];
	int width, verbose; /* width 0: as wide as the terminal; verbose -1: auto */
	int size_w, size_h;
	char picture_invert[8], picture_level[8], picture_fit[8], picture_centre[8];
	uint64_t given; /* a bit for each of settings_list: the user has given it, as an option or by a command */
	uint64_t options; /* the same of those that an option has given: init files do not change them */
};

void settings_default(struct settings *s); /* asks the machine for its processors */
double settings_lr(const struct settings *s); /* what a run would use */
/* Bytes: as set, else half of the memory available now, of which what a cache holds (held) is a part. */
size_t settings_cache_limit(const struct settings *s, size_t held);

struct out;
bool settings_utf8(const struct settings *s, const struct out *out); /* whether text may go beyond ASCII */
void settings_show(const struct settings *s, struct out *out); /* sets timing, width and colour of the output */

/* ---- the list, from settings.def ---- */

enum setting_type {
	SETTING_NUM, /* double */
	SETTING_LR, /* double, NAN until set; behind a colon the schedule */
	SETTING_INT, /* int; "auto" is the default where the list says so */
	SETTING_SEED, /* uint64_t */
	SETTING_BOOL,
	SETTING_WORD, /* char[], one of choices */
	SETTING_TEXT, /* char[] */
	SETTING_BYTES, /* size_t with K, M, G; "auto" is 0 */
	SETTING_SIZE, /* two ints: 960x640 */
	SETTING_OPTIMIZER,
};

enum {
	SETTING_RUN = 1, /* also a key of train and its like, for that command only */
	SETTING_LIVE = 2, /* may change while a run goes on */
	SETTING_SAVED = 4, /* saved with the session, as those of a run are */
	SETTING_SCREEN = 8, /* of what is shown alone: may change beside any work, on whose thread none reads it */
};

struct setting {
	const char *key;
	enum setting_type type;
	size_t offset, size; /* of the member */
	double min, max;
	const char *choices; /* "auto v4 v3", "" for none */
	unsigned flags;
	const char *what;
};

#define SETTINGS_MAX 48

extern const struct setting settings_list[]; /* ends with key NULL */

/* Finds a setting by its name, with `prefix` also by a beginning that only one has. NULL with a sentence. */
const struct setting *settings_find(const char *key, bool prefix, struct err *e);
/* Sets it from text. On failure, -1 with a sentence, s is as before. */
int settings_assign(struct settings *s, const struct setting *k, const char *text, struct err *e);
void settings_give(struct settings *s, const char *key); /* notes that the user has given this one */
void settings_give_option(struct settings *s, const char *key); /* the same, as an option of the command line */
bool settings_option(const struct settings *s, const struct setting *k); /* whether it was given so */
/* What replaces values that the user had given before: "seed 1337 replaces 1, batch 32 replaces 64"; the caller's.
 * NULL: nothing does. Those that were replaced count as given no longer. */
char *settings_replaced(struct settings *s, const struct settings *before);
char *settings_value(const struct settings *s, const struct setting *k); /* as `set` shows it, and takes it back */
char *settings_range(const struct setting *k); /* "1 to 65536" */
/* Where c keeps this setting, if it is one of a run and a real number; else NULL. */
double *settings_real(const struct nn_run_config *c, const struct setting *k);

#endif
