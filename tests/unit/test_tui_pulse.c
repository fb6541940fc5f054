#include "tui/pulse.h"

#include "lib/util.h"
#include "tests/support/actbench.h"

#include <string.h>

/* 14:22:07 in Shanghai. */
#define NOW INT64_C(1795328527114)

struct bench {
	struct actbench *act;
	struct pulse_reader *reader;
	struct pulse pulse;
};

static struct bench bench_open(void **state)
{
	struct bench b = {.act = *state};
	b.reader = pulse_reader_create(b.act->db);
	return b;
}

static void bench_close(struct bench *b)
{
	pulse_finish(&b->pulse);
	pulse_reader_destroy(b->reader);
}

static void read_at(struct bench *b, int64_t now_ms)
{
	assert_int_equal(pulse_read(b->reader, &b->pulse, now_ms), 0);
}

/* A relay whose beat is so old, as relay/journal.c writes it. */
static void beat(struct bench *b, const char *owner, const char *state,
		 int64_t age_ms, int64_t every_ms)
{
	outbox_exec(b->act->fix->db,
		    "INSERT OR REPLACE INTO outbox_relay VALUES (%Q, 4121,"
		    " 'node-a', '1.0.0', %Q, %lld, %lld, %lld, 3, 8)",
		    owner, state, NOW - 100000, NOW - age_ms, every_ms);
}

static void test_no_relay_ever(void **state)
{
	struct bench b = bench_open(state);
	read_at(&b, NOW);
	assert_int_equal(b.pulse.relay, RELAY_NONE);
	assert_null(b.pulse.host);
	assert_int_equal(b.pulse.alarm_ms, 10000);
	assert_int_equal(b.pulse.read_at_ms, NOW);
	bench_close(&b);
}

static void test_the_relay_and_its_alarm(void **state)
{
	static const struct {
		const char *state;
		int64_t age_ms, every_ms, alarm_ms;
		enum relay_state relay;
	} cases[] = {
		{"running", 800, 2000, 10000, RELAY_RUNNING},
		{"running", 10000, 2000, 10000, RELAY_RUNNING},
		{"running", 10001, 2000, 10000, RELAY_SILENT},
		{"running", 59000, 20000, 60000, RELAY_RUNNING},
		{"running", 60001, 20000, 60000, RELAY_SILENT},
		{"draining", 800, 2000, 10000, RELAY_DRAINING},
		{"draining", 47000, 2000, 10000, RELAY_SILENT},
		{"stopped", 800, 2000, 10000, RELAY_STOPPED},
		{"stopped", 86400000, 2000, 10000, RELAY_STOPPED},
		/* The clock was set back. */
		{"running", -5000, 2000, 10000, RELAY_RUNNING},
		{"running", -3600000, 2000, 10000, RELAY_SILENT},
	};
	struct bench b = bench_open(state);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		beat(&b, "a", cases[i].state, cases[i].age_ms,
		     cases[i].every_ms);
		read_at(&b, NOW);
		assert_int_equal(b.pulse.relay, cases[i].relay);
		assert_int_equal(b.pulse.alarm_ms, cases[i].alarm_ms);
	}
	assert_string_equal(b.pulse.host, "node-a");
	assert_string_equal(b.pulse.version, "1.0.0");
	assert_string_equal(b.pulse.owner, "a");
	assert_int_equal(b.pulse.pid, 4121);
	assert_int_equal(b.pulse.started_at_ms, NOW - 100000);
	assert_int_equal(b.pulse.settings_generation, 3);
	assert_int_equal(b.pulse.on_wire, 8);
	bench_close(&b);
}

static void test_the_newest_relay_counts(void **state)
{
	struct bench b = bench_open(state);
	beat(&b, "dead", "running", 3600000, 2000);
	beat(&b, "alive", "running", 500, 2000);
	beat(&b, "gone", "stopped", 7200000, 2000);
	read_at(&b, NOW);
	assert_string_equal(b.pulse.owner, "alive");
	assert_int_equal(b.pulse.relay, RELAY_RUNNING);
	bench_close(&b);
}

