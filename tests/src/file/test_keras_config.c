/* test_keras_config.c: models as Keras describes them: what is read of them, and each way in which they can be none. */
#include "file/keras_config.h"
#include "util/err.h"
#include "util/text.h"
#include "util/xmalloc.h"
#include "tests/run.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define INPUT "{'class_name':'InputLayer','config':{'batch_shape':[null,8,8,2]}},"
#define DENSE "{'class_name':'Dense','config':{'units':3,'activation':'softmax'}}"
#define FLATTEN "{'class_name':'Flatten','config':{'name':'flat'}},"

/* JSON whose quotes are single ones. */
static json_t *
parsed(const char *text)
{
	char *copy = xstrdup(text);
	json_error_t why;
	json_t *o;

	for (char *c = copy; *c != '\0'; c++)
		*c = *c == '\'' ? '"' : *c;
	o = json_loads(copy, 0, &why);
	ck_assert_msg(o != NULL, "%s: %s", text, why.text);
	free(copy);
	return o;
}

static int
config_read(const char *text, const char *compiled, struct keras_model *m, struct err *e)
{
	json_t *o = parsed(text), *c = compiled != NULL ? parsed(compiled) : NULL;
	int rc = keras_config_read("x.keras", o, c, m, e);

	json_decref(o);
	json_decref(c);
	return rc;
}

static char *
sequence(const char *layers)
{
	return xasprintf("{'class_name':'Sequential','config':{'layers':[%s]}}", layers);
}

static void
refused(const char *text, const char *says)
{
	struct keras_model m;
	struct err e = {0};

	ck_assert_msg(config_read(text, NULL, &m, &e) < 0, "not refused: %s", text);
	ck_assert_msg(strstr(e.text, says) != NULL, "%s: \"%s\" lacks \"%s\"", text, e.text, says);
	ck_has(e.text, "x.keras");
}

START_TEST(config__model__is_refused)
{
	static const struct {
		const char *text, *says;
	} bad[] = {
		{"{}", "its own class (unknown)"}, {"[]", "its own class (unknown)"}, {"{'class_name':7}", "its own class (unknown)"},
		{"{'class_name':'Mine','config':{'layers':[]}}", "its own class (Mine)"}, {"{'class_name':'Mi(ne','config':{}}", "its own class (unknown)"},
		{"{'class_name':'A class whose name is longer than any should be'}", "its own class (unknown)"},
		{"{'class_name':'Model','config':{}}", "has no list of layers"}, {"{'class_name':'Functional'}", "has no list of layers"},
		{"{'class_name':'Sequential','config':{'layers':{}}}", "has no list of layers"},
		{"{'class_name':'Sequential','config':{'layers':[]}}", "has no layers"},
		{"{'class_name':'Sequential','config':{'build_input_shape':[null,-1,8,1],'layers':[]}}", "no fixed size"},
	};

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		refused(bad[i].text, bad[i].says);
}
END_TEST

