/* split_text.c: splits as they are typed. */
#include "data/class.h"
#include "data/split_int.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static void
set_add(struct split *s, int label)
{
	s->set[label / 64] |= 1ull << label % 64;
}

/* Bounds the N of lt and gte, which goes up to 9 also where there are fewer classes. */
static int
side_top(int top)
{
	return top > DATASET_DIGITS ? top : DATASET_DIGITS;
}

static int
split_error(const struct dataset *d, int top, const char *text, struct err *e)
{
	return fail(e, "no split \"%.40s\" (splits: all, ltN and gteN with N from 1 to %d, 5-9, digits=0-2,5,8 with "
	    "each %s once%s)", text, side_top(top) - 1, class_named(d) ? "label" : "digit", class_named(d) ?
	    ", classes=NAME,NAME" : "");
}

/* ---- digits ---- */

/* A label at *p, which moves on; -1. */
static int
label_read(const char **p, int top)
{
	int v = 0, n = 0;

	for (; isdigit((unsigned char)**p) && n < 5; n++)
		v = v * 10 + *(*p)++ - '0';
	return n == 0 || v >= top || isdigit((unsigned char)**p) ? -1 : v;
}

/* "0-2,5,8"; false where it is none, or names a label twice. */
bool
split_labels(const char *p, int top, struct split *s)
{
	for (;; p++) {
		int from = label_read(&p, top), to = from;

		if (from >= 0 && *p == '-') {
			p++;
			to = label_read(&p, top);
		}
		if (from < 0 || to < from)
			return false;
		for (int d = from; d <= to; d++) {
			if (split_has(s, d))
				return false;
			set_add(s, d);
		}
		if (*p == '\0')
			return true;
		if (*p != ',')
			return false;
	}
}

/* The labels as a list: of digits each, of more than those runs of three and longer as from-to. */
void
split_write(const struct split *s, struct str *b)
{
	bool first = true;

	for (int d = 0; d < DATASET_CLASSES_MAX; d++) {
		int to = d;

		if (!split_has(s, d))
			continue;
		while (split_has(s, to + 1))
			to++;
		if (s->top <= DATASET_DIGITS || to < d + 2)
			to = d;
		str_add(b, to > d ? "%s%d-%d" : "%s%d", first ? "" : ",", d, to);
		first = false;
		d = to;
	}
}

/* What lt, gte or all also mean has that name. */
static void
range_name(struct split *s, int from, int to)
{
	if (from == 0 && to == s->top - 1)
		s->kind = SPLIT_ALL;
	else
		s->kind = from == 0 ? SPLIT_LT : to == s->top - 1 ? SPLIT_GTE : SPLIT_DIGITS;
	if (s->kind == SPLIT_ALL)
		strcpy(s->name, "all");
	else if (s->kind != SPLIT_DIGITS)
		snprintf(s->name, sizeof s->name, from == 0 ? "lt%d" : "gte%d", from == 0 ? to + 1 : from);
}

/* Labels from one to another. */
static bool
range_parse(const char *text, struct split *s)
{
	const char *p = text;
	int from = label_read(&p, s->top), to;

	if (from < 0 || *p++ != '-' || (to = label_read(&p, s->top)) < from || *p != '\0')
		return false;
	for (int d = from; d <= to; d++)
		set_add(s, d);
	range_name(s, from, to);
	return true;
}

/* A list: of several digits that follow each other it is a range. */
static bool
list_parse(const char *text, struct split *s)
{
	int n, from;

	memset(s->set, 0, sizeof s->set);
	s->kind = SPLIT_DIGITS;
	if (!split_labels(text, s->top, s))
		return false;
	n = split_count(s);
	from = split_nth(s, 0);
	if (n > 1 && !s->named && split_nth(s, n - 1) == from + n - 1)
		range_name(s, from, from + n - 1);
	return true;
}

