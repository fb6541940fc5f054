#include "relay/token.h"

#include "lib/buf.h"
#include "lib/clock.h"
#include "lib/log.h"
#include "lib/secret.h"
#include "lib/shanghai.h"
#include "lib/util.h"
#include "relay/config.h"

#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

enum {
	MARGIN_MAX_MS = 300000, /* renewed this long before its end, or at a
				   fifth of a short life */
	SETTLE_MS = 2000, /* the same token came back that had just died */
	FORCE_APART_MS = 30000,	   /* WeChat's own minimum between two */
	SHARED_WITHIN_MS = 600000, /* three deaths of fresh tokens in this time
				      mean that somebody else mints them */
	SHARED_DEATHS = 3,
	GROWTH_MAX = 10,
	WINDOW_MAX_MS = 60000,
};

struct token {
	struct http *http; /* borrowed */
	char *url;	   /* own; where stable_token or token is */
	char *body; /* own; what is posted, without force_refresh; NULL: GET */
	char *forced_body; /* own */
	int forced_per_day;
	int64_t probe_ms;

	char *value; /* own; percent-encoded; NULL when there is none */
	char *dead;  /* own; the value that a call refused last */
	int64_t serial;
	int64_t renew_at_ms;
	int64_t ends_at_ms;

	bool is_fetching;
	bool is_outdated; /* the fetch on its way is for other settings */
	bool is_forced;	  /* the fetch on its way */
	bool wants_force; /* the next one */
	int64_t asked_at_ms;
	int64_t fetches;
	struct streak streak;
	struct judgement trouble;
	unsigned refusals;   /* in a row */
	int64_t retry_at_ms; /* after a refusal; 0: none */
	struct token_ration ration;
	int64_t deaths_ms[SHARED_DEATHS];
};

static char *make_body(const struct config *config, bool is_forced)
{
	cJSON *body = cJSON_CreateObject();
	cJSON_AddStringToObject(body, "grant_type", "client_credential");
	cJSON_AddStringToObject(body, "appid", config->appid);
	cJSON_AddStringToObject(body, "secret", config->appsecret);
	cJSON_AddBoolToObject(body, "force_refresh", is_forced);
	char *text = cJSON_PrintUnformatted(body);
	cJSON *secret = cJSON_GetObjectItemCaseSensitive(body, "secret");
	secret_wipe(secret->valuestring, strlen(secret->valuestring));
	cJSON_Delete(body);
	return text;
}

static void wipe(char **text)
{
	if (*text)
		secret_wipe(*text, strlen(*text));
	free(steal(text));
}

static char *encode(const char *value)
{
	struct buf b = {0};
	buf_add_percent(&b, value);
	return buf_detach(&b);
}

static char *make_classic_url(const struct config *config)
{
	struct buf url = {0};
	buf_addf(&url, "%s/cgi-bin/token?grant_type=client_credential&appid=",
		 config->wechat_base_url);
	buf_add_percent(&url, config->appid);
	buf_adds(&url, "&secret=");
	buf_add_percent(&url, config->appsecret);
	return buf_detach(&url);
}

static void drop_requests(struct token *t)
{
	wipe(&t->url);
	wipe(&t->body);
	wipe(&t->forced_body);
}

static void make_requests(struct token *t, const struct config *config)
{
	drop_requests(t);
	t->forced_per_day = config->forced_refreshes_per_day;
	t->probe_ms = config->probe_ms;
	if (config->wechat_token == WECHAT_TOKEN_CLASSIC) {
		t->url = make_classic_url(config);
		return;
	}
	t->url = xasprintf("%s/cgi-bin/stable_token", config->wechat_base_url);
	t->body = make_body(config, false);
	t->forced_body = make_body(config, true);
}

struct token *token_create(const struct config *config, struct http *http,
			   struct token_ration ration)
{
	struct token *t = xcalloc(1, sizeof(*t));
	t->http = http;
	t->ration = ration;
	make_requests(t, config);
	return t;
}

static bool is_same(const char *a, const char *b)
{
	return (!a && !b) || (a && b && strcmp(a, b) == 0);
}