START_TEST(config__layers__are_refused)
{
	static const struct {
		const char *layers, *says;
	} bad[] = {
		{"7", "damaged"}, {"{'class_name':'Dense'}", "damaged"}, {"{'class_name':'Dense','config':[]}", "damaged"},
		{"{'class_name':'De nse','config':{}}", "damaged"},
		{"{'class_name':'InputLayer','config':{'batch_shape':[null,null,28,1]}}", "no fixed size"},
		{"{'class_name':'InputLayer','config':{'batch_shape':[null,28,0,1]}}", "no fixed size"},
		{"{'class_name':'InputLayer','config':{'batch_input_shape':[null,28,28,2000000]}}", "no fixed size"},
		{"{'class_name':'InputLayer','config':{'batch_shape':[]}}", "arrays of 0 dimensions"},
		{"{'class_name':'InputLayer','config':{'batch_shape':[null]}}", "arrays of 0 dimensions"},
		{"{'class_name':'InputLayer','config':{'batch_shape':[null,2,8,8,1]}}", "arrays of 4 dimensions"},
		{"{'class_name':'Dense','module':'evil','config':{'units':3}}", "its layer \"\" is code (Dense)"},
		{"{'class_name':'Dense','registered_name':'My>Dense','config':{'name':'mine','units':3}}", "its layer \"mine\" is code (Dense)"},
		{"{'class_name':'Lambda','config':{'name':'run'}}", "its layer \"run\" is code (Lambda)"},
		{"{'class_name':'PReLU','config':{'name':'p'}}", "its layer \"p\" cannot be had here"},
		{"{'class_name':'PReLU','config':{}}", "its layer \"\" cannot be had here"},
		{INPUT "{'class_name':'Reshape','config':{'target_shape':[8,8,1]}}", "Reshape"},
		{INPUT "{'class_name':'Reshape','config':{'target_shape':[128]}}", "Reshape"},
		{INPUT FLATTEN "{'class_name':'Reshape','config':{'target_shape':[8,8,2]}}", "Reshape"},
		{"{'class_name':'Activation','config':{'activation':7}}", "cannot be had here"},
		{"{'class_name':'Dense','config':{'units':3,'kernel_regularizer':{'class_name':'L1','config':{'l1':0.1}}}}", "kernel_regularizer"},
		{"{'class_name':'Dense','config':{'units':3,'kernel_regularizer':{'class_name':'L1L2','config':{'l1':0.1,'l2':0.1}}}}", "kernel_regularizer"},
		{"{'class_name':'Dense','config':{'units':3,'kernel_regularizer':{'config':{}}}}", "its kernel_regularizer is not to be had here"},
		{"{'class_name':'Dense','config':{'units':3,'activation':'so ft'}}", "its activation is not to be had here"},
		{"{'class_name':'Dense','config':{'units':3,'activation':'my.soft-max'}}", "my.soft-max"},
		{"{'class_name':'Dense','config':{'units':3,'activation':''}}", "its activation is not to be had here"},
		{"{'class_name':'Dense','config':{'units':3,'activation':'a_word_that_is_far_longer_than_any_activation_would_ever_be_called'}}", "its activation"},
		{"{'class_name':'Dense','config':{'units':[]}}", "its units is not to be had here"},
		{"{'class_name':'Dense','config':{'units':[1,2,3,4,5]}}", "its units is not to be had here"},
		{"{'class_name':'Dense','config':{'units':[[[1]]]}}", "its units is not to be had here"},
		{"{'class_name':'Dense','config':{'units':[1,'a b']}}", "its units is not to be had here"},
		{"{'class_name':'Dense','config':{'units':3,'an (option)':1}}", "an option"},
		{"{'class_name':'Dense','config':{'units':3,'an (option)':[]}}", "its option is not to be had here"},
		{"{'class_name':'Dense','config':{'units':true}}", "cannot be had here"}, {"{'class_name':'Dense','config':{'units':2.5}}", "cannot be had here"},
		{INPUT "{'class_name':'BatchNormalization','config':{'axis':1}}", "axis=1"},
		{INPUT "{'class_name':'BatchNormalization','config':{'axis':[1]}}", "axis"},
		{INPUT "{'class_name':'BatchNormalization','config':{'axis':[1,3]}}", "axis"},
		{INPUT "{'class_name':'BatchNormalization','config':{'axis':'last'}}", "axis"},
		{INPUT FLATTEN "{'class_name':'BatchNormalization','config':{'axis':3}}", "axis=3"},
		{INPUT "{'class_name':'BatchNormalization','config':{'renorm':true}}", "renorm"},
		{INPUT "{'class_name':'ReLU','config':{'negative_slope':0.1}}", "slope"}, {INPUT "{'class_name':'ReLU','config':{'threshold':1}}", "threshold"},
		{INPUT "{'class_name':'ReLU','config':{'max_value':6}}", "max_value"},
		{INPUT "{'class_name':'Dense','config':{'units':3,'activation':{'class_name':'Mine','config':{}}}}", "Mine"},
		{INPUT "{'class_name':'Dense','config':{'units':3,'kernel_regularizer':{'class_name':7}}}", "its kernel_regularizer is not to be had here"},
		{INPUT "{'class_name':'Dense','config':{'units':3,'use_bias':'no'}}", "use_bias"},
		{INPUT "{'class_name':'ZeroPadding2D','config':{'padding':[['a','a'],['a','a']]}}", "cannot be had here"},
	};

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		char *text = sequence(bad[i].layers);

		refused(text, bad[i].says);
		free(text);
	}
}
END_TEST

