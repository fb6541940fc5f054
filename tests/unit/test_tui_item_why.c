#include "tui/item.h"

#include "lib/lang.h"
#include "lib/util.h"
#include "tests/support/check.h"

#include <stdlib.h>
#include <string.h>

/* 14:22:07 in Shanghai. */
#define NOW  INT64_C(1795328527114)
#define WHEN (NOW - 192000) /* 3m12s ago */

/* The console's structs own their texts; these are nobody's to free. */
#define LENT(text) ((char *)(text))

struct scene {
	struct channel_state channel;
	struct pulse pulse;
	struct item_event events[2];
	struct item item;
};

/* A row that is due now, an open channel, a relay that lives. */
static void set(struct scene *s)
{
	*s = (struct scene){
		.channel = {.name = LENT("hook"), .state = LENT("open")},
		.pulse = {.relay = RELAY_RUNNING,
			  .host = LENT("node-a"),
			  .pid = 4121,
			  .beat_at_ms = NOW - 800,
			  .channel_count = 1,
			  .read_at_ms = NOW},
		.item = {.row = {.id = 7,
				 .status = MESSAGE_PENDING,
				 .channel = LENT("hook"),
				 .ordering_key = LENT("order/9"),
				 .max_attempts = 8,
				 .created_at_ms = WHEN,
				 .updated_at_ms = WHEN,
				 .due_at_ms = NOW}},
	};
	s->pulse.channels = &s->channel;
	s->item.events = s->events;
}

static void expect(const struct scene *s, const char *why)
{
	scoped_free char *got = item_why(&s->item, &s->pulse, NOW);
	assert_string_equal(got, why);
}

static void expect_has(const struct scene *s, const char *part)
{
	scoped_free char *got = item_why(&s->item, &s->pulse, NOW);
	if (!strstr(got, part))
		fail_msg("\"%s\" is not in \"%s\"", part, got);
}

static void test_nothing_is_in_its_way(void **state)
{
	(void)state;
	struct scene s;
	set(&s);
	expect(&s, "It is due now: the relay takes it next.");
	s.item.row.due_at_ms = WHEN;
	expect(&s, "It has been due for 3m12s: others go first.");
	s.channel.max_per_second = 1500;
	expect(&s, "It has been due for 3m12s: channel hook sends at most"
		   " 1,500 a second, and others go first.");
	s.item.interrupted = 3;
	expect(&s, "The relay went down 3 times with it on the wire: it waits"
		   " to be sent alone.");
}

static void test_the_relay(void **state)
{
	(void)state;
	struct scene s;
	set(&s);
	s.pulse.relay = RELAY_NONE;
	expect(&s, "No relay has ever run on this outbox: start outbox-relay.");
	s.pulse.relay = RELAY_SILENT;
	s.pulse.beat_at_ms = NOW - 47000;
	expect(&s, "The relay is silent: its last beat was 47s ago, from pid"
		   " 4121 on node-a.");
	s.pulse.relay = RELAY_STOPPED;
	expect(&s, "The relay was stopped 47s ago: nothing is sent until it is"
		   " started again.");
	s.pulse.relay = RELAY_DRAINING;
	expect(&s, "The relay is stopping: it ends what is on the wire and"
		   " takes nothing new.");
	/* Nobody has looked yet. */
	struct pulse unread = {0};
	scoped_free char *got = item_why(&s.item, &unread, NOW);
	assert_string_equal(got, "It is due now: the relay takes it next.");
	/* What stops everything goes before what stops this row. */
	s.channel.state = LENT("paused");
	s.item.wait = ITEM_ORDER;
	expect_has(&s, "The relay is stopping");
}

static void test_the_channel(void **state)
{
	(void)state;
	struct scene s;
	set(&s);
	s.channel.state = LENT("paused");
	s.channel.by = LENT("alice");
	s.channel.since_ms = WHEN;
	expect(&s, "Channel hook was paused by alice 3m12s ago: P resumes it.");
	s.channel.detail = LENT("carrier outage");
	expect(&s, "Channel hook was paused by alice 3m12s ago (carrier"
		   " outage): P resumes it.");
	s.channel.state = LENT("held");
	s.channel.reason = LENT("too-many-requests");
	s.channel.until_ms = NOW + 41000;
	expect(&s, "Channel hook is held, and will be tried with one row in"
		   " 41s. The server asks for fewer requests (HTTP 429)."
		   " Nothing: the channel waits and goes on. If it comes back"
		   " often, lower the channel's rate or concurrency.");
	s.channel.is_resume_wanted = true;
	expect_has(&s, "is being tried with one row now. The server");
	s.channel.is_resume_wanted = false;
	s.channel.until_ms = NOW - 1;
	expect_has(&s, "is being tried with one row now. The server");
	s.channel.until_ms = 0;
	s.channel.reason = LENT("settings-missing");
	expect_has(&s, "Channel hook is held until its settings are there: no"
		       " row is tried before. A setting");
	s.item.row.channel = LENT("gone");
	expect(&s, "There is no channel gone in the relay's settings: nobody"
		   " takes its rows.");
}

static void test_budgets(void **state)
{
	(void)state;
	struct scene s;
	set(&s);
	s.channel.max_per_minute = 600;
	s.channel.minute_used = 599;
	s.channel.max_per_day = 20000;
	s.channel.day_used = 19999;
	expect(&s, "It is due now: the relay takes it next.");
	s.channel.minute_used = 600;
	expect(&s, "Channel hook has used up its budget of 600 a minute: it"
		   " goes on in 52s.");
	s.channel.day_used = 20001;
	expect(&s, "Channel hook has used up its budget of 20,000 a day: it"
		   " goes on in 9h37m, when Shanghai's next day begins.");
}

