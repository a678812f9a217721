/* look.c: what signs and styles look like: the glyph tables, and each style for 0, 8, 256 and 2^24 colours.
 * A style without colour still differs by attribute, and whatever matters also differs by its sign.
 */
#include "canvas.h"
#include "look.h"

#include <stdlib.h>
#include <string.h>

static const char *const glyphs[3][UI_GLYPHS] = {
	[UI_ASCII] = {"*", "+", "x", "o", "^", ":", "#", "|", "^", "v", "~", "."},
	[UI_BLOCK] = {"❄", "✓", "✗", "■", "□", "┊", "━", "│", "▲", "▼", "…", "·"},
	[UI_BRAILLE] = {"❄", "✓", "✗", "■", "□", "┊", "━", "│", "▲", "▼", "…", "·"},
};

const char *
ui_glyph(enum ui_glyphs set, enum ui_glyph g)
{
	return glyphs[set][g];
}

/* ---- ASCII likes ---- */

char
ui_ascii_like(uint32_t code)
{
	static const struct {
		uint32_t code;
		char like;
	} likes[] = {
		{0xb0, 'o'}, {0xb1, '+'}, {0xb5, 'u'}, {0xb7, '.'}, {0xd7, 'x'}, {0xdf, 's'}, {0x3bc, 'u'},
		    {0x2010, '-'}, {0x2013, '-'},
		{0x2014, '-'}, {0x2018, '\''}, {0x2019, '\''}, {0x201c, '"'}, {0x201d, '"'}, {0x2022, '*'},
		    {0x2026, '~'}, {0x2190, '<'},
		{0x2191, '^'}, {0x2192, '>'}, {0x2193, 'v'}, {0x2212, '-'}, {0x2264, '<'}, {0x2265, '>'}, {0x2500, '-'},
		    {0x2501, '='},
		{0x2502, '|'}, {0x2503, '|'}, {0x2504, '-'}, {0x250a, ':'}, {0x2580, '\''}, {0x2581, '_'},
		    {0x2582, '_'}, {0x2583, '-'},
		{0x2584, '-'}, {0x2585, '='}, {0x2586, '='}, {0x2587, '#'}, {0x2588, '#'}, {0x2591, '.'}, {0x2592, ':'},
		    {0x2593, '#'},
		{0x25a0, 'o'}, {0x25a1, '^'},
		{0x25b2, '^'}, {0x25b6, '>'}, {0x25bc, 'v'}, {0x25c0, '<'}, {0x25c6, 'o'}, {0x25cf, 'o'}, {0x2713, '+'},
		    {0x2717, 'x'},
		{0x2744, '*'},
	};
	size_t lo = 0, hi = sizeof likes / sizeof *likes;

	if (code < 0x7f)
		return (char)code;
	while (lo < hi) {
		size_t mid = (lo + hi) / 2;

		if (likes[mid].code == code)
			return likes[mid].like;
		if (likes[mid].code < code)
			lo = mid + 1;
		else
			hi = mid;
	}
	return code >= 0x2500 && code < 0x2580 ? '+' : code >= 0x2580 && code < 0x25a0 ? '#' : '?';
}

/* ---- styles ---- */

/* -1 is the terminal's own colour. On dark and on light ground text has a contrast of 4.5 at least, a curve of 3, which
 * test_look holds. */
