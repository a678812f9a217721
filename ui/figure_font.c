/* figure_font.c: the fonts of pictures, and where the glyphs of a text stand; the only file that includes FreeType.
 *
 * Advances are taken in font units, without hinting, so that widths do not depend on the resolution. The fonts are
 * loaded when text is first measured or drawn. A figure may be drawn on one thread while text is measured on another:
 * a lock keeps them apart.
 */
#include "canvas.h"
#include "figure_int.h"
#include "mem.h"

#include <ft2build.h>
#include FT_FREETYPE_H
#include FT_ADVANCES_H
#include FT_MODULE_H

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define UI_FONT_PACKAGE "install the package fonts-dejavu-core, or name another font with `set font FILE`"

static const char *const ui_font_files[UI_FACES] = {"DejaVuSans.ttf", "DejaVuSans-Bold.ttf", "DejaVuSansMono.ttf",
    "DejaVuSansMono-Bold.ttf"};

const char *const ui_font_folders[] = {
	"~/.local/share/fonts", "~/.fonts", "/usr/share/fonts/truetype/dejavu", "/usr/local/share/fonts",
	    "/usr/share/fonts/dejavu",
	"/usr/share/fonts/dejavu-sans-fonts", "/usr/share/fonts/TTF", "/usr/share/fonts/truetype/ttf-dejavu",
	    "/usr/local/share/fonts/dejavu",
	"/usr/share/fonts/truetype", "/usr/share/fonts", "/Library/Fonts", "~/Library/Fonts",
	    "/opt/homebrew/share/fonts", NULL,
};

struct ui_font_file {
	FT_Face ft;
	FT_StreamRec stream;
	int users; /* this file, and who has called ui_font_hold */
};

static struct {
	FT_Library lib; /* once made it stays */
	struct ui_font_file *face[UI_FACES];
	bool tried;
	char *path; /* what ui_font_use was given */
	int (*open)(const char *path); /* NULL: by the path itself */
	char why[512]; /* "" when all is well */
} ui_font;
static pthread_mutex_t ui_font_mutex = PTHREAD_MUTEX_INITIALIZER;

void
ui_font_lock(void)
{
	pthread_mutex_lock(&ui_font_mutex);
}

void
ui_font_unlock(void)
{
	pthread_mutex_unlock(&ui_font_mutex);
}

/* ---- loading ---- */

/* Without memory a glyph would be missing, and nobody would say so. */
static void *
ui_font_alloc(FT_Memory memory, long n)
{
	return ui_alloc((size_t)n, 1);
}

static void
ui_font_release(FT_Memory memory, void *p)
{
	free(p);
}

static void *
ui_font_realloc(FT_Memory memory, long had, long n, void *p)
{
	return ui_realloc(p, (size_t)n, 1);
}

static struct FT_MemoryRec_ ui_font_memory = {NULL, ui_font_alloc, ui_font_release, ui_font_realloc};

void
ui_font_hold(struct ui_font_file *f)
{
	f->users++;
}

void
ui_font_let(struct ui_font_file *f)
{
	if (f == NULL || --f->users > 0)
		return;
	if (f->ft != NULL)
		FT_Done_Face(f->ft);
	free(f);
}

void *
ui_font_ft(const struct ui_font_file *f)
{
	return f->ft;
}

static void
ui_font_drop(void)
{
	for (int i = 0; i < UI_FACES; i++)
		ui_font_let(ui_font.face[i]);
	memset(ui_font.face, 0, sizeof ui_font.face);
	ui_font.tried = false;
	ui_font.why[0] = '\0';
}

static unsigned long
ui_font_read(FT_Stream stream, unsigned long offset, unsigned char *buffer, unsigned long count)
{
	unsigned long n = 0;
	ssize_t k = 1;

	if (count == 0) /* whether it can be read from there */
		return offset > stream->size;
	for (; n < count && k > 0; n += k > 0 ? (unsigned long)k : 0)
		k = pread((int)stream->descriptor.value, buffer + n, count - n, (off_t)(offset + n));
	return n;
}

static void
ui_font_shut(FT_Stream stream)
{
	if (stream->descriptor.value >= 0)
		close((int)stream->descriptor.value);
	stream->descriptor.value = -1;
}

static int
ui_font_fd(const char *path)
{
	return ui_font.open != NULL ? ui_font.open(path) : open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
}

/* Whether there is something to be read; fills what it is. */
static bool
ui_font_stat(const char *path, struct stat *st)
{
	int fd = ui_font_fd(path);
	bool there = fd >= 0 && fstat(fd, st) == 0;

	if (fd >= 0)
		close(fd);
	return there;
}

