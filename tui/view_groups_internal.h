/*
 * Failed rows by what went wrong, as a view: what its two files share.
 */
#pragma once

#include "tui/app.h"
#include "tui/groups.h"

struct groups_view {
	struct view view;
	struct groups *groups;		/* own */
	struct filter *filter;		/* own */
	char *channel, *reason, *error; /* own; of the cursor's group, NULL */
	size_t cursor, top;
	int height, skip;
};

void groups_paint(struct view *view, struct app *app, struct grid *g,
		  struct area area);
