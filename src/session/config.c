/* config.c: the session as one line of commands. A setting at its default is left out, except those that results depend
 * on most. */
#include "session/config.h"

#include "model/plan.h"
#include "session/made.h"
#include "util/num.h"
#include "util/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void
config_quote(struct str *b, const char *text)
{
	str_addn(b, "\"", 1);
	for (; *text != '\0'; text++)
		str_add(b, "%s%c", *text == '"' || *text == '\\' ? "\\" : "", *text);
	str_addn(b, "\"", 1);
}

static void
config_settings(struct session *s, struct str *b)
{
	static const char *const always[] = {"optimizer", "lr", "batch", "epochs", "seed"};
	struct settings plain;
	char *have, *usual;
	bool show;

	settings_default(&plain);
	for (const struct setting *k = settings_list; k->key != NULL; k++) {
		have = settings_value(&s->set, k);
		usual = settings_value(&plain, k);
		show = strcmp(have, usual) != 0;
		for (size_t i = 0; i < sizeof always / sizeof always[0]; i++)
			show |= strcmp(always[i], k->key) == 0;
		if (show) {
			str_add(b, "; set %s ", k->key);
			if (k->type == SETTING_TEXT)
				config_quote(b, have);
			else
				str_add(b, "%s", have);
		}
		free(have);
		free(usual);
	}
}

static void
config_how(const struct dataset_how *how, struct str *b)
{
	if (how->height > 0)
		str_add(b, " size=%dx%d", how->height, how->width);
	if (how->rgb)
		str_add(b, " rgb");
	if (how->normalise)
		str_add(b, " normalise=mnist");
	if (how->coarse)
		str_add(b, " labels=coarse");
	if (how->one_in > 0)
		str_add(b, " holdout=%d", how->one_in);
}

char *
session_config(struct session *s, struct err *e)
{
	struct nn_net *net = session_net(s, e);
	struct str b = {0};
	const struct nn_layer *l;
	char *model, buf[32];
	int n = 0;

	if (net == NULL)
		return NULL;
	str_add(&b, "data ");
	if (strpbrk(s->data.name, " \t;#\"\\") != NULL)
		config_quote(&b, s->data.name);
	else
		str_add(&b, "%s", s->data.name);
	config_how(&s->data.how, &b);
	config_settings(s, &b);
	model = plan_net_text(net, s->model.features);
	str_add(&b, "; build ");
	config_quote(&b, model);
	free(model);
	if (s->model.seed != s->set.run.seed)
		str_add(&b, "; reset seed=%llu", (unsigned long long)s->model.seed);
	for (int i = 0; i < nn_net_count(net); i++)
		if (!isnan(s->set.run.layer_lr[i]) && nn_net_layer(net, i)->params > 0)
			str_add(&b, "; lr %s %s", nn_net_layer(net, i)->name,
			    num_text_float(buf, s->set.run.layer_lr[i]));
	for (int i = 0; i < nn_net_count(net); i++) {
		l = nn_net_layer(net, i);
		if (!l->trainable && l->params > 0)
			str_add(&b, "%s%s", n++ == 0 ? "; freeze " : ",", l->name);
	}
	return b.s;
}
