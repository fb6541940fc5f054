/*
 * What the lines of `outbox-relay check` are about, and what they say, in
 * English and in Chinese; {1}, {2} and {3} are filled in. Included several
 * times, each time with another meaning of CHECK_TOPIC and CHECK_TEXT, hence no
 * #pragma once here.
 *
 * access_token获取失败, 云函数调用失败, 未找到用户 and 订阅消息发送失败 are the
 * words of the CRM's own list of troubles: who searches for them finds them in
 * either language.
 */
/* clang-format off */
CHECK_TOPIC(SETTINGS,    "settings",    "配置")
CHECK_TOPIC(SQLITE,      "SQLite",      "SQLite")
CHECK_TOPIC(DATABASE,    "database",    "数据库")
CHECK_TOPIC(SHARING,     "sharing",     "共享")
CHECK_TOPIC(RELAY,       "relay",       "relay")
CHECK_TOPIC(CHANNEL,     "channel",     "渠道")
CHECK_TOPIC(APPSECRET,   "AppSecret",   "AppSecret")
CHECK_TOPIC(NETWORK,     "network",     "网络")
CHECK_TOPIC(TOKEN,       "token",       "token")
CHECK_TOPIC(WHITELIST,   "white list",  "IP 白名单")
CHECK_TOPIC(ENVIRONMENT, "environment", "云环境")
CHECK_TOPIC(FUNCTION,    "function",    "云函数")
CHECK_TOPIC(TEMPLATE,    "template",    "模板")
CHECK_TOPIC(USERS,       "users",       "用户集合")
CHECK_TOPIC(PERMISSION,  "permission",  "发送权限")
CHECK_TOPIC(RECIPIENT,   "recipient",   "接收人")
CHECK_TOPIC(WEBHOOK,     "webhook",     "webhook")
CHECK_TOPIC(CLOCK,       "clock",       "时钟")
CHECK_TOPIC(MESSAGE,     "message",     "消息")

CHECK_TEXT(WORDS, "{1}", "{1}")
CHECK_TEXT(SETTINGS_READ, "read: {1}", "已读取：{1}")
CHECK_TEXT(SETTINGS_PROBLEM, "{1}: {2}", "{1}：{2}")
CHECK_TEXT(SECRET_MISSING,
	"access_token获取失败 (no access token without it): {1}: {2}",
	"access_token获取失败：{1}：{2}")
CHECK_TEXT(SECRET_SHAPELY, "32 hexadecimal characters ({1})",
	"32 位十六进制字符（{1}）")
CHECK_TEXT(SQLITE_OLD,
	"{1} has the WAL-reset bug; the relay works round it",
	"{1} 有 WAL 重置缺陷，relay 已规避")
CHECK_TEXT(DATABASE_GOOD, "{1}, version {2}; this user can write it",
	"{1}，版本 {2}；当前用户可写")
CHECK_TEXT(DATABASE_NOT_WRITABLE, "{1}: this user cannot write it",
	"{1}：当前用户不可写")
CHECK_TEXT(DATABASE_NOT_THERE, "{1}: no such file", "{1}：文件不存在")
CHECK_TEXT(DATABASE_UNREADABLE, "{1}: cannot be read as a database",
	"{1}：无法作为数据库读取")
CHECK_TEXT(DATABASE_LOCKED, "{1}: locked", "{1}：被锁住")
CHECK_TEXT(DATABASE_WITHOUT_OUTBOX,
	"{1}: there is no outbox in this file, or an older one",
	"{1}：文件里没有 outbox，或版本较旧")
CHECK_TEXT(DATABASE_NEWER, "{1}: the outbox was made by a newer outbox-relay",
	"{1}：outbox 由更新版本的 outbox-relay 建立")
CHECK_TEXT(DATABASE_FOREIGN, "{1}: its table outbox is another program's",
	"{1}：其中的 outbox 表属于别的程序")
CHECK_TEXT(SHARING_PRIVATE, "only its owner can write the database",
	"只有属主可写该数据库")
CHECK_TEXT(SHARING_GROUP, "a whole group can write it: {1}", "整个组可写：{1}")
CHECK_TEXT(RELAY_RUNS, "pid {1} on {2} runs, version {3}",
	"{2} 上的进程 {1} 正在运行，版本 {3}")
CHECK_TEXT(RELAY_NONE, "none runs on this database",
	"没有 relay 在处理这个数据库")
