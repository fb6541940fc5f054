#include "lib/lang.h"
#include "lib/util.h"
#include "tui/app_internal.h"
#include "tui/view_list_internal.h"
#include "tui/word.h"

#include <stdlib.h>
#include <string.h>

enum {
	P = 1 << LIST_PENDING,
	S = 1 << LIST_SENDING,
	F = 1 << LIST_FAILED,
	D = 1 << LIST_DELIVERED,
	A = 1 << LIST_ALL
};

/* clang-format off */
static const struct column columns[COLUMN_COUNT] = {
	[COLUMN_ID] = {N_("column|ID"), N_("id"), 9, 10, 1, P | S | F | D | A, P | S | F | D | A},
	[COLUMN_STATE] = {N_("column|STATE"), N_("state"), 9, 9, 2, A, A},
	[COLUMN_CHANNEL] = {N_("column|CHANNEL"), N_("channel"), 12, 16, 5, P | S | F | D | A, P | S | F | D | A},
	[COLUMN_TO] = {N_("column|TO"), N_("recipient"), 14, 20, 6, P | S | F | D | A, P | S | F | D | A},
	[COLUMN_KEY] = {N_("column|KEY"), N_("key"), 14, 18, 8, P | D, P | S | F | D | A},
	[COLUMN_TYPE] = {N_("column|TYPE"), N_("type"), 14, 24, 11, 0, D},
	[COLUMN_PRIORITY] = {N_("column|PRI"), N_("priority"), 3, 3, 12, 0, 0},
	[COLUMN_TRY] = {N_("column|TRY"), N_("tries"), 5, 5, 7, P | S | F | D | A, P | S | F | D | A},
	[COLUMN_AGE] = {N_("column|AGE"), N_("age"), 6, 8, 4, P | S | F | D | A, P | S | F | D | A},
	[COLUMN_DUE] = {N_("column|DUE"), N_("due"), 9, 11, 4, P, P},
	[COLUMN_TOOK] = {N_("column|TOOK"), N_("time to delivery"), 6, 8, 9, D, D},
	[COLUMN_LAST_TRY] = {N_("column|LAST TRY"), N_("last try"), 8, 11, 9, 0, F},
	[COLUMN_ERROR] = {N_("column|LAST ERROR"), N_("last error"), 24, 40, 3, S | F | A, P | S | F | A},
};
/* clang-format on */

const struct column *list_column(enum list_column column)
{
	return &columns[column];
}

static bool is_sorted_by(const struct list_view *l, enum list_column column)
{
	static const enum list_column of[SORT_COUNT] = {
		[SORT_ID] = COLUMN_ID,
		[SORT_DUE] = COLUMN_DUE,
		[SORT_UPDATED] = COLUMN_AGE,
	};
	return of[l->sort] == column;
}

/* Which way it goes, seen from the numbers in the column: ids and due times
 * fall where the newest is first, ages rise. */
static const char *direction(const struct list_view *l)
{
	bool is_newest_first = l->sort == SORT_ID && l->kind == LIST_ALL;
	if (l->sort == SORT_UPDATED)
		is_newest_first = true;
	return is_newest_first != l->is_reversed ? " v" : " ^";
}

struct fmt list_column_title(const struct list_view *l, enum list_column column)
{
	struct fmt f;
	const char *title = C_(columns[column].title);
	if (column == COLUMN_ERROR && l->kind != LIST_FAILED &&
	    l->kind != LIST_PENDING)
		title = C_("column|INFO");
	snprintf(f.s, sizeof(f.s), "%s%s", title,
		 is_sorted_by(l, column) ? direction(l) : "");
	return f;
}

/* Since when a row is as it is: what waits, since it was made. */
int64_t list_age_from(const struct row *row)
{
	switch (row->status) {
	case MESSAGE_DELIVERED:
		return row->delivered_at_ms ? row->delivered_at_ms
					    : row->updated_at_ms;
	case MESSAGE_FAILED:
	case MESSAGE_EXPIRED:
	case MESSAGE_CANCELLED:
	case MESSAGE_SENDING:
		return row->updated_at_ms;
	case MESSAGE_PENDING:
	case MESSAGE_STATUS_COUNT:
		break;
	}
	return row->created_at_ms;
}

