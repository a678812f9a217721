/* recall.c: the lines that were typed before. The file is only ever appended to, a line at a time and under a lock, so
 * two sessions lose nothing of each other.
 */
#include "recall.h"
#include "mem.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <wchar.h>

/* ---- the list and its file ---- */

static void
recall_push(struct ui_recall *r, char *line)
{
	if (r->n == UI_RECALL_MOST) {
		free(r->line[0]);
		memmove(r->line, r->line + 1, --r->n * sizeof *r->line);
	}
	r->line = ui_grow(r->line, r->n, &r->cap, sizeof *r->line);
	r->line[r->n++] = line;
}

void
ui_recall_rest(struct ui_recall *r)
{
	for (size_t i = 0; r->edited != NULL && i <= r->n; i++)
		free(r->edited[i]);
	free(r->edited);
	r->edited = NULL;
	r->at = r->n;
	r->searching = false;
}

void
ui_recall_clear(struct ui_recall *r)
{
	ui_recall_rest(r);
	for (size_t i = 0; i < r->n; i++)
		free(r->line[i]);
	free(r->line);
	memset(r, 0, sizeof *r);
}

/* Only a file is read and written; a pipe would hold us up, and what is there stays as it is. */
static int
recall_open(const char *file, int flags)
{
	int fd = open(file, flags | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0600);
	struct stat st;

	if (fd >= 0 && (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))) {
		close(fd);
		fd = -1;
	}
	return fd;
}

void
ui_recall_read(struct ui_recall *r, const char *file)
{
	int fd = file != NULL ? recall_open(file, O_RDONLY) : -1;
	FILE *f = fd >= 0 ? fdopen(fd, "r") : NULL;
	char *line = NULL;
	size_t size = 0;
	ssize_t n;

	ui_recall_rest(r);
	while (f != NULL && (n = ui_getline(&line, &size, f)) > 0) {
		if (line[n - 1] == '\n')
			n--;
		line[n] = '\0';
		for (ssize_t i = 0; i < n; i++)
			if ((unsigned char)line[i] < ' ' || line[i] == 0x7f)
				line[i] = ' ';
		if (n > 0 && mbstowcs(NULL, line, 0) != (size_t)-1)
			recall_push(r, ui_strdup(line));
	}
	free(line);
	if (f != NULL)
		fclose(f);
	r->at = r->n;
}

void
ui_recall_add(struct ui_recall *r, const char *file, const char *line)
{
	size_t n = strlen(line);
	char *copy;
	int fd;

	ui_recall_rest(r);
	if (n == 0 || (r->n > 0 && strcmp(r->line[r->n - 1], line) == 0))
		return;
	recall_push(r, ui_strdup(line));
	r->at = r->n;
	if (file == NULL || (fd = recall_open(file, O_WRONLY | O_CREAT | O_APPEND)) < 0)
		return;
	copy = ui_alloc(n + 2, 1);
	for (size_t i = 0; i < n; i++)
		copy[i] = line[i] == '\n' ? ';' : line[i];
	copy[n] = '\n';
	flock(fd, LOCK_EX);
	if (write(fd, copy, n + 1) < 0) {
		/* A full disk costs the history, nothing else. */
	}
	close(fd);
	free(copy);
}

/* ---- walking ---- */

static const char *
recall_text(const struct ui_recall *r, size_t place)
{
	if (r->edited != NULL && r->edited[place] != NULL)
		return r->edited[place];
	return place < r->n ? r->line[place] : "";
}

static void
recall_keep(struct ui_recall *r, const char *now)
{
	if (strcmp(recall_text(r, r->at), now) == 0)
		return;
	if (r->edited == NULL)
		r->edited = ui_alloc(r->n + 1, sizeof *r->edited);
	free(r->edited[r->at]);
	r->edited[r->at] = ui_strdup(now);
}

/* The next place before (or behind) `from` whose line has want, begins with it where prefix, and is not now; -1:
 * none. */
static long
recall_find(const struct ui_recall *r, size_t from, bool forward, bool prefix, const char *want, const char *now)
{
	size_t place = from;

	while (forward ? place < r->n : place > 0) {
		const char *text, *hit;

		place = forward ? place + 1 : place - 1;
		text = recall_text(r, place);
		hit = strstr(text, want);
		if (hit != NULL && (!prefix || hit == text) && strcmp(text, now) != 0)
			return (long)place;
	}
	return -1;
}