/* "lt5", "gte5". */
static bool
side_parse(const char *text, struct split *s)
{
	bool lt = strncmp(text, "lt", 2) == 0;
	const char *p = text + (lt ? 2 : 3);
	int n = *p != '0' ? label_read(&p, side_top(s->top)) : -1;

	if (n < 1 || *p != '\0')
		return false;
	for (int d = lt ? 0 : n; d < (lt && n < s->top ? n : s->top); d++)
		set_add(s, d);
	s->kind = lt ? SPLIT_LT : SPLIT_GTE;
	snprintf(s->name, sizeof s->name, "%s", text);
	return true;
}

static bool
digits_parse(const char *text, struct split *s)
{
	if (strcmp(text, "all") == 0) {
		for (int d = 0; d < s->top; d++)
			set_add(s, d);
		s->kind = SPLIT_ALL;
		strcpy(s->name, "all");
		return true;
	}
	if (strncmp(text, "lt", 2) == 0 || strncmp(text, "gte", 3) == 0)
		return side_parse(text, s);
	if (isdigit((unsigned char)text[0]) && split_looks(text) && range_parse(text, s))
		return true;
	return split_looks(text) && list_parse(isdigit((unsigned char)text[0]) ? text : text + 7, s);
}

/* ---- names ---- */

/* The longest name with which the text begins, up to a comma, a range's dots or its end; -1. */
static int
name_at(const struct dataset *d, const char *text, size_t *length)
{
	int found = -1;

	*length = 0;
	for (int i = 0; i < d->names; i++) {
		size_t n = strlen(d->class_name[i]);

		if (n >= *length && n > 0 && strncmp(text, d->class_name[i], n) == 0 &&
		    (text[n] == '\0' || text[n] == ',' || strncmp(text + n, "..", 2) == 0)) {
			found = i;
			*length = n;
		}
	}
	return found;
}

static int
name_unknown(const struct dataset *d, const char *text, struct err *e)
{
	char *word = xstrndup(text, strcspn(text, ","));

	class_find(d, word, e);
	free(word);
	return -1;
}

static int
names_list(const struct dataset *d, const char *p, struct split *s, struct err *e)
{
	size_t length;
	char buf[CLASS_TEXT];

	for (;; p++) {
		int from = name_at(d, p, &length), to = from;
		const char *word = p;

		p += length;
		if (from >= 0 && *p == '.') {
			p += 2;
			to = name_at(d, word = p, &length);
			p += length;
		}
		if (from < 0 || to < 0 || *p == '.')
			return name_unknown(d, word, e);
		if (to < from)
			return fail(e, "%s comes before the class that the range begins with; turn them round",
			    class_text(d, to, CLASS_COLS, buf));
		for (int i = from; i <= to; i++) {
			if (split_has(s, i))
				return fail(e, "the class %s is named twice; name each once", class_text(d, i,
				    CLASS_COLS, buf));
			set_add(s, i);
		}
		if (*p == '\0')
			return 0;
	}
}

static void
name_write(const struct dataset *d, int label, const char *before, struct str *b)
{
	char *name = class_typed(d->class_name[label]);

	str_add(b, "%s%s", before, name);
	free(name);
}

/* "classes=cat,dog", or with ! all others of the data; ranges: three and more that follow each other as cat..dog. */
static void
names_write(const struct dataset *d, const struct split *s, bool others, bool ranges, struct str *b)
{
	const char *comma = "";

	b->n = 0;
	str_add(b, "classes=%s", others ? "!" : "");
	for (int i = 0; i < d->names; i++) {
		int last = i, n = 0;

		for (int k = i; k < d->names && (!d->there[k] || split_has(s, k) != others); k++)
			if (d->there[k] && (n++ == 0 || ranges))
				last = k;
		if (n == 0 || !d->there[i])
			continue;
		name_write(d, i, comma, b);
		comma = ",";
		if (ranges && n > 2) {
			name_write(d, last, "..", b);
			i = last;
		}
	}
}

static int
names_parse(const struct dataset *d, const char *text, struct split *s, struct err *e)
{
	size_t length;
	bool others = text[0] == '!' && name_at(d, text, &length) < 0;

	if (names_list(d, text + others, s, e) < 0)
		return -1;
	for (int i = 0; i < d->names && others; i++)
		s->set[i / 64] ^= 1ull << i % 64;
	s->kind = SPLIT_CLASSES;
	return 0;
}

