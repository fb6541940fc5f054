/* What a value means to its field: states, numbers, spans, points of time. */
#include "lib/lang.h"
#include "lib/util.h"
#include "tui/filter_internal.h"

#include <string.h>
#include <strings.h>
#include <time.h>

enum { NAMES_MAX = 6, DIGITS_MAX = 15, MINUTE_S = 60, DAY_S = 86400 };

#define SPAN_MAX_MS INT64_C(100000000000000)

/* Names beside message_status_name's. */
static const char *const state_names[][NAMES_MAX] = {
	[MESSAGE_PENDING] = {"待发送", "待发", "等待", "等待中"},
	[MESSAGE_SENDING] = {"发送中", "正在发送"},
	[MESSAGE_DELIVERED] = {"done", "已送达", "送达", "已发送"},
	[MESSAGE_FAILED] = {"失败", "已失败"},
	[MESSAGE_EXPIRED] = {"已过期", "过期"},
	[MESSAGE_CANCELLED] = {"canceled", "已取消", "取消"},
};
_Static_assert(ARRAY_LEN(state_names) == MESSAGE_STATUS_COUNT, "all of them");

const char *filter_state_name(enum message_status status, size_t index)
{
	if (index == 0)
		return message_status_name(status);
	return index <= NAMES_MAX ? state_names[status][index - 1] : NULL;
}

static int fault(const struct filter_value *v, struct filter_error *error,
		 const char *message)
{
	return filter_error_set(error, v->at, v->len, message);
}

static bool is_state(const char *text, enum message_status status)
{
	const char *name;
	for (size_t i = 0; (name = filter_state_name(status, i)); i++) {
		if (!strcasecmp(text, name))
			return true;
	}
	return false;
}

static int read_state(struct filter_value *v, struct filter_error *error)
{
	for (unsigned s = 0; s < MESSAGE_STATUS_COUNT; s++) {
		if (is_state(v->text, (enum message_status)s))
			v->states |= 1U << s;
	}
	if (v->states)
		return 0;
	return fault(v, error,
		     _("No such state. There are: pending sending delivered "
		       "failed expired cancelled."));
}

/* Digits, at most DIGITS_MAX of them: moves *s behind. */
static bool take_digits(const char **s, int64_t *out)
{
	const char *from = *s;
	int64_t n = 0;
	for (; **s >= '0' && **s <= '9' && *s - from < DIGITS_MAX; (*s)++)
		n = n * 10 + (**s - '0');
	*out = n;
	return *s > from && !(**s >= '0' && **s <= '9');
}

static int read_number(struct filter_value *v, struct filter_error *error)
{
	const char *s = v->text;
	bool is_minus = *s == '-';
	s += is_minus || *s == '#';
	if (!take_digits(&s, &v->from) || *s)
		return fault(v, error, _("This is no number, such as 42."));
	if (is_minus)
		v->from = -v->from;
	v->to = v->from + 1;
	return 0;
}

static bool take_unit(const char **s, int64_t *ms_out)
{
	static const struct {
		const char *name;
		int64_t ms;
	} units[] = {{"ms", 1},
		     {"s", 1000},
		     {"m", INT64_C(1000) * MINUTE_S},
		     {"h", INT64_C(3600000)},
		     {"d", INT64_C(1000) * DAY_S}};
	for (size_t i = 0; i < ARRAY_LEN(units); i++) {
		size_t len = strlen(units[i].name);
		if (!strncasecmp(*s, units[i].name, len)) {
			*s += len;
			*ms_out = units[i].ms;
			return true;
		}
	}
	return false;
}

/* "1h30m"; 0 needs no unit. Asked for with a colon, 15m is all from 15 to 16
 * minutes. */
static int read_span(struct filter_value *v, enum filter_op op,
		     struct filter_error *error)
{
	const char *s = v->text;
	bool is_minus = *s == '-';
	s += is_minus;
	int64_t ms = 0, n, unit = 1000;
	bool is_good = *s != '\0';
	while (is_good && *s) {
		is_good = take_digits(&s, &n) &&
			  (take_unit(&s, &unit) || (n == 0 && !*s)) &&
			  n <= SPAN_MAX_MS / unit;
		ms += is_good ? n * unit : 0;
		is_good = is_good && ms <= SPAN_MAX_MS;
	}
	if (!is_good)
		return fault(v, error,
			     _("This is no time span: write 90s, 15m, 2h or "
			       "3d."));
	v->from = is_minus ? -ms : ms;
	v->to = v->from + (op == OP_IS ? unit : 1);
	return 0;
}

/* Local time; mktime moves a day that the month lacks into the next. */
static bool make_time(struct tm tm, int64_t *ms_out)
{
	struct tm made = tm;
	made.tm_isdst = -1;
	time_t at = mktime(&made);
	*ms_out = (int64_t)at * 1000;
	return at > 0 && made.tm_mday == tm.tm_mday && made.tm_mon == tm.tm_mon;
}

static int read_time(struct filter_value *v, struct filter_error *error)
{
	static const struct {
		const char *format;
		int minutes, seconds; /* what the next point of time adds */
	} formats[] = {{"%Y-%m-%d", 0, 0},
		       {"%Y-%m-%dT%H:%M", 1, 0},
		       {"%Y-%m-%d %H:%M", 1, 0},
		       {"%Y-%m-%dT%H:%M:%S", 0, 1},
		       {"%Y-%m-%d %H:%M:%S", 0, 1}};
	for (size_t i = 0; i < ARRAY_LEN(formats); i++) {
		struct tm tm = {0};
		const char *end = strptime(v->text, formats[i].format, &tm);
		if (!end || *end || tm.tm_year < 70 || tm.tm_year > 7000)
			continue;
		if (!make_time(tm, &v->from))
			break;
		v->to = v->from + INT64_C(60000) * formats[i].minutes +
			INT64_C(1000) * formats[i].seconds;
		if (v->to > v->from)
			return 0;
		/* A day of summer time has 23 or 25 hours. */
		time_t later = v->from / 1000 + DAY_S + DAY_S / 2;
		localtime_r(&later, &tm);
		tm.tm_hour = tm.tm_min = tm.tm_sec = 0;
		if (make_time(tm, &v->to))
			return 0;
		break;
	}
	return fault(v, error,
		     _("This is no time: write 2026-11-22 or "
		       "2026-11-22T08:00."));
}

int filter_value_read(const struct filter_term *term, struct filter_value *v,
		      struct filter_error *error)
{
	switch (term->field->kind) {
	case KIND_STATE:
		return read_state(v, error);
	case KIND_NUMBER:
	case KIND_HTTP:
		return read_number(v, error);
	case KIND_SPAN:
		return read_span(v, term->op, error);
	case KIND_TIME:
		return read_time(v, error);
	case KIND_TEXT:
	case KIND_ERROR:
	case KIND_GROUP:
	case KIND_PAYLOAD:
	case KIND_WHO:
	case KIND_WORD:
	case KIND_COUNT:
		break;
	}
	return 0;
}

bool filter_kind_has_order(enum filter_kind kind)
{
	return kind == KIND_NUMBER || kind == KIND_HTTP || kind == KIND_SPAN ||
	       kind == KIND_TIME;
}

bool filter_kind_has_prefix(enum filter_kind kind)
{
	return !filter_kind_has_order(kind) && kind != KIND_STATE &&
	       kind != KIND_GROUP;
}
