/* See gate.h. */
#include "tests/sim/gate.h"

#include <string.h>

#include "lib/util.h"
#include "tests/sim/control.h"
#include "tests/sim/journal.h"

static service no_service;

static const struct route {
	const char *path; /* one that ends in a slash goes on */
	enum stage stage;
	service *serve;
} routes[] = {
	{"/cgi-bin/token", STAGE_TOKEN, account_token},
	{"/cgi-bin/stable_token", STAGE_TOKEN, account_stable},
	{"/tcb/invokecloudfunction", STAGE_INVOKE, cloud_invoke},
	{"/tcb/databasequery", STAGE_DATABASE, cloud_database},
	{"/cgi-bin/message/subscribe/send", STAGE_SEND, message_send},
	{"/wxaapi/newtmpl/gettemplate", STAGE_TEMPLATE, template_list},
	{"/hook/", STAGE_HOOK, hook_receive},
	{NULL, STAGE_OTHER, no_service},
};

static void no_service(struct sim *s, struct call *c)
{
	answer_set_error(&c->answer, 40066, NULL, &s->dice);
}

void hook_receive(struct sim *s, struct call *c)
{
	if (robot_serve(&s->robots, c))
		return;
	answer_set_text(&c->answer, "");
	if (strcmp(c->method, "POST") != 0)
		c->answer.status = 405;
}

static bool is_on(const struct route *r, const char *path)
{
	size_t len = strlen(r->path);
	if (r->path[len - 1] != '/')
		return strcmp(path, r->path) == 0;
	return strncmp(path, r->path, len) == 0 && path[len];
}

static const struct route *find_route(const char *path)
{
	const struct route *r = routes;
	while (r->path && !is_on(r, path))
		r++;
	return r;
}

int call_check_common(const struct call *c)
{
	if (strcmp(c->method, "POST") != 0)
		return 43002;
	if (c->token_code)
		return c->token_code;
	return c->body.len ? 0 : 44002;
}

/* Reads what the journal, the faults and the overlaps want to know. */
static void read_call(struct sim *s, struct call *c)
{
	const char *secret = call_param(c, "secret");
	if (c->body.len)
		c->json = cJSON_ParseWithLengthOpts(c->body.data,
						    c->body.len + 1, NULL, 1);
	c->event = c->stage == STAGE_HOOK ? c->hook_headers[0]
					  : call_member(c, "notificationId");
	c->token_code = token_check(&s->tokens, call_param(c, "access_token"),
				    c->arrived_us, &c->token_number);
	if (!secret)
		secret = call_member(c, "secret");
	if (!secret || strcmp(secret, s->secret) != 0)
		c->secret_code = secret && *secret ? 40125 : 41004;
	if (c->stage == STAGE_SEND)
		c->openid = xstrdup_or_null(call_member(c, "touser"));
	if (c->stage == STAGE_INVOKE) {
		const struct user *u = function_recipient(s, c->json);
		c->openid = xstrdup_or_null(u ? u->openid : NULL);
	}
}

static void mark_under_way(struct sim *s, struct call *c)
{
	if (c->stage == STAGE_TOKEN || c->stage == STAGE_TEMPLATE ||
	    c->stage == STAGE_OTHER)
		return;
	c->is_under_way = true;
	s->under_way++;
	s->under_way_max = MAX(s->under_way_max, s->under_way);
	if (c->openid)
		mailroom_enter(&s->mail, c->openid);
}

void gate_leave(struct sim *s, struct call *c)
{
	if (!c->is_under_way)
		return;
	c->is_under_way = false;
	s->under_way--;
	if (c->openid)
		mailroom_leave(&s->mail, c->openid);
}

/* The stage's own faults come before the service looks at anything. */
static void serve(struct sim *s, struct call *c, service *work)
{
	const struct rule *r = fault_take(&s->faults, c->stage, c, &s->dice);
	if (r)
		fault_note(r, c);
	if (!r || r->acts)
		work(s, c);
	if (r)
		fault_apply(r, c->stage, c, &s->dice);
}

void gate_enter(struct sim *s, struct call *c)
{
	if (control_is_path(c->path)) {
		control_serve(s, c);
		return;
	}
	const struct route *route = find_route(c->path);
	c->stage = route->stage;
	c->answer.delay_us = s->opt->latency_us;
	s->calls[c->stage]++;
	read_call(s, c);
	mark_under_way(s, c);
	serve(s, c, route->serve);
	if (s->journal)
		journal_write(s->journal, c, s->secret);
}
