#include "relay/config_table.h"

#include "lib/lang.h"
#include "lib/util.h"
#include "relay/config_name.h"

#include <string.h>

#define SECOND INT64_C(1000)
#define MINUTE (60 * SECOND)
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)

/* The field's offset; does not compile if the field is of another type. */
/* clang-format off */
#define FIELD(T, f) \
	_Generic(((struct config *)0)->f, T: offsetof(struct config, f))

#define TEXT(t, f)           .type = SETTING_##t, .offset = FIELD(char *, f)
#define INTEGER(f, lo, hi)   .type = SETTING_INTEGER, .min = lo, .max = hi, \
			     .offset = FIELD(int, f)
#define DURATION(f, lo, hi)  .type = SETTING_DURATION, .min = lo, .max = hi, \
			     .offset = FIELD(int64_t, f)
#define DURATIONS(f, lo, hi) .type = SETTING_DURATIONS, .min = lo, .max = hi, \
			     .offset = FIELD(struct config_durations, f)
#define CHOICE(T, f, w)      .type = SETTING_CHOICE, .words = w, \
			     .size = sizeof(T), .offset = FIELD(T, f)
#define ROUTES(f)            .type = SETTING_ROUTES, \
			     .offset = FIELD(struct config_routes, f)

/* The same of struct config_channel, for every channel or for webhooks alone. */
#define CHANNEL_FIELD(T, f) \
	_Generic(((struct config_channel *)0)->f, \
		 T: offsetof(struct config_channel, f))
#define EACH(T, f)           .scope = SETTING_CHANNEL, \
			     .channel_offset = CHANNEL_FIELD(T, f)
#define HOOK(t, T, f)        .scope = SETTING_WEBHOOK, .type = SETTING_##t, \
			     .channel_offset = CHANNEL_FIELD(T, f)

#define KINDS "standard|wecom|dingtalk|feishu" /* enum webhook_kind */

/* Of struct config_template. */
#define TEMPLATE(t, T, f)    .scope = SETTING_TEMPLATE, .type = SETTING_##t, \
			     .channel_offset = _Generic( \
				((struct config_template *)0)->f, \
				T: offsetof(struct config_template, f))