/* Only a regular file: FreeType would wait for a FIFO without an end. */
static bool
ui_font_stream(FT_Stream stream, const char *path)
{
	int fd = ui_font_fd(path);
	struct stat st;

	*stream = (struct FT_StreamRec_){.descriptor.value = fd, .read = ui_font_read, .close = ui_font_shut};
	if (fd < 0)
		return false;
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
		ui_font_shut(stream);
		return false;
	}
	stream->size = (unsigned long)st.st_size;
	return true;
}

static bool
ui_font_open(int i, const char *path)
{
	struct ui_font_file *f;

	if (ui_font.face[i] != NULL)
		return false;
	f = ui_alloc(1, sizeof *f);
	f->users = 1;
	if (ui_font_stream(&f->stream, path) &&
	    FT_Open_Face(ui_font.lib, &(FT_Open_Args){.flags = FT_OPEN_STREAM, .stream = &f->stream}, 0, &f->ft) != 0) {
		f->ft = NULL;
		ui_font_shut(&f->stream);
	}
	if (f->ft != NULL && FT_IS_SCALABLE(f->ft) && f->ft->units_per_EM > 0 &&
	    FT_Select_Charmap(f->ft, FT_ENCODING_UNICODE) == 0) {
		ui_font.face[i] = f;
		return true;
	}
	ui_font_let(f);
	return false;
}

/* The faces that are still missing, from a directory. */
static void
ui_font_directory(const char *dir, int len)
{
	const char *home = getenv("HOME");
	char path[4096];

	for (int i = 0; i < UI_FACES; i++) {
		if (dir[0] == '~' && home == NULL)
			return;
		if (snprintf(path, sizeof path, "%s%.*s/%s", dir[0] == '~' ? home : "", dir[0] == '~' ? len - 1 : len,
		    dir[0] == '~' ? dir + 1 : dir, ui_font_files[i]) < (int)sizeof path)
			ui_font_open(i, path);
	}
}

static void
ui_font_load(void)
{
	struct stat st;
	const char *slash;

	if (ui_font.tried)
		return;
	ui_font.tried = true;
	if (ui_font.lib == NULL && FT_New_Library(&ui_font_memory, &ui_font.lib) == 0)
		FT_Add_Default_Modules(ui_font.lib);
	if (ui_font.lib == NULL) {
		snprintf(ui_font.why, sizeof ui_font.why, "FreeType does not start: pictures are drawn without text");
		return;
	}
	if (ui_font.path != NULL) {
		if (!ui_font_stat(ui_font.path, &st))
			snprintf(ui_font.why, sizeof ui_font.why,
			    "no font at %.200s: pictures are drawn without text; " UI_FONT_PACKAGE, ui_font.path);
		else if (S_ISDIR(st.st_mode)) {
			ui_font_directory(ui_font.path, (int)strlen(ui_font.path));
			if (ui_font.face[UI_FACE_SANS] == NULL)
				snprintf(ui_font.why, sizeof ui_font.why,
				    "no DejaVuSans.ttf in %.200s: pictures are drawn without text; " UI_FONT_PACKAGE,
				    ui_font.path);
		} else if (!ui_font_open(UI_FACE_SANS, ui_font.path))
			snprintf(ui_font.why, sizeof ui_font.why,
			    "%.200s is no font that can be scaled: pictures are drawn without text; " UI_FONT_PACKAGE,
			    ui_font.path);
		if (ui_font.why[0] != '\0')
			return;
		/* DejaVu's own bold and fixed faces lie beside it; those of another family are not looked for. */
		slash = strrchr(ui_font.path, '/');
		if (S_ISREG(st.st_mode) && strcmp(slash != NULL ? slash + 1 : ui_font.path, ui_font_files[0]) == 0)
			ui_font_directory(slash != NULL ? ui_font.path : ".",
			    slash != NULL ? (int)(slash - ui_font.path) : 1);
	}
	for (int i = 0; ui_font_folders[i] != NULL && (ui_font.path == NULL || ui_font.face[UI_FACE_MONO] == NULL);
	    i++) {
		/* A font of the user's choice is also the bold one, but cells need one of fixed width. */
		bool bold = ui_font.path != NULL && ui_font.face[UI_FACE_BOLD] == NULL;

		ui_font_directory(ui_font_folders[i], (int)strlen(ui_font_folders[i]));
		if (bold) {
			ui_font_let(ui_font.face[UI_FACE_BOLD]);
			ui_font.face[UI_FACE_BOLD] = NULL;
		}
		if (ui_font.face[UI_FACE_SANS] != NULL && ui_font.face[UI_FACE_BOLD] != NULL &&
		    ui_font.face[UI_FACE_MONO] != NULL)
			break;
	}
	if (ui_font.face[UI_FACE_SANS] == NULL)
		snprintf(ui_font.why, sizeof ui_font.why,
		    "the font DejaVu Sans is not installed: pictures are drawn without text; " UI_FONT_PACKAGE);
	else if (ui_font.path == NULL && (ui_font.face[UI_FACE_BOLD] == NULL || ui_font.face[UI_FACE_MONO] == NULL))
		snprintf(ui_font.why, sizeof ui_font.why,
		    "the font DejaVu Sans is not there whole: pictures are drawn with what there is of it; "
		    UI_FONT_PACKAGE);
}

