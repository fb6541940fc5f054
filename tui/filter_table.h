/* FIELD(NAME, "name", KIND, {columns}, "example", help)
 *
 * What a filter can ask for, in the order of the help. A column is an
 * expression on outbox AS o, of HTTP on outbox_attempt AS t. */
/* clang-format off */
FIELD(STATE, "state", STATE, {"o.status"},
	"state:failed,expired",
	N_("pending sending delivered failed expired cancelled"))
FIELD(CHANNEL, "channel", TEXT, {"o.channel"},
	"channel:wechat-cloud", N_("the channel"))
FIELD(TO, "to", TEXT, {"o.recipient"},
	"to:66f2*", N_("the recipient"))
FIELD(KEY, "key", TEXT, {"o.ordering_key" COMMA "o.dedup_key"},
	"key:order/88101", N_("the ordering or the dedup key"))
FIELD(ERR, "err", ERROR, {"o.last_error" COMMA "o.last_reason"},
	"err:timeout", N_("the last error, its reason or its cause contain it"))
FIELD(GROUP, "group", GROUP, {NULL},
	"group:\": timeout\"", N_("its group (e): reason: error, exactly"))
FIELD(ID, "id", NUMBER, {"o.id"},
	"id:1048577", N_("the id; also id>1000"))
FIELD(TRY, "try", NUMBER, {"o.attempts"},
	"try>=3", N_("attempts so far"))
FIELD(AGE, "age", SPAN, {"($now - CASE o.status WHEN 'pending' THEN o.created_at"
	" ELSE coalesce(o.delivered_at, o.updated_at) END)"},
	"age>2h", N_("as in the list: pending since, failed since: 90s 15m 2h 3d"))
FIELD(CREATED, "created", TIME, {"o.created_at"},
	"created>=2026-11-22T08:00", N_("the day or time it was created"))
FIELD(DUE, "due", SPAN, {"(o.due_at - $now)"},
	"due<=0", N_("until it is due; less than 0: overdue"))
FIELD(BY, "by", WHO, {"o.lease_owner"},
	"by:alice", N_("who changed it last, or the relay that sends it"))
FIELD(HTTP, "http", HTTP, {"t.http_status"},
	"http>=500", N_("an attempt got that HTTP status"))
FIELD(TYPE, "type", TEXT, {"o.type"},
	"type:sendCustomer*", N_("the type"))
FIELD(PAYLOAD, "payload", PAYLOAD, {"o.payload"},
	"payload:13800138000", N_("the payload contains it; reads everything"))
/* clang-format on */
