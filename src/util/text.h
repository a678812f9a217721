/* text.h: small services on strings. */
#ifndef TEXT_H
#define TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* Control characters and bytes that are not UTF-8 become '?', in place: text of a user or a file that goes to a
 * terminal. */
void text_clean(char *s);
/* Control characters become '?' in place, but for tabs, ends of lines and, if colours is set, sequences that colour: a
 * text that is ready for a terminal or a file. Bytes that are not UTF-8 stay. */
void text_calm(char *s, bool colours);
/* A sentence, cleaned in the same way, in which a space that is none and what does not show is written out: <U+00A0>.
 * It goes on to say what the first of them is. What does not fit is cut; size is at least 2 * TEXT_SHOWN. */
void text_show(char *out, size_t size, const char *s);
#define TEXT_SHOWN 96
/* A name ends so, in upper or lower case, and has more before it. */
bool text_ends(const char *s, const char *suffix);
bool text_match(const char *pattern, const char *s); /* globs: * and ? */
int text_distance(const char *a, const char *b); /* edits (swaps count one) from a to b */
/* The nearest of the candidates by edit distance, or NULL when none is near. */
const char *text_near(const char *word, const char *const *candidates, int n);
char *text_count(char buf[32], unsigned long long n); /* "590,597" */
char *text_bytes(char buf[32], size_t n); /* "163 MiB" */

/* Where files of the user lie: $XDG_CONFIG_HOME/thaw/NAME, else ~/.config/thaw/NAME; the caller's to free, NULL when
 * there is neither. Where HOME is not set, ~ is the folder that the system's list of users has. The state folder is
 * made when missing if make is set. */
char *path_config(const char *name);
/* The init file of the site: that of the installation which the program belongs to, else of the one that it was
 * configured for; the caller's. */
char *path_site(void);
char *path_state(const char *name, bool make);
/* Makes the folders that a path leads through, where they are missing. NULL, else with errno the first that cannot be
 * made; the caller's. */
char *path_lacks(const char *path);
#define PATH_NO_STATE "no HOME and no XDG_STATE_HOME" /* why path_state has returned NULL */
char *path_home(const char *path); /* ~/NAME below $HOME, as shells read it; the caller's. NULL: it begins otherwise */

/* A text that grows. Zeroed is empty; s is never NULL after the first call of str_add. */
struct str {
	char *s;
	size_t n, cap;
};
void str_add(struct str *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void str_addn(struct str *b, const char *s, size_t n);
void str_addc(struct str *b, char c);

#endif
