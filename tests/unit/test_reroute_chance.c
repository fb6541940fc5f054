/* Routes that change by chance, again and again, in the midst of moves, with
 * crashes. Other code relies on: when all moves are done, every row that waits
 * is where and for whom the route of now says, but for what the CRM chose. */
#include "tests/support/routebench.h"

#include "lib/util.h"

#include <stdlib.h>
#include <string.h>

enum { SEEDS = 12, ACTS = 60, TYPES = 3, ROWS = 150, STEPS_MAX = 1000 };

static const char *const channels[] = {"a", "b", "c"};
static const char *const paths[] = {"p", "q", "r"};

static long dice(long sides)
{
	return lrand48() % sides;
}

/* Every tenth row has a channel of the CRM's, and others a recipient. */
static void insert(struct routebench *b)
{
	outbox_exec(b->fix->db,
		    "WITH RECURSIVE n (i) AS ("
		    "  SELECT 1 + coalesce(max(id), 0) FROM outbox"
		    "   UNION ALL"
		    "  SELECT i + 1 FROM n LIMIT %d)"
		    " INSERT INTO outbox (type, payload, channel, recipient)"
		    " SELECT 't%ld',"
		    "        json_object('p', 'p' || i, 'q', 'q' || i, 'r', i),"
		    "        iif(i %% 10 = 0, 'own', NULL),"
		    "        iif(i %% 10 < 2, 'own', NULL)"
		    "   FROM n",
		    (int)dice(ROWS), dice(TYPES));
}

static char *add_route(char *values, const char *type)
{
	char *longer = xasprintf("%s%s('%s', '%s', '$.%s')",
				 values ? values : "", values ? ", " : "", type,
				 channels[dice(3)], paths[dice(3)]);
	free(values);
	return longer;
}

static void change_routes(struct routebench *b)
{
	scoped_free char *values = add_route(NULL, "*");
	for (int i = 0; i < TYPES - 1; i++) {
		scoped_free char *type = xasprintf("t%d", i);
		if (dice(2))
			values = add_route(values, type);
	}
	routebench_route_paths(b, values);
}

static void send_some(struct routebench *b, const char *from, const char *to)
{
	outbox_exec(b->fix->db,
		    "UPDATE outbox SET status = %Q, version = version + 1"
		    " WHERE status = %Q AND id %% 5 = %ld",
		    to, from, dice(5));
}

static void act_by_chance(struct routebench *b)
{
	enum reroute_state ignored;
	switch (dice(8)) {
	case 0:
		change_routes(b);
		break;
	case 1:
	case 2:
		insert(b);
		break;
	case 3:
		routebench_reopen(b);
		break;
	case 4:
		send_some(b, "pending", "sending");
		break;
	case 5:
		send_some(b, "sending", "pending");
		break;
	default:
		assert_int_equal(reroute_step(b->reroute, &ignored), 0);
	}
}

/* It may wait for one that was on the wire when it was last looked at. */
static void follow(struct routebench *b)
{
	enum reroute_state state = REROUTE_MORE;
	for (int i = 0; state != REROUTE_DONE; i++) {
		assert_true(i < STEPS_MAX);
		assert_int_equal(reroute_step(b->reroute, &state), 0);
	}
}

static const char misled[] =
	"SELECT o.id, o.type, o.channel, o.recipient, r.channel,"
	"       r.recipient_path"
	"  FROM outbox AS o"
	"  JOIN outbox_route AS r"
	"    ON r.type = coalesce((SELECT type FROM outbox_route AS own"
	"                           WHERE own.type = o.type), '*')"
	" WHERE o.status = 'pending'"
	"   AND (o.channel <> iif(o.id % 10 = 0, 'own', r.channel)"
	"     OR o.recipient IS NOT"
	"        iif(o.id % 10 < 2, 'own',"
	"            json_extract(o.payload, r.recipient_path) || ''))"
	" LIMIT 5";

static void test_by_chance(void **state)
{
	struct routebench b;
	routebench_open(&b, *state);
	outbox_exec(b.fix->db, "PRAGMA synchronous = OFF;"
			       "INSERT INTO outbox_channel (name, kind)"
			       " VALUES ('own', 'webhook')");
	for (int seed = 0; seed < SEEDS; seed++) {
		srand48(seed);
		for (int i = 0; i < ACTS; i++)
			act_by_chance(&b);
		outbox_exec(b.fix->db,
			    "UPDATE outbox SET status = 'pending',"
			    " version = version + 1 WHERE status = 'sending'");
		follow(&b);
		routebench_expect_notes(&b, 0);
		scoped_free char *rows = outbox_rows(b.fix->db, "%s", misled);
		if (*rows)
			fail_msg("seed %d: %s", seed, rows);
		outbox_exec(b.fix->db, "UPDATE outbox SET status = 'cancelled',"
				       " version = version + 1"
				       " WHERE status = 'pending'");
	}
	routebench_close(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(test_by_chance),
	};
	return cmocka_run_group_tests_name("reroute chance", tests, NULL, NULL);
}
