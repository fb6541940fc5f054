/* See wire.h. */
#include "tests/sim/wire.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "lib/util.h"

static const char big_head[] = "{\"errcode\":0,\"errmsg\":\"ok\","
			       "\"resp_data\":\"";

int wire_socket(struct MHD_Connection *connection)
{
	return MHD_get_connection_info(connection,
				       MHD_CONNECTION_INFO_CONNECTION_FD)
		->connect_fd;
}

/* The first half of a body, then the failure that makes libmicrohttpd end the
 * connection. */
static ssize_t read_half(void *cls, uint64_t pos, char *out, size_t max)
{
	const struct buf *body = cls;
	size_t half = body->len / 2;
	if (pos >= half)
		return MHD_CONTENT_READER_END_WITH_ERROR;
	size_t n = MIN(max, half - (size_t)pos);
	memcpy(out, body->data + pos, n);
	return (ssize_t)n;
}

static void free_half(void *cls)
{
	buf_finish(cls);
	free(cls);
}

/* A string that goes on and on; libmicrohttpd stops at the size. */
static ssize_t read_big(void *cls, uint64_t pos, char *out, size_t max)
{
	(void)cls;
	memset(out, 'x', max);
	for (size_t i = 0; i < max && pos + i < strlen(big_head); i++)
		out[i] = big_head[pos + i];
	return (ssize_t)max;
}

static struct MHD_Response *make_response(const struct answer *a)
{
	if (a->kind == ANSWER_BIG)
		return MHD_create_response_from_callback(a->size, 65536,
							 read_big, NULL, NULL);
	if (a->kind == ANSWER_WHOLE)
		return MHD_create_response_from_buffer(
			a->body.len, (void *)buf_str(&a->body),
			MHD_RESPMEM_MUST_COPY);
	struct buf *copy = xcalloc(1, sizeof(*copy));
	buf_add(copy, buf_str(&a->body), a->body.len);
	return MHD_create_response_from_callback(copy->len, 65536, read_half,
						 copy, free_half);
}

static enum MHD_Result send_response(struct MHD_Connection *connection,
				     const struct answer *a)
{
	struct MHD_Response *r = make_response(a);
	if (!r)
		return MHD_NO;
	MHD_add_response_header(r, MHD_HTTP_HEADER_CONTENT_TYPE,
				a->content_type
					? a->content_type
					: "application/json; encoding=utf-8");
	if (a->retry_after)
		MHD_add_response_header(r, MHD_HTTP_HEADER_RETRY_AFTER,
					a->retry_after);
	if (a->date)
		MHD_add_response_header(r, MHD_HTTP_HEADER_DATE, a->date);
	/* Whoever follows a redirect is seen in the journal. */
	if (a->status / 100 == 3)
		MHD_add_response_header(r, MHD_HTTP_HEADER_LOCATION,
					"/hook/redirected");
	enum MHD_Result result = MHD_queue_response(connection, a->status, r);
	MHD_destroy_response(r);
	return result;
}

/* libmicrohttpd would shut the socket down politely first, and the client see
 * a FIN; dissolving the association sends the RST at once. */
static void reset_connection(struct MHD_Connection *connection)
{
	const struct sockaddr nowhere = {.sa_family = AF_UNSPEC};
	(void)connect(wire_socket(connection), &nowhere, sizeof(nowhere));
}

enum MHD_Result wire_answer(struct MHD_Connection *connection,
			    const struct answer *a)
{
	switch (a->kind) {
	case ANSWER_WHOLE:
	case ANSWER_HALF:
	case ANSWER_BIG:
		return send_response(connection, a);
	case ANSWER_RESET:
		reset_connection(connection);
		return MHD_NO;
	case ANSWER_CLOSE:
	case ANSWER_HANG:
	case ANSWER_KIND_COUNT:
		break;
	}
	return MHD_NO;
}
