/* test_plan.c: the text of a model, read and written. */
#include "model/plan.h"
#include "tests/run.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static const struct nn_shape mnist = {3, {28, 28, 1}};

/* Text that comes out as it went in, or as `want`. */
static const struct {
	const char *text, *want;
	int features; /* as the net has them */
} good[] = {
	{"conv2d 32 3, relu, conv2d 32 3, relu, max_pooling2d 2, dropout 0.25, flatten | dense 128, relu, dropout 0.5, "
	    "dense 5, softmax", NULL, 7},
	{"conv2d 8 5,relu,max_pooling2d 2,flatten|dense 10,softmax", "conv2d 8 5, relu, max_pooling2d 2, flatten | "
	    "dense 10, softmax", 4},
	{"conv2d 8 3, relu, max_pooling2d, dropout .5, flatten, dense 3, softmax",
	    "conv2d 8 3, relu, max_pooling2d 2, dropout 0.5, flatten, dense 3, softmax", 5},
	{"flatten, dense 7, softmax", NULL, 1},
	{"flatten | dense 7, softmax", NULL, 1},
	{"activation relu, flatten\t,\n dense 7, activation softmax", "relu, flatten, dense 7, softmax", 2},
	{"flatten, dense 9 | relu, dense 7, softmax", NULL, 2},
	/* as Keras spells it */
	{"Conv2D(8, 3), Activation('relu'), MaxPooling2D(pool_size=(2, 2)), Dropout(0.25), Flatten() | Dense(128), ReLU(), "
	    "Dense(5, activation='softmax')", "conv2d 8 3, relu, max_pooling2d 2, dropout 0.25, flatten | dense 128, relu, "
	    "dense 5 softmax", 5},
	{"layers.Input(shape=(28, 28, 1)), keras.layers.Conv2D(filters=8, kernel_size=(5, 5), strides=(1, 1), "
	    "padding=\"valid\", activation=keras.activations.relu, input_shape=(28, 28, 1)), MaxPooling2D(), Flatten(), "
	    "Dense(10, 'softmax')", "conv2d 8 5 relu, max_pooling2d 2, flatten, dense 10 softmax", 3},
	{"Conv2D(8, 3, strides=(2, 2), padding='same', activation='tanh', kernel_regularizer=keras.regularizers.L2(0.01)), "
	    "AveragePooling2D(3, strides=2, padding='same'), BatchNormalization(momentum=0.9), ZeroPadding2D(2), "
	    "ZeroPadding2D(padding=((1, 0), (0, 2))), Rescaling(1./255), GlobalAveragePooling2D(), Dense(5, "
	    "activation='softmax', kernel_regularizer='l2')", "conv2d 8 3 stride=2 same tanh l2=0.01, average_pooling2d 3 "
	    "stride=2 same, batch_normalization momentum=0.9, zero_padding2d 2, zero_padding2d 0 top=1 right=2, rescaling "
	    "0.00392156862745098, global_average_pooling2d, dense 5 softmax l2=0.01", 7},
	{"Flatten(), Dense(4), ELU(), Dense(4), ReLU(negative_slope=0.0), LeakyReLU(negative_slope=0.2), Dense(3), Softmax()",
	    "flatten, dense 4, elu, dense 4, relu, leaky_re_lu 0.2, dense 3, softmax", 1},
	{"Flatten(), LeakyReLU(), LeakyReLU(alpha=0.01), LeakyReLU(0.5), leaky_relu 0.1, leaky_relu, leaky_re_lu, softmax",
	    "flatten, leaky_re_lu 0.3, leaky_re_lu 0.01, leaky_re_lu 0.5, leaky_re_lu 0.1, leaky_relu, leaky_re_lu 0.3, "
	    "softmax", 1},
	{"conv2d 8 3 relu same stride=2 l2=1e-3, max_pooling2d stride=1, batch_normalization, flatten | dense 5 softmax",
	    "conv2d 8 3 stride=2 same relu l2=0.001, max_pooling2d 2 stride=1, batch_normalization, flatten | dense 5 "
	    "softmax", 4},
	{"conv2d 8 padding=same activation=elu kernel_size=3, flatten, dense 5 softmax", "conv2d 8 3 same elu, flatten, "
	    "dense 5 softmax", 2},
	{"MaxPooling2D((3, 3), strides=3), flatten, Dense( units = 7 , activation = None ), softmax",
	    "max_pooling2d 3, flatten, dense 7, softmax", 2},
};

START_TEST(build__reads_and_writes__a_text)
{
	struct plan p, again;
	struct err e = {0};
	struct nn_net *net;
	char *text, *twice;

	ck_assert_msg(plan_parse(good[_i].text, &p, &e) == 0, "%s", e.text);
	text = plan_text(&p);
	ck_assert_str_eq(text, good[_i].want != NULL ? good[_i].want : good[_i].text);
	ck_assert_int_eq(plan_parse(text, &again, &e), 0);
	twice = plan_text(&again);
	ck_assert_str_eq(twice, text);
	net = plan_net(&p, mnist, &e);
	ck_assert_msg(net != NULL, "%s", e.text);
	ck_assert_int_eq(plan_features(&p, net), good[_i].features);
	nn_net_free(net);
	free(text);
	free(twice);
}
END_TEST