static const struct style {
	unsigned mono, attr8, attr; /* attributes without colour, with 8, with more */
	struct {
		int fg8, bg8, fg, bg;
	} on[2]; /* dark ground, light ground */
} styles[UI_S_COUNT] = {
	[UI_PLAIN] = {0, 0, 0, {{-1, -1, -1, -1}, {-1, -1, -1, -1}}},
	[UI_DIM] = {UI_A_DIM, UI_A_DIM, 0, {{-1, -1, 245, -1}, {-1, -1, 241, -1}}},
	[UI_BOLD] = {UI_A_BOLD, UI_A_BOLD, UI_A_BOLD, {{-1, -1, -1, -1}, {-1, -1, -1, -1}}},
	[UI_GOOD] = {0, 0, 0, {{2, -1, 71, -1}, {2, -1, 22, -1}}},
	[UI_BAD] = {UI_A_BOLD, UI_A_BOLD, UI_A_BOLD, {{1, -1, 203, -1}, {1, -1, 160, -1}}},
	[UI_WARN] = {UI_A_BOLD, 0, 0, {{3, -1, 172, -1}, {5, -1, 94, -1}}},
	[UI_ACCENT] = {UI_A_BOLD, UI_A_BOLD, UI_A_BOLD, {{6, -1, 39, -1}, {4, -1, 25, -1}}},
	[UI_COLD] = {0, 0, 0, {{6, -1, 74, -1}, {4, -1, 24, -1}}},
	[UI_S_BORDER] = {UI_A_DIM, UI_A_DIM, 0, {{-1, -1, 240, -1}, {-1, -1, 247, -1}}},
	[UI_S_FOCUS] = {UI_A_BOLD, UI_A_BOLD, UI_A_BOLD, {{6, -1, 39, -1}, {4, -1, 25, -1}}},
	[UI_S_TITLE] = {UI_A_BOLD, UI_A_BOLD, UI_A_BOLD, {{-1, -1, -1, -1}, {-1, -1, -1, -1}}},
	[UI_S_BAR] = {UI_A_REVERSE, 0, 0, {{7, 4, 252, 236}, {7, 4, 236, 253}}},
	[UI_S_BAR_STRONG] = {UI_A_REVERSE | UI_A_BOLD, UI_A_BOLD, UI_A_BOLD, {{7, 4, 231, 236}, {7, 4, 16, 253}}},
	[UI_S_BAR_GAUGE] = {UI_A_REVERSE, UI_A_BOLD, 0, {{7, 4, 39, 236}, {7, 4, 25, 253}}},
	[UI_S_BADGE] = {UI_A_REVERSE | UI_A_BOLD, 0, UI_A_BOLD, {{0, 6, 231, 25}, {0, 6, 231, 25}}},
	[UI_S_BAR_COLD] = {UI_A_REVERSE, UI_A_BOLD, 0, {{7, 4, 117, 236}, {7, 4, 24, 253}}},
	[UI_S_BAR_WARN] = {UI_A_REVERSE | UI_A_BOLD, UI_A_BOLD, 0, {{3, 4, 214, 236}, {3, 4, 88, 253}}},
	[UI_S_CURVE0] = {0, 0, 0, {{6, -1, 39, -1}, {4, -1, 25, -1}}},
	[UI_S_CURVE1] = {UI_A_BOLD, UI_A_BOLD, UI_A_BOLD, {{3, -1, 208, -1}, {1, -1, 160, -1}}},
	[UI_S_CURVE2] = {0, 0, 0, {{5, -1, 170, -1}, {5, -1, 127, -1}}},
	[UI_S_CURVE3] = {0, 0, 0, {{2, -1, 71, -1}, {2, -1, 22, -1}}},
	[UI_S_FAINT] = {UI_A_DIM, UI_A_DIM, 0, {{4, -1, 31, -1}, {4, -1, 67, -1}}},
	[UI_S_AXIS] = {UI_A_DIM, UI_A_DIM, 0, {{-1, -1, 245, -1}, {-1, -1, 241, -1}}},
	[UI_S_HINT] = {UI_A_DIM, UI_A_DIM, 0, {{-1, -1, 245, -1}, {-1, -1, 241, -1}}},
	[UI_S_PROMPT] = {UI_A_BOLD, UI_A_BOLD, UI_A_BOLD, {{6, -1, 39, -1}, {4, -1, 25, -1}}},
	[UI_S_FLASH] = {UI_A_REVERSE, UI_A_REVERSE, UI_A_BOLD, {{6, -1, 231, 24}, {4, -1, 231, 24}}},
	[UI_S_SELECT] = {UI_A_REVERSE, UI_A_REVERSE, UI_A_REVERSE, {{-1, -1, -1, -1}, {-1, -1, -1, -1}}},
	[UI_S_KEY] = {UI_A_BOLD, UI_A_BOLD, UI_A_BOLD, {{6, -1, 39, -1}, {4, -1, 25, -1}}},
};

/* ---- dark or light ---- */

static enum ui_theme theme_asked = UI_THEME_DARK, theme_told;
static bool theme_environment; /* whether COLORFGBG says light, asked once: each cell of a frame asks for the theme */

/* "15;0" or "0;default;15": the last is the ground's number. */
static bool
theme_colorfgbg(void)
{
	const char *s = getenv("COLORFGBG"), *last = s != NULL ? strrchr(s, ';') : NULL;
	char *end;
	long n;

	if (last == NULL || last[1] < '0' || last[1] > '9')
		return false;
	n = strtol(last + 1, &end, 10);
	return *end == '\0' && (n == 7 || (n >= 9 && n <= 15));
}

enum ui_theme
ui_look_theme(enum ui_theme asked)
{
	enum ui_theme before = theme_asked;

	theme_asked = asked;
	theme_environment = theme_colorfgbg();
	return before;
}

void
ui_look_ground(enum ui_theme told)
{
	theme_told = told;
}

bool
ui_ground_light(uint32_t rgb)
{
	return (rgb >> 16 & 255) * 299 + (rgb >> 8 & 255) * 587 + (rgb & 255) * 114 > 128000;
}

void
ui_look_told(uint32_t rgb)
{
	if (rgb != 0)
		ui_look_ground(ui_ground_light(rgb) ? UI_THEME_LIGHT : UI_THEME_DARK);
}

/* What the terminal's ground is taken for: as it tells, else COLORFGBG, else dark. */
static enum ui_theme
theme_taken(void)
{
	return theme_told != UI_THEME_AUTO ? theme_told : theme_environment ? UI_THEME_LIGHT : UI_THEME_DARK;
}

