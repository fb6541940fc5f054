/* What the audit says of an act. Other code relies on: who, from where, why and
 * what, in texts that are harmless on a terminal and bounded. */
#include "lib/util.h"
#include "tests/support/actbench.h"

#include <stdlib.h>
#include <string.h>

static void test_audit(void **state)
{
	struct actbench *b = *state;
	int64_t id = actbench_add(b, MESSAGE_FAILED);
	struct act_row rows[] = {actbench_see(b, id), {.id = 9}};
	struct actor root;
	actor_init(&root, &(struct actor_facts){
				  .login = "root",
				  .sudo_user = "alice",
				  .tty = "/dev/pts/\x1b[2J3",
				  .ssh = "203.0.113.7\x1b]0;x\a 51234 h 22"});
	struct act act = {.action = ACT_CANCEL,
			  .actor = &root,
			  .filter = "err:\"\x1b[31m\"",
			  .fence = 7,
			  .reason = "O'Hara\n\xe2\x80\xae"
				    "asked"};
	act_begin(&act);
	assert_int_equal(act_rows(b->desk, &act, rows, 2, ACT_NOW, &b->total),
			 0);
	actor_finish(&root);
	actbench_expect(b,
			"3600000|cancel|alice via root|0|/dev/pts/\\x1b[2J3|"
			"203.0.113.7\\x1b]0;x\\x07 51234|err:\"\\x1b[31m\"|"
			"7|O'Hara\\n\\u202easked|1|1|"
			"[[1,3,\"failed\",\"wechat-busy\"]]\n",
			"SELECT at - 1900000000000, action, who, uid, tty,"
			" origin, filter, fence, reason, changed, skipped, ids"
			" FROM outbox_audit");
	actbench_expect(b, "1\n",
			"SELECT length(act) = 32"
			"   AND act NOT GLOB '*[^0-9a-f]*'"
			"  FROM outbox_audit");
}

static void test_audit_leaves_out(void **state)
{
	struct actbench *b = *state;
	actbench_row(b, ACT_RETRY, actbench_add(b, MESSAGE_FAILED));
	actbench_row(b, ACT_RETRY, actbench_add(b, MESSAGE_SENDING));
	actbench_expect(b,
			"alice|1000|-|-|-|-|-|[1]\nalice|1000|-|-|-|-|-|[]\n",
			"SELECT who, uid, tty, origin, filter, fence, reason,"
			" ids FROM outbox_audit");
	actbench_expect(b, "2\n",
			"SELECT count(DISTINCT act) FROM outbox_audit");
}

static void test_words_are_bounded(void **state)
{
	struct actbench *b = *state;
	scoped_free char *words = xmalloc(100001);
	memset(words, 'x', 100000);
	words[100000] = '\0';
	struct act act = {
		.action = ACT_PAUSE, .actor = &b->actor, .reason = words};
	act_begin(&act);
	assert_int_equal(act_channels(b->desk, &act, NULL, ACT_NOW, &b->total),
			 0);
	actbench_expect(b, "1000|1000\n",
			"SELECT length(a.reason), length(c.detail)"
			"  FROM outbox_audit AS a, outbox_channel AS c");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ACT_TEST(test_audit),
		ACT_TEST(test_audit_leaves_out),
		ACT_TEST(test_words_are_bounded),
	};
	util_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
