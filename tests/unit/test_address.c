/* Which addresses a webhook may reach. Other code relies on: nothing of a
 * private network passes for public, however the address is written, and the
 * neighbours of each range are not taken with it. */
#include "lib/util.h"
#include "relay/address.h"
#include "tests/support/check.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/un.h>

/* clang-format off */
static const struct {
	const char *text;
	enum address_kind kind;
} addresses[] = {
	/* the edges of each range, and what lies beyond them */
	{"0.0.0.0", ADDRESS_PRIVATE}, {"0.255.255.255", ADDRESS_PRIVATE},
	{"1.0.0.0", ADDRESS_PUBLIC}, {"9.255.255.255", ADDRESS_PUBLIC},
	{"10.0.0.0", ADDRESS_PRIVATE}, {"10.255.255.255", ADDRESS_PRIVATE},
	{"11.0.0.0", ADDRESS_PUBLIC}, {"100.63.255.255", ADDRESS_PUBLIC},
	{"100.64.0.0", ADDRESS_PRIVATE}, {"100.127.255.255", ADDRESS_PRIVATE},
	{"100.128.0.0", ADDRESS_PUBLIC}, {"126.255.255.255", ADDRESS_PUBLIC},
	{"127.0.0.0", ADDRESS_LOOPBACK}, {"127.0.0.1", ADDRESS_LOOPBACK},
	{"127.255.255.255", ADDRESS_LOOPBACK}, {"128.0.0.0", ADDRESS_PUBLIC},
	{"169.253.255.255", ADDRESS_PUBLIC}, {"169.254.0.0", ADDRESS_PRIVATE},
	{"169.254.169.254", ADDRESS_PRIVATE},
	{"169.254.255.255", ADDRESS_PRIVATE}, {"169.255.0.0", ADDRESS_PUBLIC},
	{"172.15.255.255", ADDRESS_PUBLIC}, {"172.16.0.0", ADDRESS_PRIVATE},
	{"172.31.255.255", ADDRESS_PRIVATE}, {"172.32.0.0", ADDRESS_PUBLIC},
	{"191.255.255.255", ADDRESS_PUBLIC}, {"192.0.0.0", ADDRESS_PRIVATE},
	{"192.0.0.255", ADDRESS_PRIVATE}, {"192.0.1.0", ADDRESS_PUBLIC},
	{"192.167.255.255", ADDRESS_PUBLIC}, {"192.168.0.0", ADDRESS_PRIVATE},
	{"192.168.255.255", ADDRESS_PRIVATE}, {"192.169.0.0", ADDRESS_PUBLIC},
	{"198.17.255.255", ADDRESS_PUBLIC}, {"198.18.0.0", ADDRESS_PRIVATE},
	{"198.19.255.255", ADDRESS_PRIVATE}, {"198.20.0.0", ADDRESS_PUBLIC},
	{"223.255.255.255", ADDRESS_PUBLIC}, {"224.0.0.0", ADDRESS_PRIVATE},
	{"239.255.255.255", ADDRESS_PRIVATE}, {"240.0.0.0", ADDRESS_PRIVATE},
	{"255.255.255.255", ADDRESS_PRIVATE},

	{"::", ADDRESS_PRIVATE}, {"::1", ADDRESS_LOOPBACK},
	{"::2", ADDRESS_PRIVATE}, {"::7f00:1", ADDRESS_PRIVATE},
	{"ff:ffff::", ADDRESS_PRIVATE}, {"101::", ADDRESS_PUBLIC},
	{"100::", ADDRESS_PRIVATE}, {"100::ffff:0:0:1", ADDRESS_PRIVATE},
	{"100:0:0:1::", ADDRESS_PUBLIC},
	{"2000:ffff::", ADDRESS_PUBLIC}, {"2001::", ADDRESS_PRIVATE},
	{"2001:0:ffff::", ADDRESS_PRIVATE}, {"2001:1::", ADDRESS_PUBLIC},
	{"2400:3200::1", ADDRESS_PUBLIC}, {"fbff::", ADDRESS_PUBLIC},
	{"fc00::", ADDRESS_PRIVATE}, {"fd12:3456::1", ADDRESS_PRIVATE},
	{"fdff:ffff::", ADDRESS_PRIVATE}, {"fe00::", ADDRESS_PUBLIC},
	{"fe7f:ffff::", ADDRESS_PUBLIC}, {"fe80::", ADDRESS_PRIVATE},
	{"febf:ffff::", ADDRESS_PRIVATE}, {"fec0::", ADDRESS_PRIVATE},
	{"feff:ffff::", ADDRESS_PRIVATE}, {"ff00::", ADDRESS_PRIVATE},
	{"ff02::1", ADDRESS_PRIVATE},

	/* an IPv4 address inside decides */
	{"::ffff:8.8.8.8", ADDRESS_PUBLIC},
	{"::ffff:127.0.0.1", ADDRESS_LOOPBACK},
	{"::ffff:10.0.0.1", ADDRESS_PRIVATE},
	{"::ffff:a9fe:a9fe", ADDRESS_PRIVATE},
	{"::fffe:8.8.8.8", ADDRESS_PRIVATE},
	{"64:ff9b::8.8.8.8", ADDRESS_PUBLIC},
	{"64:ff9b::10.0.0.1", ADDRESS_PRIVATE},
	{"64:ff9b::127.0.0.1", ADDRESS_LOOPBACK},
	{"64:ff9b:1::8.8.8.8", ADDRESS_PRIVATE},
	{"2002:808:808::", ADDRESS_PUBLIC},
	{"2002:a00:1::", ADDRESS_PRIVATE},
	{"2002:c0a8:1::", ADDRESS_PRIVATE},

	/* nothing that could be connected to */
	{"", ADDRESS_PRIVATE}, {"8.8.8", ADDRESS_PRIVATE},
	{"8.8.8.8.8", ADDRESS_PRIVATE}, {"localhost", ADDRESS_PRIVATE},
	{"2130706433", ADDRESS_PRIVATE}, {"fe80::1%lo", ADDRESS_PRIVATE},
};
/* clang-format on */

