/*
 * Puts an answer on the wire, whole or broken in the way it asks for.
 *
 * The only place that makes libmicrohttpd responses.
 */
#pragma once

#include <microhttpd.h>

#include "tests/sim/answer.h"

/* Queues the answer, or ends the connection without one. ANSWER_HANG ends it
 * too: by the time this is called the client has gone. The result is for
 * libmicrohttpd. */
enum MHD_Result wire_answer(struct MHD_Connection *connection,
			    const struct answer *a);

/* The connection's socket. */
int wire_socket(struct MHD_Connection *connection);
