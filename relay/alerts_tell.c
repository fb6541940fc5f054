/*
 * Telling: what a notice says is gathered, and written as a row of the channel
 * for alerts, which is sent like any other.
 */
#include "relay/alerts_internal.h"

#include "lib/log.h"
#include "lib/text.h"
#include "lib/util.h"
#include "relay/alert_text.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What could not be sent by then is told anew, if it still lasts. */
enum { LIFE_MS = 3600000, HOST_MAX = 64 };

static const struct channel *find_channel(const struct engine *e,
					  const char *name)
{
	for (size_t i = 0; i < e->channel_count; i++) {
		if (strcmp(e->channels[i]->name, name) == 0)
			return e->channels[i];
	}
	return NULL;
}

static int gather_failed(const struct engine *e, const struct now *now,
			 struct alert_told *out)
{
	struct alert_store *store = e->alerts->store;
	int64_t from_ms = now->wall_ms - ALERT_FAILED_MS;
	int rc = alert_store_failed(store, from_ms, now->wall_ms,
				    ALERT_COUNT_MAX, &out->rows);
	if (rc == 0)
		rc = alert_store_failed_reason(store, from_ms, now->wall_ms,
					       &out->reason);
	return rc;
}

static int gather_channel(const struct engine *e, const char *name,
			  const struct now *now, struct alert_told *out)
{
	const struct channel *c = find_channel(e, name);
	int64_t count = 0, due_ms = INT64_MAX;
	bool is_held = out->notice->kind == ALERT_CHANNEL_HELD;
	int rc = alert_store_waiting(e->alerts->store, name, &count);
	if (rc == 0 && out->notice->kind == ALERT_BACKLOG_OLD)
		rc = alert_store_oldest(e->alerts->store, name, now->wall_ms,
					&due_ms);
	out->rows += count;
	if (due_ms != INT64_MAX)
		out->age_ms = MAX(out->age_ms, now->wall_ms - due_ms);
	if (is_held && c && c->trouble.reason == out->reason)
		out->detail = c->trouble.detail;
	return rc;
}

static int gather(const struct engine *e, const struct now *now,
		  struct alert_told *out)
{
	const struct alert_notice *n = out->notice;
	if (n->kind == ALERT_ROWS_FAILED)
		return gather_failed(e, now, out);
	int rc = 0;
	for (size_t i = 0; i < n->count && rc == 0; i++)
		rc = gather_channel(e, n->alerts[i]->subject, now, out);
	return rc;
}

/* The row's name, which all its troubles remember. */
static void name(const struct alert_notice *n)
{
	const struct alert *first = n->alerts[0];
	for (size_t i = 0; i < n->count; i++) {
		free(n->alerts[i]->key);
		n->alerts[i]->key =
			xasprintf("%s %s %s %lld %lld %s", ALERT_TYPE,
				  alert_kind_name(n->kind), first->subject,
				  (long long)first->begun_wall_ms,
				  (long long)first->notices,
				  n->is_over ? "over" : "begun");
	}
}

static int write_row(const struct engine *e, const struct alert_notice *n,
		     const char *payload, const struct now *now)
{
	const struct alert *first = n->alerts[0];
	/* Its end is not told before its begin. */
	scoped_free char *order =
		xasprintf("%s %s %s %lld", ALERT_TYPE, alert_kind_name(n->kind),
			  first->subject, (long long)first->begun_wall_ms);
	struct alert_row row = {
		.channel = e->config->alert.channel,
		.payload = payload,
		.key = first->key,
		.order = order,
		.due_ms = now->wall_ms,
		.expires_ms = now->wall_ms + LIFE_MS,
	};
	return alert_store_insert(e->alerts->store, &row);
}

/* The payloads of all notices, before anything is locked. */
static int compose(const struct engine *e, const struct alert_notices *notices,
		   char **payloads, const struct now *now)
{
	char host[HOST_MAX] = "";
	const char *path = db_path(store_db(e->store));
	scoped_free char *full = realpath(path, NULL);
	const char *shown = full ? full : path;
	scoped_free char *file = text_clean(shown, strlen(shown));
	gethostname(host, sizeof(host) - 1);
	scoped_free char *host_name = text_clean(host, strlen(host));
	for (size_t i = 0; i < notices->count; i++) {
		struct alert_told told = {
			.notice = &notices->list[i],
			.lang = e->config->alert.lang,
			.reason = notices->list[i].reason,
			.detail = "",
			.rows_most = ALERT_COUNT_MAX,
			.now_ms = now->ms,
			.now_wall_ms = now->wall_ms,
			.host = host_name,
			.db = file,
		};
		int rc = gather(e, now, &told);
		if (rc)
			return rc;
		name(&notices->list[i]);
		payloads[i] = alert_payload(&told);
	}
	return 0;
}

static int write_all(const struct engine *e, const struct alert_book *book,
		     const struct alert_notices *notices, char *const *payloads,
		     const struct now *now)
{
	struct alert_time time = {now->ms, now->wall_ms};
	int rc = store_begin(e->store);
	if (rc)
		return rc;
	for (size_t i = 0; i < notices->count && rc == 0; i++)
		rc = write_row(e, &notices->list[i], payloads[i], now);
	if (rc == 0)
		rc = alert_store_save(e->alerts->store, book, &time);
	if (rc == 0)
		rc = store_commit(e->store);
	if (rc)
		store_rollback(e->store);
	return rc;
}

static void log_all(const struct engine *e, const struct alert_notices *notices)
{
	const struct channel *c = find_channel(e, e->config->alert.channel);
	for (size_t i = 0; i < notices->count; i++) {
		const struct alert_notice *n = &notices->list[i];
		log_warn(n->is_over ? "trouble is over" : "trouble",
			 LOG_STR("alert", alert_kind_name(n->kind)),
			 LOG_STR("of", n->alerts[0]->subject),
			 LOG_INT("and", n->count - 1),
			 LOG_STR("reason", reason_id(n->reason)));
	}
	if (notices->count && c && c->state != CHANNEL_OPEN)
		log_error("alerts reach nobody: their channel is not open",
			  LOG_STR("channel", c->name),
			  LOG_STR("state", channel_state_name(c)),
			  LOG_STR("reason", reason_id(c->trouble.reason)));
}

int alerts_tell(struct engine *e, struct alert_book *book,
		const struct alert_notices *notices, const struct now *now)
{
	char **payloads = xcalloc(notices->count + 1, sizeof(*payloads));
	int rc = compose(e, notices, payloads, now);
	if (rc == 0)
		rc = write_all(e, book, notices, payloads, now);
	if (rc == 0)
		log_all(e, notices);
	for (size_t i = 0; i < notices->count; i++)
		free(payloads[i]);
	free(payloads);
	return rc;
}