/* Where no layer leads from pictures to values, the head is the last layer that has weights, or all. */
START_TEST(build__features__of_a_net_without_pictures)
{
	static const struct {
		const char *text;
		int features;
	} nets[] = {{"dense 8, relu, dense 5, softmax", 2}, {"dense 5, softmax", 0}, {"dense 8 | relu, dense 5, softmax", 1}};
	struct plan p;
	struct err e = {0};

	for (size_t i = 0; i < sizeof nets / sizeof *nets; i++) {
		struct nn_net *net;

		ck_assert_int_eq(plan_parse(nets[i].text, &p, &e), 0);
		net = plan_net(&p, (struct nn_shape){1, {4}}, &e);
		ck_assert_msg(net != NULL, "%s", e.text);
		ck_assert_int_eq(plan_features(&p, net), nets[i].features);
		nn_net_free(net);
	}
}
END_TEST

START_TEST(build__makes__the_activity_of_its_parameters)
{
	struct plan p;
	struct err e = {0};
	struct nn_net *net;
	char *text;

	plan_of_hyper(&plan_hyper_default, &p);
	text = plan_text(&p);
	ck_assert_str_eq(text, good[0].text);
	net = plan_net(&p, mnist, &e);
	ck_assert_uint_eq(nn_net_params(net), 600165);
	ck_assert_str_eq(nn_net_layer(net, 10)->name, "dense_1");
	free(text);
	ck_assert_int_eq(nn_net_set_rate(net, 5, 0.1, NULL), 0);
	text = plan_net_text(net, 7);
	ck_assert_ptr_nonnull(strstr(text, "dropout 0.1, flatten | dense 128"));
	free(text);
	nn_net_free(net);
}
END_TEST

static const struct {
	const char *text, *says[3];
} bad[] = {
	{"", {"a layer is missing", "softmax"}},
	{"conv2d 8 3,, softmax", {"a layer is missing"}},
	{"conv2d", {"conv2d: its filters is missing; write conv2d filters kernel_size"}},
	{"conv2d 8, softmax", {"its kernel_size is missing"}},
	{"conv2d 8 3 3, softmax", {"conv2d", "\"3\" is one word too many", "commas"}},
	{"conv2d eight, softmax", {"filters is a whole number", "\"eight\""}},
	{"conv2d 0, softmax", {"filters", "from 1"}},
	{"conv2d 8.5, softmax", {"filters", "8.5"}},
	{"conv2d 99999999999999999999, softmax", {"filters"}},
	{"dropout, softmax", {"rate is missing"}},
	{"dropout x, softmax", {"rate is a number"}},
	{"dropout nan, softmax", {"rate is a number"}},
	{"dropot 0.5, softmax", {"unknown layer \"dropot\"", "did you mean \"dropout\""}},
	{"magic, softmax", {"unknown layer \"magic\"", "conv2d filters kernel_size [stride=] [padding] "
	    "[activation] [l2=], relu, leaky_relu, elu, tanh, sigmoid, softmax, leaky_re_lu [negative_slope], max_pooling2d [pool_size]"}},
	{"activation gelu, softmax", {"unknown activation \"gelu\"", "sigmoid or softmax"}},
	{"flatten | dense 5 | softmax", {"more than one bar"}},
	{"flatten, dense 5, softmax |", {"behind the bar"}},
	{"| flatten, dense 5, softmax", {"a layer is missing"}},
	{"Conv2D(8), softmax", {"conv2d: its kernel_size is missing; write conv2d filters"}},
	{"Conv2D(8, (3, 5)), softmax", {"Conv2D: kernel_size is a square here", "kernel_size=3"}},
	{"Conv2D(8, 3, padding='full'), softmax", {"unknown padding \"full\"; choose valid or same"}},
	{"Conv2D(8, 3, groups=2), softmax", {"groups=2 is not to be had here; leave it out"}},
	{"Conv2D(8, 3, kernel_regularizer='l1'), softmax", {"kernel_regularizer=l1 is not to be had here"}},
	{"ReLU(max_value=6), softmax", {"max_value=6 is not to be had here; leave it out"}},
	{"ELU(alpha=0.5), softmax", {"alpha=0.5 is not to be had here"}},
	{"LeakyReLU(negative_slope='x'), softmax", {"negative_slope is a number"}},
	{"leaky_relu 0.1 0.2, softmax", {"one word too many"}},
	{"Flatten(), ReLU(negative_slope=0.2), Dense(3), Softmax()", {"ReLU: negative_slope=0.2 is not to be had here"}},
	{"Softmax(3), softmax", {"\"3\" is one operand too many"}},
	{"BatchNormalization(axis=1), softmax", {"axis=1 is not to be had here"}},
	{"ZeroPadding2D((1, 2, 3)), softmax", {"square"}},
	{"Rescaling(1/0), softmax", {"scale is a number"}},
	{"conv2d 8 3 same valid, softmax", {"\"valid\", but its padding is given already"}},
	{"conv2d 8 3 strides, softmax", {"\"strides\" is one word too many"}},
	{"conv2d 8 3 width=3, softmax", {"unknown \"width=3\"; write conv2d filters kernel_size [stride=] [padding] "
	    "[activation] [l2=]"}},
	{"conv2d 8 3 stride=0, softmax", {"strides is a whole number from 1 on"}},
	{"batch_normalization 3, softmax", {"one word too many"}},
	{"Dense(5, 'relu', 7), softmax", {"\"7\" is one operand too many"}},
	{"Dense(5, activation='gelu'), softmax", {"unknown activation \"gelu\""}},
	{"Dropot(0.5), softmax", {"unknown layer \"Dropot\"", "did you mean \"dropout\""}},
	{"Dense(5, softmax", {"Dense(5, softmax: its bracket is not closed"}},
	{"Dense(()), softmax", {"units is a whole number"}},
	{"Dense(five), softmax", {"units is a whole number", "\"five\""}},
	{"flatten flatten flatten flatten flatten flatten flatten flatten flatten", {"too many words"}},
};