static void test_channels_by_name(void **state)
{
	struct bench b = bench_open(state);
	outbox_exec(b.act->fix->db,
		    "INSERT INTO outbox_channel (name, kind, state, reason,"
		    " detail, state_since, state_until, state_by, max_at_once,"
		    " max_per_second, is_order_held, max_attempts)"
		    " VALUES ('hook', 'webhook', 'held', 'wechat-busy', '503',"
		    "  %lld, %lld, 'relay', 4, 50, 1, 7)",
		    NOW - 1000, NOW + 41000);
	read_at(&b, NOW);
	assert_int_equal(b.pulse.channel_count, 2);
	assert_string_equal(b.pulse.channels[0].name, "hook");
	const struct channel_state *c = pulse_channel(&b.pulse, "hook");
	assert_ptr_equal(c, &b.pulse.channels[0]);
	assert_string_equal(c->kind, "webhook");
	assert_string_equal(c->reason, "wechat-busy");
	assert_string_equal(c->detail, "503");
	assert_string_equal(c->by, "relay");
	assert_int_equal(c->since_ms, NOW - 1000);
	assert_int_equal(c->until_ms, NOW + 41000);
	assert_int_equal(c->max_at_once, 4);
	assert_int_equal(c->max_per_second, 50);
	assert_int_equal(c->max_attempts, 7);
	assert_int_equal(c->max_per_minute, 0);
	assert_true(c->is_order_held);
	assert_true(channel_is_stopped(c));
	assert_false(channel_is_stopped(&b.pulse.channels[1]));
	assert_null(pulse_channel(&b.pulse, "nobody"));
	assert_null(pulse_channel(&b.pulse, NULL));
	bench_close(&b);
}

/* What the real verb writes. */
static void test_a_paused_channel(void **state)
{
	struct bench b = bench_open(state);
	assert_int_equal(actbench_channels(b.act, ACT_PAUSE, "wechat-cloud"),
			 0);
	read_at(&b, NOW);
	const struct channel_state *c = pulse_channel(&b.pulse, "wechat-cloud");
	assert_string_equal(c->state, "paused");
	assert_true(channel_is_stopped(c));
	assert_string_equal(c->by, "alice");
	assert_string_equal(c->detail, "why");
	assert_int_equal(c->since_ms, ACT_NOW);
	assert_int_equal(c->until_ms, 0);
	assert_int_equal(actbench_channels(b.act, ACT_RESUME, "wechat-cloud"),
			 0);
	read_at(&b, NOW);
	c = pulse_channel(&b.pulse, "wechat-cloud");
	assert_false(channel_is_stopped(c));
	assert_true(c->is_resume_wanted);
	bench_close(&b);
}

static void expect_used(struct bench *b, int64_t minute_ms, int64_t day_ms,
			int64_t minute_used, int64_t day_used)
{
	outbox_exec(b->act->fix->db,
		    "UPDATE outbox_channel SET max_per_minute = 600,"
		    " max_per_day = 9000, minute_start = %lld,"
		    " minute_used = 412, day_start = %lld, day_used = 8000",
		    minute_ms, day_ms);
	read_at(b, NOW);
	const struct channel_state *c = &b->pulse.channels[0];
	assert_int_equal(c->max_per_minute, 600);
	assert_int_equal(c->max_per_day, 9000);
	assert_int_equal(c->minute_used, minute_used);
	assert_int_equal(c->day_used, day_used);
}

/* Only what was used of this minute, and of this day of Shanghai's. */
static void test_what_budgets_have_used(void **state)
{
	struct bench b = bench_open(state);
	int64_t minute = NOW / 60000 * 60000;
	int64_t day = INT64_C(1795276800000); /* 2026-11-22 00:00 +08 */
	expect_used(&b, minute, day, 412, 8000);
	expect_used(&b, minute - 60000, day, 0, 8000);
	expect_used(&b, minute, day - 86400000, 412, 0);
	expect_used(&b, minute + 60000, day, 412, 8000);
	/* UTC's day has begun eight hours later. */
	expect_used(&b, minute, day - 57600000, 412, 0);
	bench_close(&b);
}

/* What was read before stays if it cannot be read again. */
static void test_trouble_leaves_it_as_it_was(void **state)
{
	struct bench b = bench_open(state);
	beat(&b, "a", "running", 500, 2000);
	read_at(&b, NOW);
	outbox_exec(b.act->fix->db, "DROP TABLE outbox_channel");
	assert_true(pulse_read(b.reader, &b.pulse, NOW + 1) < 0);
	assert_int_equal(b.pulse.read_at_ms, NOW);
	assert_string_equal(b.pulse.channels[0].name, "wechat-cloud");
	bench_close(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ACT_TEST(test_no_relay_ever),
		ACT_TEST(test_the_relay_and_its_alarm),
		ACT_TEST(test_the_newest_relay_counts),
		ACT_TEST(test_channels_by_name),
		ACT_TEST(test_a_paused_channel),
		ACT_TEST(test_what_budgets_have_used),
		ACT_TEST(test_trouble_leaves_it_as_it_was),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
