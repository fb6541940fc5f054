/* See call.h. */
#include "tests/sim/call.h"

#include <stdlib.h>
#include <string.h>

static const char *const stage_names[STAGE_COUNT] = {
	[STAGE_TOKEN] = "token",       [STAGE_INVOKE] = "invoke",
	[STAGE_FUNCTION] = "function", [STAGE_DATABASE] = "database",
	[STAGE_SEND] = "send",	       [STAGE_TEMPLATE] = "template",
	[STAGE_HOOK] = "hook",	       [STAGE_OTHER] = "other",
};

const char *const call_hook_headers[CALL_HOOK_HEADERS] = {
	"webhook-id",
	"webhook-timestamp",
	"webhook-signature",
};

void call_finish(struct call *c)
{
	buf_finish(&c->body);
	cJSON_Delete(c->json);
	free(c->openid);
	answer_finish(&c->answer);
}

const char *call_param(const struct call *c, const char *name)
{
	for (size_t i = 0; i < c->param_count; i++) {
		if (strcmp(c->params[i].name, name) == 0)
			return c->params[i].value;
	}
	return NULL;
}

const char *call_member(const struct call *c, const char *name)
{
	return cJSON_GetStringValue(
		cJSON_GetObjectItemCaseSensitive(c->json, name));
}

const char *stage_name(enum stage s)
{
	return stage_names[s];
}

int stage_parse(const char *name, enum stage *stage_out)
{
	for (int i = 0; i < STAGE_COUNT; i++) {
		if (strcmp(stage_names[i], name) != 0)
			continue;
		*stage_out = (enum stage)i;
		return 0;
	}
	return -1;
}
