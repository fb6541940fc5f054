/* Where a webhook may go. Other code relies on: what counts is the address that
 * is connected to, whatever the URL says; nothing is sent to one of a private
 * network, not even a connection made, unless its channel's settings allow it;
 * and WeChat's own calls are not restricted. */
#include "tests/support/scene.h"

#include "lib/util.h"
#include "tests/support/tempdir.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define SECRET "WEBHOOK_X_SECRET=a-plain-secret"
#define ROUTE  "OUTBOX_ROUTES=x=x,y=y"

/* A port of 127.0.0.1 where nobody answers. */
static int listen_somewhere(int *port_out)
{
	struct sockaddr_in a = {.sin_family = AF_INET,
				.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof(a);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&a, len), 0);
	assert_int_equal(listen(fd, 8), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&a, &len), 0);
	*port_out = ntohs(a.sin_port);
	return fd;
}

static bool is_called(int fd)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};
	return poll(&p, 1, 0) > 0;
}

/* A row for x waits, and says why; it has cost nothing. */
static void expect_held(struct scene *s, const char *words)
{
	scene_wait_channel(s, "x", "held|webhook-address-private");
	scoped_free char *said = outbox_text(
		s->fix->db,
		"SELECT detail FROM outbox_channel WHERE name = 'x'");
	if (!strstr(said, words))
		fail_msg("%s: %s", words, said);
	scoped_free char *row = outbox_text(
		s->fix->db, "SELECT status || attempts FROM outbox"
			    " WHERE channel = 'x' ORDER BY id DESC LIMIT 1");
	assert_string_equal(row, "pending0");
}

/* %d is the port. What they lead to is said by curl and the kernel alone: names
 * that end in .localhost are loopback's without DNS. */
static const struct {
	const char *url, *words;
} urls[] = {
	{"https://hook.localhost:%d/x", "1 is a loopback address"},
	{"https://2130706433:%d/x", "127.0.0.1 is a loopback address"},
	{"https://127.1:%d/x", "127.0.0.1 is a loopback address"},
	{"https://0x7f.0.0.1:%d/x", "127.0.0.1 is a loopback address"},
	{"https://[::ffff:127.0.0.1]:%d/x", "127.0.0.1 is a loopback address"},
	{"https://0.0.0.0:%d/x", "0.0.0.0 is a private address"},
	{"https://10.255.255.1:%d/x", "10.255.255.1 is a private address"},
	{"https://169.254.169.254:%d/x",
	 "169.254.169.254 is a private address"},
	{"https://192.168.255.1:%d/x", "192.168.255.1 is a private address"},
	{"https://100.64.0.1:%d/x", "100.64.0.1 is a private address"},
	{"https://[fd00::1]:%d/x", "fd00::1 is a private address"},
};

static void test_private_addresses(void **state)
{
	struct scene *s = *state;
	int port = 0;
	int fd = listen_somewhere(&port);
	for (size_t i = 0; i < ARRAY_LEN(urls); i++) {
		const char *colon = strstr(urls[i].url, "%d");
		scoped_free char *url = xasprintf("WEBHOOK_X_URL=%.*s%d/x",
						  (int)(colon - urls[i].url),
						  urls[i].url, port);
		outbox_exec(s->fix->db,
			    "UPDATE outbox_channel SET state = 'open',"
			    " reason = NULL, detail = NULL");
		scene_start_relay(s,
				  (const char *[]){url, SECRET,
						   "OUTBOX_ROUTES=x=x", NULL});
		outbox_insert(s->fix->db, "x", "{}");
		expect_held(s, urls[i].words);
		scene_stop_relay(s);
		outbox_exec(s->fix->db, "UPDATE outbox SET status = 'cancelled'"
					" WHERE status = 'pending'");
		assert_false(is_called(fd));
	}
	close(fd);
}

/* A proxy is what is connected to. */
static void test_private_proxy(void **state)
{
	struct scene *s = *state;
	int port = 0;
	int fd = listen_somewhere(&port);
	scoped_free char *proxy =
		xasprintf("https_proxy=http://127.0.0.1:%d", port);
	scene_start_relay(
		s, (const char *[]){"WEBHOOK_X_URL=https://crm.invalid/x",
				    SECRET, "OUTBOX_ROUTES=x=x", proxy, NULL});
	outbox_insert(s->fix->db, "x", "{}");
	expect_held(s, "127.0.0.1 is a loopback address");
	assert_false(is_called(fd));
	close(fd);
}

