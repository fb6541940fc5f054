/*
 * The two endpoints that grant tokens: who may have one, and how it is handed
 * out. How tokens live and die is token.c's affair.
 */
#include "tests/sim/sim.h"

#include <string.h>

/* Checks who asks, in the order in which WeChat does. */
static int check_caller(const struct sim *s, const char *grant_type,
			const char *appid, const char *secret)
{
	if (!grant_type || strcmp(grant_type, "client_credential") != 0)
		return 40002;
	if (!appid || !*appid)
		return 41002;
	if (!secret || !*secret)
		return 41004;
	if (strcmp(appid, s->opt->appid) != 0)
		return 40013;
	return strcmp(secret, s->secret) == 0 ? 0 : 40125;
}

static void give(struct call *c, const struct token_grant *grant)
{
	cJSON *root = cJSON_CreateObject();
	cJSON_AddStringToObject(root, "access_token", grant->text);
	cJSON_AddNumberToObject(root, "expires_in",
				(double)grant->expires_in_s);
	answer_set_json(&c->answer, root);
	c->token_number = grant->number;
}

void account_token(struct sim *s, struct call *c)
{
	int code = 43001;
	if (strcmp(c->method, "GET") == 0)
		code = check_caller(s, call_param(c, "grant_type"),
				    call_param(c, "appid"),
				    call_param(c, "secret"));
	if (code) {
		answer_set_error(&c->answer, code, NULL, &s->dice);
		return;
	}
	struct token_grant grant =
		token_mint_classic(&s->tokens, c->arrived_us);
	give(c, &grant);
}

static int check_stable(const struct sim *s, const struct call *c)
{
	if (strcmp(c->method, "POST") != 0)
		return 43002;
	if (!c->body.len)
		return 44002;
	if (!cJSON_IsObject(c->json))
		return 47001;
	return check_caller(s, call_member(c, "grant_type"),
			    call_member(c, "appid"), call_member(c, "secret"));
}

void account_stable(struct sim *s, struct call *c)
{
	struct token_grant grant = {.text = NULL};
	int code = check_stable(s, c);
	if (!code)
		code = token_mint_stable(
			&s->tokens,
			cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(
				c->json, "force_refresh")),
			c->arrived_us, &grant);
	if (code)
		answer_set_error(&c->answer, code, NULL, &s->dice);
	else
		give(c, &grant);
}
