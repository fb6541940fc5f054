/*
 * One failure, put in the way of one row of a running relay, and what becomes
 * of the row and of its channel: for the tests that walk all of them.
 *
 * The relay must run with CODEBENCH_SETTINGS.
 */
#pragma once

#include "tests/support/scene.h"

/* A row that is tried again must not be while it is looked at. */
#define CODEBENCH_SETTINGS "RELAY_BACKOFF=1h", "RELAY_JITTER=0"

struct code_case {
	const char *name;  /* for messages */
	const char *rules; /* of the simulator, tests/sim/fault.h */
	bool is_token;	   /* at the token call: the token is killed before, and
			      what the class says is the channel's trouble */
	char class;	   /* as in tests/support/sheet.h, and V: delivered */
	int64_t s;
	bool is_unsure;
	const char *reason; /* NULL: any */
	int64_t code;	    /* of the attempt */
};

/* Inserts a row and waits until it has met the failure. Whether everything is
 * as the class says; else it is printed, with the name. */
bool codebench_try(struct scene *s, const struct code_case *c);

/* Takes the failures away, resumes the channel as an operator does, sends one
 * row more and waits until the channel is open. Rows that wait are delivered if
 * they have not been tried, and taken back if they have. */
void codebench_mend(struct scene *s);

/* Makes the relay ask for a token with the next row. */
void codebench_kill_token(struct scene *s);

/* Writes an operator's resume of the channel. */
void codebench_resume(struct scene *s);