static void test_other_rows(void **state)
{
	(void)state;
	struct scene s;
	set(&s);
	s.item.blocker = 9007199254740993;
	s.item.wait = ITEM_RECIPIENT_ON_WIRE;
	expect(&s, "It waits for #9007199254740993, which is on the wire to"
		   " the same recipient.");
	s.item.blocker = 3;
	s.item.wait = ITEM_RECIPIENT_BEFORE;
	expect(&s, "It waits for #3, which goes to the same recipient before"
		   " it.");
	s.item.wait = ITEM_ORDER;
	expect(&s, "It waits for #3, which comes before it with the same"
		   " ordering key order/9.");
	s.item.wait = ITEM_ORDER_FAILED;
	expect(&s, "It waits for #3, which failed and holds the ordering key"
		   " order/9: retry or cancel that one.");
	s.item.blocker = 0;
	s.item.wait = ITEM_RECIPIENT_BEFORE;
	expect(&s, "It waits for another row to the same recipient.");
}

static void test_rows_that_are_due_later(void **state)
{
	(void)state;
	struct scene s;
	set(&s);
	s.item.row.due_at_ms = NOW + 14000;
	expect(&s, "It is not due yet, but in 14s; R sends it now.");
	s.item.row.attempts = 2;
	s.item.row.last_reason = LENT("wechat-busy");
	expect(&s, "Try 2 of 8 failed: the next one is in 14s; R sends it now."
		   " WeChat's own system failed or was busy.");
	/* That it would not be sent then either is worth knowing. */
	s.item.row.attempts = 0;
	s.pulse.relay = RELAY_NONE;
	expect(&s, "It is not due yet, but in 14s; R sends it now. No relay has"
		   " ever run on this outbox: start outbox-relay.");
}

static void test_rows_on_the_wire(void **state)
{
	(void)state;
	struct scene s;
	set(&s);
	s.item.row.status = MESSAGE_SENDING;
	s.item.row.lease_until_ms = NOW + 30000;
	expect(&s, "It has been on the wire for 3m12s.");
	s.pulse.relay = RELAY_DRAINING;
	expect(&s, "It has been on the wire for 3m12s.");
	s.item.row.lease_until_ms = NOW - 60000;
	expect_has(&s, "It has been on the wire for 3m12s, and its lease ended"
		       " 1m00s ago: if ");
	s.pulse.relay = RELAY_STOPPED;
	expect(&s, "The relay was stopped 0.8s ago: nothing is sent until it is"
		   " started again. It was on the wire then: whether it arrived"
		   " is not known, and the next relay sends it again.");
}

static void test_rows_that_failed(void **state)
{
	(void)state;
	struct scene s;
	set(&s);
	s.item.row.status = MESSAGE_FAILED;
	s.item.row.last_reason = LENT("no-recipient");
	s.item.row.attempts = 1;
	expect(&s, "The row names no recipient. Fill in the column recipient,"
		   " or set the route's path to the field of the payload that"
		   " holds it ($.assignedToId by default), then retry. R sends"
		   " it again with new tries, E with another payload.");
	s.item.row.last_reason = LENT("an-id-of-later");
	s.item.row.attempts = 8;
	s.item.unknowns = 1;
	expect(&s, "All its 8 tries are used up. An earlier try may have"
		   " arrived. R sends it again with new tries, E with another"
		   " payload.");
	s.item.row.attempts = s.item.row.max_attempts = 1;
	expect_has(&s, "Its 1 try is used up.");
	s.item.row.status = MESSAGE_EXPIRED;
	expect_has(&s, "passed before it could be sent.");
	expect_has(&s, " R sends it again with a fresh life.");
	s.item.row.status = MESSAGE_DELIVERED;
	expect(&s, "");
}

static void test_rows_that_were_cancelled(void **state)
{
	(void)state;
	struct scene s;
	set(&s);
	s.item.row.status = MESSAGE_CANCELLED;
	s.item.row.last_reason = LENT("cancelled-by-operator");
	expect(&s, "An operator cancelled the row; the audit says who and why."
		   " R sends it after all.");
	s.item.event_count = 2;
	s.events[0] = (struct item_event){.at_ms = NOW - 1000,
					  .who = LENT("eve"),
					  .action = LENT("retry")};
	s.events[1] = (struct item_event){
		.at_ms = WHEN, .who = LENT("alice"), .action = LENT("cancel")};
	expect(&s, "alice cancelled it 3m12s ago. R sends it after all.");
	s.events[1].reason = LENT("withdrawn");
	expect(&s, "alice cancelled it 3m12s ago (withdrawn). R sends it after"
		   " all.");
	s.item.row.last_reason = LENT("cancelled-by-crm");
	expect(&s, "The CRM took the row back before it was sent. R sends it"
		   " after all.");
}

/* Causes come in Chinese, and Chinese sentences stand side by side. */
static void test_in_chinese(void **state)
{
	(void)state;
	struct scene s;
	assert_int_equal(lang_init("zh"), 0);
	set(&s);
	s.item.row.status = MESSAGE_EXPIRED;
	expect_has(&s, "还没发出就过了有效期（expires_at）。通知已过时就不用管"
		       "；");
	assert_int_equal(lang_init("en"), 0);
}

int main(void)
{
	lang_init("en");
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing_is_in_its_way),
		cmocka_unit_test(test_the_relay),
		cmocka_unit_test(test_the_channel),
		cmocka_unit_test(test_budgets),
		cmocka_unit_test(test_other_rows),
		cmocka_unit_test(test_rows_that_are_due_later),
		cmocka_unit_test(test_rows_on_the_wire),
		cmocka_unit_test(test_rows_that_failed),
		cmocka_unit_test(test_rows_that_were_cancelled),
		cmocka_unit_test(test_in_chinese),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
