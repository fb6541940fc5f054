/*
 * One epoll set and one timer: everything this process waits for. The owner of
 * a descriptor registers a function; loop_wait sleeps once and calls those that
 * have something. Knows nothing of what the descriptors are.
 */
#pragma once

#include <stdint.h>

struct loop;

/* Called with epoll's events. */
typedef void loop_fn(void *ctx, int fd, uint32_t events);

/* Returns 0 or < 0. Ended by loop_destroy, which closes no registered fd. */
int loop_create(struct loop **loop_out);
void loop_destroy(struct loop *loop);

/* Registers a descriptor, or changes what is asked of it. The loop never closes
 * it; call loop_remove before closing. Returns 0 or < 0. */
int loop_set(struct loop *loop, int fd, uint32_t events, loop_fn *fn,
	     void *ctx);
void loop_remove(struct loop *loop, int fd);

/* Waits until a descriptor is ready or CLOCK_MONOTONIC reaches deadline_us,
 * then calls the functions of those that are ready. A deadline that has passed
 * only looks. Returns 0 or < 0. */
int loop_wait(struct loop *loop, int64_t deadline_us);
