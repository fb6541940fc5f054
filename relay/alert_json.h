/*
 * What is remembered of trouble, as a text that outlives the process. Times in
 * it are of the wall clock. Since when a trouble is gone is not kept: a relay
 * that has just been started has seen too little to say so. Pure.
 */
#pragma once

#include "relay/alert.h"

/* The caller frees. */
char *alert_json_print(const struct alert_book *book,
		       const struct alert_time *now);

/* Adds to an empty book what the text says. Returns 0, or -1 if some or all of
 * it cannot be read. What lies ahead, because the clock was set back, counts as
 * now. */
int alert_json_parse(const char *text, const struct alert_time *now,
		     struct alert_book *out);