/* The first spelling that is short enough: the names, those of the others, either with ranges, the labels. */
static int
spell(const struct dataset *d, struct split *s, struct err *e)
{
	struct str b = {0};
	int rc = 0;

	for (int way = 0; way < 4 && s->kind == SPLIT_CLASSES && (way == 0 || b.n > SPLIT_NAMES); way++)
		names_write(d, s, way % 2 == 1, way > 1, &b);
	if (s->kind == SPLIT_DIGITS || b.n > SPLIT_NAMES) {
		b.n = 0;
		str_add(&b, "digits=");
		split_write(s, &b);
		s->kind = SPLIT_DIGITS;
	}
	if (b.n >= sizeof s->name)
		rc = fail(e, "that list of %d classes is too long, with %zu characters; name more of them as ranges, "
		    "or fewer", split_count(s), b.n);
	else if (b.n > 0)
		strcpy(s->name, b.s);
	free(b.s);
	return rc;
}

/* ---- both ---- */

bool
split_looks(const char *text)
{
	size_t n = strspn(text, "0123456789");

	return strcmp(text, "all") == 0 || strncmp(text, "digits=", 7) == 0 || strncmp(text, "classes=", 8) == 0 ||
	    (n > 0 && text[n] == '-') || (strncmp(text, "lt", 2) == 0 && isdigit((unsigned char)text[2])) ||
	    (strncmp(text, "gte", 3) == 0 && isdigit((unsigned char)text[3]));
}

int
split_parse(const char *text, struct split *out, struct err *e)
{
	return split_parse_of(NULL, text, out, e);
}

/* All labels are those that some picture has. */
static void
all_there(const struct dataset *d, struct split *s)
{
	struct split here = *s;

	for (int i = 0; i < s->top && d != NULL; i++)
		if (!d->there[i])
			here.set[i / 64] &= ~(1ull << i % 64);
	if (split_count(&here) > 0)
		*s = here;
}

int
split_parse_of(const struct dataset *d, const char *text, struct split *out, struct err *e)
{
	struct split s = {.named = class_names(d), .top = DATASET_DIGITS};
	bool all = true, any = false;

	if (d != NULL && (s.named || d->classes > s.top))
		s.top = d->classes;
	if (strncmp(text, "classes=", 8) == 0) {
		if (!s.named)
			return fail(e, "the classes of %.60s have no names; take digits, as in digits=0-2,5",
			    d != NULL ? d->name : "this data set");
		if (names_parse(d, text + 8, &s, e) < 0)
			return -1;
	} else if (!digits_parse(text, &s))
		return split_error(d, s.top, text, e);
	if (!s.named && s.kind == SPLIT_ALL)
		all_there(d, &s);
	for (int i = 0; i < s.top && s.named; i++) { /* what no picture shows is no class */
		if (!d->there[i])
			s.set[i / 64] &= ~(1ull << i % 64);
		any |= split_has(&s, i);
		all &= split_has(&s, i) == d->there[i];
	}
	if (s.named && !any)
		return fail(e, "%.60s is none of the classes of %.60s; `data info` lists them", text, d->name);
	if (s.kind == SPLIT_CLASSES && all) {
		s.kind = SPLIT_ALL;
		strcpy(s.name, "all");
	}
	if (spell(d, &s, e) < 0)
		return -1;
	*out = s;
	return 0;
}

bool
split_holds(const struct split *s, const struct dataset *d)
{
	struct split here;
	struct err ignored = {0};

	return s->kind != SPLIT_NONE && (s->kind != SPLIT_CLASSES || s->named == class_names(d)) &&
	    split_parse_of(d, s->name, &here, &ignored) == 0 && split_alike(s, &here);
}

int
split_usual(const struct dataset *d, struct split *out, struct err *e)
{
	bool all = class_named(d) ? d->classes != DATASET_DIGITS : d != NULL && d->classes < DATASET_DIGITS;

	return split_parse_of(d, all ? "all" : "gte5", out, e);
}
