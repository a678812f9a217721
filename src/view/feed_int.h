/* feed_int.h: what the files of the feed share. */
#ifndef FEED_INT_H
#define FEED_INT_H

#include "look/sheet.h"
#include "ui/model.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdatomic.h>

#define FEED_FLASH 1.5 /* seconds that a row stays lit */
#define FEED_RUNS 4 /* whose curves are shown */
#define FEED_DIGITS 20

struct feed {
	struct session *s;
	double (*clock)(void);
	bool touched, filled;
	uint64_t job_version;
	const struct job *job; /* the one last seen */
	double next; /* when the next update may be made */
	/* locks as last shown, and until when a change stays lit */
	int nlayers;
	double until; /* when the last of them goes out, 0: none is lit */
	bool lock[NN_LAYERS_MAX];
	double lit[NN_LAYERS_MAX];
	/* digits */
	bool asked; /* by `show` */
	struct split split;
	bool wrong;
	const struct dataset *of;
	struct sheet sheet;
	bool predicted;
	uint64_t shown_version;
	/* reading the data ahead */
	pthread_t thread;
	jmp_buf no_memory; /* where the thread ends that finds no memory */
	bool reading;
	char *reading_name; /* of the set that is being read, or that could not be */
	_Atomic bool read;
	struct dataset *data;
};

/* returns when the last lit row goes out, 0: none is lit */
double feed_layers(struct feed *f, struct ui_model *m, double now);
void feed_header(struct feed *f, struct ui_model *m, const struct job_view *v);
void feed_activity(struct ui_model *m, const struct job_view *v);
void feed_runs(struct feed *f, struct ui_model *m, const struct job_view *v);
void feed_digits(struct feed *f, struct ui_model *m, const struct job_view *v);

#endif
