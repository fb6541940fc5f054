#include "relay/check_wire.h"

#include "lib/clock.h"
#include "lib/secret.h"
#include "lib/util.h"
#include "relay/channel.h"
#include "relay/loop.h"
#include "relay/token.h"

#include <stdlib.h>
#include <string.h>

struct check_wire {
	const struct config *config; /* borrowed */
	struct loop *loop;
	struct http *http;
	struct token *token;
};

struct check_wire *check_wire_open(const struct config *config)
{
	struct check_wire *wire = xcalloc(1, sizeof(*wire));
	struct http_options options = {
		.ca_file = config->wechat_ca_file[0] ? config->wechat_ca_file
						     : NULL,
		.connect_timeout_ms = config->connect_timeout_ms,
		.timeout_ms = config->timeout_ms,
		.connections_kept = 1,
	};
	wire->config = config;
	if (loop_create(&wire->loop) != 0 ||
	    http_create(&wire->http, wire->loop, &options) != 0) {
		check_wire_close(wire);
		return NULL;
	}
	wire->token =
		token_create(config, wire->http, (struct token_ration){0});
	return wire;
}

void check_wire_close(struct check_wire *wire)
{
	if (!wire)
		return;
	http_destroy(wire->http);
	token_destroy(wire->token);
	loop_destroy(wire->loop);
	free(wire);
}

static void wait_for_all(struct check_wire *wire)
{
	while (http_on_wire(wire->http)) {
		if (loop_wait(wire->loop, http_deadline_us(wire->http)) < 0)
			break;
		http_advance(wire->http, clock_mono_us());
	}
}

const struct judgement *check_wire_fetch(struct check_wire *wire)
{
	token_tick(wire->token, clock_mono_ms());
	wait_for_all(wire);
	if (token_state(wire->token, clock_mono_ms()) == TOKEN_READY)
		return NULL;
	return token_trouble(wire->token);
}

const char *check_wire_token(const struct check_wire *wire)
{
	int64_t serial;
	return token_value(wire->token, &serial);
}

/* Sends, and waits until `done` was called. */
static void ask(struct check_wire *wire, const struct http_request *request,
		http_done *done, void *ctx)
{
	struct http_request asked = *request;
	asked.done = done;
	asked.ctx = ctx;
	http_send(wire->http, &asked);
	wait_for_all(wire);
}

static struct http_request as_http(const struct channel_request *r)
{
	return (struct http_request){
		.url = buf_str(&r->url),
		.body = buf_str(&r->body),
		.body_len = r->body.len,
		.headers = r->headers,
		.scope = r->scope,
	};
}

struct question {
	check_judge *judge;
	struct check_answer *answer;
};

static void on_answer(void *ctx, const struct http_answer *answer)
{
	struct question *q = ctx;
	struct judge_context context = {.attempts = 1};
	q->judge(answer, &context, &q->answer->judgement);
	q->answer->duration_ms = answer->duration_us / 1000;
	buf_add(&q->answer->body, answer->body, answer->body_len);
}

void check_wire_ask(struct check_wire *wire, const struct http_request *request,
		    check_judge *judge, struct check_answer *out)
{
	struct question question = {.judge = judge, .answer = out};
	out->judgement = (struct judgement){
		.verdict = VERDICT_UNKNOWN,
		.reason = REASON_OUTCOME_UNKNOWN,
	};
	ask(wire, request, on_answer, &question);
}

void check_answer_finish(struct check_answer *answer)
{
	buf_finish(&answer->body);
}

void check_wire_invoke(struct check_wire *wire, const char *event,
		       struct check_answer *out)
{
	scoped_buf url = {0};
	buf_addf(&url, "%s/tcb/invokecloudfunction?access_token=%s&env=",
		 wire->config->wechat_base_url, check_wire_token(wire));
	buf_add_percent(&url, wire->config->cloud_env);
	buf_adds(&url, "&name=");
	buf_add_percent(&url, wire->config->wechat_function);
	check_wire_ask(wire,
		       &(struct http_request){.url = buf_str(&url),
					      .body = event,
					      .body_len = strlen(event)},
		       judge_invoke, out);
	secret_wipe(url.data, url.len);
}

/* One query after another, until somebody is found or none is left. */
struct search {
	struct lookup lookup;
	enum lookup_step step;
	char *openid; /* own */
	struct judgement why;
};

static void on_lookup(void *ctx, const struct http_answer *answer)
{
	struct search *s = ctx;
	struct judge_context context = {.attempts = 1};
	s->step = s->lookup.channel->kind->lookup->hear(
		&s->lookup, answer, &context, &s->openid, &s->why);
	s->lookup.nth++;
}

static void search(struct check_wire *wire, struct search *s)
{
	const struct channel_lookup *by = s->lookup.channel->kind->lookup;
	do {
		struct channel_request request = {0};
		s->step = by->look(&s->lookup, check_wire_token(wire), &request,
				   &s->openid, &s->why);
		if (s->step != LOOKUP_ASK) {
			channel_request_finish(&request);
			return;
		}
		struct http_request asked = as_http(&request);
		s->step = LOOKUP_REFUSED;
		ask(wire, &asked, on_lookup, s);
		channel_request_finish(&request);
	} while (s->step == LOOKUP_ASK);
}

char *check_wire_look_up(struct check_wire *wire, const struct channel *channel,
			 const struct message *msg, struct judgement *why_out)
{
	struct search s = {
		.lookup = {.channel = channel,
			   .msg = msg,
			   .now_ms = clock_mono_ms()},
		.why = {.verdict = VERDICT_UNKNOWN,
			.reason = REASON_OUTCOME_UNKNOWN},
	};
	search(wire, &s);
	*why_out = s.why;
	return s.openid;
}

void check_wire_send(struct check_wire *wire, const struct channel *channel,
		     const struct message *msg, struct check_answer *out)
{
	const struct channel_kind *kind = channel->kind;
	struct channel_request request = {0};
	scoped_free char *openid = NULL;
	if (kind->lookup) {
		openid =
			check_wire_look_up(wire, channel, msg, &out->judgement);
		if (!openid)
			return;
	}
	request.openid = openid;
	if (kind->build(channel, msg, check_wire_token(wire), clock_wall_ms(),
			&request, &out->judgement)) {
		struct http_request asked = as_http(&request);
		check_wire_ask(wire, &asked, kind->judge, out);
	}
	channel_request_finish(&request);
}
