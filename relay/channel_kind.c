#include "relay/channel_kind.h"

#include "lib/secret.h"
#include "lib/util.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct channel_kind *const kinds[] = {
	&channel_wechat_cloud, &channel_wechat_subscribe, &channel_webhook,
	&channel_wecom,	       &channel_dingtalk,	  &channel_feishu,
};

const struct channel_kind *channel_kind_find(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		if (strcmp(kinds[i]->name, name) == 0)
			return kinds[i];
	}
	assert(false && "the settings know only these kinds");
	return NULL;
}

void channel_request_add_header(struct channel_request *r, const char *name,
				const char *value)
{
	size_t count = 0;
	while (r->headers[count].name)
		count++;
	assert(count < HTTP_HEADERS_MAX);
	r->headers[count] = (struct http_header){name, xstrdup(value)};
}

void channel_request_finish(struct channel_request *r)
{
	secret_wipe(r->url.data, r->url.len);
	buf_finish(&r->url);
	buf_finish(&r->body);
	for (struct http_header *h = r->headers; h->name; h++)
		free(h->value);
	*r = (struct channel_request){0};
}

bool channel_refuse(struct judgement *why_out, enum reason reason,
		    const char *detail)
{
	*why_out = (struct judgement){
		.verdict = VERDICT_REJECT,
		.reason = reason,
		.stage = STAGE_LOCAL,
	};
	snprintf(why_out->detail, sizeof(why_out->detail), "%s", detail);
	return false;
}
