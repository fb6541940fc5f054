/* A channel's breaker. Other code relies on: while it is held no row is
 * claimed, then one as a probe, and only an answer that is no deferral opens
 * it. */
#include "tests/support/check.h"

#include "lib/log.h"
#include "lib/util.h"
#include "relay/channel.h"
#include "relay/config.h"

#include <stdlib.h>
#include <string.h>

#define HOUR_MS INT64_C(3600000)
#define DAY_MS	(24 * HOUR_MS)

/* 2026-01-31T00:00:00+08:00, and a monotonic clock that began some time ago */
static const int64_t midnight = INT64_C(1769788800000);
static const int64_t mono = 5000000;

/* Some milliseconds after the two. */
static struct now at(int64_t mono_after_ms, int64_t wall_after_ms)
{
	int64_t ms = mono + mono_after_ms;
	return (struct now){ms * 1000, ms, midnight + wall_after_ms};
}

struct bench {
	struct config config;
	struct config_channel settings;
	struct channel *channel; /* own */
	int lines;		 /* logged as "channel held" */
};

static void count_lines(void *ctx, enum log_level level, const char *event,
			const char *fields)
{
	(void)level;
	(void)fields;
	struct bench *b = ctx;
	b->lines += strcmp(event, "channel held") == 0;
}

static int set_up(void **state)
{
	struct bench *b = xcalloc(1, sizeof(*b));
	static char name[] = "wechat-cloud";
	b->config.retry_after_max_ms = HOUR_MS;
	b->config.appid = b->config.appsecret = b->config.cloud_env = name;
	b->settings = (struct config_channel){
		.name = name, .kind = "wechat-cloud", .at_once = 4};
	b->channel = channel_create(&b->config, &b->settings);
	log_set_sink(count_lines, b);
	*state = b;
	return 0;
}

static int tear_down(void **state)
{
	struct bench *b = *state;
	log_set_sink(NULL, NULL);
	channel_destroy(b->channel);
	free(b);
	return 0;
}

#define BENCH_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

static struct judgement deferral(enum hold hold, int64_t wait_ms)
{
	return (struct judgement){.verdict = VERDICT_DEFER,
				  .reason = REASON_APPSECRET_WRONG,
				  .stage = STAGE_INVOKE,
				  .code = 45009,
				  .hold = hold,
				  .wait_ms = wait_ms};
}

static const struct judgement delivered = {.verdict = VERDICT_DELIVERED};
static const struct judgement rejected = {
	.verdict = VERDICT_REJECT, .stage = STAGE_SEND, .code = 43101};

static size_t slots_at(struct bench *b, int64_t after_ms)
{
	struct now now = at(after_ms, 0);
	channel_tick(b->channel, &now);
	return channel_slots(b->channel, 0, &now);
}

static void hear(struct bench *b, const struct judgement *j, int64_t after_ms)
{
	struct now now = at(after_ms, 0);
	struct judgement heard = *j;
	channel_hear(b->channel, &heard, &now);
}

static void test_slots(void **state)
{
	struct bench *b = *state;
	static const size_t left[] = {4, 3, 2, 1, 0, 0, 0};
	for (size_t on_wire = 0; on_wire < ARRAY_LEN(left); on_wire++) {
		b->channel->on_wire = on_wire;
		assert_int_equal(slots_at(b, 0), left[on_wire]);
	}
	b->channel->on_wire = SIZE_MAX;
	assert_int_equal(slots_at(b, 0), 0);
	b->channel->on_wire = 0;
	b->channel->state = CHANNEL_PAUSED;
	assert_int_equal(slots_at(b, 10 * DAY_MS), 0);
}

/* Held to the millisecond; then one row, and none beside it. */
static void test_window(void **state)
{
	struct bench *b = *state;
	struct judgement j = deferral(HOLD_WINDOW, 60000);
	hear(b, &j, 0);
	assert_int_equal(b->channel->state, CHANNEL_HELD);
	assert_string_equal(channel_state_name(b->channel), "held");
	assert_int_equal(slots_at(b, 0), 0);
	assert_int_equal(slots_at(b, 59999), 0);
	b->channel->is_stale = b->channel->is_unsaved = false;
	assert_int_equal(slots_at(b, 60000), 1);
	assert_true(b->channel->is_stale);
	assert_true(b->channel->is_unsaved);
	assert_string_equal(channel_state_name(b->channel), "held");
	b->channel->on_wire = 1;
	assert_int_equal(slots_at(b, 60001), 0);
}

/* What a server asks for is believed up to a limit, and a wait of nothing does
 * not make the loop spin. */
static void test_window_bounds(void **state)
{
	struct bench *b = *state;
	struct judgement j = deferral(HOLD_WINDOW, 100 * DAY_MS);
	hear(b, &j, 0);
	assert_int_equal(slots_at(b, HOUR_MS - 1), 0);
	assert_int_equal(slots_at(b, HOUR_MS), 1);
	j.wait_ms = 0;
	hear(b, &j, HOUR_MS);
	assert_int_equal(slots_at(b, HOUR_MS), 0);
	assert_int_equal(slots_at(b, HOUR_MS + 1), 1);
}