const struct setting config_table[] = {
	{.name = "OUTBOX_DB", TEXT(PATH, db_path),
	 .fallback = "outbox.db",
	 .help = "The database that the CRM writes to."},
	{.name = "OUTBOX_CHANNEL", TEXT(NAME, channel),
	 .fallback = "wechat-cloud",
	 .help = "The channel of rows that name none and have no route."},
	{.name = "OUTBOX_RECIPIENT_PATH", TEXT(JSON_PATH, recipient_path),
	 .fallback = "$.assignedToId",
	 .help = "Where the recipient stands in a payload."},
	{.name = "OUTBOX_ROUTES", ROUTES(routes),
	 .fallback = "",
	 .help = "Where types go: type=channel[:$.path], more after commas."},

	{.name = "MINIPROGRAM_APPID", TEXT(CREDENTIAL, appid),
	 .fallback = "", .pattern = "^wx[0-9a-f]{16}$",
	 .remedy = N_("copy the AppID at mp.weixin.qq.com → 开发管理 → "
		     "开发设置 (wx and 16 hex characters)"),
	 .help = "The mini-program's AppID."},
	{.name = "MINIPROGRAM_APPSECRET", TEXT(SECRET, appsecret),
	 .fallback = "", .pattern = "^[0-9a-f]{32}$", .slot = "appsecret",
	 .remedy = N_("copy the AppSecret at mp.weixin.qq.com → 开发管理 "
		     "→ 开发设置 (32 hex characters)"),
	 .help = "The mini-program's AppSecret."},
	{.name = "MINIPROGRAM_CLOUD_ENV", TEXT(CREDENTIAL, cloud_env),
	 .fallback = "", .pattern = "^[A-Za-z0-9_-]+$",
	 .remedy = N_("copy the environment's id from the cloud console "
		     "(云开发) of WeChat's DevTools (such as cloud1-4gi0b)"),
	 .help = "The cloud environment that holds the function."},

	{.name = "WECHAT_API_BASE", TEXT(URL, wechat_base_url),
	 .fallback = "https://api.weixin.qq.com",
	 .help = "WeChat's server, or a proxy or simulator in its place."},
	{.name = "WECHAT_CA_FILE", TEXT(PATH, wechat_ca_file),
	 .fallback = "",
	 .help = "Certificates to trust in place of the system's (PEM)."},
	{.name = "WECHAT_FORCED_REFRESHES",
	 INTEGER(forced_refreshes_per_day, 0, 20), .fallback = "5",
	 .help = "Forced token refreshes a day; WeChat allows 20 in all."},
	{.name = "WECHAT_FUNCTION", TEXT(NAME, wechat_function),
	 .fallback = "quickstartFunctions",
	 .help = "The cloud function to invoke."},
	{.name = "WECHAT_SUBSCRIBE_CACHE",
	 DURATION(subscribe_cache_ms, 0, 7 * DAY), .fallback = "1h",
	 .help = "How long an openid that was looked up is used; 0: once."},
	{.name = "WECHAT_SUBSCRIBE_COLLECTION",
	 TEXT(NAME, subscribe_collection), .fallback = "users",
	 .help = "The cloud collection in which openids are looked up."},
	{.name = "WECHAT_SUBSCRIBE_ID_FIELDS", TEXT(WORDS, subscribe_id_fields),
	 .fallback = "_id userId",
	 .help = "Its fields that may hold the recipient, at most two."},
	{.name = "WECHAT_SUBSCRIBE_OPENID_FIELDS",
	 TEXT(WORDS, subscribe_openid_fields), .fallback = "openid",
	 .help = "Its fields that may hold the openid, at most two."},
	{.name = "WECHAT_SUBSCRIBE_STATE",
	 CHOICE(enum wechat_state, subscribe_state, "developer|trial|formal"),
	 .fallback = "formal",
	 .help = "The version of the mini-program that messages open."},
	{.name = "WECHAT_TOKEN",
	 CHOICE(enum wechat_token, wechat_token, "stable|classic"),
	 .fallback = "stable",
	 .help = "The token endpoint; classic ends the CRM's own tokens."},

	{.name = "RELAY_CONCURRENCY", INTEGER(concurrency, 1, 1024),
	 EACH(int, at_once), .fallback = "16",
	 .help = "Requests at the same time."},
	{.name = "RELAY_RATE", INTEGER(rate, 0, 10000),
	 EACH(int, rate), .fallback = "0",
	 .help = "Requests a second; 0: no limit."},
	{.name = "RELAY_PER_MINUTE", INTEGER(per_minute, 0, 1000000),
	 EACH(int, per_minute), .fallback = "0",
	 .help = "Requests a minute; 0: no limit."},
	{.name = "RELAY_PER_DAY", INTEGER(per_day, 0, 100000000),
	 EACH(int, per_day), .fallback = "0",
	 .help = "Requests a day, which begins in Shanghai; 0: no limit."},
	{.name = "RELAY_LIFE", DURATION(life_ms, 0, 365 * DAY),
	 EACH(int64_t, life_ms), .fallback = "24h",
	 .help = "Rows not sent by then expire; 0: never."},
	{.name = "RELAY_MAX_ATTEMPTS", INTEGER(max_attempts, 1, 100),
	 EACH(int, max_attempts), .fallback = "10",
	 .help = "Tries before a row is a dead letter."},
	{.name = "RELAY_ORDER", CHOICE(bool, is_order_held, "pass|hold"),
	 EACH(bool, is_order_held), .fallback = "pass",
	 .help = "Whether rows pass a dead letter of their ordering_key."},
	{.name = "RELAY_BACKOFF", DURATIONS(backoff, 10, 7 * DAY),
	 .fallback = "5s,30s,2m,10m,30m,1h,2h",
	 .help = "Waits between tries; the last one repeats."},
	{.name = "RELAY_JITTER", INTEGER(jitter_percent, 0, 50),
	 .fallback = "20",
	 .help = "How much a wait varies by chance, in percent."},
	{.name = "RELAY_BREAKER_FAILURES", INTEGER(breaker_failures, 0, 1000),
	 .fallback = "10",
	 .help = "Failures in a row that hold a channel; 0: none do."},
	{.name = "RELAY_BREAKER_PAUSE", DURATIONS(breaker_pause, SECOND, DAY),
	 .fallback = "30s,1m,2m,5m,10m",
	 .help = "How long they hold it; the last one repeats."},
	{.name = "RELAY_CONNECT_TIMEOUT",
	 DURATION(connect_timeout_ms, 100, 5 * MINUTE), .fallback = "5s",
	 .help = "Longest wait for a connection."},
	{.name = "RELAY_TIMEOUT", DURATION(timeout_ms, 100, 10 * MINUTE),
	 .fallback = "15s",
	 .help = "Longest wait for a whole answer."},
	{.name = "RELAY_DRAIN_TIMEOUT",
	 DURATION(drain_timeout_ms, 0, 10 * MINUTE), .fallback = "20s",
	 .help = "When stopping, how long answers are waited for."},
	{.name = "RELAY_POLL", DURATION(poll_ms, 10, 10 * MINUTE),
	 .fallback = "1s",
	 .help = "How often to look for rows when nothing wakes the relay."},
	{.name = "RELAY_HEARTBEAT", DURATION(heartbeat_ms, 100, HOUR),
	 .fallback = "2s",
	 .help = "How often the relay writes that it is alive."},
	{.name = "RELAY_RETRY_AFTER_MAX",
	 DURATION(retry_after_max_ms, SECOND, DAY), .fallback = "1h",
	 .help = "The most that a server's Retry-After is believed."},
	{.name = "RELAY_PROBE", DURATION(probe_ms, 0, DAY),
	 .fallback = "0",
	 .help = "How often a held channel is tried; 0: by WeChat's code."},
	{.name = "RELAY_LOG_LEVEL",
	 CHOICE(enum log_level, log_level, "error|warn|info|debug"),
	 .fallback = "info",
	 .help = "The least important events that are logged."},
	{.name = "RELAY_LOG_FORMAT",
	 CHOICE(enum log_format, log_format, "logfmt|json"),
	 .fallback = "logfmt",
	 .help = "How they are written."},
	{.name = "RELAY_KEEP_DELIVERED",
	 DURATION(keep_delivered_ms, 0, 3650 * DAY), .fallback = "30d",
	 .help = "How long delivered rows stay; 0: for ever."},
	{.name = "RELAY_KEEP_FAILED",
	 DURATION(keep_failed_ms, 0, 3650 * DAY), .fallback = "0",
	 .help = "How long failed, expired and cancelled rows stay."},
	{.name = "RELAY_KEEP_LOG", DURATION(keep_log_ms, 0, 3650 * DAY),
	 .fallback = "14d",
	 .help = "How long lines of the log stay; 0: for ever."},
	{.name = "RELAY_MAX_LOG_ROWS", INTEGER(max_log_rows, 0, 100000000),
	 .fallback = "100000",
	 .help = "The most lines of the log; 0: no limit."},
	{.name = "RELAY_MAX_ATTEMPT_ROWS",
	 INTEGER(max_attempt_rows, 0, 1000000000), .fallback = "2000000",
	 .help = "The most attempts that are kept; 0: no limit."},
	{.name = "RELAY_MAX_DB_MB", INTEGER(max_db_mb, 0, 100000000),
	 .fallback = "0",
	 .help = "The most MiB that the database may take; 0: no limit."},

	{.name = "RELAY_ALERT_CHANNEL", TEXT(NAME, alert.channel),
	 .fallback = "",
	 .help = "The webhook or robot that is told of trouble; empty: none."},
	{.name = "RELAY_ALERT_LANG",
	 CHOICE(enum reason_lang, alert.lang, "en|zh"), .fallback = "en",
	 .help = "The language it is told in."},
	{.name = "RELAY_ALERT_HELD", DURATION(alert.held_ms, 0, 7 * DAY),
	 .fallback = "2m",
	 .help = "How long a channel may be held before it is told."},
	{.name = "RELAY_ALERT_PAUSED", DURATION(alert.paused_ms, 0, 30 * DAY),
	 .fallback = "1h",
	 .help = "How long an operator may pause one; 0: as he likes."},
	{.name = "RELAY_ALERT_BACKLOG_AGE",
	 DURATION(alert.backlog_ms, 0, 30 * DAY), .fallback = "10m",
	 .help = "How long a row that is due may wait for an open channel; "
		 "0: off."},
	{.name = "RELAY_ALERT_FAILED", INTEGER(alert.failed, 0, 1000000),
	 .fallback = "20",
	 .help = "How many rows may fail or expire within an hour; 0: off."},
	{.name = "RELAY_ALERT_CALM", DURATION(alert.calm_ms, 0, DAY),
	 .fallback = "1m",
	 .help = "How long a trouble is gone before it is told to be over."},
	{.name = "RELAY_ALERT_REPEAT", DURATION(alert.repeat_ms, 0, 30 * DAY),
	 .fallback = "12h",
	 .help = "How often it is told while it lasts; 0: once."},

	{.name = WEBHOOK_MARK "URL", HOOK(HOOK_URL, char *, url),
	 .fallback = "",
	 .help = "Where the webhook's rows are posted to."},
	{.name = WEBHOOK_MARK "SECRET", HOOK(SECRETS, char *, secrets),
	 .fallback = "",
	 .help = "Signs: whsec_ and base64, or plain; several after blanks."},
	{.name = WEBHOOK_MARK "KIND",
	 HOOK(CHOICE, enum webhook_kind, webhook_kind), .words = KINDS,
	 .size = sizeof(enum webhook_kind), .fallback = "standard",
	 .help = "Standard Webhooks, or the robot of a group chat."},
	{.name = WEBHOOK_MARK "ALLOW_PRIVATE",
	 HOOK(CHOICE, bool, is_private_allowed), .words = "no|yes",
	 .size = sizeof(bool), .fallback = "no",
	 .help = "Whether it may be at an address of a private network."},

	{.name = TEMPLATE_MARK "ID", TEMPLATE(TEMPLATE_ID, char *, id),
	 .fallback = "",
	 .help = "The template's ID, which makes it; from 我的模板."},
	{.name = TEMPLATE_MARK "TYPE", TEMPLATE(ROW_TYPE, char *, type),
	 .fallback = "",
	 .help = "The type of the rows that it is for."},
	{.name = TEMPLATE_MARK "FIELDS",
	 TEMPLATE(FIELDS, struct template_fields, fields), .fallback = "",
	 .help = "Its keys and the payload's fields: thing1=customerName ..."},
	{.name = TEMPLATE_MARK "PAGE", TEMPLATE(PAGE, char *, page),
	 .fallback = "",
	 .help = "The page it opens, such as pages/customer?id={customerId}."},
};
/* clang-format on */

