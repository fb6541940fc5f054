/*
 * What files and the environment offer: for each setting the strongest value,
 * as text, and where it stands. What is wrong with names and lines becomes a
 * problem here; the values are not looked at.
 *
 * Holds secrets: all memory is wiped when it is freed.
 */
#pragma once

#include "relay/config_name.h"
#include "relay/config_problem.h"

struct config_offer {
	struct config_name name;
	char *text;	  /* own */
	char *where;	  /* own; "backend/.env:12", "environment" */
	const char *file; /* borrowed; NULL: the environment */
	unsigned line;
};

/* A zeroed struct holds none. */
struct config_offers {
	struct config_offer *list; /* own; in the order they were first met */
	size_t count;
};

/* Reads the files in their order and then the environment, the later the
 * stronger; with file_count 0 .env, if it is there. */
void config_offers_read(struct config_offers *offers, const char *const *files,
			size_t file_count, struct config_problems *problems);

/* The offer for a setting of that channel ("": of no single one), or NULL.
 * Borrowed. An empty text stands for the default. */
const struct config_offer *
config_offers_find(const struct config_offers *offers,
		   const struct setting *setting, const char *channel);

void config_offers_finish(struct config_offers *offers);
