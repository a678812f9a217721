/* bench_int.h: what the files of the workbench share. */
#ifndef BENCH_INT_H
#define BENCH_INT_H

#include "host/answer.h"
#include "session/session.h"
#include "ui/ui.h"

struct feed;
struct host_source;

struct bench {
	struct session *s;
	struct ui *ui;
	struct feed *feed;
	bool lines; /* `tui off` */
	int code; /* of the `quit CODE` that asked, or -1 */
	uint64_t asked; /* lines of the log before the answer that a task is still at, 0: none */
	uint64_t played; /* lines of the log before what a script has said since its last pause */
	uint64_t moved; /* the same before what was said behind the last bar */
	uint64_t bad; /* the first line of an error, counted from 1; 0: there was none in this tick */
	bool clicked; /* the line that is entered is a click on a digit */
	bool cut; /* what is said since `asked` is of the end of an interrupted run */
	bool served; /* the interrupt that is yet to be heard has ended what ran on this thread */
	bool plays; /* lines of scripts wait, or have waited and what they said is not yet told */
	bool unfinished; /* a line of the paste that is being entered has started a job, or waits */
	bool paused; /* a script has begun to pause, and what it said lies over the panes */
	bool hinted; /* it was said how panes come back whose place another has taken */
	int newest; /* the number of the newest run, 0: there is none */
	unsigned mapped, probed; /* the models of which the maps and the probe are, as struct model counts them */
	char *bar; /* what the log's bar shows when the panes have the same figures; NULL: it shows it */
	struct answer answer;
	struct user_answer task; /* all that is said since `asked`, while it is not done; say NULL: there is none */
};

/* Lines that its log has had; a bar, in whose place the next line comes, is none. */
static inline uint64_t
bench_lines(const struct bench *b)
{
	return ui_log_lines(&ui_model_of(b->ui)->log);
}

void bench_welcome(struct bench *b); /* its first lines */
/* bench_user.c: queues what the command line names; what the log has behind `welcome` lines is told with what that
 * says, at its pauses and at its end. */
void bench_play(struct bench *b, const struct host_source *source, int n, uint64_t welcome);
int bench_waits(const struct bench *b, bool scripts); /* bench_user.c: so many lines, or those of scripts */
void bench_played(struct bench *b);
/* bench_leave.c */
bool bench_busy(const struct bench *b);
const char *bench_leaving(void *arg); /* these two are of struct ui_host */
void bench_leave(void *arg);
void bench_stays(struct bench *b); /* takes back what is asked about a run that has ended */

void bench_options(const struct bench *b, struct ui_options *o); /* workbench.c; as the settings say */
void bench_task_drop(struct bench *b); /* bench_user.c */
/* bench_user.c: the curves of one run alone give way when another begins: what goes on is in view. */
void bench_follow(struct bench *b);
void bench_stale_drop(struct bench *b); /* bench_user.c */
void bench_sees(struct bench *b); /* bench_user.c: tells the feed which panes are in view */

extern const struct user_host bench_user_host; /* bench_user.c; its arg is a struct bench */

#endif
