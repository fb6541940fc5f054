/*
 * Times as people type them.
 */
#pragma once

#include <stdint.h>

/* Reads "2026-01-31T08:00:00+08:00" (also with a blank for the T, with Z, and
 * without seconds), "+10m" (from now), or milliseconds since 1970. A time
 * without a zone is refused: nobody can tell whose it is. Returns 0, or -1 with
 * *why_out set, which the caller frees. */
int when_parse(const char *text, int64_t now_ms, int64_t *at_ms_out,
	       char **why_out);