/* A list that is longer than any model, and models in one another. */
START_TEST(config__many_and_deep__are_refused)
{
	struct str b = {0};
	char *text;

	for (int i = 0; i < NN_LAYERS_MAX; i++)
		str_add(&b, "{'class_name':'Dense','config':{'units':3}},");
	str_add(&b, "%s", DENSE);
	text = sequence(b.s);
	refused(text, "has more than");
	free(text);
	b.n = 0;
	for (int i = 0; i < 10 * NN_LAYERS_MAX; i++)
		str_add(&b, "0,");
	str_add(&b, "0");
	text = sequence(b.s);
	refused(text, "too many of them");
	free(text);
	free(b.s);
	text = sequence(DENSE);
	for (int i = 0; i < 10; i++) {
		char *outer = sequence(text);

		free(text);
		text = outer;
	}
	refused(text, "too many of them");
	free(text);
}
END_TEST

START_TEST(config__layers__are_read)
{
	static const struct {
		const char *layers, *build;
	} good[] = {
		{INPUT "{'class_name':'Conv2D','config':{'filters':4,'kernel_size':[3,3],'strides':[1,1],'activation':{'class_name':'function','config':'relu'}}}",
		    "conv2d 4 3 relu"},
		{INPUT "{'class_name':'Activation','config':{'activation':'linear'}}," FLATTEN DENSE, "flatten, dense 3 softmax"},
		{INPUT "{'class_name':'Reshape','config':{'target_shape':[8,8,2]}}," FLATTEN DENSE, "flatten, dense 3 softmax"},
		{INPUT FLATTEN "{'class_name':'Dense','module':'tf_keras.layers','config':{'units':3,'kernel_regularizer':{'class_name':'L1L2','config':"
		    "{'l1':0,'l2':0.01}}}}", "flatten, dense 3 l2=0.01, softmax"},
		{INPUT FLATTEN "{'class_name':'Dense','module':'keras.layers','registered_name':null,'config':{'units':3,'activation':'linear',"
		    "'kernel_regularizer':{'class_name':'L2','config':{'l2':0.009999999776482582}}}}", "flatten, dense 3 l2=0.01, softmax"},
		{INPUT "{'class_name':'BatchNormalization','config':{'axis':3,'renorm':false,'momentum':0.9}}", "batch_normalization momentum=0.9"},
		{INPUT "{'class_name':'BatchNormalization','config':{'axis':[3]}}", "batch_normalization"},
		{INPUT FLATTEN "{'class_name':'BatchNormalization','config':{'axis':[1]}}", "flatten, batch_normalization"},
		{INPUT "{'class_name':'ReLU','config':{'negative_slope':0,'threshold':0,'max_value':null}}", "relu"},
		{INPUT "{'class_name':'LeakyReLU','config':{'alpha':0.2}}", "leaky_re_lu 0.2"},
		{INPUT "{'class_name':'LeakyReLU','config':{'negative_slope':0.125}}", "leaky_re_lu 0.125"},
		{INPUT "{'class_name':'ZeroPadding2D','config':{'padding':[[1,1],[1,1]]}}", "zero_padding2d 1"},
		{INPUT "{'class_name':'GlobalAveragePooling2D','config':{'keepdims':false}}," DENSE, "global_average_pooling2d, dense 3 softmax"},
		{"{'class_name':'InputLayer','config':{'batch_shape':[null,64]}}," DENSE, "flatten, dense 3 softmax"},
		{FLATTEN "{'class_name':'Dense','registered_name':'Dense','config':{'units':3,'activation':'softmax','batch_input_shape':[null,2,2,2]}}",
		    "flatten, dense 3 softmax"},
		{"{'class_name':'Model','config':{'trainable':false,'layers':[" INPUT FLATTEN DENSE "]}}", "flatten, dense 3 softmax"},
	};

	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		char *text = sequence(good[i].layers), *build;
		struct keras_model m;
		struct err e = {0};

		ck_assert_msg(config_read(text, NULL, &m, &e) == 0, "%s: %s", good[i].layers, e.text);
		build = plan_text(&m.plan);
		ck_assert_msg(strcmp(build, good[i].build) == 0, "%s: \"%s\", not \"%s\"", good[i].layers, build, good[i].build);
		ck_assert(m.compiled.optimizer == NULL && m.compiled.class[0] == '\0');
		free(build);
		free(text);
		keras_model_free(&m);
	}
}
END_TEST

