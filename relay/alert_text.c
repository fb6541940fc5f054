#include "relay/alert_text.h"

#include "lib/buf.h"
#include "lib/secret.h"
#include "lib/shanghai.h"
#include "lib/util.h"

#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { SECOND_MS = 1000, MINUTE_S = 60, HOUR_S = 3600, DAY_S = 86400 };
enum phase { PHASE_BEGUN, PHASE_AGAIN, PHASE_OVER, PHASE_COUNT };

/* {} is the channels' names. */
/* clang-format off */
static const char *const
heads[ALERT_KIND_COUNT][PHASE_COUNT][REASON_LANG_COUNT] = {
	[ALERT_CHANNEL_HELD] = {
		[PHASE_BEGUN] = {"Outbox: {} is held, it sends nothing",
				 "Outbox：渠道 {} 已挂起，停止发送"},
		[PHASE_AGAIN] = {"Outbox: {} is still held",
				 "Outbox：渠道 {} 仍处于挂起状态"},
		[PHASE_OVER] = {"Outbox: {} is not held any more",
				"Outbox：渠道 {} 已恢复，不再挂起"},
	},
	[ALERT_CHANNEL_PAUSED] = {
		[PHASE_BEGUN] = {"Outbox: {} has been paused for long",
				 "Outbox：渠道 {} 已暂停很久"},
		[PHASE_AGAIN] = {"Outbox: {} is still paused",
				 "Outbox：渠道 {} 仍处于暂停状态"},
		[PHASE_OVER] = {"Outbox: {} is not paused any more",
				"Outbox：渠道 {} 已恢复，不再暂停"},
	},
	[ALERT_BACKLOG_OLD] = {
		[PHASE_BEGUN] = {"Outbox: rows of {} wait for too long",
				 "Outbox：渠道 {} 积压，有消息等待过久"},
		[PHASE_AGAIN] = {"Outbox: rows of {} still wait for too long",
				 "Outbox：渠道 {} 仍在积压，有消息等待过久"},
		[PHASE_OVER] = {"Outbox: rows of {} are sent in time again",
				"Outbox：渠道 {} 的积压已消除"},
	},
	[ALERT_ROWS_FAILED] = {
		[PHASE_BEGUN] = {"Outbox: many rows fail",
				 "Outbox：大量消息发送失败"},
		[PHASE_AGAIN] = {"Outbox: many rows still fail",
				 "Outbox：仍有大量消息发送失败"},
		[PHASE_OVER] = {"Outbox: few rows fail now",
				"Outbox：发送失败的消息已减少"},
	},
};
/* clang-format on */

enum word {
	WORD_SINCE,
	WORD_LASTED,
	WORD_WAITING,
	WORD_FAILED,
	WORD_AT_LEAST,
	WORD_AGE,
	WORD_REASON,
	WORD_ANSWER,
	WORD_CAUSE,
	WORD_REMEDY,
	WORD_HOST,
	WORD_DATABASE,
	WORD_COMMA,
	WORD_DAY,
	WORD_HOUR,
	WORD_MINUTE,
	WORD_SECOND,
	WORD_COUNT
};

/* clang-format off */
static const char *const words[WORD_COUNT][REASON_LANG_COUNT] = {
	[WORD_SINCE] = {"Since: ", "开始时间："},
	[WORD_LASTED] = {"It lasted: ", "持续时间："},
	[WORD_WAITING] = {"Rows that wait: ", "等待的消息数："},
	[WORD_FAILED] = {"Failed or expired within an hour: ",
			 "一小时内失败或过期的消息数："},
	[WORD_AT_LEAST] = {"at least ", "至少 "},
	[WORD_AGE] = {"The oldest is due for: ", "等得最久的已到期："},
	[WORD_REASON] = {"Reason: ", "原因代码："},
	[WORD_ANSWER] = {"Answer: ", "应答："},
	[WORD_CAUSE] = {"Cause: ", "原因："},
	[WORD_REMEDY] = {"To do: ", "处理办法："},
	[WORD_HOST] = {"Host: ", "主机："},
	[WORD_DATABASE] = {"Database: ", "数据库："},
	[WORD_COMMA] = {", ", "、"},
	[WORD_DAY] = {" d ", " 天 "},
	[WORD_HOUR] = {" h ", " 小时 "},
	[WORD_MINUTE] = {" min ", " 分 "},
	[WORD_SECOND] = {" s ", " 秒 "},
};
/* clang-format on */

static const char *word(const struct alert_told *t, enum word which)
{
	return words[which][t->lang];
}

static void add_names(struct buf *b, const struct alert_told *t)
{
	const struct alert_notice *n = t->notice;
	for (size_t i = 0; i < n->count; i++)
		buf_addf(b, "%s%s", i ? word(t, WORD_COMMA) : "",
			 n->alerts[i]->subject);
}

static void add_head(struct buf *b, const struct alert_told *t)
{
	const struct alert_notice *n = t->notice;
	enum phase phase = n->is_over	 ? PHASE_OVER
			   : n->is_again ? PHASE_AGAIN
					 : PHASE_BEGUN;
	const char *head = heads[n->kind][phase][t->lang];
	const char *gap = strstr(head, "{}");
	if (!gap) {
		buf_adds(b, head);
		return;
	}
	buf_add(b, head, (size_t)(gap - head));
	add_names(b, t);
	buf_adds(b, gap + strlen("{}"));
}

