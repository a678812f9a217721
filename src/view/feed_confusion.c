/* feed_confusion.c: what was taken for what when the test images of a split were last scored: behind an epoch, or by
 * `confusion`. */
#include "util/xmalloc.h"
#include "view/feed_int.h"
#include "view/matrix.h"

void
feed_confusion(struct feed *f, struct ui_model *m)
{
	const struct predictions *p = f->s->data.predictions;
	struct confusion c;
	struct err unsaid = {0}; /* without memory the pane is empty, until a later frame finds some */
	bool done = p == NULL;

	if (f->counted == f->s->data.predicted)
		return;
	ui_matrix_clear(&m->confusion);
	if (!done && confusion_count(&c, p, &unsaid) == 0) {
		done = matrix_fill(&m->confusion, f->s->data.set, &p->split, &c, &unsaid) == 0;
		if (done)
			m->confusion.title = p->run > 0 ?
			    xasprintf("%s r%d epoch %d", p->split.name, p->run, p->epoch) :
			    xasprintf("%s after no run", p->split.name);
		confusion_free(&c);
	}
	if (done)
		f->counted = f->s->data.predicted;
}
