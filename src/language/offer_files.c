/* offer_files.c: offers a word; files of the folder that is being typed; names for a file that is to be made. */
#include "language/offer.h"

#include "util/reach.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

void
offer_word(struct completion *c, const char *text, const char *what)
{
	if (strncmp(text, c->typed, c->ntyped) == 0)
		ui_candidates_add(c->out, text, what != NULL ? what : "");
}

static bool
offer_ends(const char *name, const char *(*ending)(int i))
{
	for (int i = 0; ending != NULL && ending(i) != NULL; i++)
		if (text_ends(name, ending(i)))
			return true;
	return ending == NULL;
}

/* Names for a file that is to be made: what is typed of one, with each ending. */
static void
offer_endings(struct completion *c, const char *(*ending)(int i))
{
	const char *slash = strrchr(c->typed, '/'), *name = slash != NULL ? slash + 1 : c->typed;
	int stem = (int)(name - c->typed) + (int)strcspn(name, ".");

	for (int i = 0; *name != '\0' && *name != '.' && ending(i) != NULL; i++) {
		char *text = xasprintf("%.*s%s", stem, c->typed, ending(i));

		bool there = strpbrk(text, " \t;\"#") != NULL;

		for (size_t k = 0; k < c->out->n; k++)
			there |= strcmp(c->out->item[k].text, text) == 0;
		if (!there)
			offer_word(c, text, "a file to be made");
		free(text);
	}
}

void
offer_files(struct completion *c, const char *(*ending)(int i), bool made)
{
	size_t ndir = c->ntyped;
	char *dir, *home, *text;
	struct dirent *entry;
	struct stat st;
	bool folder;
	int fd;
	DIR *d;

	while (ndir > 0 && c->typed[ndir - 1] != '/')
		ndir--;
	dir = ndir > 0 ? xstrndup(c->typed, ndir) : xstrdup(".");
	if ((home = path_home(dir)) != NULL) {
		free(dir);
		dir = home;
	}
	fd = reach_open(dir, O_DIRECTORY);
	d = fd >= 0 ? fdopendir(fd) : NULL;
	while (d != NULL && (entry = readdir(d)) != NULL) {
		if (entry->d_name[0] == '.' && c->typed[ndir] != '.')
			continue;
		folder = fstatat(fd, entry->d_name, &st, 0) == 0 && S_ISDIR(st.st_mode);
		if (folder || offer_ends(entry->d_name, ending)) {
			text = xasprintf("%.*s%s%s", (int)ndir, c->typed, entry->d_name, folder ? "/" : "");
			if (strpbrk(text, " \t;\"#") == NULL)
				offer_word(c, text, folder ? "a folder" : "a file");
			free(text);
		}
	}
	if (d != NULL)
		closedir(d);
	free(dir);
	if (made && ending != NULL)
		offer_endings(c, ending);
}
