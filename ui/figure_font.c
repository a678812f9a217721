/* figure_font.c: text as filled outlines; the only file that includes FreeType.
 *
 * Glyphs are taken in font units, without hinting, and set where they belong to a 64th of a pixel; so the same text
 * gives the same pixels wherever it stands, and widths do not depend on the resolution. The font is loaded when text is
 * first measured or drawn.
 */
#include "canvas.h"
#include "figure_int.h"
#include "mem.h"

#include <ft2build.h>
#include FT_FREETYPE_H
#include FT_ADVANCES_H
#include FT_OUTLINE_H
#include FT_IMAGE_H
#include FT_MODULE_H

#include <fcntl.h>
#include <math.h>
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

static struct {
	FT_Library lib;
	FT_Face face[UI_FACES];
	FT_StreamRec stream[UI_FACES]; /* the files that they come from */
	bool tried;
	char *path; /* what ui_font_use was given */
	int (*open)(const char *path); /* NULL: by the path itself */
	char why[512]; /* "" when all is well */
} ui_font;

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

static void
ui_font_drop(void)
{
	for (int i = 0; i < UI_FACES; i++)
		if (ui_font.face[i] != NULL)
			FT_Done_Face(ui_font.face[i]);
	if (ui_font.lib != NULL)
		FT_Done_Library(ui_font.lib);
	memset(ui_font.face, 0, sizeof ui_font.face);
	ui_font.lib = NULL;
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
	FT_Stream stream = &ui_font.stream[i];
	FT_Open_Args args = {.flags = FT_OPEN_STREAM, .stream = stream};

	if (ui_font.face[i] != NULL || !ui_font_stream(stream, path))
		return false;
	if (FT_Open_Face(ui_font.lib, &args, 0, &ui_font.face[i]) != 0) {
		ui_font.face[i] = NULL;
		ui_font_shut(stream);
		return false;
	}
	if (FT_IS_SCALABLE(ui_font.face[i]) && ui_font.face[i]->units_per_EM > 0 &&
	    FT_Select_Charmap(ui_font.face[i], FT_ENCODING_UNICODE) == 0)
		return true;
	FT_Done_Face(ui_font.face[i]);
	ui_font.face[i] = NULL;
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
	if (FT_New_Library(&ui_font_memory, &ui_font.lib) == 0)
		FT_Add_Default_Modules(ui_font.lib);
	else {
		ui_font.lib = NULL;
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
		if (bold && ui_font.face[UI_FACE_BOLD] != NULL) {
			FT_Done_Face(ui_font.face[UI_FACE_BOLD]);
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
	if (path != NULL && (*path == '\0' || strcasecmp(path, "DejaVu Sans") == 0))
		path = NULL;
	if (!ui_font.tried || (path == NULL) != (ui_font.path == NULL) ||
	    (path != NULL && strcmp(path, ui_font.path) != 0)) {
		ui_font_drop();
		ui_string(&ui_font.path, path);
	}
	ui_font_load();
	return ui_font.why[0] != '\0' ? ui_font.why : NULL;
}

void
ui_font_opener(int (*open)(const char *path))
{
	ui_font.open = open;
}

void
ui_font_free(void)
{
	ui_font_drop();
	ui_string(&ui_font.path, NULL);
}

bool
ui_font_ready(void)
{
	ui_font_load();
	return ui_font.face[UI_FACE_SANS] != NULL;
}

/* ---- glyphs ---- */

/* The face that has the character: the one asked for, else Sans, else whatever was loaded. */
static FT_Face
ui_font_face(enum ui_face want, FT_ULong code, FT_UInt *glyph)
{
	static const enum ui_face instead[] = {UI_FACE_BOLD, UI_FACE_MONO, UI_FACE_SANS, UI_FACE_MONO};
	enum ui_face order[4] = {want, instead[want], UI_FACE_SANS, UI_FACE_MONO};
	FT_Face f, first = NULL;

	if (want == UI_FACE_BOLD || want == UI_FACE_SANS)
		order[1] = UI_FACE_SANS;
	for (int i = 0; i < 4; i++) {
		if ((f = ui_font.face[order[i]]) == NULL)
			continue;
		if (first == NULL)
			first = f;
		if ((*glyph = FT_Get_Char_Index(f, code)) != 0)
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

struct ui_font_spans {
	struct ui_raster *r;
	struct ui_rgb colour;
	double alpha;
};

static void
ui_font_span(int y, int count, const FT_Span *spans, void *arg)
{
	struct ui_font_spans *s = arg;

	for (int i = 0; i < count; i++)
		ui_raster_span(s->r, spans[i].x, -1 - y, spans[i].len, s->colour, s->alpha * spans[i].coverage / 255);
}

/* Draws one glyph with its origin at (x, y); size in pixels an em. */
static void
ui_font_glyph(FT_Face f, FT_UInt glyph, double x, double y, double size, double radians, struct ui_font_spans *to)
{
	double scale = size * 64 / f->units_per_EM * 65536, c = cos(radians) * scale, s = sin(radians) * scale;
	FT_Matrix m = {lround(c), lround(-s), lround(s), lround(c)};
	FT_Raster_Params params = {.flags = FT_RASTER_FLAG_AA | FT_RASTER_FLAG_DIRECT, .gray_spans = ui_font_span,
	    .user = to};
	FT_Outline *o;

	if (FT_Load_Glyph(f, glyph, FT_LOAD_NO_SCALE | FT_LOAD_NO_BITMAP) != 0 ||
	    f->glyph->format != FT_GLYPH_FORMAT_OUTLINE)
		return;
	o = &f->glyph->outline;
	FT_Outline_Transform(o, &m);
	FT_Outline_Translate(o, lround(x * 64), lround(-y * 64));
	FT_Outline_Render(ui_font.lib, o, &params);
}

/* Walks over the text; draws it when `to` is given. Returns its width. */
static double
ui_font_walk(enum ui_face face, double size, const char *text, double x, double y, double radians,
    struct ui_font_spans *to)
{
	double at = 0;
	FT_Face f, before = NULL;
	FT_UInt glyph, last = 0;
	FT_Vector kern;
	uint32_t code;

	while (*text != '\0') {
		text = ui_char_next(text, &code);
		if ((f = ui_font_face(face, code, &glyph)) == NULL)
			return 0;
		if (f == before && FT_HAS_KERNING(f) && FT_Get_Kerning(f, last, glyph, FT_KERNING_UNSCALED, &kern) == 0)
			at += kern.x * size / f->units_per_EM;
		if (to != NULL)
			ui_font_glyph(f, glyph, x + cos(radians) * at, y - sin(radians) * at, size, radians, to);
		at += ui_font_advance(f, glyph) * size;
		before = f;
		last = glyph;
	}
	return at;
}

double
ui_font_width(enum ui_face face, double size, const char *text)
{
	return ui_font_ready() ? ui_font_walk(face, size, text, 0, 0, 0, NULL) : 0.6 * size * (double)strlen(text);
}

double
ui_text_width(double size, bool bold, const char *text)
{
	return ui_font_width(bold ? UI_FACE_BOLD : UI_FACE_SANS, size, text);
}

void
ui_font_draw(struct ui_raster *r, const struct ui_shape *s)
{
	struct ui_font_spans to = {r, s->colour, s->alpha};
	double radians = s->h * M_PI / 180, back;

	if (!ui_font_ready() || s->w < 1 || s->w > UI_FIGURE_MAX || fabs(s->x) > 2 * UI_FIGURE_MAX ||
	    fabs(s->y) > 2 * UI_FIGURE_MAX)
		return;
	back = s->anchor == UI_START ? 0 : ui_font_width(s->face, s->w, s->text) / (s->anchor == UI_MIDDLE ? 2 : 1);
	ui_font_walk(s->face, s->w, s->text, s->x - cos(radians) * back, s->y + sin(radians) * back, radians, &to);
}
