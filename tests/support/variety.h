/*
 * An outbox with everything that an operator can meet: the rows, logs and acts
 * of tests/fixtures/console.sql.
 */
#pragma once

#include <sqlite3.h>
#include <stdint.h>

/* When to look at it: 2025-12-04 14:22:07 in Shanghai. */
#define VARIETY_NOW INT64_C(1764829327000)

/* Into an outbox that is new. */
void variety_fill(sqlite3 *db);
