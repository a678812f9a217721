/* sweep_head.c: says where the trials of a sweep train the head on from other digits. */
#include "commands/sweep.h"
#include "language/arg.h"
#include "language/parse.h"
#include "train/report.h"

#include <stdlib.h>
#include <string.h>

/* Whether the head is a new one behind this command, or may be. */
static bool
head_renewed(struct session *s, const struct cmd_args *a)
{
	bool pick[NN_LAYERS_MAX] = {false}, all = true;
	struct err ignored = {0};

	if (strcmp(a->cmd->name, "build") == 0)
		return true;
	if (strcmp(a->cmd->name, "reset") != 0)
		return false;
	for (int i = 0; i < a->npos; i++)
		if (arg_pick_layers(s, &a->pos[i], pick, &ignored) < 0)
			return true;
	for (int i = s->model.features; i < nn_net_count(s->model.net) && a->npos > 0; i++)
		all &= pick[i] || nn_net_layer(s->model.net, i)->params == 0;
	return all;
}

/* Notes it of the first command that trains. False: that trains a new head, or one of these digits. */
static bool
head_said(struct session *s, const char *commands)
{
	bool said = false, over = false;
	struct err ignored = {0};
	struct cmd_parsed p;
	struct split split;
	size_t at = 0;

	while (!over) {
		bool parsed = cmd_parse(s, commands, &at, &p, &ignored) > 0;
		const char *name = parsed ? p.args.cmd->name : "";

		over = !parsed || head_renewed(s, &p.args);
		if (strcmp(name, "train") == 0 || strcmp(name, "finetune") == 0) {
			over = true;
			if (arg_split(s, args_pos(&p.args, "SPLIT"), &split, &ignored) == 0)
				said = report_head(s, &split, "each trial goes on from its weights");
		}
		cmd_parsed_free(&p);
	}
	return said;
}

void
sweep_head(struct session *s, const struct sweep *x)
{
	bool said = s->model.trained.kind == SPLIT_NONE;

	for (int i = 0; i < x->result.n && !said; i++) {
		struct err ignored = {0};
		char *commands = sweep_commands(x, i, x->result.seed, &ignored);

		said = commands != NULL && head_said(s, commands);
		free(commands);
	}
}
