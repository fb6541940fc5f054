#include "relay/alert_book.h"

#include "lib/util.h"

#include <stdlib.h>
#include <string.h>

static const char *const kinds[] = {
	[ALERT_CHANNEL_HELD] = "channel-held",
	[ALERT_CHANNEL_PAUSED] = "channel-paused",
	[ALERT_BACKLOG_OLD] = "backlog-old",
	[ALERT_ROWS_FAILED] = "rows-failed",
};
_Static_assert(ARRAY_LEN(kinds) == ALERT_KIND_COUNT, "a name for each");

const char *alert_kind_name(enum alert_kind kind)
{
	return kinds[kind];
}

enum alert_kind alert_kind_find(const char *name)
{
	enum alert_kind kind = 0;
	while (kind < ALERT_KIND_COUNT && strcmp(kinds[kind], name) != 0)
		kind++;
	return kind;
}

bool alert_is_of(const struct alert *a, enum alert_kind kind,
		 const char *subject)
{
	return a->kind == kind && strcmp(a->subject, subject) == 0;
}

struct alert *alert_book_find(const struct alert_book *book,
			      enum alert_kind kind, const char *subject)
{
	for (size_t i = 0; i < book->count; i++) {
		if (alert_is_of(&book->list[i], kind, subject))
			return &book->list[i];
	}
	return NULL;
}

struct alert *alert_book_add(struct alert_book *book, enum alert_kind kind,
			     const char *subject)
{
	size_t size = (book->count + 1) * sizeof(*book->list);
	book->list = xrealloc(book->list, size);
	struct alert *a = &book->list[book->count++];
	*a = (struct alert){
		.kind = kind,
		.subject = xstrdup(subject),
		.gone_ms = ALERT_NEVER,
		.told_ms = ALERT_NEVER,
	};
	return a;
}

static void finish_one(struct alert *a)
{
	free(a->subject);
	free(a->key);
}

void alert_book_remove(struct alert_book *book, size_t index)
{
	finish_one(&book->list[index]);
	book->count--;
	for (size_t i = index; i < book->count; i++)
		book->list[i] = book->list[i + 1];
	book->is_changed = true;
}

void alert_book_copy(struct alert_book *out, const struct alert_book *book)
{
	*out = (struct alert_book){0};
	for (size_t i = 0; i < book->count; i++) {
		const struct alert *from = &book->list[i];
		struct alert *to =
			alert_book_add(out, from->kind, from->subject);
		char *subject = to->subject;
		*to = *from;
		to->subject = subject;
		to->key = xstrdup_or_null(from->key);
	}
}

void alert_book_finish(struct alert_book *book)
{
	for (size_t i = 0; i < book->count; i++)
		finish_one(&book->list[i]);
	free(book->list);
	*book = (struct alert_book){0};
}
