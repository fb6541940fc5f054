/* Reasons that lie in one message, its recipient or its template, and what the
 * function itself said. Part of lib/reason_table.h. */
/* clang-format off */

REASON(RESP_DATA_EMPTY, "resp-data-empty",
	"The function ran and returned nothing; whether it sent is unknown.",
	"Let every path of exports.main return {\"success\":true} or "
	"{\"success\":false,\"message\":…} (a missing `return` or `await` is "
	"usual), and deploy it again.",
	"云函数执行了，但没有返回值，不知道是否发出。",
	"让 exports.main 的每条路径都返回 {\"success\":true} 或 "
	"{\"success\":false,\"message\":…}（常见原因是漏了 return 或 await），"
	"再重新部署。")
REASON(FUNCTION_HID_ERROR, "function-hid-error",
	"The function reports a failure and hides why: a JavaScript Error "
	"turns into {} in JSON.",
	"In the function's catch, return error:{code:err.errCode, "
	"message:err.message} instead of err, deploy it again and retry; the "
	"cause stands in 云开发控制台 → 云函数 → 日志.",
	"云函数报告失败却没有说明原因：Error 对象转成 JSON 后是 {}。",
	"在云函数的 catch 中返回 error:{code:err.errCode,message:err.message}"
	"，而不是 err，部署后重试；原因可在 云开发控制台 → 云函数 → 日志 里看"
	"到。")
REASON(FUNCTION_REJECTED, "function-rejected",
	"The function refused this message in words that the relay does not "
	"know; they stand in the error.",
	"Do what its message says; details are in 云开发控制台 → 云函数 → 日志"
	". Then retry the row.",
	"云函数拒绝了这条消息，relay 不认识它给出的说明，原文见错误信息。",
	"按原文处理，详情见 云开发控制台 → 云函数 → 日志，之后重试。")
REASON(USER_NOT_FOUND, "user-not-found",
	"The cloud collection users has no such user.",
	"Let the user log in to the mini-program once, check that "
	"assignedToId is the _id or userId under 云开发控制台 → 数据库 → "
	"users, then retry the row.",
	"云数据库的 users 集合里没有这个用户。",
	"让该用户登录一次小程序，并确认 assignedToId 与 云开发控制台 → 数据库 "
	"→ users 里的 _id 或 userId 一致，再重试。")
REASON(USER_NOT_BOUND, "user-not-bound",
	"The user has no openid: their WeChat is not bound.",
	"Let the user log in to the mini-program once with WeChat, see that "
	"their record under 云开发控制台 → 数据库 → users has an openid (not "
	"_openid alone), then retry the row.",
	"该用户没有绑定微信（没有 openid）。",
	"让该用户用微信登录一次小程序，并确认 云开发控制台 → 数据库 → users 里"
	"他的记录有 openid 字段（不能只有 _openid），再重试。")
REASON(UNKNOWN_TYPE, "unknown-type",
	"The deployed function does not know this type of notice.",
	"Deploy the function's newest version (上传并部署：云端安装依赖), or "
	"correct the row's type; then retry the row.",
	"已部署的云函数不认识这种通知类型。",
	"部署云函数的最新版本（上传并部署：云端安装依赖），或改正这一行的 type"
	"，再重试。")
REASON(TEMPLATE_MISSING, "template-missing",
	"The settings have no template for rows of this type.",
	"Set WECHAT_TEMPLATE_<NAME>_TYPE to the type, and _ID and _FIELDS "
	"beside it, or send the type elsewhere with OUTBOX_ROUTES; reload the "
	"relay (SIGHUP), then retry the row.",
	"配置中没有这种类型的模板。",
	"把 WECHAT_TEMPLATE_<NAME>_TYPE 设为该类型，并设置同名的 _ID 和 "
	"_FIELDS，或用 OUTBOX_ROUTES 改走其他渠道；重新加载 relay（SIGHUP）后"
	"重试。")
REASON(NOT_SUBSCRIBED, "not-subscribed",
	"The user has no subscription left: each consent is good for one "
	"message.",
	"Ask the user to open the mini-program and accept the notice again (订"
	"阅消息), then retry the row. This is usual and no fault.",
	"用户没有可用的订阅次数：每次同意只能发一条。",
	"请用户打开小程序再次同意接收订阅消息，之后重试。这是常见情况，不是故"
	"障。")
REASON(OPENID_INVALID, "openid-invalid",
	"The openid is empty, of another app, or of a deleted user.",
	"Let the user log in to this mini-program again so that the "
	"collection users gets the right openid, then retry the row.",
	"openid 为空、属于别的小程序，或用户已注销。",
	"让用户重新登录本小程序，使 users 集合保存正确的 openid，再重试。")