CHECK_TEXT(RELAY_SILENT, "pid {1} on {2}: its last heartbeat was {3} s ago",
	"{2} 上的进程 {1}：最后一次心跳在 {3} 秒前")
CHECK_TEXT(CHANNELS_OPEN, "neither held nor paused: {1}",
	"未挂起也未暂停：{1}")
CHECK_TEXT(CHANNELS_NONE, "none yet: the relay writes them when it starts",
	"还没有：relay 启动时写入")
CHECK_TEXT(CHANNEL_HELD, "{1} is held: {2}", "{1} 已挂起：{2}")
CHECK_TEXT(CHANNEL_PAUSED, "{1} was paused by {2}: {3}",
	"{1} 已由 {2} 暂停：{3}")
CHECK_TEXT(REACHED_TLS, "{1} is reached, and its certificate verifies",
	"可连接 {1}，证书有效")
CHECK_TEXT(REACHED_PLAIN, "{1} is reached, without TLS",
	"可连接 {1}，未使用 TLS")
CHECK_TEXT(NO_PUBLIC_ADDRESS,
	"no connection to {1}: its address is of a private network",
	"连不上 {1}：它的地址属于内网")
CHECK_TEXT(NO_NAME, "{1} has no address (DNS): {2}",
	"{1} 无法解析（DNS）：{2}")
CHECK_TEXT(NO_CONNECTION, "no connection to {1}: {2}", "连不上 {1}：{2}")
CHECK_TEXT(NO_TLS, "{1} is reached, but not by TLS: {2}",
	"可连接 {1}，但 TLS 失败：{2}")
CHECK_TEXT(NO_ANSWER, "{1} is reached, but gives no HTTP answer: {2}",
	"可连接 {1}，但没有 HTTP 应答：{2}")
CHECK_TEXT(TOKEN_GOOD, "WeChat gives an access token",
	"微信已给出 access_token")
CHECK_TEXT(TOKEN_BAD, "access_token获取失败 (no access token): {1}",
	"access_token获取失败：{1}")
CHECK_TEXT(TOKEN_NOT_ASKED,
	"not fetched: it would end the relay's (WECHAT_TOKEN=classic)",
	"未获取：会使 relay 的 token 失效（WECHAT_TOKEN=classic）")
CHECK_TEXT(TOKEN_CLASSIC,
	"WECHAT_TOKEN=classic: it ends the tokens of all other programs",
	"WECHAT_TOKEN=classic：其他程序的 token 随之失效")
CHECK_TEXT(WHITELIST_GOOD, "WeChat accepts this host's address",
	"微信接受本机的 IP")
CHECK_TEXT(WHITELIST_BAD, "this host is {1} to WeChat",
	"微信看到的本机 IP 是 {1}")
CHECK_TEXT(SKIP_SETTINGS, "not looked at: a setting that it needs is missing",
	"未检查：缺少必需的配置")
CHECK_TEXT(WECHAT_UNUSED,
	"WeChat is not used: no type goes to a channel that needs its account",
	"未使用微信：没有类型发往需要小程序账号的渠道")
CHECK_TEXT(SKIP_TOKEN, "not looked at: there is no access token",
	"未检查：没有 access_token")
CHECK_TEXT(SKIP_FUNCTION, "not looked at: the function does not answer",
	"未检查：云函数没有应答")
CHECK_TEXT(SKIP_UNUSED, "not looked at: no type goes to {1}",
	"未检查：没有类型发往 {1}")
CHECK_TEXT(SKIP_DATABASE, "not looked at: the database cannot be read",
	"未检查：数据库无法读取")
CHECK_TEXT(SKIP_DATE, "not looked at: WeChat's answer names no time",
	"未检查：微信的应答里没有时间")
CHECK_TEXT(ENVIRONMENT_GOOD, "{1} is known to WeChat", "微信认识 {1}")
CHECK_TEXT(ENVIRONMENT_BAD, "云函数调用失败 (no call gets into {1}): {2}",
	"云函数调用失败：{1}：{2}")
CHECK_TEXT(FUNCTION_GOOD, "{1} is deployed and answers", "{1} 已部署并应答")
CHECK_TEXT(FUNCTION_BAD, "云函数调用失败 (a call of {1} failed): {2}",
	"云函数调用失败：{1}：{2}")
