/* When trouble is told. Other code relies on: one notice when it has lasted
 * long enough, one when it is over, and never a storm, whatever comes and goes.
 *
 * A story is what is seen, and what is told, as the minutes pass. */
#include "lib/util.h"
#include "relay/alert.h"
#include "relay/alert_json.h"
#include "tests/support/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MINUTE INT64_C(60000)
#define HOUR   (60 * MINUTE)
#define WALL   INT64_C(1766543210000)

static const struct alert_rules usual = {.calm_ms = MINUTE,
					 .repeat_ms = 12 * HOUR};

/* A letter each half minute: '!' the trouble is there for one reason, '*' for
 * another, 'x' expired before it was told, '.' not there, '~' unclear, '-' not
 * looked at, '@' the same with the relay started again, '>' and '<' the same
 * with the wall clock set by a day. Told is '-', 'B'egun, 'A'gain, 'O'ver. It
 * is told after two minutes. */
struct player {
	struct alert_book book;
	struct alert_time now;
	struct alert_rules rules;
	char last;
};

static struct alert_fact fact_of(char letter)
{
	struct alert_fact f = {
		.kind = ALERT_CHANNEL_HELD,
		.subject = "a",
		.sign = letter == '.'	? ALERT_ABSENT
			: letter == '~' ? ALERT_UNCLEAR
			: letter == '-' ? ALERT_IGNORED
					: ALERT_PRESENT,
		.reason = letter == '*' ? REASON_IP_NOT_WHITELISTED
					: REASON_APPSECRET_WRONG,
		.wait_ms = 2 * MINUTE,
		.is_lost = letter == 'x',
	};
	return f;
}

/* What the next process has of it, whose monotonic clock is another one. */
static void start_again(struct player *p)
{
	scoped_free char *text = alert_json_print(&p->book, &p->now);
	alert_book_finish(&p->book);
	p->now.ms = 12345;
	assert_int_equal(alert_json_parse(text, &p->now, &p->book), 0);
}

static void set_wall(struct player *p, int64_t by_ms)
{
	p->now.wall_ms += by_ms;
	p->book.is_changed = true;
}

static char play_one(struct player *p, char letter)
{
	struct alert_notices told;
	p->now.ms += MINUTE / 2;
	p->now.wall_ms += MINUTE / 2;
	if (letter == '@')
		start_again(p);
	else if (letter == '>' || letter == '<')
		set_wall(p, letter == '>' ? 24 * HOUR : -24 * HOUR);
	else
		p->last = letter;
	struct alert_fact f = fact_of(p->last);
	p->book.is_changed = false;
	alert_decide(&p->book, &f, 1, &p->rules, &p->now, &told);
	assert_in_range(told.count, 0, 1);
	assert_true(!told.count || p->book.is_changed);
	char said = '-';
	if (told.count)
		said = told.list[0].is_over    ? 'O'
		       : told.list[0].is_again ? 'A'
					       : 'B';
	alert_notices_finish(&told);
	return said;
}

static bool play(const char *seen, const char *want)
{
	struct player p = {.now = {1000, WALL}, .rules = usual, .last = '.'};
	char told[128] = "";
	assert_int_equal(strlen(seen), strlen(want));
	for (size_t i = 0; seen[i]; i++)
		told[i] = play_one(&p, seen[i]);
	alert_book_finish(&p.book);
	if (strcmp(told, want) == 0)
		return true;
	print_error("%s\n%s, not\n%s\n", seen, told, want);
	return false;
}

static const struct {
	const char *seen, *want;
} stories[] = {
	/* held for two minutes, gone for one */
	{"!!!!!!......", "----B---O---"},
	{"!!!!........", "------------"},
	{"!!!!!!!!!!!!", "----B-------"},
	/* a probe now and then does not hide it, nor is it the end */
	{"!.!.!.!.!.!.", "----B-------"},
	{"!!!!!.!!.!!!", "----B-------"},
	{"!!!...!!!!!.", "----------B-"},
	/* not clear is neither */
	{"~~~~!!~~!...", "--------B--O"},
	{"!!!!!.~.~...", "----B------O"},
	{"!!!!!~~~~~~~", "----B-------"},
	/* not looked at any more */
	{"!!!!!---....", "----B-------"},
	{"!!!!!-!!!!!!", "----B-------"},
	/* the relay was started again, in each place */
	{"@!!!!!!..@..", "-----B-----O"},
	{"!@!!!!!....", "----B----O-"},
	{"!!!!!@!!!..", "----B------"},
	{"!!!!!.@....", "----B---O--"},
	{"!!!!!@.....", "----B---O--"},
	{"!!!!!...@..", "----B--O---"},
	/* the wall clock was set */
	{"!>!!!!!...", "----B----O"},
	{"!<!!!!!...", "----B----O"},
	{"!!!!!>!!!.", "----B-----"},
	{"!!!!!<!!!.", "----B-----"},
	/* and the relay started after that */
	{"!!!!!!<@!!", "----B-----"},
	{"!<@!!!!!!!", "----B-----"},
	/* another reason has another remedy, each is told once */
	{"!!!!!********", "----B----A---"},
	{"!!!!!*!*!*!*!", "----B--------"},
	{"!!!!!*****!!!!!!*****", "----B----A-----------"},
	{"!!***********", "----B--------"},
	/* a notice that nobody got is told again */
	{"!!!!!!!x!!", "----B--A--"},
};

