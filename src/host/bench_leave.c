/* bench_leave.c: leaving the workbench, and what is asked before. */
#include "host/bench_int.h"
#include "job/job.h"

/* What a run has learned would go unsaved. */
bool
bench_busy(const struct bench *b)
{
	const struct job_view *v = job_view(&b->s->worker);

	return v != NULL && v->run != NULL && !v->stopping;
}

const char *
bench_leaving(void *arg)
{
	struct bench *b = arg;

	return bench_busy(b) ? "a run is going on; quit all the same? (y/n) " : NULL;
}

/* The run has ended while it was asked about: what it has learned is there, and worth a look. */
void
bench_stays(struct bench *b)
{
	uint64_t before = bench_lines(b);

	if (bench_busy(b) || !ui_leave_not(b->ui))
		return;
	out_styled(b->s->out, OUT_DIM, "the run has ended, so nothing is asked any more; `quit` leaves");
	ui_told(b->ui, before);
}

void
bench_leave(void *arg)
{
	struct bench *b = arg;

	b->s->queue.quit = true;
	b->s->queue.quit_code = b->code;
}