void token_adopt(struct token *t, const struct config *config)
{
	char *url = xstrdup(t->url);
	char *body = xstrdup_or_null(t->body);
	make_requests(t, config);
	if (!is_same(url, t->url) || !is_same(body, t->body)) {
		wipe(&t->value);
		wipe(&t->dead);
		t->is_outdated = t->is_fetching;
		t->wants_force = false;
	}
	wipe(&url);
	wipe(&body);
	token_retry_now(t);
}

void token_destroy(struct token *t)
{
	if (!t)
		return;
	drop_requests(t);
	wipe(&t->value);
	wipe(&t->dead);
	free(t);
}

static void adopt(struct token *t, const char *value, int64_t life_ms)
{
	wipe(&t->value);
	t->value = encode(value);
	t->serial++;
	int64_t margin = MIN(MARGIN_MAX_MS, life_ms / 5);
	t->ends_at_ms = t->asked_at_ms + life_ms;
	t->renew_at_ms = t->ends_at_ms - margin;
	t->retry_at_ms = 0;
	t->refusals = 0;
	t->wants_force = false;
	secret_set("access_token", value);
	log_info("access token fetched", LOG_INT("life_s", life_ms / 1000));
}

/* A life that is no number has been refused by the judge. WeChat may hand a
 * stable token out when it has only moments left. */
static bool read_token(const char *body, char **value_out, int64_t *life_ms_out)
{
	cJSON *root = cJSON_Parse(body);
	const cJSON *token =
		cJSON_GetObjectItemCaseSensitive(root, "access_token");
	const cJSON *life =
		cJSON_GetObjectItemCaseSensitive(root, "expires_in");
	bool is_good = cJSON_IsString(token) && cJSON_IsNumber(life);
	if (is_good) {
		*value_out = xstrdup(token->valuestring);
		*life_ms_out =
			(int64_t)(MIN(life->valuedouble, 86400.0) * 1000);
		secret_wipe(token->valuestring, strlen(token->valuestring));
	}
	cJSON_Delete(root);
	return is_good;
}

static bool may_force(struct token *t, int64_t wall_ms)
{
	int64_t day = shanghai_day(wall_ms);
	if (day != t->ration.day) {
		t->ration.day = day;
		t->ration.used = 0;
	}
	return t->forced_body && t->ration.used < t->forced_per_day &&
	       (wall_ms - t->ration.last_ms >= FORCE_APART_MS ||
		wall_ms < t->ration.last_ms);
}

/* How long to wait: what the answer says, twice as long with each refusal of
 * the passing kind. */
static int64_t wait_after(const struct token *t, const struct judgement *j)
{
	switch (j->hold) {
	case HOLD_DAY:
		return shanghai_day_left_ms(clock_wall_ms());
	case HOLD_OPERATOR:
		return t->probe_ms ? t->probe_ms : j->wait_ms;
	case HOLD_WINDOW:
		return MIN(j->wait_ms << MIN(t->refusals, GROWTH_MAX),
			   MAX(j->wait_ms, (int64_t)WINDOW_MAX_MS));
	case HOLD_NONE:
	case HOLD_COUNT:
		break;
	}
	return j->wait_ms;
}

static void refuse(struct token *t, const struct judgement *j)
{
	bool is_news = t->refusals == 0 || t->trouble.reason != j->reason;
	int64_t wait = wait_after(t, j);
	t->refusals++;
	t->trouble = *j;
	t->trouble.wait_ms = wait;
	t->retry_at_ms = clock_mono_ms() + MAX(wait, 1);
	log_write(is_news ? LOG_ERROR : LOG_DEBUG, "access token refused",
		  LOG_FIELDS(LOG_STR("reason", reason_id(j->reason)),
			     LOG_STR("answer", j->detail),
			     LOG_INT("again_in_ms", wait)));
}

/* The token that a call has just refused came back: WeChat may still be
 * settling. Wait once, then force a new one if the ration allows it. */
static void refuse_same_again(struct token *t)
{
	struct judgement j = {
		.verdict = VERDICT_DEFER,
		.stage = STAGE_TOKEN,
		.reason = REASON_TOKEN_REJECTED,
		.hold = HOLD_WINDOW,
		.wait_ms = SETTLE_MS,
		.detail = "the token that was refused came back",
	};
	if (t->wants_force || t->is_forced) {
		j.hold = HOLD_OPERATOR;
		j.wait_ms = FORCE_APART_MS;
	}
	t->wants_force = true;
	refuse(t, &j);
}

