/* colourmap.c: colours for amounts: matplotlib's viridis, turned around. */
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

struct ui_rgb
ui_amount_colour(double t)
{
	uint8_t c[3];

	if (!(t > 0))
		return (struct ui_rgb){255, 255, 255};
	t = 1 - fmin(t, 1);
	for (int k = 0; k < 3; k++) {
		double y = 0;

		for (int i = 6; i >= 0; i--)
			y = y * t + viridis[k][i];
		c[k] = (uint8_t)lround(255 * fmax(0, fmin(y, 1)));
	}
	return (struct ui_rgb){c[0], c[1], c[2]};
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