bool
ui_look_light(void)
{
	return (theme_asked != UI_THEME_AUTO ? theme_asked : theme_taken()) == UI_THEME_LIGHT;
}

/* Of a theme on the other ground: ink and ground. */
static const struct {
	int ink8, ground8, ink, ground;
} grounds[2] = {{7, 0, 252, 234}, {0, 7, 235, 231}};

uint32_t
ui_look_ground_own(void)
{
	if (theme_asked == UI_THEME_AUTO || theme_asked == theme_taken())
		return 0;
	return 0x1000000 | ui_colour_rgb(grounds[theme_asked == UI_THEME_LIGHT].ground);
}

uint32_t
ui_look_seen(void)
{
	return ui_look_ground_own() | (uint32_t)ui_look_light() << 31;
}

/* The 256 colours of xterm: 16 of the terminal's own, a cube of 6x6x6, 24 greys. */
uint32_t
ui_colour_rgb(int index)
{
	static const uint32_t base[16] = {
		0x000000, 0xcd3131, 0x0dbc79, 0xe5e510, 0x2472c8, 0xbc3fbc, 0x11a8cd, 0xe5e5e5,
		0x666666, 0xf14c4c, 0x23d18b, 0xf5f543, 0x3b8eea, 0xd670d6, 0x29b8db, 0xffffff,
	};
	static const uint8_t level[6] = {0, 95, 135, 175, 215, 255};

	if (index < 16)
		return base[index & 15];
	if (index < 232) {
		int i = index - 16;

		return (uint32_t)level[i / 36] << 16 | (uint32_t)level[i / 6 % 6] << 8 | level[i % 6];
	}
	return (uint32_t)(8 + 10 * (index - 232)) * 0x10101;
}

static int
distance(uint32_t a, uint32_t b)
{
	int r = (int)(a >> 16 & 255) - (int)(b >> 16 & 255), g = (int)(a >> 8 & 255) - (int)(b >> 8 & 255),
	    u = (int)(a & 255) - (int)(b & 255);

	return r * r + g * g + u * u;
}

int
ui_colour_nearest(uint32_t rgb, enum ui_colours colours)
{
	int r = rgb >> 16 & 255, g = rgb >> 8 & 255, b = rgb & 255, best = 0, grey;

	if (colours == UI_TRUE)
		return (int)(rgb & 0xffffff);
	if (colours == UI_8) {
		for (int i = 1; i < 8; i++)
			if (distance(ui_colour_rgb(i), rgb) < distance(ui_colour_rgb(best), rgb))
				best = i;
		return best;
	}
	if (r == g && g == b) /* 24 greys, black and white of the cube */
		return r < 4 ? 16 : r > 246 ? 231 : 232 + (r < 8 ? 0 : (r - 3) / 10 > 23 ? 23 : (r - 3) / 10);
	/* The cube's darkest steps are far apart: what is nearly grey is nearer to one of the greys. */
	grey = (r + g + b) / 3 < 8 ? 232 : (r + g + b) / 3 > 238 ? 255 : 232 + ((r + g + b) / 3 - 3) / 10;
	r = r < 48 ? 0 : r < 115 ? 1 : (r - 35) / 40;
	g = g < 48 ? 0 : g < 115 ? 1 : (g - 35) / 40;
	b = b < 48 ? 0 : b < 115 ? 1 : (b - 35) / 40;
	best = 16 + 36 * r + 6 * g + b;
	return distance(ui_colour_rgb(grey), rgb) < distance(ui_colour_rgb(best), rgb) ? grey : best;
}

static int
resolve(uint32_t own, int index8, int index, enum ui_colours colours)
{
	if (own)
		return ui_colour_nearest(own & 0xffffff, colours);
	if (colours == UI_8)
		return index8;
	return index < 0 || colours == UI_256 ? index : (int)ui_colour_rgb(index);
}

struct ui_look
ui_cell_look(const struct ui_cell *cell, enum ui_colours colours)
{
	const struct style *s = &styles[cell->style < UI_S_COUNT ? cell->style : UI_PLAIN];
	const int light = ui_look_light();
	struct ui_look look = {-1, -1, 0};

	if (colours == UI_MONO) {
		look.attr = s->mono;
		return look;
	}
	look.attr = colours == UI_8 ? s->attr8 : s->attr;
	look.fg = resolve(cell->fg, s->on[light].fg8, s->on[light].fg, colours);
	look.bg = resolve(cell->bg, s->on[light].bg8, s->on[light].bg, colours);
	if (ui_look_ground_own() != 0) {
		look.fg = look.fg >= 0 ? look.fg : resolve(0, grounds[light].ink8, grounds[light].ink, colours);
		look.bg = look.bg >= 0 ? look.bg : resolve(0, grounds[light].ground8, grounds[light].ground, colours);
	}
	return look;
}