/* A URL that names loopback says so itself; WeChat's calls, which go there in
 * the same relay, are not asked. */
static void test_loopback_by_name(void **state)
{
	struct scene *s = *state;
	const char *port = strrchr(s->sim.base, ':');
	scoped_free char *x = xasprintf("WEBHOOK_X_URL=%s/hook/x", s->sim.base);
	scoped_free char *y =
		xasprintf("WEBHOOK_Y_URL=http://localhost%s/hook/y", port);
	scene_start_relay(s, (const char *[]){x, SECRET, y,
					      "WEBHOOK_Y_SECRET=a-plain-secret",
					      ROUTE, NULL});
	outbox_insert(s->fix->db, "x", "{}");
	outbox_insert(s->fix->db, "y", "{}");
	scene_insert(s, USER_BOUND);
	scene_wait(s, "SELECT count(*) FROM outbox WHERE status = 'delivered'",
		   "3");
}

static void start_tls(struct scene *s, struct simulator *tls, const char *cert)
{
	scoped_free char *key = tempdir_path(s->fix->dir, "key.pem");
	const char *argv[] = {"openssl",  "req",
			      "-x509",	  "-newkey",
			      "rsa:2048", "-nodes",
			      "-days",	  "2",
			      "-subj",	  "/CN=localhost",
			      "-addext",  "subjectAltName=DNS:hook.localhost",
			      "-keyout",  key,
			      "-out",	  cert,
			      NULL};
	struct proc_spec make = {
		.argv = argv, .dir = s->fix->dir, .name = "openssl"};
	assert_int_equal(proc_run(&make, SCENE_DEADLINE_MS, NULL, NULL), 0);
	simulator_start(tls, s->fix->dir,
			(const char *[]){"--tls", cert, key, NULL});
}

/* The receiver's journal; the caller deletes it. */
static int count_calls(const struct simulator *sim, const char *path)
{
	cJSON *calls = simulator_journal(sim);
	int count = 0;
	const cJSON *call;
	cJSON_ArrayForEach(call, calls)
	{
		count += strcmp(cJSON_GetStringValue(
					cJSON_GetObjectItem(call, "path")),
				path) == 0;
	}
	cJSON_Delete(calls);
	return count;
}

/* The channel that may go there leaves a connection behind that the other one
 * must not use. It may when its setting says so, which ends the hold. */
static void test_allowed(void **state)
{
	struct scene *s = *state;
	struct simulator tls = {0};
	scoped_free char *cert = tempdir_path(s->fix->dir, "cert.pem");
	start_tls(s, &tls, cert);
	const char *port = strrchr(tls.base, ':');
	scoped_free char *env = xasprintf(
		"WEBHOOK_X_URL=https://hook.localhost%s/hook/x\n" SECRET "\n"
		"WEBHOOK_Y_URL=https://hook.localhost%s/hook/y\n"
		"WEBHOOK_Y_SECRET=a-plain-secret\n"
		"WEBHOOK_Y_ALLOW_PRIVATE=yes\n" ROUTE "\nWECHAT_CA_FILE=%s\n",
		port, port, cert);
	scoped_free char *mended =
		xasprintf("%sWEBHOOK_X_ALLOW_PRIVATE=yes\n", env);
	scene_write_env(s, env);
	scene_start_relay(s, NULL);
	outbox_insert(s->fix->db, "y", "{}");
	scene_wait_count(s, "y", "delivered", 1);
	outbox_insert(s->fix->db, "x", "{}");
	expect_held(s, "1 is a loopback address");
	assert_int_equal(count_calls(&tls, "/hook/y"), 1);
	assert_int_equal(count_calls(&tls, "/hook/x"), 0);

	scene_reload(s, mended);
	scene_wait_count(s, "x", "delivered", 1);
	scene_wait_channel(s, "x", "open|-");
	assert_int_equal(count_calls(&tls, "/hook/x"), 1);
	simulator_finish(&tls);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCENE_TEST(test_private_addresses),
		SCENE_TEST(test_private_proxy),
		SCENE_TEST(test_loopback_by_name),
		SCENE_TEST(test_allowed),
	};
	return cmocka_run_group_tests_name("addresses", tests, NULL, NULL);
}
