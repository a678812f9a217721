/* feed_int.h: what the files of the feed share. */
#ifndef FEED_INT_H
#define FEED_INT_H

#include "look/explain.h"
#include "look/sheet.h"
#include "look/stats.h"
#include "ui/model.h"
#include "view/curves.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdatomic.h>

#define FEED_FLASH 1.5 /* seconds that a row stays lit */
#define FEED_RUNS CURVES_RUNS /* whose curves are shown, as in a picture */
#define FEED_DIGITS 20 /* shown at most */

struct feed {
	struct session *s;
	double (*clock)(void);
	bool touched; /* anything may have changed */
	bool filled; /* the model has been drawn once */
	const struct job *job; /* the job that was seen last, */
	uint64_t job_version; /* and the version of its view */
	double next; /* when the next update may be made */
	/* the rows of the model: locks as they were shown last, and when each row goes out */
	int nlayers;
	bool lock[NN_LAYERS_MAX];
	double lit[NN_LAYERS_MAX];
	double until; /* when the last one goes out; 0 when none is lit */
	/* the digits */
	bool asked; /* `show` asked for them */
	struct split split;
	bool wrong; /* those that are predicted wrong */
	char *title; /* what they are */
	char *note; /* what was said of those that were asked for; NULL once other predictions are made */
	size_t besides; /* how many were asked for besides those in the sheet */
	const struct dataset *of;
	struct sheet sheet;
	bool predicted;
	uint64_t shown_version; /* of the worker's predictions that were shown last */
	unsigned sees; /* panes of the inside of the net in view: FEED_* */
	uint64_t counted; /* the count of the predictions of which the matrix of confusion was made */
	uint64_t inside_version; /* of what the worker saw that was shown last */
	char *ask_filters, *ask_output; /* the layers that commands have named; NULL: none did */
	struct image *ask_picture; /* and the picture */
	char *inside_picture; /* which goes through the net, in words */
	/* the statistics */
	enum stats_of stats_of; /* as asked for last */
	char *stats_layers; /* ",conv2d,dense,"; NULL: all */
	bool stats_split_given;
	struct split stats_split;
	bool stats_stale; /* they may be others than those in view, */
	const struct run *stats_run; /* which were made during this run, or NULL, */
	int stats_epoch; /* in this epoch, */
	uint32_t stats_step; /* behind this batch, */
	double stats_took; /* for so many seconds, */
	double stats_next; /* and when those of a run may be made again */
	/* the arithmetic of one unit */
	char *explain_layer; /* as asked for last; NULL: never */
	struct explain_unit explain_at; /* in that layer */
	struct image *explain_image;
	bool explain_stale; /* it may be another than the one in view, */
	uint32_t explain_step; /* which was made behind this batch, */
	double explain_took, explain_next; /* in so many seconds, and when that of a run may be made again */
	/* the canvas */
	bool sketched; /* what the session had of it was given to the model */
	bool sketch_stale; /* anything may have changed since it was predicted */
	uint64_t sketch_version; /* that was predicted last, */
	const struct job *sketch_job; /* during this job, */
	double sketch_next; /* and when a run may be asked again */
	/* the data, read ahead */
	pthread_t thread;
	jmp_buf no_memory; /* where the thread ends that finds no memory */
	bool reading;
	struct dataset_how reading_how;
	char *reading_name; /* of the set that is being read, or that could not be read */
	_Atomic bool read;
	_Atomic bool awaited; /* the session's thread waits for it */
	_Atomic bool unwanted; /* nobody does, nor will */
	struct dataset *data;
};

/* Returns when the last lit row goes out; 0 when none is lit. */
double feed_layers(struct feed *f, struct ui_model *m, double now);
void feed_header(struct feed *f, struct ui_model *m, const struct job_view *v);
void feed_activity(struct ui_model *m, const struct job_view *v);
void feed_runs(struct feed *f, struct ui_model *m, const struct job_view *v);
/* At once when a stroke was drawn, however early that is for the rest; now and then while a run goes on. True: the
 * model has changed. */
bool feed_sketch(struct feed *f, struct ui_model *m, const struct job_view *v, double now);
void feed_digits(struct feed *f, struct ui_model *m, const struct job_view *v);
void feed_confusion(struct feed *f, struct ui_model *m);
void feed_inside(struct feed *f, struct ui_model *m, const struct job_view *v);
void feed_stats(struct feed *f, struct ui_model *m, const struct job_view *v, double now);
void feed_explain(struct feed *f, struct ui_model *m, const struct job_view *v, double now);

#endif
