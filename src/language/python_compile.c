/* python_compile.c: what model.compile() means here. */
#include "language/python_call.h"

#include "util/num.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A new optimizer begins with its own defaults: what was set for the one before is not carried over. What was set for
 * one of its kind is, but for what a constructor does not name. */
static void
add_defaults(struct python *x, const char *name, bool made, struct str *out)
{
	const struct nn_optimizer_info *o = nn_optimizer_find(name);
	const struct nn_run_config *now = &x->s->set.run;
	struct settings fresh;
	char number[32], key[32];

	if (o == NULL || (o == now->optimizer && !made))
		return;
	settings_default(&fresh);
	if (!isnan(now->lr) && strstr(out->s, " lr=") == NULL)
		str_add(out, " lr=%s", num_text(number, o->default_lr));
	for (int i = 0; i < 4 && o->hyper[i] != NULL; i++) {
		const struct setting *k = settings_find(o->hyper[i], false, NULL);
		double usual = *settings_real(&fresh.run, k);

		snprintf(key, sizeof key, " %s=", o->hyper[i]);
		if (*settings_real(now, k) != usual && strstr(out->s, key) == NULL)
			str_add(out, "%s%s", key, num_text(number, usual));
	}
}

/* 'adam', Adam(learning_rate=0.001), or a name that was assigned one of them. */
static void
add_optimizer(struct python *x, struct piece p, struct str *out)
{
	static const char *const keys[][2] = {{"learning_rate", "lr"}, {"lr", "lr"}, {"rho", "rho"},
	    {"epsilon", "epsilon"}, {"momentum", "momentum"}, {"beta_1", "beta_1"}, {"beta_2", "beta_2"}, {NULL, NULL}};
	const struct notebook_name *k = piece_name(p) ? notebook_find(x->b, p.s, p.n) : NULL;
	struct piece name, arguments = {"", 0}, rate;
	char word[32];

	if (k != NULL)
		p = piece_of(k->value, strlen(k->value));
	name = piece_unquoted(p);
	if (name.n == 0 && piece_call(p, &name, &arguments))
		name = piece_last(name);
	snprintf(word, sizeof word, "%.*s", (int)name.n, name.s);
	for (char *c = word; *c != '\0'; c++)
		*c |= *c >= 'A' && *c <= 'Z' ? 0x20 : 0;
	if (word[0] != '\0')
		str_add(out, " optimizer=%s", word);
	rate = piece_operand(arguments, 0);
	if (piece_number(rate))
		str_add(out, " lr=%.*s", (int)rate.n, rate.s);
	python_keys(x, arguments, keys, out);
	add_defaults(x, word, piece_call(p, &(struct piece){"", 0}, &(struct piece){"", 0}), out);
	python_drops(x, arguments, "learning_rate lr rho epsilon momentum beta_1 beta_2 name", 1);
}

int
python_compile(struct python *x, struct piece callee, struct piece arguments)
{
	struct piece optimizer = piece_argument(arguments, "optimizer");
	struct piece loss = piece_argument(arguments, "loss"), metrics = piece_argument(arguments, "metrics");
	struct str more = {0};

	python_drops(x, arguments, "optimizer loss metrics", 3);
	if (loss.n == 0)
		loss = piece_operand(arguments, optimizer.n > 0 ? 0 : 1);
	if (loss.n > 0 && memmem(loss.s, loss.n, "crossentropy", 12) == NULL)
		python_drop(x, piece_of("loss", 4));
	if (metrics.n > 0 && memmem(metrics.s, metrics.n, "acc", 3) == NULL)
		python_drop(x, piece_of("metrics", 7));
	if (optimizer.n == 0)
		optimizer = piece_operand(arguments, 0);
	if (optimizer.n > 0)
		add_optimizer(x, optimizer, &more);
	python_says(x, "compile%s", more.n > 0 ? more.s : "");
	free(more.s);
	return 1;
}
