/*
 * Alerts while the relay runs: what it looks at every few seconds, and the rows
 * of the outbox by which it tells the administrator.
 *
 * A notice and the memory of it are one commit, so that a crash neither loses
 * nor doubles one. With no channel for alerts in the settings it does nothing.
 */
#pragma once

#include <stdint.h>

struct alerts;
struct config;

struct alerts *alerts_create(void);
void alerts_destroy(struct alerts *alerts);

/* When there is something to look at again, CLOCK_MONOTONIC microseconds;
 * INT64_MAX if nobody is to be told. */
int64_t alerts_deadline_us(const struct alerts *alerts,
			   const struct config *config);