START_TEST(config__input_and_names__are_kept)
{
	struct keras_model m;
	struct err e = {0};
	char *text = sequence("{'class_name':'InputLayer','config':{'batch_shape':[null,9,7]}},{'class_name':'Conv2D','config':{'name':'a','filters':2,'kernel_size':3,"
	    "'batch_input_shape':[null,1,1,1],'trainable':false}},{'class_name':'Conv2D','config':{'filters':2,'kernel_size':3}},"
	    "{'class_name':'Sequential','config':{'layers':[{'class_name':'MaxPooling2D','config':{'pool_size':2}}]}}," FLATTEN DENSE);

	ck_assert_msg(config_read(text, NULL, &m, &e) == 0, "%s", e.text);
	ck_assert(m.in.rank == 3 && m.in.dim[0] == 9 && m.in.dim[1] == 7 && m.in.dim[2] == 1 && m.units == 0);
	ck_assert(!m.trainable[0] && m.trainable[1] && !m.logits);
	ck_assert_str_eq(m.name[0], "a");
	ck_assert_str_eq(m.name[1], "");
	ck_assert_str_eq(m.group[0], "layers/conv2d");
	ck_assert_str_eq(m.group[1], "layers/conv2d_1");
	ck_assert_str_eq(m.group[2], "layers/sequential/layers/max_pooling2d");
	keras_model_free(&m);
	free(text);
}
END_TEST

/* As Keras 3 and Keras 2 write of whom a layer takes its input. */
#define FROM3(name) "[{'args':[{'class_name':'__keras_tensor__','config':{'keras_history':['" name "',0,0]}}]}]"
#define NODE(class, name, config, from) "{'class_name':'" class "','name':'" name "','config':{'name':'" name "'" config "},'inbound_nodes':" from "}"

START_TEST(config__graph__is_a_line)
{
	static const struct {
		const char *layers, *says;
	} graphs[] = {
		{NODE("InputLayer", "i", ",'batch_shape':[null,8,8,1]", "[]") "," NODE("Flatten", "f", "", FROM3("i")) "," NODE("Dense", "d", ",'units':3", FROM3("f")), NULL},
		{NODE("InputLayer", "i", ",'batch_shape':[null,8,8,1]", "[]") "," NODE("Flatten", "f", "", "[[['i',0,0,{}]]]") "," NODE("Dense", "d", ",'units':3", "[[['f',0,0,{}]]]"),
		    NULL},
		{NODE("InputLayer", "i", "", "[]") "," NODE("Flatten", "f", "", FROM3("i")) "," NODE("Dense", "d", ",'units':3", FROM3("i")), "(\"d\" takes the output of 1)"},
		{NODE("InputLayer", "i", "", "[]") "," NODE("Flatten", "f", "", "[]"), "(\"f\" takes the output of 0)"},
		{NODE("InputLayer", "i", "", "[]") "," NODE("Flatten", "f", "", "[[['i',0,0],['i',0,0]]]"), "(\"f\" takes the output of 2)"},
		{NODE("InputLayer", "i", "", "[]") "," NODE("Flatten", "f", "", "[[[1,0,0]]]"), "(\"f\" takes the output of 0)"},
		{NODE("InputLayer", "i", "", "[]") "," NODE("Flatten", "f", "", "[[['i','0',0]]]"), "(\"f\" takes the output of 0)"},
		{NODE("Flatten", "f", "", FROM3("i")), "(\"f\" takes the output of 1)"},
		{NODE("InputLayer", "i", "", "[]") "," NODE("Flatten", "f", "", "[[[[[[[[[[[[[[[[[[[['i',0,0]]]]]]]]]]]]]]]]]]]]"), "(\"f\" takes the output of 0)"},
	};

	for (size_t i = 0; i < sizeof graphs / sizeof *graphs; i++) {
		char *text = xasprintf("{'class_name':'Functional','config':{'layers':[%s]}}", graphs[i].layers);
		struct keras_model m;
		struct err e = {0};

		if (graphs[i].says != NULL)
			refused(text, graphs[i].says);
		else {
			ck_assert_msg(config_read(text, NULL, &m, &e) == 0, "%s: %s", text, e.text);
			ck_assert(m.logits);
			keras_model_free(&m);
		}
		free(text);
	}
}
END_TEST