enum { WEBHOOK_ROWS = 4 };
enum { TEMPLATE_ROWS = 4 };
const size_t config_table_all = ARRAY_LEN(config_table);
const size_t config_table_end = ARRAY_LEN(config_table) - TEMPLATE_ROWS;
const size_t config_table_len =
	ARRAY_LEN(config_table) - TEMPLATE_ROWS - WEBHOOK_ROWS;

/* What parsers write for a choice is the place of its word. */
_Static_assert(LOG_ERROR == 0 && LOG_WARN == 1 && LOG_INFO == 2 &&
		       LOG_DEBUG == 3,
	       "the words of RELAY_LOG_LEVEL are in lib/log.h's order");

static const char *const prefixes[] = {
	"MINIPROGRAM_", "WECHAT_", "OUTBOX_", "RELAY_", "WEBHOOK_",
};

bool config_table_has_prefix(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(prefixes); i++) {
		if (strncmp(name, prefixes[i], strlen(prefixes[i])) == 0)
			return true;
	}
	return false;
}

const struct setting *config_table_find(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(config_table); i++) {
		if (strcmp(config_table[i].name, name) == 0)
			return &config_table[i];
	}
	return NULL;
}

const struct setting *config_table_near(const char *name)
{
	const struct setting *nearest = NULL;
	size_t fewest = CONFIG_SLIPS_MAX + 1;
	for (size_t i = 0; i < config_table_len; i++) {
		size_t slips = config_name_slips(name, config_table[i].name);
		if (slips < fewest) {
			fewest = slips;
			nearest = &config_table[i];
		}
	}
	return nearest;
}