static void on_answer(void *ctx, const struct http_answer *answer)
{
	struct token *t = ctx;
	struct judgement j;
	struct judge_context context = {.attempts = 1, .streak = t->streak};
	t->is_fetching = false;
	if (t->is_outdated) {
		t->is_outdated = false;
		return;
	}
	judge_token(answer, &context, &j);
	t->streak = judge_streak(t->streak, &j);

	char *value = NULL;
	int64_t life_ms = 0;
	if (j.verdict == VERDICT_DELIVERED &&
	    read_token(answer->body, &value, &life_ms)) {
		scoped_free char *encoded = encode(value);
		if (t->dead && strcmp(t->dead, encoded) == 0)
			refuse_same_again(t);
		else
			adopt(t, value, life_ms);
		secret_wipe(encoded, strlen(encoded));
	} else {
		refuse(t, &j);
	}
	wipe(&value);
}

static void fetch(struct token *t, int64_t now_ms)
{
	int64_t wall_ms = clock_wall_ms();
	t->is_forced = t->wants_force && may_force(t, wall_ms);
	if (t->is_forced) {
		t->ration.used++;
		t->ration.last_ms = wall_ms;
		log_warn("access token refresh forced",
			 LOG_INT("used_today", t->ration.used));
	}
	const char *body = t->is_forced ? t->forced_body : t->body;
	t->is_fetching = true;
	t->asked_at_ms = now_ms;
	t->fetches++;
	http_send(t->http, &(struct http_request){
				   .url = t->url,
				   .body = body,
				   .body_len = body ? strlen(body) : 0,
				   .done = on_answer,
				   .ctx = t,
			   });
}

void token_tick(struct token *t, int64_t now_ms)
{
	if (t->value && now_ms >= t->ends_at_ms)
		wipe(&t->value);
	if (!t->is_fetching && now_ms >= token_deadline_ms(t))
		fetch(t, now_ms);
}

int64_t token_deadline_ms(const struct token *t)
{
	if (t->is_fetching)
		return INT64_MAX;
	if (t->retry_at_ms)
		return t->retry_at_ms;
	return t->value ? t->renew_at_ms : 0;
}

enum token_state token_state(const struct token *t, int64_t now_ms)
{
	if (t->value && now_ms < t->ends_at_ms)
		return TOKEN_READY;
	/* While a probe is on its way the refusal still stands. */
	return t->retry_at_ms ? TOKEN_REFUSED : TOKEN_NONE;
}

const char *token_value(const struct token *t, int64_t *serial_out)
{
	*serial_out = t->serial;
	return t->value;
}

static void note_death(struct token *t, int64_t now_ms)
{
	memmove(t->deaths_ms, t->deaths_ms + 1,
		sizeof(t->deaths_ms) - sizeof(t->deaths_ms[0]));
	t->deaths_ms[SHARED_DEATHS - 1] = now_ms;
	if (t->deaths_ms[0] && now_ms - t->deaths_ms[0] < SHARED_WITHIN_MS) {
		log_warn("access tokens die soon after they are fetched",
			 LOG_STR("reason", reason_id(REASON_TOKEN_SHARED)),
			 LOG_STR("cause",
				 reason_cause(REASON_TOKEN_SHARED, REASON_EN)));
		memset(t->deaths_ms, 0, sizeof(t->deaths_ms));
	}
}

void token_invalidate(struct token *t, int64_t serial, int64_t now_ms)
{
	if (serial != t->serial || !t->value)
		return;
	if (now_ms - t->asked_at_ms < SHARED_WITHIN_MS)
		note_death(t, now_ms);
	wipe(&t->dead);
	t->dead = steal(&t->value);
	t->retry_at_ms = 0;
	log_warn("access token is dead",
		 LOG_INT("age_ms", now_ms - t->asked_at_ms));
}

const struct judgement *token_trouble(const struct token *t)
{
	return &t->trouble;
}

void token_retry_now(struct token *t)
{
	if (t->retry_at_ms)
		t->retry_at_ms = 1;
}

bool token_is_fetching(const struct token *t)
{
	return t->is_fetching;
}

struct token_ration token_get_ration(const struct token *t)
{
	return t->ration;
}

int64_t token_fetches(const struct token *t)
{
	return t->fetches;
}
