/* What is wrong with a filter, and what may come next. Other code relies on: an
 * error points into the text, whatever the bytes are; a text parsed again is
 * the same filter. */
#include "lib/buf.h"
#include "lib/text.h"
#include "lib/util.h"
#include "schema/message.h"
#include "tests/support/check.h"
#include "tui/filter.h"

#include <stdlib.h>
#include <string.h>

static const struct {
	const char *text;
	size_t at, len;
	const char *message; /* begins so */
} faults[] = {
	{"foo:1", 0, 3,
	 "No such field. There are: state channel to key err group"},
	{"x -foo:1", 3, 3, "No such field"},
	{"状 ｆｏｏ：1", 4, 9, "No such field"},
	{"state:", 0, 6, "A value is missing"},
	{"a state: b", 2, 6, "A value is missing"},
	{"state:a,", 6, 1, "No such state"},
	{"state:failed,", 0, 13, "A value is missing"},
	{"state:failed,,done", 0, 13, "A value is missing"},
	{"to:\"\"", 0, 5, "A value is missing"},
	{"\"\"", 0, 2, "A value is missing"},
	{"-\"\"", 0, 3, "A value is missing"},
	{"state:faild", 6, 5, "No such state"},
	{"state:failed,foo", 13, 3, "No such state"},
	{"state:\"no\"", 6, 4, "No such state"},
	{"state:fail*", 6, 5, "This field takes no *"},
	{"state>failed", 0, 6, "This field has no order"},
	{"to<=a", 0, 4, "This field has no order"},
	{"err:>a", 0, 5, "This field has no order"},
	{"id:12a", 3, 3, "This is no number"},
	{"id:1*", 3, 2, "This field takes no *"},
	{"id:-", 3, 1, "This is no number"},
	{"id:1,x", 5, 1, "This is no number"},
	{"id:9999999999999999", 3, 16, "This is no number"},
	{"try:1.5", 4, 3, "This is no number"},
	{"http:5xx", 5, 3, "This is no number"},
	{"age>5", 4, 1, "This is no time span"},
	{"age>-", 4, 1, "This is no time span"},
	{"age>1y", 4, 2, "This is no time span"},
	{"age>1h30", 4, 4, "This is no time span"},
	{"age>999999999999999d", 4, 16, "This is no time span"},
	{"due>99999999999d1d", 4, 14, "This is no time span"},
	{"created:2026-13-01", 8, 10, "This is no time"},
	{"created:2026-02-30", 8, 10, "This is no time"},
	{"created:yesterday", 8, 9, "This is no time"},
	{"created>2026-11-22T25:00", 8, 16, "This is no time"},
	{"created:1900-01-01", 8, 10, "This is no time"},
	{"to:\"a", 3, 2, "The quote is not closed"},
	{"x \"a b", 2, 4, "The quote is not closed"},
	{"to:“a", 3, 4, "The quote is not closed"},
	{"to:\"a“", 3, 5, "The quote is not closed"},
	{"to:\"a\\\"", 3, 4, "The quote is not closed"},
	{"to:\"a\"b", 6, 1, "A blank is missing"},
	{"to:\"a\"\"b\"", 6, 1, "A blank is missing"},
	{"a \xff", 2, 1, "This is no UTF-8"},
	{"\xe4\xb8", 0, 1, "This is no UTF-8"},
};

static void test_faults(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(faults); i++) {
		struct filter *f = NULL;
		struct filter_error e = {0};
		if (filter_parse(faults[i].text, &f, &e) != 1 || f ||
		    e.at != faults[i].at || e.len != faults[i].len ||
		    strncmp(e.message, faults[i].message,
			    strlen(faults[i].message)) != 0)
			fail_msg("%s: at %zu, %zu: %s", faults[i].text, e.at,
				 e.len, e.message);
	}
}

static char *repeat(const char *text, size_t count)
{
	struct buf b = {0};
	for (size_t i = 0; i < count; i++)
		buf_adds(&b, text);
	return buf_detach(&b);
}

/* The message of the error, or "" if there is none; the caller frees. */
static char *complaint(const char *text, size_t *at_out)
{
	struct filter *f = NULL;
	struct filter_error e = {0};
	filter_parse(text, &f, &e);
	filter_destroy(f);
	*at_out = e.at;
	return xstrndup(e.message, 8);
}

static void expect_bound(const char *part, size_t fits, const char *message,
			 size_t at)
{
	size_t have = 0;
	scoped_free char *good = repeat(part, fits);
	scoped_free char *none = complaint(good, &have);
	assert_string_equal(none, "");
	scoped_free char *bad = repeat(part, fits + 1);
	scoped_free char *some = complaint(bad, &have);
	assert_string_equal(some, message);
	assert_int_equal(have, at);
}

