/* split_said.c: splits as they are explained, and as files have them. */
#include "data/class.h"
#include "data/split_int.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

char *
split_mapping(const struct split *s, const struct dataset *d)
{
	struct str b = {0};
	int n = split_count(s), first = split_nth(s, 0), last = split_nth(s, n - 1);
	bool names = s->named != 0 && s->named == class_names(d);
	char buf[CLASS_TEXT];

	if (n == 0)
		return xasprintf("no %s", split_word(s, 0));
	str_add(&b, "%s ", split_word(s, n));
	for (int i = 0; i < n && names && (i < 6 || n <= 10); i++)
		str_add(&b, "%s%s", i > 0 ? ", " : "", class_text(d, split_nth(s, i), CLASS_COLS, buf));
	if (names && n > 10)
		str_add(&b, " and %d more", n - 6);
	else if (!names && last - first == n - 1)
		str_add(&b, n > 1 ? "%d-%d" : "%d", first, last);
	else if (!names)
		split_write(s, &b);
	str_add(&b, " -> unit%s ", n > 1 ? "s" : "");
	if (n == 1)
		str_add(&b, "%d", split_unit(s, first));
	else if (s->by_digit && last - first != n - 1)
		split_write(s, &b);
	else
		str_add(&b, "%d-%d", split_unit(s, first), split_unit(s, last));
	return b.s;
}

/* ---- in files ---- */

#define LABELS " labels "

char *
split_against(const struct split *trained, const struct split *split)
{
	bool names = strcmp(trained->name, split->name) != 0;

	return xasprintf("%s%s, not on %s%s", trained->name, !names && trained->by_digit ? SPLIT_BY_DIGIT : "",
	    split->name, !names && split->by_digit ? SPLIT_BY_DIGIT : "");
}

char *
split_filed(const struct split *s)
{
	struct str b = {0};

	str_add(&b, "%s", s->name);
	if (s->named || s->top != DATASET_DIGITS || !split_holds(s, NULL)) { /* as where all are not the ten digits */
		str_add(&b, LABELS);
		split_write(s, &b);
		str_add(&b, " of %d %s", s->top, s->named ? "classes" : "digits");
		if (s->named)
			str_add(&b, " %08" PRIx32, s->named);
	}
	if (s->by_digit)
		str_add(&b, SPLIT_BY_DIGIT);
	return b.s;
}

/* "classes=cat,dog labels 3,5 of 10 classes 89abcdef"; takes the text apart. */
static int
read_labels(char *text, struct split *s)
{
	char *at = NULL, *of, *end;
	long top;

	for (char *p = text; (p = strstr(p, LABELS)) != NULL; p++) /* a name may hold the word, too */
		at = p;
	if (at == NULL || (of = strstr(at, " of ")) == NULL)
		return -1;
	top = strtol(of + 4, &end, 10);
	*s = (struct split){.top = (int)top};
	if (strncmp(end, " classes ", 9) == 0)
		s->named = (uint32_t)strtoul(end + 9, NULL, 16);
	*at = *of = '\0';
	if (top < 1 || top > DATASET_CLASSES_MAX || (!s->named && strcmp(end, " digits") != 0) ||
	    !split_labels(at + sizeof LABELS - 1, s->top, s) || strlen(text) >= sizeof s->name || !split_looks(text))
		return -1;
	strcpy(s->name, text);
	class_clean(s->name);
	s->kind = text[0] == 'a' ? SPLIT_ALL : text[0] == 'l' ? SPLIT_LT : text[0] == 'g' ? SPLIT_GTE :
	    text[0] == 'c' ? SPLIT_CLASSES : SPLIT_DIGITS;
	return 0;
}

int
split_read(const char *text, struct split *out)
{
	size_t n = strlen(text), by = sizeof SPLIT_BY_DIGIT - 1;
	bool by_digit = n > by && strcmp(text + n - by, SPLIT_BY_DIGIT) == 0;
	char *name = xstrndup(text, by_digit ? n - by : n);
	struct err ignored = {0};
	struct split s;
	int rc = strstr(name, LABELS) != NULL ? read_labels(name, &s) : split_parse(name, &s, &ignored);

	free(name);
	if (rc < 0)
		return -1;
	s.by_digit = by_digit;
	*out = s;
	return 0;
}