static void test_stories(void **state)
{
	(void)state;
	bool is_right = true;
	for (size_t i = 0; i < ARRAY_LEN(stories); i++)
		is_right &= play(stories[i].seen, stories[i].want);
	assert_true(is_right);
}

/* How often what is told, if it is there for so many half minutes and away for
 * so many, for so long. */
static void count_told(const struct alert_rules *rules, int64_t there,
		       int64_t away, int64_t total_ms, int *begun, int *over)
{
	struct player p = {.now = {1000, WALL}, .rules = *rules};
	*begun = *over = 0;
	for (int64_t i = 0; i * MINUTE / 2 < total_ms; i++) {
		char said =
			play_one(&p, i % (there + away) < there ? '!' : '.');
		*begun += said == 'B' || said == 'A';
		*over += said == 'O';
	}
	alert_book_finish(&p.book);
}

static void test_no_storm(void **state)
{
	(void)state;
	static const struct {
		int64_t repeat_ms, there, away, total_ms;
		int begun, over;
	} cases[] = {
		/* it lasts: twice a day, or once for ever */
		{12 * HOUR, 1, 0, 47 * HOUR, 4, 0},
		{0, 1, 0, 480 * HOUR, 1, 0},
		/* up and down every three minutes */
		{12 * HOUR, 6, 6, 47 * HOUR, 4, 4},
		{0, 6, 6, 47 * HOUR, 4, 4},
		{12 * HOUR, 4, 1, 11 * HOUR, 1, 0},
		/* short ones are none */
		{12 * HOUR, 4, 6, 47 * HOUR, 0, 0},
		/* an hour of it is told whatever was before */
		{12 * HOUR, 120, 120, 11 * HOUR, 6, 5},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct alert_rules rules = {MINUTE, cases[i].repeat_ms};
		int begun = 0, over = 0;
		count_told(&rules, cases[i].there, cases[i].away,
			   cases[i].total_ms, &begun, &over);
		print_message("# %zu: %d begun, %d over\n", i, begun, over);
		assert_int_equal(begun, cases[i].begun);
		assert_int_equal(over, cases[i].over);
	}
}

/* The notices of one look, "held:appsecret-wrong a b;". The caller frees. */
static char *look(struct player *p, const struct alert_fact *facts,
		  size_t count, int64_t later_ms)
{
	char text[1024] = "";
	struct alert_notices told;
	p->now.ms += later_ms;
	p->now.wall_ms += later_ms;
	alert_decide(&p->book, facts, count, &p->rules, &p->now, &told);
	for (size_t i = 0; i < told.count; i++) {
		const struct alert_notice *n = &told.list[i];
		size_t at = strlen(text);
		snprintf(text + at, sizeof(text) - at,
			 "%s%s:", n->is_over ? "over " : "",
			 reason_id(n->reason));
		for (size_t j = 0; j < n->count; j++) {
			at = strlen(text);
			snprintf(text + at, sizeof(text) - at, " %s",
				 n->alerts[j]->subject);
		}
		strcat(text, ";");
	}
	alert_notices_finish(&told);
	return xstrdup(text);
}

static void expect(struct player *p, const struct alert_fact *facts,
		   size_t count, int64_t later_ms, const char *want)
{
	scoped_free char *got = look(p, facts, count, later_ms);
	assert_string_equal(got, want);
}

#define HELD(name, why)                                                     \
	{                                                                   \
		.kind = ALERT_CHANNEL_HELD, .subject = name,                \
		.sign = ALERT_PRESENT, .reason = why, .wait_ms = 2 * MINUTE \
	}

