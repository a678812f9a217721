/* sketch.h: a canvas that is drawn on: grey pixels, a brush and a cursor, what was drawn before, and what the host
 * makes of it. Data alone: it knows no keys and no terminal. One of zeros is an empty canvas, ready for use.
 */
#ifndef UI_SKETCH_H
#define UI_SKETCH_H

#include <stdbool.h>
#include <stdint.h>

#define UI_SKETCH_SIDE 28 /* pixels */
#define UI_SKETCH_UNDO 32 /* strokes that can be taken back */
#define UI_SKETCH_BARS 16
#define UI_SKETCH_BRUSH_LEAST (-1) /* sizes of the brush; 0 is as thick as the strokes of MNIST */
#define UI_SKETCH_BRUSH_MOST 5

struct ui_sketch_bar {
	char name[16];
	double part; /* 0..1 */
};

struct ui_sketch {
	uint64_t version; /* counted up at each change of the ink */
	uint8_t ink[UI_SKETCH_SIDE * UI_SKETCH_SIDE]; /* [y][x], 255: full */
	int down, right; /* the cursor's pixel, from the middle */
	int brush; /* its size */
	bool pen; /* the cursor draws where it goes */
	bool erases; /* it takes ink away */
	bool pointed; /* the mouse was the last to draw */
	bool drawing; /* a stroke of it began on the canvas */
	double y, x; /* where the mouse's stroke has come to */
	int nundo;
	uint8_t undo[UI_SKETCH_UNDO][UI_SKETCH_SIDE * UI_SKETCH_SIDE]; /* before each stroke, newest last */
	/* filled by whoever draws the screen */
	bool shown; /* the canvas is in view */
	/* filled by the host */
	int nbars, best; /* the highest bar; -1: none is to be named */
	struct ui_sketch_bar bar[UI_SKETCH_BARS];
	char verdict[32]; /* "7 .98" */
	char said[160]; /* what was done to the picture, or why there are no bars */
};

void ui_sketch_begin(struct ui_sketch *s); /* of a stroke: what is there can be brought back */
/* A line of the brush's thickness with soft edges, between two points in pixels from the upper left corner, of which
 * each may lie outside; a dot where they are the same. */
void ui_sketch_line(struct ui_sketch *s, double y0, double x0, double y1, double x1, bool erase);
void ui_sketch_clear(struct ui_sketch *s); /* which can be taken back, too */
bool ui_sketch_undo(struct ui_sketch *s); /* the last stroke; false: there is none */
bool ui_sketch_empty(const struct ui_sketch *s);
double ui_sketch_radius(const struct ui_sketch *s); /* of the brush, in pixels */

#endif
