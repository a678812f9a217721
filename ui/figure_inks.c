/* figure_inks.c: the colours of a figure on another ground than white.
 *
 * Layouts name the colours of figure_int.h, and a shape gets what stands for its colour as it is added. Colours that
 * carry a value, of maps and of the cells of a matrix, are no inks: who draws them chooses them for the ground.
 */
#include "figure_int.h"

struct ui_rgb
ui_palette(int i)
{
	static const struct ui_rgb colour[UI_PALETTE] = {{0x00, 0x72, 0xb2}, {0xd5, 0x5e, 0x00}, {0x00, 0x9e, 0x73},
	    {0xcc, 0x79, 0xa7},
	    {0xe6, 0x9f, 0x00}, {0x56, 0xb4, 0xe9}, {0x55, 0x55, 0x55}};

	return colour[((i % UI_PALETTE) + UI_PALETTE) % UI_PALETTE];
}

static const struct ui_inks dark = {
	.dark = true,
	.ground = {0x15, 0x18, 0x1e},
	.ink = {0xe4, 0xe6, 0xea},
	.soft = {0xa8, 0xad, 0xb6},
	.grid = {0x2c, 0x30, 0x38},
	.edge = {0x6a, 0x70, 0x7a},
	.band = {0x1d, 0x21, 0x28},
	.flash = {0x1f, 0x3a, 0x4d},
	.green = {0x2e, 0xc4, 0x96},
	.curve = {{0x56, 0xb4, 0xe9}, {0xff, 0x8a, 0x3d}, {0x2e, 0xc4, 0x96}, {0xe3, 0x9a, 0xc5}, {0xf0, 0xc2, 0x4b},
	    {0xa6, 0xd8, 0xf5}, {0xb4, 0xb4, 0xb4}},
	.thick = 1,
};

void
ui_figure_inks(struct ui_figure *f, const struct ui_inks *inks)
{
	f->inks = *inks;
	f->inked = true;
	f->ground = inks->ground;
}

void
ui_figure_dark(struct ui_figure *f)
{
	ui_figure_inks(f, &dark);
}

static bool
same(struct ui_rgb a, struct ui_rgb b)
{
	return a.r == b.r && a.g == b.g && a.b == b.b;
}

struct ui_rgb
ui_inks_of(const struct ui_figure *f, enum ui_shape_kind kind, struct ui_rgb c, double *thick)
{
	const struct ui_inks *k = &f->inks;
	const struct ui_rgb from[] = {UI_INK, UI_SOFT, UI_GRID, UI_EDGE, UI_BAND, UI_FLASH, UI_GREEN},
	    to[] = {k->ink, k->soft, k->grid, k->edge, k->band, k->flash, k->green};

	*thick = 1;
	if (!f->inked)
		return c;
	for (int i = 0; i < UI_PALETTE; i++)
		if (same(c, ui_palette(i))) { /* which has UI_BLUE and UI_RED as well */
			*thick = k->thick;
			return k->curve[i];
		}
	for (size_t i = 0; i < sizeof from / sizeof *from; i++)
		if (same(c, from[i]))
			return to[i];
	/* White is the ground, but as text, which is white where it stands on something dark. */
	return kind != UI_SHAPE_TEXT && same(c, (struct ui_rgb){255, 255, 255}) ? k->ground : c;
}
