/*
 * The journal: one line of JSON a call, written before the call is answered.
 *
 * No AppSecret and no access token ever stands in it in clear, wherever in the
 * request it was.
 */
#pragma once

#include "tests/sim/call.h"

struct journal;

/* Opens the file for appending. NULL, having said so on stderr, if it cannot
 * be opened. */
struct journal *journal_open(const char *path);
void journal_close(struct journal *j);

/* Writes and flushes a call's line. `secret` is the account's own. */
void journal_write(struct journal *j, const struct call *c, const char *secret);