CHECK_TEXT(FUNCTION_ACCEPTS_ALL, "{1} says success to a type that is none",
	"{1} 对不存在的类型也返回成功")
CHECK_TEXT(FUNCTION_SLOW, "{1} answers, after {2} ms", "{1} 有应答，用了 {2} 毫秒")
CHECK_TEXT(FUNCTION_OUTDATED, "{1} cannot say: it does not know this question",
	"{1} 无法回答：不认识本检查的询问")
CHECK_TEXT(TEMPLATE_GOOD, "{1}: {2}, every field is filled",
	"{1}：{2}，字段齐全")
CHECK_TEXT(TEMPLATE_UNKNOWN,
	"订阅消息发送失败 (nothing would be sent): {1}: no template here is {2}",
	"订阅消息发送失败：{1}：账号下没有模板 {2}")
CHECK_TEXT(TEMPLATE_LACKS,
	"订阅消息发送失败 (WeChat would refuse it): {1} does not fill {2}",
	"订阅消息发送失败：{1} 缺少 {2}")
CHECK_TEXT(TEMPLATE_EXCESS, "{1} fills {2}, which the template does not have",
	"{1} 多出模板没有的 {2}")
CHECK_TEXT(TEMPLATE_DIFFERS,
	"订阅消息发送失败 (WeChat would refuse it): {1} fills {3}, but not {2}",
	"订阅消息发送失败：{1} 缺少 {2}，多出 {3}")
CHECK_TEXT(TEMPLATE_WITHOUT_KEYS, "{1}: {2}: WeChat names no field of it",
	"{1}：{2}：微信没有给出它的字段")
CHECK_TEXT(TEMPLATE_SKIPPED, "not looked at: {1}", "未检查：{1}")
CHECK_TEXT(TEMPLATE_UNTOLD,
	"not looked at: {1} has an ID, but this older function does not tell it",
	"未检查：{1} 已填模板 ID，但云函数版本较旧，未说明是哪一个")
CHECK_TEXT(TEMPLATES_BAD, "WeChat does not list the account's templates: {1}",
	"微信没有给出账号的模板列表：{1}")
CHECK_TEXT(TEMPLATE_BAD,
	"订阅消息发送失败 (nothing would be sent): no template ID for {1}",
	"订阅消息发送失败：没有 {1} 的模板 ID")
CHECK_TEXT(USERS_GOOD, "the function can read its collections",
	"云函数可以读取所用的集合")
CHECK_TEXT(USERS_READABLE, "the collection {1} of {2} can be read",
	"{2} 的集合 {1} 可以读取")
CHECK_TEXT(USERS_BAD, "未找到用户 (nobody would be found): {1}",
	"未找到用户：{1}")
CHECK_TEXT(PERMISSION_GOOD, "row {1} was delivered", "第 {1} 行已送达")
CHECK_TEXT(PERMISSION_OPEN,
	"only a message tells: outbox-relay check --send-to USER",
	"只有真正发送才能知道：outbox-relay check --send-to USER")
CHECK_TEXT(RECIPIENTS_NONE, "no row for {1} names one yet",
	"还没有发往 {1} 的接收人")
CHECK_TEXT(RECIPIENTS_GOOD, "{2} of the newest rows for {1}, all bound",
	"发往 {1} 的最新各行共 {2} 人，都已绑定微信")
CHECK_TEXT(RECIPIENT_UNKNOWN, "未找到用户 (no such user): {1}",
	"未找到用户：{1}")
CHECK_TEXT(RECIPIENT_UNBOUND, "未找到用户 (no openid): {1}",
	"未找到用户的 openid：{1}")
CHECK_TEXT(CLOCK_GOOD, "less than 60 s from WeChat's",
	"与微信的时间相差不到 60 秒")
CHECK_TEXT(CLOCK_FAST, "{1} s fast, by the time of WeChat's answer",
	"比微信应答的时间快 {1} 秒")
CHECK_TEXT(CLOCK_SLOW, "{1} s slow, by the time of WeChat's answer",
	"比微信应答的时间慢 {1} 秒")
CHECK_TEXT(MESSAGE_SENT, "sent to {1} by {2}", "已通过 {2} 发给 {1}")
CHECK_TEXT(MESSAGE_BAD, "订阅消息发送失败 (not sent to {1}): {2}",
	"订阅消息发送失败（{1}）：{2}")
/* clang-format on */
