#include "relay/address.h"

#include "lib/util.h"

#include <arpa/inet.h>
#include <assert.h>
#include <netinet/in.h>
#include <string.h>

enum { V4_LEN = 4, V6_LEN = 16, NOTHING_INSIDE = 0 };

/* The first that matches counts; what none matches is public. */
static const struct range {
	const char *net;
	unsigned bits;
	enum address_kind kind;
	size_t inside; /* where an IPv4 address stands that decides */
} ranges[] = {
	{"0.0.0.0", 8, ADDRESS_PRIVATE, NOTHING_INSIDE},
	{"10.0.0.0", 8, ADDRESS_PRIVATE, NOTHING_INSIDE},
	{"100.64.0.0", 10, ADDRESS_PRIVATE, NOTHING_INSIDE}, /* carriers' */
	{"127.0.0.0", 8, ADDRESS_LOOPBACK, NOTHING_INSIDE},
	{"169.254.0.0", 16, ADDRESS_PRIVATE, NOTHING_INSIDE}, /* link-local */
	{"172.16.0.0", 12, ADDRESS_PRIVATE, NOTHING_INSIDE},
	{"192.0.0.0", 24, ADDRESS_PRIVATE, NOTHING_INSIDE},
	{"192.168.0.0", 16, ADDRESS_PRIVATE, NOTHING_INSIDE},
	{"198.18.0.0", 15, ADDRESS_PRIVATE, NOTHING_INSIDE}, /* test beds */
	{"224.0.0.0", 3, ADDRESS_PRIVATE, NOTHING_INSIDE},   /* multicast ... */

	{"::1", 128, ADDRESS_LOOPBACK, NOTHING_INSIDE},
	{"::ffff:0:0", 96, ADDRESS_PRIVATE, 12},
	{"64:ff9b::", 96, ADDRESS_PRIVATE, 12},		      /* NAT64 */
	{"64:ff9b:1::", 48, ADDRESS_PRIVATE, NOTHING_INSIDE}, /* a site's own */
	{"::", 8, ADDRESS_PRIVATE, NOTHING_INSIDE},
	{"100::", 64, ADDRESS_PRIVATE, NOTHING_INSIDE},	 /* discarded */
	{"2001::", 32, ADDRESS_PRIVATE, NOTHING_INSIDE}, /* Teredo */
	{"2002::", 16, ADDRESS_PRIVATE, 2},		 /* 6to4 */
	{"fc00::", 7, ADDRESS_PRIVATE, NOTHING_INSIDE},
	{"fe80::", 10, ADDRESS_PRIVATE, NOTHING_INSIDE},
	{"fec0::", 10, ADDRESS_PRIVATE, NOTHING_INSIDE},
	{"ff00::", 8, ADDRESS_PRIVATE, NOTHING_INSIDE},
};

/* Returns the bytes of the address, or 0 if the text is none. */
static size_t parse(const char *text, unsigned char out[V6_LEN])
{
	if (inet_pton(AF_INET, text, out) == 1)
		return V4_LEN;
	return inet_pton(AF_INET6, text, out) == 1 ? V6_LEN : 0;
}

static bool has_prefix(const unsigned char *address, const unsigned char *net,
		       unsigned bits)
{
	size_t whole = bits / 8;
	unsigned rest = bits % 8;
	if (memcmp(address, net, whole) != 0)
		return false;
	return rest == 0 || (address[whole] ^ net[whole]) >> (8 - rest) == 0;
}

static const struct range *find_range(const unsigned char *address, size_t len)
{
	for (size_t i = 0; i < ARRAY_LEN(ranges); i++) {
		unsigned char net[V6_LEN];
		if (parse(ranges[i].net, net) == len &&
		    has_prefix(address, net, ranges[i].bits))
			return &ranges[i];
	}
	return NULL;
}

static enum address_kind judge(const unsigned char *address, size_t len)
{
	const struct range *r = find_range(address, len);
	if (r && r->inside)
		r = find_range(address + r->inside, V4_LEN);
	return r ? r->kind : ADDRESS_PUBLIC;
}

enum address_kind address_judge(const struct sockaddr *address)
{
	if (address->sa_family == AF_INET) {
		struct sockaddr_in in;
		memcpy(&in, address, sizeof(in));
		return judge((const unsigned char *)&in.sin_addr, V4_LEN);
	}
	if (address->sa_family == AF_INET6) {
		struct sockaddr_in6 in6;
		memcpy(&in6, address, sizeof(in6));
		return judge(in6.sin6_addr.s6_addr, V6_LEN);
	}
	return ADDRESS_PRIVATE;
}

enum address_kind address_judge_text(const char *text)
{
	unsigned char address[V6_LEN];
	size_t len = parse(text, address);
	return len ? judge(address, len) : ADDRESS_PRIVATE;
}

bool address_is_within(enum address_kind kind, enum address_scope scope)
{
	switch (scope) {
	case ADDRESS_ANYWHERE:
		return true;
	case ADDRESS_NOT_PRIVATE:
		return kind != ADDRESS_PRIVATE;
	case ADDRESS_PUBLIC_ONLY:
		break;
	}
	return kind == ADDRESS_PUBLIC;
}

bool address_host_is_loopback(const char *host, size_t len)
{
	scoped_free char *name = xstrndup(host, len);
	struct in_addr address;
	if (inet_pton(AF_INET, name, &address) == 1)
		return ntohl(address.s_addr) >> 24 == 127;
	return strcmp(name, "localhost") == 0 || strcmp(name, "[::1]") == 0;
}

bool address_url_is_loopback(const char *url)
{
	const char *host = strstr(url, "//");
	assert(host);
	host += 2;
	size_t len =
		*host == '[' ? strcspn(host, "]") + 1 : strcspn(host, ":/?");
	return address_host_is_loopback(host, len);
}