START_TEST(config__compiled__is_read)
{
	static const struct {
		const char *text, *class, *odd, *loss;
		bool known;
		double lr, first; /* NAN: none */
		const char *schedule; /* NULL: "" */
	} with[] = {
		{"{}", "", "", "", false, 0, NAN}, {"{'optimizer':7}", "", "", "", false, 0, NAN}, {"{'optimizer':{}}", "", "", "", false, 0, NAN},
		{"{'optimizer':'sgd','loss':'mse'}", "sgd", "", "mse", true, 0.01, NAN}, {"{'optimizer':'Adam','loss':7}", "Adam", "", "", true, 0.001, NAN},
		{"{'optimizer':{'class_name':'Custom>Adadelta','config':{'learning_rate':0.5,'rho':0.9,'clipnorm':null}}}", "Adadelta", "", "", true, 0.5, 0.9},
		{"{'optimizer_config':{'class_name':'SGD','config':{'learning_rate':0.25,'momentum':'much','nesterov':true}},'loss':{'class_name':'Mine'}}", "SGD",
		    "nesterov", "Mine", true, 0.25, NAN},
		{"{'optimizer':{'class_name':'SGD','config':{'learning_rate':-1,'nesterov':false,'weight_decay':0}}}", "SGD", "", "", true, NAN, NAN},
		{"{'optimizer':{'class_name':'SGD','config':{'learning_rate':{},'weight_decay':0.1}}}", "SGD", "weight_decay", "", true, NAN, NAN},
		{"{'optimizer':{'class_name':'SGD','config':{'learning_rate':{'class_name':'CosineDecay','config':{'initial_learning_rate':0.009999999776482582}}}}}",
		    "SGD", "", "", true, NAN, NAN, "CosineDecay from 0.01"},
		{"{'optimizer':{'class_name':'SGD','config':{'learning_rate':{'class_name':'Mine>PiecewiseConstantDecay','config':{'values':[0.5,0.1]}}}}}",
		    "SGD", "", "", true, NAN, NAN, "PiecewiseConstantDecay from 0.5"},
		{"{'optimizer':{'class_name':'SGD','config':{'learning_rate':{'class_name':'My\\u001bDecay','config':7}}}}", "SGD", "", "", true, NAN, NAN,
		    "My?Decay"},
		{"{'optimizer':{'class_name':'SGD','config':{'learning_rate':{'class_name':'Decay','config':{'initial_learning_rate':'fast'}}}}}",
		    "SGD", "", "", true, NAN, NAN, "Decay"},
		{"{'optimizer':{'class_name':'RMSprop','config':{}}}", "RMSprop", "", "", false, 0, NAN},
	};
	char *text = sequence(INPUT FLATTEN DENSE);

	for (size_t i = 0; i < sizeof with / sizeof *with; i++) {
		struct keras_model m;
		struct err e = {0};

		ck_assert_int_eq(config_read(text, with[i].text, &m, &e), 0);
		ck_assert_str_eq(m.compiled.class, with[i].class);
		ck_assert_str_eq(m.compiled.odd, with[i].odd);
		ck_assert_str_eq(m.compiled.loss, with[i].loss);
		ck_assert_str_eq(m.compiled.schedule, with[i].schedule != NULL ? with[i].schedule : "");
		ck_assert_msg((m.compiled.optimizer != NULL) == with[i].known, "%s", with[i].text);
		if (with[i].known)
			ck_assert_msg(isnan(with[i].lr) ? isnan(m.compiled.lr) : m.compiled.lr == with[i].lr, "%s: %g", with[i].text, m.compiled.lr);
		ck_assert_msg(isnan(with[i].first) ? isnan(m.compiled.hyper[0]) : m.compiled.hyper[0] == with[i].first, "%s", with[i].text);
		keras_model_free(&m);
	}
	free(text);
}
END_TEST

START_TEST(config__snake__names_groups_as_keras_does)
{
	static const char *const names[][2] = {{"Conv2D", "conv2d"}, {"MaxPooling2D", "max_pooling2d"}, {"ReLU", "re_lu"}, {"BatchNormalization", "batch_normalization"},
	    {"My-Odd Class_2", "my_odd_class_2"}, {"", ""}};
	char out[24];

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		keras_snake(out, sizeof out, names[i][0]);
		ck_assert_str_eq(out, names[i][1]);
	}
	keras_snake(out, 8, "LongerThanThat");
	ck_assert_uint_lt(strlen(out), 8);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("keras config");
	TCase *t = tcase_create("config");

	tcase_add_test(t, config__model__is_refused);
	tcase_add_test(t, config__layers__are_refused);
	tcase_add_test(t, config__many_and_deep__are_refused);
	tcase_add_test(t, config__layers__are_read);
	tcase_add_test(t, config__input_and_names__are_kept);
	tcase_add_test(t, config__graph__is_a_line);
	tcase_add_test(t, config__compiled__is_read);
	tcase_add_test(t, config__snake__names_groups_as_keras_does);
	suite_add_tcase(s, t);
	return run_suite(s);
}
