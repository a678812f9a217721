/* session.h: what a user has: data, a net, settings, runs. There are no globals: a program may hold several sessions.
 *
 * One thread owns a session. While a job is active, the worker owns the net, and job/ is the way to look at it and to
 * steer it; whatever changes the model waits until the job is done. Each part of a session is a struct of its own. A
 * function takes the part that it needs, and the whole session only where it is a command or drives one.
 */
#ifndef SESSION_H
#define SESSION_H

#include "data/data.h"
#include "job/job.h"
#include "model/model.h"
#include "past/run.h"
#include "past/slots.h"
#include "past/snapshot.h"
#include "past/store.h"
#include "session/compute.h"
#include "session/queue.h"
#include "session/settings.h"
#include "session/share.h"
#include "session/undo.h"
#include "session/user.h"
#include "util/out.h"

struct cmd_table;

struct session {
	struct out *out; /* borrowed */
	const struct cmd_table *commands; /* language/cmd.h; borrowed */
	struct settings set;
	struct data data;
	struct model model;
	struct compute compute;
	struct weights_pool kept; /* the weights of runs, snapshots and undo */
	struct runs runs;
	struct runs recalled; /* of the store, as far as they were asked for */
	struct store store; /* where runs are kept beyond this session */
	void (*ran)(struct session *s, struct run *r); /* keeps one that has ended (file/record.h); NULL: none is */
	/* Keeps what a kill would lose, beside the work (file/guard.h): between two epochs of a run, and when one is
	 * over. Gives when it is to be called between epochs again, by job_now. NULL: all is kept at the end. */
	double (*guard)(struct session *s);
	struct slots slots; /* the state of an optimizer that came with the weights of a file */
	struct snapshots snapshots;
	struct undo undo;
	struct worker worker;
	struct queue queue;
	struct user user;
	struct share *share; /* of a plan, which this process lists or does a share of; NULL: it does not */
};

struct session *session_new(struct out *out, const struct cmd_table *commands);
void session_free(struct session *s);

#endif
