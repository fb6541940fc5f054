/*
 * The channels w, d and f of a scene: robots of WeCom, DingTalk and Feishu, as
 * the simulator has them (tests/sim/robot.h).
 */
#pragma once

#include "tests/sim/robot.h"
#include "tests/support/scene.h"

/* Starts the relay with the three and types of their names; settings given
 * ("KEY=value", NULL at the end, or NULL) come in place of those of the same
 * key. */
void robots_start(struct scene *s, const char *const *settings);

/* Waits until no row is pending or on the wire. */
void robots_wait_settled(struct scene *s);

/* Cancels what is pending and has the simulator forget everything. */
void robots_clear(struct scene *s);
