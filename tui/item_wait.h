/*
 * What a pending row waits for: the statements that tell, asked as the relay
 * asks when it claims. Part of tui/item.c's reading; nobody else includes it.
 */
#pragma once

#include "tui/item.h"

struct item_waits;
struct item_waits *item_waits_create(struct db *db);
void item_waits_destroy(struct item_waits *w);

/* Sets item->wait and item->blocker. is_order_held: a dead letter of its
 * channel holds its ordering key. */
int item_waits_look(struct item_waits *w, struct item *item,
		    bool is_order_held);
