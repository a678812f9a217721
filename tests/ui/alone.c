/* alone.c: libui links whole with nothing of nn or src; the linker is the test. The run shows that what came out
 * works. */
#include "ui/model.h"

int
main(void)
{
	struct ui_chart c = {0};
	int ok;

	ui_series_point(ui_chart_add(&c, "train", UI_LINE_SOLID, 0), 1, 2);
	ok = c.nseries == 1 && c.series[0].n == 1 && c.series[0].p[0].y == 2;
	ui_chart_clear(&c);
	return ok && c.nseries == 0 ? 0 : 1;
}
