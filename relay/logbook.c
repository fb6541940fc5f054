#include "relay/logbook.h"

#include "lib/clock.h"
#include "lib/log.h"
#include "lib/util.h"
#include "relay/store.h"

#include <stdlib.h>

enum { LINES_MAX = 1000 };

struct line {
	int64_t at_ms;
	enum log_level level;
	char *event;  /* own */
	char *fields; /* own */
};

struct logbook {
	struct line lines[LINES_MAX];
	size_t count;
	size_t written; /* in the commit under way */
	size_t dropped;
};

static void keep(void *ctx, enum log_level level, const char *event,
		 const char *fields)
{
	struct logbook *book = ctx;
	if (level > LOG_INFO)
		return;
	if (book->count == LINES_MAX) {
		book->dropped++;
		return;
	}
	book->lines[book->count++] = (struct line){
		.at_ms = clock_wall_ms(),
		.level = level,
		.event = xstrdup(event),
		.fields = xstrdup(fields),
	};
}

struct logbook *logbook_create(void)
{
	struct logbook *book = xcalloc(1, sizeof(*book));
	log_set_sink(keep, book);
	return book;
}

static void drop(struct logbook *book, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		free(book->lines[i].event);
		free(book->lines[i].fields);
	}
	book->count -= count;
	for (size_t i = 0; i < book->count; i++)
		book->lines[i] = book->lines[i + count];
}

void logbook_destroy(struct logbook *book)
{
	if (!book)
		return;
	log_set_sink(NULL, NULL);
	drop(book, book->count);
	free(book);
}

int logbook_write(struct logbook *book, struct store *store)
{
	int rc = 0;
	size_t count = book->count;
	for (size_t i = 0; i < count && rc == 0; i++) {
		const struct line *l = &book->lines[i];
		rc = store_log(store, l->at_ms, log_level_name(l->level),
			       l->event, l->fields);
	}
	if (rc == 0 && book->dropped) {
		scoped_free char *fields =
			xasprintf("count=%zu", book->dropped);
		rc = store_log(store, clock_wall_ms(), "warn",
			       "log lines dropped", fields);
	}
	book->written = rc ? 0 : count;
	return rc;
}

void logbook_clear(struct logbook *book)
{
	drop(book, book->written);
	book->written = 0;
	book->dropped = 0;
}
