/*
 * The simulator's own endpoints under /sim/, for tests: never journaled, never
 * faulty, never late, no token asked.
 *
 *	GET  /sim/stats    counters
 *	POST /sim/faults   [rule, ...]   replaces all rules; [] clears them
 *	POST /sim/expire   {"family":"stable|classic",
 *	                    "how":"expire|kill|stale"}
 *	POST /sim/secret   {"secret":"..."}
 *	POST /sim/users    [{id, openid, credits}, ...]
 *	POST /sim/templates [{priTmplId, title, content}, ...]
 *	POST /sim/reset    clears counters, faults, repeats, used consents
 *
 * Bad requests get 400 and {"error": why}.
 */
#pragma once

#include <stdbool.h>

#include "tests/sim/sim.h"

bool control_is_path(const char *path);

/* Does what the call asks and answers it. */
void control_serve(struct sim *s, struct call *c);
