/* tiles.c: images of a sheet as pictures with captions. */
#include "view/tiles.h"

#include "util/num.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <math.h>
#include <stdlib.h>

void
tiles_add(struct ui_tiles *t, const struct session *s, const struct sheet_image *x, bool known, const char *gap)
{
	const struct part *part = &s->data.set->test;
	const struct nn_shape *shape = &part->images.shape;
	bool right = x->predicted == x->label;
	char label[CLASS_TEXT], caption[CLASS_TEXT + 40] = "", p[32] = "1.0", name[CLASS_TEXT];

	class_text(s->data.set, x->label, TILES_COLS, label);
	if (!isfinite(x->p))
		num_text(p, x->p);
	else if (x->p <= 0.994999)
		snprintf(p, sizeof p, ".%02d", (int)(x->p * 100 + 0.5));
	if (known && right)
		snprintf(caption, sizeof caption, "%s%s", gap, p);
	else if (known && x->predicted >= 0)
		snprintf(caption, sizeof caption, "%s %s", sheet_class(s, x->predicted, TILES_COLS, name), p);
	else if (known)
		snprintf(caption, sizeof caption, "? %s", p);
	ui_tiles_add(t, shape->dim[0], shape->dim[1], shape->dim[2],
	    part->images.pixels + x->index * nn_shape_size(*shape), label, caption, !known ? 0 : right ? 1 : -1)->id =
	    x->index;
}

char *
tiles_title(const struct session *s, const struct sheet_request *r)
{
	char name[2][CLASS_TEXT];

	if (r->cell && r->digit != r->taken_for)
		return xasprintf("%s taken for %s, %s test", class_text(s->data.set, r->digit, TILES_COLS, name[0]),
		    class_text(s->data.set, r->taken_for, TILES_COLS, name[1]), r->split.name);
	if (r->cell)
		return xasprintf("right ones of %s, %s test", class_text(s->data.set, r->digit, TILES_COLS, name[0]),
		    r->split.name);
	if (r->digit >= 0)
		return xasprintf("%s of %s, %s test", r->wrong ? "wrong ones" : "images",
		    class_text(s->data.set, r->digit, TILES_COLS, name[0]), r->split.name);
	return xasprintf("%s%s test", r->wrong ? "wrong ones of " : "", r->split.name);
}

char *
tiles_note(const struct sheet_request *r, const struct sheet *sheet, bool known)
{
	size_t wrong = 0;
	char n[32], of[32];

	for (size_t i = 0; i < sheet->n; i++)
		wrong += sheet->image[i].predicted != sheet->image[i].label;
	if (!known)
		return xstrdup("not trained yet");
	if (r->cell)
		return xasprintf("%s of %s", text_count(n, sheet->n), text_count(of, sheet->of));
	if (r->wrong && r->digit >= 0 && sheet->seen < sheet->of) /* which are not the first ones of the split */
		return xasprintf("the first %zu; %s of %s looked at", sheet->n, text_count(n, sheet->seen),
		    text_count(of, sheet->of));
	return !r->wrong ? xasprintf("%zu of %zu wrong", wrong, sheet->n) :
	    xasprintf("%zu wrong of %s%s", sheet->n, sheet->seen < sheet->of ? "the first " : "",
	    text_count(of, sheet->seen));
}

void
tiles_sheet(struct session *s, const struct sheet_request *r, const struct sheet *sheet, struct ui_tiles *t)
{
	for (size_t i = 0; i < sheet->n; i++)
		tiles_add(t, s, &sheet->image[i], sheet_judges(s, r), " ");
	free(t->title);
	t->title = tiles_title(s, r);
	free(t->note);
	t->note = tiles_note(r, sheet, sheet_judges(s, r));
}
