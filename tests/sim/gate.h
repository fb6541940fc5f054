/*
 * The way a call takes through the account: which service it is for, what can
 * be read out of it, which fault meets it, the journal, the answer.
 */
#pragma once

#include "tests/sim/sim.h"

/* Judges a call whose request is complete: c->answer is set when this returns,
 * the journal is written, and the call counts as under way until gate_leave. */
void gate_enter(struct sim *s, struct call *c);

/* The call is being answered or its client is gone. Harmless when repeated. */
void gate_leave(struct sim *s, struct call *c);