/* Judges by the form in which sockets have it. */
static enum address_kind judge_socket(const char *text)
{
	struct sockaddr_in in = {.sin_family = AF_INET};
	struct sockaddr_in6 in6 = {.sin6_family = AF_INET6};
	if (inet_pton(AF_INET, text, &in.sin_addr) == 1)
		return address_judge((const struct sockaddr *)&in);
	assert_int_equal(inet_pton(AF_INET6, text, &in6.sin6_addr), 1);
	return address_judge((const struct sockaddr *)&in6);
}

static void test_ranges(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(addresses); i++) {
		const char *text = addresses[i].text;
		struct in6_addr any;
		if (address_judge_text(text) != addresses[i].kind)
			fail_msg("%s: %d", text, (int)address_judge_text(text));
		bool is_one = inet_pton(AF_INET, text, &any) == 1 ||
			      inet_pton(AF_INET6, text, &any) == 1;
		if (is_one && judge_socket(text) != addresses[i].kind)
			fail_msg("%s: %d", text, (int)judge_socket(text));
	}
	struct sockaddr_un un = {.sun_family = AF_UNIX};
	assert_int_equal(address_judge((const struct sockaddr *)&un),
			 ADDRESS_PRIVATE);
}

static void test_scopes(void **state)
{
	(void)state;
	static const struct {
		enum address_scope scope;
		bool has_public, has_loopback, has_private;
	} scopes[] = {
		{ADDRESS_ANYWHERE, true, true, true},
		{ADDRESS_NOT_PRIVATE, true, true, false},
		{ADDRESS_PUBLIC_ONLY, true, false, false},
	};
	for (size_t i = 0; i < ARRAY_LEN(scopes); i++) {
		enum address_scope s = scopes[i].scope;
		assert_true(address_is_within(ADDRESS_PUBLIC, s));
		assert_true(address_is_within(ADDRESS_LOOPBACK, s) ==
			    scopes[i].has_loopback);
		assert_true(address_is_within(ADDRESS_PRIVATE, s) ==
			    scopes[i].has_private);
	}
}

static void test_hosts(void **state)
{
	(void)state;
	static const struct {
		const char *url;
		bool is_loopback;
	} urls[] = {
		{"http://127.0.0.1", true},
		{"http://127.8.9.10:80/x", true},
		{"https://[::1]:8443/x", true},
		{"http://localhost?x", true},
		{"https://localhost/", true},
		{"https://hook.localhost/", false},
		{"https://localhost.example/", false},
		{"https://127.0.0.1.example/", false},
		{"https://127.1/", false},
		{"https://[::ffff:127.0.0.1]/", false},
		{"https://h/127.0.0.1", false},
		{"https://h//127.0.0.1", false},
	};
	for (size_t i = 0; i < ARRAY_LEN(urls); i++) {
		if (address_url_is_loopback(urls[i].url) != urls[i].is_loopback)
			fail_msg("%s", urls[i].url);
	}
	assert_true(address_host_is_loopback("localhost/x", 9));
	assert_false(address_host_is_loopback("localhost", 8));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ranges),
		cmocka_unit_test(test_scopes),
		cmocka_unit_test(test_hosts),
	};
	return cmocka_run_group_tests_name("address", tests, NULL, NULL);
}