START_TEST(build__refuses__a_text_with_a_way_out)
{
	struct plan p;
	struct err e = {0};

	ck_assert_int_eq(plan_parse(bad[_i].text, &p, &e), -1);
	for (int k = 0; k < 3 && bad[_i].says[k] != NULL; k++)
		ck_assert_msg(strstr(e.text, bad[_i].says[k]) != NULL, "\"%s\" lacks \"%s\"", e.text, bad[_i].says[k]);
}
END_TEST

static const struct {
	const char *text, *says;
} shapes[] = {
	{"relu, conv2d 8 29, flatten, dense 5, softmax", "conv2d: kernel 29x29 is larger than its input 28x28"},
	{"conv2d 8 20, conv2d 8 10, flatten, dense 5, softmax", "conv2d_1: kernel 10x10 is larger than its input 9x9"},
	{"max_pooling2d 9, max_pooling2d 9, flatten, dense 5, softmax",
	    "max_pooling2d_1: pool 9x9 is larger than its input 3x3"},
	{"dense 5, softmax", "dense: its input is a picture of 28x28x1; put flatten before it"},
	{"flatten, conv2d 8 3, softmax", "conv2d: needs a picture"},
	{"flatten, dense 5, relu, dense 5, dense 70000, softmax", "dense_2: 70000 units"},
	{"flatten, dropout 0.5, dropout 1, dense 5, softmax", "dropout_1: rate 1"},
	{"conv2d 8 3, softmax", "activation: its input is a picture of 26x26x8; put flatten before it"},
	{"conv2d 8 3 stride=70, flatten, dense 5, softmax", "conv2d: stride 70; choose 1 to 64"},
	{"flatten, dense 5", "end it with softmax"},
	{"flatten, dense 65536, dense 65536, softmax", "dense_1: the net would have more than 2^31 parameters"},
};

START_TEST(build__names_the_layer__whose_shape_does_not_fit)
{
	struct plan p;
	struct err e = {0};

	ck_assert_msg(plan_parse(shapes[_i].text, &p, &e) == 0, "%s", e.text);
	ck_assert_ptr_null(plan_net(&p, mnist, &e));
	ck_assert_msg(strncmp(e.text, shapes[_i].says, strlen(shapes[_i].says)) == 0 ||
	    strstr(e.text, shapes[_i].says) != NULL, "%s", e.text);
}
END_TEST

START_TEST(build__refuses__more_layers_than_a_net_holds)
{
	char text[NN_LAYERS_MAX * 8 + 64] = "flatten";
	struct plan p;
	struct err e = {0};

	for (int i = 0; i < NN_LAYERS_MAX; i++)
		strcat(text, ", relu");
	ck_assert_int_eq(plan_parse(text, &p, &e), -1);
	ck_assert_ptr_nonnull(strstr(e.text, "layers"));
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("build");
	TCase *t = tcase_create("build");

	tcase_add_test(t, build__features__of_a_net_without_pictures);
	suite_add_tcase(s, t);
	tcase_add_loop_test(t, build__reads_and_writes__a_text, 0, sizeof good / sizeof good[0]);
	tcase_add_test(t, build__makes__the_activity_of_its_parameters);
	tcase_add_loop_test(t, build__refuses__a_text_with_a_way_out, 0, sizeof bad / sizeof bad[0]);
	tcase_add_loop_test(t, build__names_the_layer__whose_shape_does_not_fit, 0, sizeof shapes / sizeof shapes[0]);
	tcase_add_test(t, build__refuses__more_layers_than_a_net_holds);
	return run_suite(s);
}
