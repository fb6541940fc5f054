/*
 * The HTTP side: one thread, one epoll set that holds libmicrohttpd's own, a
 * timer for answers that wait, a signalfd, and the sockets of waiting clients
 * in order to see them go.
 *
 * Knows nothing of WeChat; every complete request goes through gate.h.
 */
#pragma once

#include "tests/sim/sim.h"

struct server;

/* Listens on 127.0.0.1 as the options say, and takes over SIGTERM and SIGINT.
 * NULL, having said so on stderr, if it cannot. */
struct server *server_open(struct sim *sim);

/* The port it got. */
unsigned server_port(const struct server *sv);

/* Serves until SIGTERM or SIGINT. Returns 0, or -1 if the loop itself failed,
 * having said so. */
int server_run(struct server *sv);

/* Cuts all connections and frees everything. NULL is fine. */
void server_close(struct server *sv);
