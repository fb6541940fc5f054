/*
 * What a service manager wants to hear: ready, stopping, alive. The protocol of
 * sd_notify(3), a datagram on the socket that NOTIFY_SOCKET names; without one
 * nothing happens.
 */
#pragma once

#include <stdint.h>

/* Sends "READY=1" and the like, several with newlines between. */
void notify_send(const char *state);

/* How often to send "WATCHDOG=1", in microseconds: half of what WATCHDOG_USEC
 * allows. 0: nobody watches. */
int64_t notify_watchdog_us(void);
