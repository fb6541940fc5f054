/*
 * What a notice says to the administrator, in English or Chinese: what, since
 * when, how many rows wait, why and what to do, and where. Pure but for the
 * host's time zone.
 */
#pragma once

#include "relay/alert.h"

#include <stddef.h>

struct alert_told {
	const struct alert_notice *notice; /* borrowed, as are the texts */
	enum reason_lang lang;
	enum reason reason; /* whose cause and remedy are told; of rows that
			       failed, most of them have it */
	const char *detail; /* what was answered last, or "" */
	int64_t rows;	    /* that wait, or that failed within an hour */
	int64_t rows_most;  /* so many or more is "at least" */
	int64_t age_ms;	    /* of the oldest row that is due; 0: not told */
	int64_t now_ms, now_wall_ms;
	const char *host, *db;
};

/* Some lines of plain text, without secrets. The caller frees. */
char *alert_text(const struct alert_told *told);

/* The row's payload, that text in it and the same as fields. The caller
 * frees. */
char *alert_payload(const struct alert_told *told);