static void test_bounds(void **state)
{
	(void)state;
	expect_bound("a", 1000, "Too long", 1000);
	expect_bound("x ", 32, "Too many", 64);
	scoped_free char *ids = repeat("1,", 99);
	scoped_free char *good = xasprintf("id:%s1", ids);
	scoped_free char *bad = xasprintf("id:1,%s1", ids);
	size_t at = 0;
	scoped_free char *none = complaint(good, &at);
	assert_string_equal(none, "");
	scoped_free char *some = complaint(bad, &at);
	assert_string_equal(some, "Too many");
	assert_int_equal(at, strlen(bad) - 1);
}

/* Any mixture of what has a meaning, with a few bytes that have none. */
static const char *const atoms[] = {
	"state:", "id", ":",	"=",	"<",	     ">",	   ",",	 "-",
	"\"",	  "*",	"\\",	" ",	"　",	     "：",	   "“",	 "”",
	"age>",	  "1h", "42",	"失败", "failed",    "err",	   "\t", "$",
	"'",	  "\n", "\xff", "\xe4", "😀",	     "by:",	   "，", "＊",
	"x",	  "#5", ";",	"(",	"payload:a", "2026-11-22",
};

static char *sql_of(const struct filter *f)
{
	struct buf sql = {0};
	filter_sql(f, &sql);
	return buf_detach(&sql);
}

static bool parse_any(const char *text)
{
	struct filter *f = NULL, *again = NULL;
	struct filter_error e = {0};
	if (filter_parse(text, &f, &e)) {
		assert_true(e.at < strlen(text) && e.len > 0);
		assert_true(e.len <= strlen(text) - e.at);
		assert_true(*e.message);
		assert_true(text_is_utf8(e.message, strlen(e.message)));
		return false;
	}
	assert_int_equal(filter_parse(filter_text(f), &again, &e), 0);
	scoped_free char *sql = sql_of(f);
	scoped_free char *same = sql_of(again);
	assert_string_equal(sql, same);
	assert_string_equal(filter_text(f), filter_text(again));
	filter_destroy(f);
	filter_destroy(again);
	return true;
}

static void test_any_text(void **state)
{
	(void)state;
	uint64_t seed = 20261122;
	size_t good = 0, count = 20000;
	for (size_t i = 0; i < count; i++) {
		scoped_buf b = {0};
		for (size_t n = i % 9 + 1; n; n--) {
			seed = seed * 6364136223846793005U +
			       1442695040888963407U;
			buf_adds(&b, atoms[(seed >> 33) % ARRAY_LEN(atoms)]);
		}
		good += parse_any(buf_str(&b));
		for (size_t at = 0; at <= b.len; at++) {
			struct filter_completion c;
			filter_complete(buf_str(&b), at, NULL, &c);
			assert_true(c.from <= c.to && c.to == at);
			filter_completion_finish(&c);
		}
	}
	assert_in_range(good, count / 20, count - count / 20);
}

/* '|' is the cursor. */
static const struct {
	const char *text;
	size_t from;
	const char *offers;
} completions[] = {
	{"|", 0,
	 "state: channel: to: key: err: group: id: try: age: created: due: by: "
	 "http: "
	 "type: payload: "},
	{"st|", 0, "state: "},
	{"T|", 0, "to: try: type: "},
	{"x -t|", 3, "to: try: type: "},
	{"foo|", 0, ""},
	{"state:|", 6, "pending sending delivered failed expired cancelled "},
	{"state:f|", 6, "failed "},
	{"state:d|", 6, "delivered "},
	{"state:failed,e|", 13, "expired "},
	{"state：已|", 8, "delivered failed expired cancelled "},
	{"-state:F|ail", 7, "failed "},
	{"a channel:|", 10, "alpha alpine \"my hook\" "},
	{"channel:al|", 8, "alpha alpine "},
	{"channel:my|", 8, "\"my hook\" "},
	{"channel:\"m|", 0, NULL},
	{"to:a|", 3, ""},
	{"age>|", 4, ""},
	{"foo:s|", 0, ""},
	{"\"st|", 0, NULL},
};

static void test_completion(void **state)
{
	static const char *const channels[] = {"alpha", "alpine", "my hook",
					       NULL};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(completions); i++) {
		const char *bar = strchr(completions[i].text, '|');
		size_t cursor = (size_t)(bar - completions[i].text);
		scoped_free char *text = xasprintf(
			"%.*s%s", (int)cursor, completions[i].text, bar + 1);
		struct filter_completion c;
		scoped_buf offers = {0};
		filter_complete(text, cursor, channels, &c);
		for (size_t n = 0; n < c.count; n++)
			buf_addf(&offers, "%s ", c.texts[n]);
		if (completions[i].offers)
			assert_int_equal(c.from, completions[i].from);
		assert_int_equal(c.to, cursor);
		assert_string_equal(
			buf_str(&offers),
			completions[i].offers ? completions[i].offers : "");
		filter_completion_finish(&c);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_faults),
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_any_text),
		cmocka_unit_test(test_completion),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
