/* colourmap.c: colours for amounts, matplotlib's viridis; and for signed numbers, blue and orange on both sides of a
 * neutral.
 */
#include "colourmap.h"

#include <math.h>

/* Viridis as polynomials of the sixth degree, red, green and blue (M. Zucker's fit, in the public domain), by Horner's
 * rule. */
static const double viridis[3][7] = {
	{0.2777273272234177, 0.1050930431085774, -0.3308618287255563, -4.634230498983486, 6.228269936347081,
	    4.776384997670288, -5.435455855934631},
	{0.005407344544966578, 1.404613529898575, 0.214847559468213, -5.799100973351585, 14.17993336680509,
	    -13.74514537774601, 4.645852612178535},
	{0.3340998053353061, 1.384590162594685, 0.09509516302823659, -19.33244095627987, 56.69055260068105,
	    -65.35303263337234, 26.3124352495832},
};

/* t: from its dark end to its bright one. */
static struct ui_rgb
viridis_at(double t)
{
	uint8_t c[3];

	for (int k = 0; k < 3; k++) {
		double y = 0;

		for (int i = 6; i >= 0; i--)
			y = y * t + viridis[k][i];
		c[k] = (uint8_t)lround(255 * fmax(0, fmin(y, 1)));
	}
	return (struct ui_rgb){c[0], c[1], c[2]};
}

struct ui_rgb
ui_amount_colour(double t, bool light)
{
	if (t > 0)
		return viridis_at(light ? 1 - fmin(t, 1) : fmin(t, 1));
	return light ? (struct ui_rgb){255, 255, 255} : (struct ui_rgb){0x18, 0x18, 0x18};
}

/* From zero to an end in equal steps, on light and on dark ground. */
#define STEPS 4
#define SOFT 0.15 /* of amounts of maps: where their colours are reached */
static const struct ui_rgb below[2][STEPS + 1] = {
	{{0x2b, 0x2b, 0x2b}, {0x10, 0x34, 0x68}, {0x1c, 0x58, 0xa4}, {0x3a, 0x80, 0xd6}, {0x6e, 0xaf, 0xf5}},
	{{0xff, 0xff, 0xff}, {0xc6, 0xdb, 0xef}, {0x6b, 0xae, 0xd6}, {0x21, 0x71, 0xb5}, {0x08, 0x30, 0x6b}},
};
static const struct ui_rgb above[2][STEPS + 1] = {
	{{0x2b, 0x2b, 0x2b}, {0x66, 0x3d, 0x14}, {0xb3, 0x61, 0x10}, {0xf1, 0x96, 0x32}, {0xff, 0xd9, 0x94}},
	{{0xff, 0xff, 0xff}, {0xfe, 0xe0, 0xb6}, {0xfd, 0xb8, 0x63}, {0xe0, 0x82, 0x14}, {0xb3, 0x58, 0x06}},
};

static struct ui_rgb
signed_at(double t, bool light)
{
	const struct ui_rgb *side = t < 0 ? below[light] : above[light], *a, *b;
	double at = fmin(fabs(t), 1) * STEPS;
	int i = at < STEPS ? (int)at : STEPS - 1;

	a = &side[i];
	b = &side[i + 1];
	at -= i;
	return (struct ui_rgb){(uint8_t)lround(a->r + at * (b->r - a->r)), (uint8_t)lround(a->g + at * (b->g - a->g)),
	    (uint8_t)lround(a->b + at * (b->b - a->b))};
}

struct ui_rgb
ui_signed_colour(double t)
{
	return signed_at(t, true);
}

/* As ui_amount_colour, but without the step at zero, so that next to nothing looks like it. */
static struct ui_rgb
amount_at(double t, bool light)
{
	struct ui_rgb c = viridis_at(light ? 1 - t : t);
	double zero = light ? 0xff : 0x18, part = fmin(t / SOFT, 1);

	return (struct ui_rgb){(uint8_t)lround(zero + part * (c.r - zero)), (uint8_t)lround(zero + part *
	    (c.g - zero)), (uint8_t)lround(zero + part * (c.b - zero))};
}

double
ui_map_part(enum ui_map map, double level)
{
	return map == UI_MAP_SIGNED ? (level - 128) / 127 : (level - 1) / 254;
}

struct ui_rgb
ui_map_colour(enum ui_map map, int level, bool light)
{
	double t = ui_map_part(map, level);

	if (level == 0)
		return (struct ui_rgb){0x80, 0x80, 0x80};
	return map == UI_MAP_SIGNED ? signed_at(t, light) : amount_at(t, light);
}

static double
linear(uint8_t c)
{
	double x = c / 255.0;

	return x <= 0.04045 ? x / 12.92 : pow((x + 0.055) / 1.055, 2.4);
}

double
ui_luminance(struct ui_rgb c)
{
	return 0.2126 * linear(c.r) + 0.7152 * linear(c.g) + 0.0722 * linear(c.b);
}

struct ui_rgb
ui_ink_on(struct ui_rgb ground)
{
	/* The contrast with white is 1.05 / (l + 0.05), with black (l + 0.05) / 0.05; they are equal at this l. */
	return ui_luminance(ground) > 0.179 ? (struct ui_rgb){0, 0, 0} : (struct ui_rgb){255, 255, 255};
}
