#include "tui/row.h"

#include "lib/lang.h"
#include "lib/text.h"
#include "lib/util.h"

#include <stdlib.h>
#include <string.h>

static char *take(struct db_stmt *st, int column)
{
	return xstrdup_or_null(db_text(st, column));
}

static enum message_status read_status(const char *name)
{
	for (int s = 0; name && s < MESSAGE_STATUS_COUNT; s++) {
		if (!strcmp(name, message_status_name((enum message_status)s)))
			return (enum message_status)s;
	}
	return MESSAGE_PENDING;
}

void row_read(struct row *row, struct db_stmt *st, int first)
{
	int c = first;
	*row = (struct row){.id = db_int(st, c)};
	row->version = db_int(st, ++c);
	row->status = read_status(db_text(st, ++c));
	row->priority = db_int(st, ++c);
	row->attempts = db_int(st, ++c);
	row->max_attempts = db_int(st, ++c);
	row->generation = db_int(st, ++c);
	row->created_at_ms = db_int(st, ++c);
	row->updated_at_ms = db_int(st, ++c);
	row->due_at_ms = db_int(st, ++c);
	row->expires_at_ms = db_int(st, ++c);
	row->delivered_at_ms = db_int(st, ++c);
	row->lease_until_ms = db_int(st, ++c);
	const char *channel = db_text(st, ++c);
	row->channel = xstrdup(channel ? channel : "");
	row->type = take(st, ++c);
	row->recipient = take(st, ++c);
	row->ordering_key = take(st, ++c);
	row->dedup_key = take(st, ++c);
	row->waits_for = take(st, ++c);
	row->lease_owner = take(st, ++c);
	row->last_reason = take(st, ++c);
	row->last_error = take(st, ++c);
	row->type = row->type ? row->type : xstrdup("");
}

void row_copy(struct row *to, const struct row *from)
{
	*to = *from;
	to->channel = xstrdup_or_null(from->channel);
	to->type = xstrdup_or_null(from->type);
	to->recipient = xstrdup_or_null(from->recipient);
	to->ordering_key = xstrdup_or_null(from->ordering_key);
	to->dedup_key = xstrdup_or_null(from->dedup_key);
	to->waits_for = xstrdup_or_null(from->waits_for);
	to->lease_owner = xstrdup_or_null(from->lease_owner);
	to->last_reason = xstrdup_or_null(from->last_reason);
	to->last_error = xstrdup_or_null(from->last_error);
}

void row_finish(struct row *row)
{
	free(row->channel);
	free(row->type);
	free(row->recipient);
	free(row->ordering_key);
	free(row->dedup_key);
	free(row->waits_for);
	free(row->lease_owner);
	free(row->last_reason);
	free(row->last_error);
	*row = (struct row){.id = 0};
}

char *row_recipient(const struct row *row, bool is_unmasked)
{
	if (!row->recipient)
		return xstrdup("");
	return is_unmasked ? xstrdup(row->recipient) : row_mask(row->recipient);
}

const char *row_key(const struct row *row)
{
	const char *key =
		row->ordering_key ? row->ordering_key : row->dedup_key;
	return key ? key : "";
}

/* The code that an error begins with, as the relay writes it: "43101" of
 * "errcode=43101 ...", "HTTP 503"; "" if there is none. The caller frees. */
static char *read_code(const char *error)
{
	static const struct {
		const char *before, *shown;
	} forms[] = {
		{"errcode=", ""},
		{"statusCode=", ""},
		{"code=", ""},
		{"HTTP ", "HTTP "},
	};
	static const char unsure[] = "outcome unknown: ";
	if (!strncmp(error, unsure, strlen(unsure)))
		error += strlen(unsure);
	for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
		size_t len = strlen(forms[i].before);
		if (strncmp(error, forms[i].before, len) != 0)
			continue;
		const char *code = error + len;
		size_t digits = strspn(code + (*code == '-'), "0123456789");
		if (digits)
			return xasprintf("%s%.*s", forms[i].shown,
					 (int)digits + (*code == '-'), code);
	}
	return xstrdup("");
}

char *row_error(const struct row *row)
{
	const char *error = row->last_error ? row->last_error : "";
	enum reason reason = reason_find(row->last_reason);
	/* That it was tried often enough is not what went wrong. */
	bool is_spent = reason == REASON_ATTEMPTS_USED_UP && *error;
	if (reason != REASON_NONE && !is_spent) {
		/* What an earlier try met is not why it was cancelled. */
		bool is_of_it = row->status != MESSAGE_CANCELLED;
		scoped_free char *code = read_code(is_of_it ? error : "");
		return xasprintf("%s%s%s", code, *code ? " " : "",
				 reason_cause(reason, lang_reason()));
	}
	if (!*error && row->last_reason)
		error = row->last_reason;
	return text_clean(error, strlen(error));
}