struct day_case {
	int64_t wall_offset_ms, wait_ms; /* from midnight in Shanghai */
};

static void test_day(void **state)
{
	struct bench *b = *state;
	static const struct day_case cases[] = {
		{-1, 1},
		{0, DAY_MS},
		{1, DAY_MS - 1},
		{8 * HOUR_MS - 1, 16 * HOUR_MS + 1}, /* midnight in UTC */
		{8 * HOUR_MS, 16 * HOUR_MS},
		{12 * HOUR_MS, 12 * HOUR_MS},
		{DAY_MS - 1, 1},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct judgement j = deferral(HOLD_DAY, 7);
		struct now now = at(0, cases[i].wall_offset_ms);
		channel_hear(b->channel, &j, &now);
		assert_int_equal(b->channel->held_until_ms,
				 mono + cases[i].wait_ms);
	}
}

/* An operator's trouble is probed as the rules say, or as the setting does;
 * the limit on Retry-After is none on this. */
static void test_operator(void **state)
{
	struct bench *b = *state;
	struct judgement j = deferral(HOLD_OPERATOR, 24 * HOUR_MS);
	hear(b, &j, 0);
	assert_int_equal(b->channel->held_until_ms, mono + 24 * HOUR_MS);
	b->config.probe_ms = 100;
	hear(b, &j, 0);
	assert_int_equal(b->channel->held_until_ms, mono + 100);
}

/* A probe that fails holds again, for the new reason, from the new time. */
static void test_probe_fails(void **state)
{
	struct bench *b = *state;
	struct judgement j = deferral(HOLD_WINDOW, 1000);
	hear(b, &j, 0);
	assert_int_equal(slots_at(b, 1000), 1);
	b->channel->on_wire = 1;
	j.reason = REASON_IP_NOT_WHITELISTED;
	hear(b, &j, 1500);
	b->channel->on_wire = 0;
	assert_int_equal(b->channel->state, CHANNEL_HELD);
	assert_int_equal(b->channel->trouble.reason, REASON_IP_NOT_WHITELISTED);
	assert_int_equal(slots_at(b, 2499), 0);
	assert_int_equal(slots_at(b, 2500), 1);
}

/* A row that can never succeed was answered all the same: the way is clear. */
static void test_probe_opens(void **state)
{
	struct bench *b = *state;
	const struct judgement *answers[] = {&delivered, &rejected};
	for (size_t i = 0; i < ARRAY_LEN(answers); i++) {
		struct judgement j = deferral(HOLD_WINDOW, 1000);
		hear(b, &j, 0);
		slots_at(b, 1000);
		b->channel->is_stale = b->channel->is_unsaved = false;
		struct now now = at(1001, 9);
		struct judgement heard = *answers[i];
		channel_hear(b->channel, &heard, &now);
		assert_string_equal(channel_state_name(b->channel), "open");
		assert_int_equal(b->channel->state_since_ms, midnight + 9);
		assert_true(b->channel->is_stale);
		assert_true(b->channel->is_unsaved);
		assert_int_equal(slots_at(b, 1001), 4);
	}
}

/* Rows that were on the wire when it was held: a success says nothing of now, a
 * failure holds it from now on. */
static void test_late_answers(void **state)
{
	struct bench *b = *state;
	struct judgement j = deferral(HOLD_WINDOW, 1000);
	hear(b, &j, 0);
	hear(b, &delivered, 10);
	hear(b, &rejected, 20);
	assert_int_equal(b->channel->state, CHANNEL_HELD);
	assert_int_equal(slots_at(b, 999), 0);
	hear(b, &j, 900);
	assert_int_equal(slots_at(b, 1899), 0);
	assert_int_equal(slots_at(b, 1900), 1);
}

/* Sixteen answers of one trouble are one line in the log; another reason is a
 * line of its own, and so is the same one after it was open. */
static void test_said_once(void **state)
{
	struct bench *b = *state;
	struct judgement j = deferral(HOLD_WINDOW, 1000);
	for (int i = 0; i < 16; i++)
		hear(b, &j, i);
	assert_int_equal(b->lines, 1);
	j.reason = REASON_IP_NOT_WHITELISTED;
	hear(b, &j, 20);
	assert_int_equal(b->lines, 2);
	channel_open(b->channel, &(struct now){.wall_ms = midnight});
	hear(b, &j, 30);
	assert_int_equal(b->lines, 3);
}

/* The token is being fetched again: a deferral that holds nothing. */
static void test_deferral_without_hold(void **state)
{
	struct bench *b = *state;
	struct judgement j = deferral(HOLD_NONE, 0);
	hear(b, &j, 0);
	assert_int_equal(b->channel->state, CHANNEL_OPEN);
	assert_int_equal(slots_at(b, 0), 4);
}

static void test_streak(void **state)
{
	struct bench *b = *state;
	struct judgement j = {.verdict = VERDICT_RETRY,
			      .stage = STAGE_TRANSPORT,
			      .code = 404};
	for (unsigned n = 1; n <= 3; n++) {
		hear(b, &j, 0);
		assert_int_equal(b->channel->streak.count, n);
		assert_int_equal(b->channel->streak.code, 404);
	}
	hear(b, &delivered, 0);
	assert_int_equal(b->channel->streak.count, 0);
}

