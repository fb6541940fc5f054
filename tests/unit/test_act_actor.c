/* Who is acting. Other code relies on: every text is harmless on a terminal and
 * short, and no environment hides the uid's own name. */
#include "lib/util.h"
#include "schema/actor.h"
#include "tests/support/check.h"

#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct {
	struct actor_facts facts;
	const char *name, *tty, *origin;
} actors[] = {
	{{.login = "alice", .uid = 1000}, "alice", "-", "-"},
	{{.uid = 4711}, "uid 4711", "-", "-"},
	{{.login = "", .sudo_user = "", .tty = "", .ssh = ""},
	 "uid 0",
	 "-",
	 "-"},
	{{.login = "root", .sudo_user = "alice"}, "alice via root", "-", "-"},
	{{.login = "alice", .sudo_user = "alice"}, "alice", "-", "-"},
	{{.uid = 7, .sudo_user = "alice"}, "alice via uid 7", "-", "-"},
	{{.login = "mallory", .sudo_user = "\x1b[8m\n"},
	 "\\x1b[8m\\n via mallory",
	 "-",
	 "-"},
	{{.login = "王芳", .tty = "/dev/pts/3"}, "王芳", "/dev/pts/3", "-"},
	{{.login = "a",
	  .tty = "/dev/\x9b"
		 "2J\xff"},
	 "a",
	 "/dev/\\x9b2J\\xff",
	 "-"},
	{{.login = "a", .ssh = "203.0.113.7 51234 198.51.100.1 22"},
	 "a",
	 "-",
	 "203.0.113.7 51234"},
	{{.login = "a", .ssh = "2001:db8::7 51234 22"},
	 "a",
	 "-",
	 "2001:db8::7 51234"},
	{{.login = "a", .ssh = "203.0.113.7"}, "a", "-", "203.0.113.7"},
	{{.login = "a", .ssh = "\x1b]0;t\a \x1b[2J 3"},
	 "a",
	 "-",
	 "\\x1b]0;t\\x07 \\x1b[2J"},
};

static const char *or_dash(const char *text)
{
	return text ? text : "-";
}

static void test_actors(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(actors); i++) {
		struct actor actor;
		actor_init(&actor, &actors[i].facts);
		assert_string_equal(actor.name, actors[i].name);
		assert_string_equal(or_dash(actor.tty), actors[i].tty);
		assert_string_equal(or_dash(actor.origin), actors[i].origin);
		assert_int_equal(actor.uid, actors[i].facts.uid);
		actor_finish(&actor);
		assert_null(actor.name);
	}
	actor_finish(NULL);
}

static void test_bounds(void **state)
{
	(void)state;
	scoped_free char *is_long = xmalloc(200001);
	memset(is_long, '\x1b', 200000);
	is_long[200000] = '\0';
	struct actor actor;
	actor_init(&actor, &(struct actor_facts){.login = is_long,
						 .sudo_user = "x",
						 .tty = is_long,
						 .ssh = is_long});
	assert_int_equal(strlen(actor.name), 128 + strlen("x via "));
	assert_int_equal(strlen(actor.tty), 128);
	assert_int_equal(strlen(actor.origin), 128);
	actor_finish(&actor);
}

static void test_self(void **state)
{
	(void)state;
	struct actor actor;
	const struct passwd *user = getpwuid(getuid());
	setenv("SUDO_USER", "al\x1b[1mice", 1);
	setenv("SSH_CONNECTION", "203.0.113.7\x1b[2J 5 198.51.100.1 22", 1);
	setenv("SSH_CLIENT", "192.0.2.9 5 22", 1);
	actor_init_self(&actor);
	assert_int_equal(actor.uid, getuid());
	assert_string_equal(actor.origin, "203.0.113.7\\x1b[2J 5");
	static const char begins[] = "al\\x1b[1mice via ";
	assert_memory_equal(actor.name, begins, strlen(begins));
	if (user)
		assert_string_equal(actor.name + strlen(begins), user->pw_name);
	actor_finish(&actor);
	unsetenv("SUDO_USER");
	unsetenv("SSH_CONNECTION");
	actor_init_self(&actor);
	assert_string_equal(actor.origin, "192.0.2.9 5");
	assert_null(strstr(actor.name, " via "));
	actor_finish(&actor);
	unsetenv("SSH_CLIENT");
	actor_init_self(&actor);
	assert_null(actor.origin);
	actor_finish(&actor);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_actors),
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_self),
	};
	util_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
