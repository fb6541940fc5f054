/*
 * Which addresses a request may go to. A webhook's URL is a name; what it leads
 * to is DNS's to say, at any moment anew, so the rule is asked of the address
 * that is about to be connected to.
 *
 * Pure; knows IANA's registries of special-purpose addresses (RFC 6890 and what
 * updates it), and neither names nor sockets.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>

enum address_kind {
	ADDRESS_PUBLIC,
	ADDRESS_LOOPBACK,
	ADDRESS_PRIVATE, /* or of no use: multicast, reserved, no IP at all */
};

/* What a request may reach. */
enum address_scope {
	ADDRESS_ANYWHERE,
	ADDRESS_NOT_PRIVATE, /* public ones and loopback */
	ADDRESS_PUBLIC_ONLY,
};

/* What an address is. One that carries an IPv4 address inside (mapped, NAT64,
 * 6to4) is what that one is. */
enum address_kind address_judge(const struct sockaddr *address);

/* The same for "192.0.2.1" and "2001:db8::1"; ADDRESS_PRIVATE for what is no
 * address. */
enum address_kind address_judge_text(const char *text);

bool address_is_within(enum address_kind kind, enum address_scope scope);

/* Whether the host of len bytes, as a URL has it, is this machine whatever DNS
 * says: "localhost", 127.0.0.0/8, "[::1]". */
bool address_host_is_loopback(const char *host, size_t len);

/* The same for the host of a URL that is without fault. */
bool address_url_is_loopback(const char *url);