const char *
ui_font_use(const char *path)
{
	const char *why;

	if (path != NULL && (*path == '\0' || strcasecmp(path, "DejaVu Sans") == 0))
		path = NULL;
	ui_font_lock();
	if (!ui_font.tried || (path == NULL) != (ui_font.path == NULL) ||
	    (path != NULL && strcmp(path, ui_font.path) != 0)) {
		ui_font_drop();
		ui_string(&ui_font.path, path);
	}
	ui_font_load();
	why = ui_font.why[0] != '\0' ? ui_font.why : NULL;
	ui_font_unlock();
	return why;
}

void
ui_font_opener(int (*open)(const char *path))
{
	ui_font.open = open;
}

void
ui_font_free(void)
{
	ui_font_lock();
	ui_font_drop();
	ui_string(&ui_font.path, NULL);
	ui_font_unlock();
}

bool
ui_font_ready(void)
{
	bool ready;

	ui_font_lock();
	ui_font_load();
	ready = ui_font.face[UI_FACE_SANS] != NULL;
	ui_font_unlock();
	return ready;
}

/* ---- glyphs ---- */

/* The face that has the character: the one asked for, else Sans, else whatever was loaded. */
static struct ui_font_file *
ui_font_face(enum ui_face want, FT_ULong code, FT_UInt *glyph)
{
	static const enum ui_face instead[] = {UI_FACE_BOLD, UI_FACE_MONO, UI_FACE_SANS, UI_FACE_MONO};
	enum ui_face order[4] = {want, instead[want], UI_FACE_SANS, UI_FACE_MONO};
	struct ui_font_file *f, *first = NULL;

	if (want == UI_FACE_BOLD || want == UI_FACE_SANS)
		order[1] = UI_FACE_SANS;
	for (int i = 0; i < 4; i++) {
		if ((f = ui_font.face[order[i]]) == NULL)
			continue;
		if (first == NULL)
			first = f;
		if ((*glyph = FT_Get_Char_Index(f->ft, code)) != 0)
			return f;
	}
	*glyph = 0;
	return first;
}

static double
ui_font_advance(FT_Face f, FT_UInt glyph)
{
	FT_Fixed advance;

	return FT_Get_Advance(f, glyph, FT_LOAD_NO_SCALE, &advance) == 0 ? (double)advance / f->units_per_EM : 0;
}

/* Walks over the text, the fonts locked and loaded; notes its glyphs when `to` is given. Returns its width. */
static double
ui_font_walk(enum ui_face face, double size, const char *text, struct ui_font_glyph *to)
{
	double at = 0;
	struct ui_font_file *f, *before = NULL;
	FT_UInt glyph, last = 0;
	FT_Vector kern;
	uint32_t code;

	while (*text != '\0') {
		text = ui_char_next(text, &code);
		if ((f = ui_font_face(face, code, &glyph)) == NULL)
			return 0;
		if (f == before && FT_HAS_KERNING(f->ft) &&
		    FT_Get_Kerning(f->ft, last, glyph, FT_KERNING_UNSCALED, &kern) == 0)
			at += kern.x * size / f->ft->units_per_EM;
		if (to != NULL)
			*to++ = (struct ui_font_glyph){f, glyph, code, at};
		at += ui_font_advance(f->ft, glyph) * size;
		before = f;
		last = glyph;
	}
	return at;
}

double
ui_font_width(enum ui_face face, double size, const char *text)
{
	double width;

	if (text == NULL)
		return 0;
	width = 0.6 * size * (double)strlen(text);
	ui_font_lock();
	ui_font_load();
	if (ui_font.face[UI_FACE_SANS] != NULL)
		width = ui_font_walk(face, size, text, NULL);
	ui_font_unlock();
	return width;
}

double
ui_text_width(double size, bool bold, const char *text)
{
	return ui_font_width(bold ? UI_FACE_BOLD : UI_FACE_SANS, size, text);
}

size_t
ui_font_glyphs(enum ui_face face, double size, const char *text, struct ui_font_glyph *glyph, double *width)
{
	uint32_t code;
	size_t n = 0;

	ui_font_load();
	if (ui_font.face[UI_FACE_SANS] == NULL)
		return 0;
	*width = ui_font_walk(face, size, text, glyph);
	for (; *text != '\0'; n++)
		text = ui_char_next(text, &code);
	return n;
}