REASON(TEMPLATE_INVALID, "template-invalid",
	"The template id is wrong, deleted, or of another mini-program.",
	"Compare the id in the function (in wechat-subscribe: "
	"WECHAT_TEMPLATE_<NAME>_ID) with mp.weixin.qq.com → 订阅消息 → 我的模"
	"板, correct it, and deploy the function again or reload the relay "
	"(SIGHUP).",
	"模板 ID 错误、已删除，或属于别的小程序。",
	"把云函数里的模板 ID（wechat-subscribe 渠道为 "
	"WECHAT_TEMPLATE_<NAME>_ID）与 mp.weixin.qq.com → 订阅消息 → 我的模板 "
	"核对，改正后重新部署云函数，或重新加载 relay（SIGHUP）。")
REASON(TEMPLATE_FIELD_INVALID, "template-field-invalid",
	"A field of the template is empty, too long or of the wrong kind; the "
	"error names it.",
	"Shorten or fill in that field (thing: 20 characters, name: 10 Han) "
	"in the payload and retry. If every row fails, the names in the "
	"function, or in WECHAT_TEMPLATE_<NAME>_FIELDS, differ from the "
	"template's.",
	"模板的某个字段为空、过长或类型不符，字段名见错误信息。",
	"在 payload 中改短或补全该字段（thing 最多 20 字，name 最多 10 个汉"
	"字）后重试；如果每一行都失败，是云函数里或 "
	"WECHAT_TEMPLATE_<NAME>_FIELDS 里的字段名与模板不一致。")
REASON(MESSAGE_MALFORMED, "message-malformed",
	"WeChat cannot read the message that the function built.",
	"Compare the row's payload with one that was delivered and correct "
	"it; if all fail, `data` must be an object of {\"value\":…}, not a "
	"string.",
	"微信读不懂云函数组成的消息。",
	"与已送达的行比较 payload 并改正；如果全都失败，检查 data 是否为 "
	"{\"value\":…} 组成的对象，而不是字符串。")
REASON(ILLEGAL_CHARACTERS, "illegal-characters",
	"WeChat refuses \\uXXXX escapes in the message.",
	"Let the sender write plain UTF-8 instead of \\uXXXX (in the "
	"function: no JSON.stringify of data), and deploy it again.",
	"微信不接受消息中的 \\uXXXX 转义。",
	"改为直接使用 UTF-8 文字（云函数里不要对 data 做 JSON.stringify），再"
	"重新部署。")
REASON(CONTENT_BLOCKED, "content-blocked",
	"WeChat blocks the wording: a sensitive word, a phone number or "
	"illegal content.",
	"Change the wording of the name or reason in the payload, leave out "
	"phone numbers, then retry the row.",
	"内容被微信拦截：含敏感词、手机号或违规内容。",
	"在 payload 中修改姓名或原因的措辞，去掉手机号，再重试。")
REASON(PAGE_INVALID, "page-invalid",
	"The page that the message opens is not in the released mini-program.",
	"Release the version that has pages/customer/detail, or correct "
	"`page` in the function (WECHAT_TEMPLATE_<NAME>_PAGE); for a trial "
	"version set miniprogram_state (WECHAT_SUBSCRIBE_STATE).",
	"消息要打开的页面在已发布的小程序里不存在。",
	"发布含有 pages/customer/detail 的版本，或改正云函数里的 page"
	"（WECHAT_TEMPLATE_<NAME>_PAGE）；测试体验版时设置 miniprogram_state"
	"（WECHAT_SUBSCRIBE_STATE）。")
REASON(SUBSCRIBE_BANNED, "subscribe-banned",
	"WeChat has banned the template or the account's subscribe messages.",
	"Read mp.weixin.qq.com → 通知中心 (站内信), appeal there, or use "
	"another template.",
	"该模板或账号的订阅消息能力已被封禁。",
	"到 mp.weixin.qq.com → 通知中心 查看站内信并申诉，或换用其他模板。")
REASON(RECIPIENT_BUSY, "recipient-busy",
	"Another message to the same user was being sent at that moment; this "
	"one was not sent.",
	"Nothing: it is sent again in some seconds. If it comes back often, "
	"another program notifies the same users.",
	"同一时刻正在给该用户发另一条消息，这一条没有发出。",
	"无需处理：几秒后自动重发。若经常出现，说明有别的程序也在给这些用户发"
	"消息。")
REASON(OUTCOME_UNKNOWN, "outcome-unknown",
	"Nobody can say whether the message was sent.",
	"Ask the recipient. Retry the row only if it did not come, or if the "
	"function drops repeats by notificationId.",
	"无法确定消息是否已发出。",
	"先问接收人；确实没收到，或云函数会按 notificationId 去重，再重试。")
REASON(UNKNOWN_CODE, "unknown-code",
	"WeChat answered with a code that the relay does not know.",
	"Look the code and the rid in the error up at "
	"developers.weixin.qq.com, mend what it names, then retry the row.",
	"微信返回了 relay 不认识的错误码。",
	"到 developers.weixin.qq.com 查询该错误码和 rid，处理后重试。")
/* clang-format on */
