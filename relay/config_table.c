#include "relay/config_table.h"

#include "lib/util.h"

#include <ctype.h>
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
			     .offset = FIELD(T, f)
#define ROUTES(f)            .type = SETTING_ROUTES, \
			     .offset = FIELD(struct config_routes, f)
#define CONSOLE "mp.weixin.qq.com → 开发管理 → 开发设置"

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
	 .remedy = "copy the AppID at " CONSOLE " (wx and 16 hex characters)",
	 .help = "The mini-program's AppID."},
	{.name = "MINIPROGRAM_APPSECRET", TEXT(SECRET, appsecret),
	 .fallback = "", .pattern = "^[0-9a-f]{32}$", .slot = "appsecret",
	 .remedy = "copy the AppSecret at " CONSOLE " (32 hex characters)",
	 .help = "The mini-program's AppSecret."},
	{.name = "MINIPROGRAM_CLOUD_ENV", TEXT(CREDENTIAL, cloud_env),
	 .fallback = "", .pattern = "^[A-Za-z0-9_-]+$",
	 .remedy = "copy the environment's id from the cloud console (云开发) "
		   "of WeChat's DevTools (such as cloud1-4gi0b)",
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
	{.name = "WECHAT_TOKEN",
	 CHOICE(enum wechat_token, wechat_token, "stable|classic"),
	 .fallback = "stable",
	 .help = "The token endpoint; classic ends the CRM's own tokens."},

	{.name = "RELAY_MAX_ATTEMPTS", INTEGER(max_attempts, 1, 100),
	 .fallback = "10",
	 .help = "Tries before a row is a dead letter."},
	{.name = "RELAY_BACKOFF", DURATIONS(backoff, 10, 7 * DAY),
	 .fallback = "5s,30s,2m,10m,30m,1h,2h",
	 .help = "Waits between tries; the last one repeats."},
	{.name = "RELAY_JITTER", INTEGER(jitter_percent, 0, 50),
	 .fallback = "20",
	 .help = "How much a wait varies by chance, in percent."},
	{.name = "RELAY_LIFE", DURATION(life_ms, 0, 365 * DAY),
	 .fallback = "24h",
	 .help = "Rows not sent by then expire; 0: never."},
	{.name = "RELAY_CONCURRENCY", INTEGER(concurrency, 1, 1024),
	 .fallback = "16",
	 .help = "Requests at the same time."},
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
};
/* clang-format on */

const size_t config_table_len = ARRAY_LEN(config_table);

/* What parsers write for a choice is the place of its word. */
_Static_assert(LOG_ERROR == 0 && LOG_WARN == 1 && LOG_INFO == 2 &&
		       LOG_DEBUG == 3,
	       "the words of RELAY_LOG_LEVEL are in lib/log.h's order");
_Static_assert(sizeof(enum log_level) == sizeof(int) &&
		       sizeof(enum wechat_token) == sizeof(int),
	       "choices are written as int");

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

static bool is_same_but_for_underscores(const char *a, const char *b)
{
	for (;; a++, b++) {
		a += strspn(a, "_");
		b += strspn(b, "_");
		if (toupper((unsigned char)*a) != toupper((unsigned char)*b))
			return false;
		if (!*a)
			return true;
	}
}

enum { SLIPS_MAX = 2, NAME_MAX_LEN = 62 };

/* Letters to add, drop or change to make one name of the other. */
static size_t count_slips(const char *a, const char *b)
{
	size_t a_len = strlen(a);
	size_t b_len = strlen(b);
	if (a_len > NAME_MAX_LEN || b_len > NAME_MAX_LEN)
		return SIZE_MAX;
	size_t row[NAME_MAX_LEN + 1]; /* for the first i letters of a */
	for (size_t j = 0; j <= b_len; j++)
		row[j] = j;
	for (size_t i = 1; i <= a_len; i++) {
		size_t diagonal = row[0];
		row[0] = i;
		for (size_t j = 1; j <= b_len; j++) {
			size_t change = diagonal + (a[i - 1] != b[j - 1]);
			size_t add_or_drop = MIN(row[j], row[j - 1]) + 1;
			diagonal = row[j];
			row[j] = MIN(change, add_or_drop);
		}
	}
	return row[b_len];
}

const struct setting *config_table_near(const char *name)
{
	const struct setting *nearest = NULL;
	size_t fewest = SLIPS_MAX + 1;
	for (size_t i = 0; i < ARRAY_LEN(config_table); i++) {
		const struct setting *s = &config_table[i];
		if (is_same_but_for_underscores(name, s->name))
			return s;
		size_t slips = count_slips(name, s->name);
		if (slips < fewest) {
			fewest = slips;
			nearest = s;
		}
	}
	return nearest;
}