static const char *state_word(const struct row *row)
{
	static const char *const words[MESSAGE_STATUS_COUNT] = {
		[MESSAGE_PENDING] = N_("state|pending"),
		[MESSAGE_SENDING] = N_("state|SENDING"),
		[MESSAGE_DELIVERED] = N_("state|done"),
		[MESSAGE_FAILED] = N_("state|FAILED"),
		[MESSAGE_EXPIRED] = N_("state|EXPIRED"),
		[MESSAGE_CANCELLED] = N_("state|canceled"),
	};
	return row->status < MESSAGE_STATUS_COUNT ? C_(words[row->status])
						  : "?";
}

/* Why what is due does not go; NULL: it goes. */
static const char *stop_word(const struct app *app, const struct row *row)
{
	const struct channel_state *c =
		pulse_channel(app_pulse(app), row->channel);
	if (row->due_at_ms > app_now_ms(app) || !c || !channel_is_stopped(c))
		return NULL;
	return strcmp(c->state, "held") == 0 ? C_("due|held")
					     : C_("due|paused");
}

static char *due_text(const struct app *app, const struct row *row)
{
	/* Its turn would not come before the channel goes on. */
	if (stop_word(app, row))
		return xstrdup(stop_word(app, row));
	if (row->waits_for)
		return xstrdup(word_of(WORD_WAITS, row->waits_for, NULL));
	if (row->due_at_ms <= app_now_ms(app))
		return xstrdup(_("now"));
	return xstrdup(
		fmt_at(row->due_at_ms, app_now_ms(app), app_times(app)).s);
}

/* What an All list says of a row that nothing is wrong with. */
static char *info_text(const struct app *app, const struct row *row)
{
	int64_t now_ms = app_now_ms(app);
	if (row->status == MESSAGE_SENDING)
		return xasprintf(_("%s on the wire, %s"),
				 fmt_span(now_ms - row->updated_at_ms).s,
				 row->lease_owner ? row->lease_owner : "?");
	if (row->status == MESSAGE_DELIVERED && row->delivered_at_ms)
		return xasprintf(
			_("took %s"),
			fmt_fine_span(row->delivered_at_ms - row->created_at_ms)
				.s);
	if (row->status != MESSAGE_PENDING)
		return row_error(row);
	scoped_free char *error = row_error(row);
	if (*error)
		return steal(&error);
	scoped_free char *due = due_text(app, row);
	bool is_word = row->waits_for || stop_word(app, row);
	return is_word ? steal(&due) : xasprintf(_("due %s"), due);
}

static char *number(int64_t n)
{
	return xasprintf("%lld", (long long)n);
}

static char *tries(const struct row *row)
{
	if (row->max_attempts == 0)
		return number(row->attempts);
	return xasprintf("%lld/%lld", (long long)row->attempts,
			 (long long)row->max_attempts);
}

static char *took_text(const struct row *row)
{
	if (row->delivered_at_ms == 0)
		return xstrdup("");
	return xstrdup(
		fmt_fine_span(row->delivered_at_ms - row->created_at_ms).s);
}

static char *point(const struct app *app, int64_t at_ms)
{
	return xstrdup(fmt_at(at_ms, app_now_ms(app), app_times(app)).s);
}

/* Beside the age, when it was: to look for in other logs. */
static char *last_try(const struct app *app, const struct row *row)
{
	enum fmt_time mode =
		app_times(app) == FMT_AGO ? FMT_LOCAL : app_times(app);
	if (row->attempts == 0)
		return xstrdup("");
	return xstrdup(fmt_at(row->updated_at_ms, app_now_ms(app), mode).s);
}

char *list_cell(const struct list_view *l, const struct app *app,
		const struct row *row, enum list_column column)
{
	bool is_info = l->kind != LIST_FAILED && l->kind != LIST_PENDING;
	/* clang-format off */
	switch (column) {
	case COLUMN_ID: return number(row->id);
	case COLUMN_STATE: return xstrdup(state_word(row));
	case COLUMN_CHANNEL: return xstrdup(row->channel);
	case COLUMN_TO: return row_recipient(row, app_is_unmasked(app));
	case COLUMN_KEY: return xstrdup(row_key(row));
	case COLUMN_TYPE: return xstrdup(row->type);
	case COLUMN_PRIORITY: return number(row->priority);
	case COLUMN_TRY: return tries(row);
	case COLUMN_AGE: return point(app, MIN(list_age_from(row), app_now_ms(app)));
	case COLUMN_DUE: return due_text(app, row);
	case COLUMN_TOOK: return took_text(row);
	case COLUMN_LAST_TRY: return last_try(app, row);
	case COLUMN_ERROR: return is_info ? info_text(app, row) : row_error(row);
	case COLUMN_COUNT: break;
	}
	/* clang-format on */
	return xstrdup("");
}
