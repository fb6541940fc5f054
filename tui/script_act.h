/*
 * What the files of the acting verbs share.
 *
 *	script_act.c	    choosing and acting
 *	script_act_ask.c    the command line, and the question to a person
 *	script_act_say.c    what came of it
 */
#pragma once

#include "tui/plan.h"
#include "tui/script.h"

struct script_act {
	const struct script_options *o; /* borrowed */
	struct plan plan;
	struct filter *filter;	    /* own; NULL: by id */
	struct db *reader, *writer; /* own; no writer for a dry run */
	struct planner *planner;    /* own */
	struct actor actor;
};

/* Reads what the options say into the plan: 0, or EXIT_USAGE or EXIT_FAILED
 * with a complaint. */
int script_act_check(struct script_act *s);

/* Asks the person at the terminal, unless the options say yes; false: no. */
bool script_act_confirm(const struct script_act *s);

/* One line, or an object of JSON, on stdout. */
void script_act_report(const struct script_act *s);

/* Whether nothing was skipped and nothing failed. */
bool script_act_is_whole(const struct script_act *s);
