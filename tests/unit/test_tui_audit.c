/* The audit's view. Other code relies on: one line an act, whatever its
 * batches, and Enter shows all that is kept of it. */
#include "lib/util.h"
#include "tests/support/check.h"
#include "tests/support/fixture.h"
#include "tests/support/outbox.h"
#include "tests/support/screen.h"
#include "tests/support/variety.h"

#include <stdlib.h>
#include <string.h>

static struct screen *open_audit(struct fixture *f, int rows, int cols)
{
	struct screen *s =
		screen_open(&(struct screen_options){.db = f->path,
						     .now_ms = VARIETY_NOW,
						     .rows = rows,
						     .cols = cols});
	screen_press(s, "8");
	return s;
}

static void test_lines(void **state)
{
	struct fixture *f = *state;
	variety_fill(f->db);
	struct screen *s = open_audit(f, 24, 120);
	screen_expect(s, "14:02:07.000 ops1      pause feishu-ops "
			 "\"飞书机器人维护\"");
	screen_expect(s, "1 changed, 0 skipped");
	/* Two batches, one act. */
	screen_expect(s, "121 changed, 3 skipped");
	screen_expect_not(s, "100 changed");
	screen_expect(s, "err:\"connect timed out\"");
	screen_close(s);
}

/* What came of an act is seen although its filter is long. */
static void test_small(void **state)
{
	struct fixture *f = *state;
	variety_fill(f->db);
	struct screen *s = open_audit(f, 24, 80);
	screen_expect(s, "121 changed, 3 skipped\n");
	screen_press(s, "w");
	screen_expect(s, "gateway is back");
	screen_expect(s, "121 changed, 3 skipped");
	for (int rows = 1; rows <= 12; rows += 3) {
		for (int cols = 1; cols <= 40; cols += 5) {
			screen_resize(s, rows, cols);
			screen_press(s, "k g l w j G w h");
		}
	}
	screen_close(s);
}

static void test_enter(void **state)
{
	struct fixture *f = *state;
	variety_fill(f->db);
	struct screen *s = open_audit(f, 40, 100);
	screen_press(s, "g j j Enter");
	static const char *const words[] = {
		"2025-12-04 14:10:31 +08",
		"alice via root (uid 0)",
		"/dev/pts/0",
		"retry",
		"err:\"connect timed out\" channel:wechat-cloud",
		"rows up to #1000",
		"gateway is back",
		"00000000000000000000000000000004",
		"100 changed, 0 skipped",
		"21 changed, 3 skipped",
		"#100, #101,",
		"#198, #199",
		"#200, #201, #202",
	};
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		screen_expect(s, words[i]);
	const char *first = strstr(screen_text(s), "#100, #101,");
	assert_non_null(strstr(first, "#200, #201, #202"));
	screen_press(s, "Esc");
	screen_expect_not(s, "rows up to");
	screen_close(s);
}

/* What is no act is named in the operator's language, too. */
static void test_notes(void **state)
{
	struct fixture *f = *state;
	outbox_exec(f->db,
		    "INSERT INTO outbox_audit (act, at, action, who, uid,"
		    "                          changed, skipped, ids)"
		    "VALUES (printf('%%032d', 1), 1900000000000, 'unmask',"
		    "        'ana', 1, 0, 0, '[]')");
	struct screen *s = screen_open(&(struct screen_options){
		.db = f->path, .now_ms = 1900000001000, .lang = "zh"});
	screen_press(s, "8");
	screen_expect(s, "显示完整接收人");
	screen_close(s);
}

static void test_hostile(void **state)
{
	struct fixture *f = *state;
	variety_fill(f->db);
	struct screen *s = open_audit(f, 24, 80);
	screen_press(s, "G Enter");
	screen_expect(s, "eve^[[2J");
	assert_null(strchr(screen_text(s), '\x1b'));
	assert_null(strstr(screen_text(s), "\u202e"));
	screen_close(s);
}

static void test_words(void **state)
{
	struct fixture *f = *state;
	variety_fill(f->db);
	struct screen *s = open_audit(f, 24, 80);
	screen_press(s, "& \"pause\" Enter");
	screen_expect(s, "feishu-ops");
	screen_expect_not(s, "retry");
	screen_press(s, "Esc / \"1007\" Enter");
	screen_expect(s, "HELD");
	screen_close(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(test_lines),   FIXTURE_TEST(test_small),
		FIXTURE_TEST(test_enter),   FIXTURE_TEST(test_notes),
		FIXTURE_TEST(test_hostile), FIXTURE_TEST(test_words),
	};
	util_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
