/*
 * A steady load in simulated time: each minute some rows are inserted as a CRM
 * does, claimed, delivered, and after an hour pruned.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum { STEADY_HOURS = 6 };

/* Runs it in dir/steady.db; bytes[n] gets the size of the file, as its readers
 * see it, after hour n + 1. The test fails if more rows are left than an hour
 * and a minute bring. */
void steady_run(const char *dir, int minute_rows, int64_t bytes[STEADY_HOURS]);

/* Whether the file has stopped growing: hour 6 is at most a tenth above hour 3.
 */
bool steady_is_steady(const int64_t bytes[STEADY_HOURS]);
