/* model.c: the plain data of model.h, grown and released. */
#include "model.h"