/* The token's trouble: until it is over, or channel_open. */
static void test_hold_and_open(void **state)
{
	struct bench *b = *state;
	struct judgement j = deferral(HOLD_OPERATOR, 5000);
	struct now now = at(0, 1);
	channel_hold(b->channel, &j, &now);
	b->channel->held_by_fetch = 7;
	assert_int_equal(b->channel->state_since_ms, midnight + 1);
	assert_int_equal(slots_at(b, 4999), 0);
	now = at(0, 2);
	channel_open(b->channel, &now);
	assert_int_equal(b->channel->held_by_fetch, 0);
	assert_int_equal(b->channel->state_since_ms, midnight + 2);
	assert_int_equal(slots_at(b, 4999), 4);
	b->channel->is_unsaved = false;
	now = at(0, 3);
	channel_open(b->channel, &now);
	assert_false(b->channel->is_unsaved);
	assert_int_equal(b->channel->state_since_ms, midnight + 2);
}

/* Without the account: held while rows wait, never probed, whoever asks. */
static void test_lack(void **state)
{
	struct bench *b = *state;
	struct channel *c = b->channel;
	struct now now = at(0, 0);
	static char none[] = "";
	b->config.appsecret = none;
	channel_adopt(c, &b->config, &b->settings);
	channel_mind_lack(c, &now);
	assert_int_equal(c->state, CHANNEL_OPEN);
	assert_int_equal(slots_at(b, 0), 0);
	c->next_due_ms = midnight;
	channel_mind_lack(c, &now);
	channel_mind_lack(c, &now);
	assert_int_equal(c->state, CHANNEL_HELD);
	assert_int_equal(c->trouble.reason, REASON_SETTINGS_MISSING);
	assert_non_null(strstr(c->trouble.detail, "MINIPROGRAM_APPSECRET"));
	assert_null(strstr(c->trouble.detail, "APPID"));
	assert_int_equal(b->lines, 1);
	channel_resume(c, &now);
	assert_int_equal(slots_at(b, DAY_MS), 0);
	assert_int_equal(c->state, CHANNEL_HELD);
	now = at(DAY_MS, 0);
	assert_int_equal(channel_deadline_us(c, &now), INT64_MAX);

	/* no such channel any more: another reason, another remedy */
	channel_adopt(c, &b->config, NULL);
	channel_mind_lack(c, &now);
	assert_int_equal(c->trouble.reason, REASON_CHANNEL_UNKNOWN);
	/* what an operator paused stays so, and is held when it is resumed */
	channel_pause(c, &now);
	channel_mind_lack(c, &now);
	assert_int_equal(c->state, CHANNEL_PAUSED);
	channel_resume(c, &now);
	channel_mind_lack(c, &now);
	assert_int_equal(c->state, CHANNEL_HELD);

	b->config.appsecret = b->config.appid;
	channel_adopt(c, &b->config, &b->settings);
	channel_mind_lack(c, &now);
	assert_int_equal(c->state, CHANNEL_OPEN);
	assert_int_equal(slots_at(b, DAY_MS), 4);
}

/* One that was held for a trouble of its receiver's, and went: that trouble is
 * nobody's any more. */
static void test_lack_after_trouble(void **state)
{
	struct bench *b = *state;
	struct judgement j = deferral(HOLD_OPERATOR, HOUR_MS);
	struct now now = at(0, 0);
	hear(b, &j, 0);
	assert_int_equal(b->channel->state, CHANNEL_HELD);
	channel_adopt(b->channel, &b->config, NULL);
	channel_mind_lack(b->channel, &now);
	assert_int_equal(b->channel->state, CHANNEL_OPEN);
	hear(b, &j, 0); /* what was on the wire */
	b->channel->next_due_ms = midnight;
	channel_mind_lack(b->channel, &now);
	assert_int_equal(b->channel->trouble.reason, REASON_CHANNEL_UNKNOWN);

	struct channel *unknown = channel_create_unknown("x");
	assert_int_equal(channel_slots(unknown, 0, &now), 0);
	unknown->next_due_ms = midnight;
	channel_mind_lack(unknown, &now);
	assert_int_equal(unknown->state, CHANNEL_HELD);
	channel_destroy(unknown);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BENCH_TEST(test_slots),
		BENCH_TEST(test_window),
		BENCH_TEST(test_window_bounds),
		BENCH_TEST(test_day),
		BENCH_TEST(test_operator),
		BENCH_TEST(test_probe_fails),
		BENCH_TEST(test_probe_opens),
		BENCH_TEST(test_late_answers),
		BENCH_TEST(test_said_once),
		BENCH_TEST(test_deferral_without_hold),
		BENCH_TEST(test_streak),
		BENCH_TEST(test_hold_and_open),
		BENCH_TEST(test_lack),
		BENCH_TEST(test_lack_after_trouble),
	};
	return cmocka_run_group_tests_name("channel", tests, NULL, NULL);
}