/* The clock that the reader has on the wall: Shanghai's for Chinese, else the
 * host's. */
static void add_time(struct buf *b, const struct alert_told *t, int64_t wall_ms)
{
	bool is_shanghai = t->lang == REASON_ZH;
	time_t s = (time_t)(wall_ms / SECOND_MS);
	struct tm tm = {0};
	char text[32];
	long ahead_s = SHANGHAI_AHEAD_MS / SECOND_MS;
	time_t there = s + ahead_s;
	if (is_shanghai) {
		gmtime_r(&there, &tm);
	} else {
		localtime_r(&s, &tm);
		ahead_s = tm.tm_gmtoff;
	}
	strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S", &tm);
	long minutes = labs(ahead_s) / MINUTE_S;
	buf_addf(b, "%s (UTC%c%02ld:%02ld)", text, ahead_s < 0 ? '-' : '+',
		 minutes / 60, minutes % 60);
}

/* The two largest units of it: "2 h 5 min", "45 s". */
static void add_duration(struct buf *b, const struct alert_told *t, int64_t ms)
{
	static const struct {
		int64_t seconds;
		enum word unit;
	} units[] = {
		{DAY_S, WORD_DAY},
		{HOUR_S, WORD_HOUR},
		{MINUTE_S, WORD_MINUTE},
		{1, WORD_SECOND},
	};
	int64_t left = MAX(ms, 0) / SECOND_MS;
	size_t first = 0;
	while (first + 1 < ARRAY_LEN(units) && left < units[first].seconds)
		first++;
	for (size_t i = first; i < MIN(first + 2, ARRAY_LEN(units)); i++) {
		int64_t count = left / units[i].seconds;
		left %= units[i].seconds;
		if (count == 0 && i > first)
			continue;
		buf_addf(b, "%lld%s", (long long)count, word(t, units[i].unit));
	}
	b->data[--b->len] = '\0'; /* the blank behind the last unit */
}

static void add_line(struct buf *b, const struct alert_told *t, enum word title,
		     const char *text)
{
	if (*text)
		buf_addf(b, "\n%s%s", word(t, title), text);
}

static void add_when(struct buf *b, const struct alert_told *t)
{
	int64_t lasted_ms = t->now_ms - t->notice->begun_ms;
	buf_addf(b, "\n%s", word(t, WORD_SINCE));
	add_time(b, t, t->now_wall_ms - lasted_ms);
	if (t->notice->is_over) {
		buf_addf(b, "\n%s", word(t, WORD_LASTED));
		add_duration(b, t, lasted_ms);
	}
}

static void add_rows(struct buf *b, const struct alert_told *t)
{
	bool is_failed = t->notice->kind == ALERT_ROWS_FAILED;
	buf_addf(b, "\n%s%s%lld",
		 word(t, is_failed ? WORD_FAILED : WORD_WAITING),
		 t->rows >= t->rows_most ? word(t, WORD_AT_LEAST) : "",
		 (long long)t->rows);
	if (t->age_ms <= 0)
		return;
	buf_addf(b, "\n%s", word(t, WORD_AGE));
	add_duration(b, t, t->age_ms);
}

char *alert_text(const struct alert_told *t)
{
	scoped_buf b = {0};
	add_head(&b, t);
	add_when(&b, t);
	add_rows(&b, t);
	add_line(&b, t, WORD_REASON, reason_id(t->reason));
	if (!t->notice->is_over) {
		add_line(&b, t, WORD_ANSWER, t->detail);
		add_line(&b, t, WORD_CAUSE, reason_cause(t->reason, t->lang));
		add_line(&b, t, WORD_REMEDY, reason_remedy(t->reason, t->lang));
	}
	add_line(&b, t, WORD_HOST, t->host);
	add_line(&b, t, WORD_DATABASE, t->db);
	return secret_redact(buf_str(&b));
}

static void add_channels(cJSON *o, const struct alert_notice *n)
{
	if (n->kind == ALERT_ROWS_FAILED)
		return;
	cJSON_AddStringToObject(o, "channel", n->alerts[0]->subject);
	cJSON *all = cJSON_AddArrayToObject(o, "channels");
	for (size_t i = 0; i < n->count; i++)
		cJSON_AddItemToArray(all,
				     cJSON_CreateString(n->alerts[i]->subject));
}

char *alert_payload(const struct alert_told *t)
{
	const struct alert_notice *n = t->notice;
	int64_t lasted_ms = t->now_ms - n->begun_ms;
	scoped_free char *text = alert_text(t);
	cJSON *o = cJSON_CreateObject();
	cJSON_AddStringToObject(o, "text", text);
	cJSON_AddStringToObject(o, "alert", alert_kind_name(n->kind));
	cJSON_AddStringToObject(o, "state", n->is_over ? "over" : "begun");
	add_channels(o, n);
	cJSON_AddStringToObject(o, "reason", reason_id(t->reason));
	cJSON_AddNumberToObject(o, "since",
				(double)(t->now_wall_ms - lasted_ms));
	cJSON_AddNumberToObject(o, "lastedMs", (double)lasted_ms);
	cJSON_AddNumberToObject(o, "rows", (double)t->rows);
	cJSON_AddStringToObject(o, "host", t->host);
	cJSON_AddStringToObject(o, "database", t->db);
	char *printed = cJSON_PrintUnformatted(o);
	char *payload = xstrdup(printed);
	cJSON_free(printed);
	cJSON_Delete(o);
	return payload;
}