/* Where a walk leads, -1: nowhere. */
static long
recall_place(const struct ui_recall *r, enum ui_recall_walk walk, long count, const char *now, size_t column)
{
	long at = (long)r->at, n = (long)r->n, to;
	char *want;

	switch (walk) {
	case UI_RECALL_OLDER:
	case UI_RECALL_NEWER:
		to = walk == UI_RECALL_OLDER ? at - count : at + count;
		to = to < 0 ? 0 : to > n ? n : to;
		return to == at ? -1 : to;
	case UI_RECALL_PLACE:
		return count < 1 ? -1 : count > n ? n : count - 1;
	case UI_RECALL_BEGINS_OLDER:
	case UI_RECALL_BEGINS_NEWER:
	case UI_RECALL_HAS_OLDER:
	case UI_RECALL_HAS_NEWER:
		want = ui_strndup(now, column);
		to = recall_find(r, r->at, walk == UI_RECALL_BEGINS_NEWER || walk == UI_RECALL_HAS_NEWER,
		    walk < UI_RECALL_HAS_OLDER, want, now);
		free(want);
		return to;
	default:
		return r->want[0] == '\0' ? -1 : recall_find(r, r->at, walk == UI_RECALL_AGAIN_NEWER ||
		    (walk == UI_RECALL_AGAIN && r->forward) ||
		    (walk == UI_RECALL_AGAIN_OTHER && !r->forward), false, r->want, now);
	}
}

const char *
ui_recall_walk(struct ui_recall *r, enum ui_recall_walk walk, int count, const char *now, size_t *column)
{
	long place = recall_place(r, walk, count, now, *column);
	const char *text;

	if (place < 0)
		return NULL;
	recall_keep(r, now);
	r->at = (size_t)place;
	text = recall_text(r, r->at);
	if (walk < UI_RECALL_BEGINS_OLDER || walk > UI_RECALL_HAS_NEWER || *column > strlen(text))
		*column = strlen(text);
	return text;
}

char *
ui_recall_word(const struct ui_recall *r, size_t back, int n)
{
	const char *s, *word = NULL;
	size_t len = 0;

	if (back < 1 || back > r->n)
		return NULL;
	s = r->line[r->n - back];
	for (int i = 0; *(s += strspn(s, " \t\n")) != '\0'; i++) {
		size_t k = strcspn(s, " \t\n");

		if (n < 0 || i == n) {
			word = s;
			len = k;
		}
		s += k;
	}
	return word != NULL ? ui_strndup(word, len) : NULL;
}

/* ---- incremental search ---- */

static const char *
search_text(const struct ui_recall *r)
{
	return recall_text(r, r->at);
}

/* Looks from a place on, that one included where it may be. */
static const char *
search_from(struct ui_recall *r, size_t place, bool itself)
{
	const char *now = search_text(r), *hit;
	long found;

	r->failed = false;
	if (mbstowcs(NULL, r->want, 0) == (size_t)-1 || r->nwant == 0)
		found = -2;
	else if (itself && strstr(recall_text(r, place), r->want) != NULL)
		found = (long)place;
	else
		found = recall_find(r, place, r->forward, false, r->want, itself ? "" : now);
	if (found >= 0) {
		r->at = (size_t)found;
		hit = strstr(search_text(r), r->want);
		r->column = (size_t)(hit - search_text(r));
	}
	r->failed = found == -1;
	snprintf(r->message, sizeof r->message, "(%s%si-search)`%s': ", r->failed ? "failed " : "",
	    r->forward ? "" : "reverse-", r->want);
	return search_text(r);
}

void
ui_recall_search(struct ui_recall *r, bool forward, const char *now, size_t column)
{
	recall_keep(r, now);
	r->searching = true;
	r->forward = forward;
	r->begun = r->at;
	r->column = column;
	r->nwant = 0; /* want stays until something is typed: `again` takes it */
	snprintf(r->message, sizeof r->message, "(%si-search)`': ", forward ? "" : "reverse-");
}

const char *
ui_recall_type(struct ui_recall *r, char byte)
{
	if (r->nwant + 1 < sizeof r->want) {
		r->want[r->nwant++] = byte;
		r->want[r->nwant] = '\0';
	}
	return search_from(r, r->at, true);
}

const char *
ui_recall_rub(struct ui_recall *r)
{
	while (r->nwant > 0 && (r->want[--r->nwant] & 0xc0) == 0x80)
		;
	r->want[r->nwant] = '\0';
	return search_from(r, r->begun, true);
}

const char *
ui_recall_again(struct ui_recall *r, bool forward)
{
	bool first = r->nwant == 0;

	r->forward = forward;
	if (first)
		r->nwant = strlen(r->want);
	return search_from(r, r->at, first);
}

const char *
ui_recall_back(struct ui_recall *r)
{
	r->searching = false;
	r->at = r->begun;
	return search_text(r);
}

void
ui_recall_stay(struct ui_recall *r)
{
	r->searching = false;
}