/* One trouble of several channels is one notice, and another one is not. */
static void test_together(void **state)
{
	(void)state;
	struct alert_fact f[] = {
		HELD("a", REASON_APPSECRET_WRONG),
		HELD("b", REASON_APPSECRET_WRONG),
		HELD("c", REASON_BREAKER_OPEN),
		HELD("d", REASON_APPSECRET_WRONG),
	};
	struct player p = {.now = {1000, WALL}, .rules = usual};
	expect(&p, f, 1, 0, "");
	/* b and c come with the next tick, d much later */
	expect(&p, f, 3, 5000, "");
	expect(&p, f, 4, MINUTE, "");
	expect(&p, f, 4, MINUTE - 5000, "appsecret-wrong: a b;");
	expect(&p, f, 4, 5000, "breaker-open: c;");
	expect(&p, f, 4, MINUTE, "appsecret-wrong: d;");
	for (size_t i = 0; i < ARRAY_LEN(f); i++)
		f[i].sign = ALERT_ABSENT;
	expect(&p, f, 4, MINUTE, "");
	expect(&p, f, 4, MINUTE,
	       "over appsecret-wrong: a b d;over breaker-open: c;");
	expect(&p, f, 4, MINUTE, "");
	alert_book_finish(&p.book);
}

static void test_many_channels(void **state)
{
	(void)state;
	enum { CHANNELS = 40 };
	struct alert_fact f[CHANNELS];
	char names[CHANNELS][16];
	struct player p = {.now = {1000, WALL}, .rules = usual};
	for (int i = 0; i < CHANNELS; i++) {
		snprintf(names[i], sizeof(names[i]), "c%d", i);
		f[i] = (struct alert_fact)HELD(names[i], REASON_BREAKER_OPEN);
		f[i].wait_ms = 0;
	}
	struct alert_notices told;
	alert_decide(&p.book, f, CHANNELS, &usual, &p.now, &told);
	assert_int_equal(told.count, 3);
	assert_int_equal(told.list[0].count + told.list[1].count +
				 told.list[2].count,
			 CHANNELS);
	alert_notices_finish(&told);
	/* Forgotten when nobody speaks of them, but for the storm. */
	p.now.ms += MINUTE;
	alert_decide(&p.book, NULL, 0, &usual, &p.now, &told);
	assert_int_equal(p.book.count, CHANNELS);
	alert_notices_finish(&told);
	p.now.ms += 12 * HOUR;
	alert_decide(&p.book, NULL, 0, &usual, &p.now, &told);
	assert_int_equal(p.book.count, 0);
	alert_notices_finish(&told);
	alert_book_finish(&p.book);
}

/* What was kept by another version, or by nobody. */
static void test_what_is_kept(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		int rc;
		size_t count;
	} cases[] = {
		{"[]", 0, 0},
		{"", -1, 0},
		{"{}", -1, 0},
		{"[1]", -1, 0},
		{"[{\"alert\":\"moon\",\"subject\":\"\"}]", -1, 0},
		{"[{\"alert\":\"rows-failed\"}]", -1, 0},
		{"[{\"alert\":\"rows-failed\",\"subject\":\"\"}]", 0, 1},
		/* the clock was set back */
		{"[{\"alert\":\"rows-failed\",\"subject\":\"\","
		 "\"begun\":1766549999999}]",
		 0, 1},
		{"[{\"alert\":\"rows-failed\",\"subject\":\"\","
		 "\"told\":-5,\"begun\":1e300,\"gone\":\"x\",\"notices\":1e99,"
		 "\"reasons\":[\"a\",1,\"b\",\"c\",\"d\",\"e\",\"f\"]}]",
		 0, 1},
		{"[{\"alert\":\"rows-failed\",\"subject\":\"\"},"
		 "{\"alert\":\"rows-failed\",\"subject\":\"\"}]",
		 -1, 1},
	};
	const struct alert_time now = {1000, WALL};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct alert_book book = {0};
		assert_int_equal(alert_json_parse(cases[i].text, &now, &book),
				 cases[i].rc);
		assert_int_equal(book.count, cases[i].count);
		if (book.count) {
			assert_int_equal(book.list[0].told_ms, ALERT_NEVER);
			assert_int_equal(book.list[0].gone_ms, ALERT_NEVER);
			assert_int_equal(book.list[0].begun_ms, 1000);
		}
		alert_book_finish(&book);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_stories),
		cmocka_unit_test(test_no_storm),
		cmocka_unit_test(test_together),
		cmocka_unit_test(test_many_channels),
		cmocka_unit_test(test_what_is_kept),
	};
	util_init();
	return cmocka_run_group_tests_name("alert", tests, NULL, NULL);
}
