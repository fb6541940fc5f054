/* Reasons that lie in the cloud environment, its database and the function as
 * it is deployed. Part of lib/reason_table.h. */
/* clang-format off */

REASON(ENV_OR_NAME_INVALID, "env-or-name-invalid",
	"WeChat rejects the environment id or the function's name as "
	"malformed.",
	"Copy the 环境 ID (like cloud1-…) from 微信开发者工具 → 云开发 → 设置 "
	"into MINIPROGRAM_CLOUD_ENV in .env, and check the function's name.",
	"环境 ID 或云函数名的格式不对。",
	"从 微信开发者工具 → 云开发 → 设置 复制环境 ID（形如 cloud1-…）到 "
	".env 的 MINIPROGRAM_CLOUD_ENV，并核对云函数名。")
REASON(CLOUD_NOT_ENABLED, "cloud-not-enabled",
	"The mini-program has no 云开发, or the environment is another "
	"mini-program's.",
	"Open 云开发 in 微信开发者工具 for this AppID, and check that "
	"MINIPROGRAM_APPID and MINIPROGRAM_CLOUD_ENV belong together.",
	"该小程序未开通云开发，或云环境属于别的小程序。",
	"在微信开发者工具中为该 AppID 开通云开发，并确认 MINIPROGRAM_APPID 与 "
	"MINIPROGRAM_CLOUD_ENV 是同一个小程序的。")
REASON(BODY_NOT_JSON, "body-not-json",
	"WeChat could not read the event as JSON.",
	"Look at the row's payload in the console and correct it. If every "
	"row fails so, a proxy changes the request: bypass it.",
	"微信无法把请求内容解析为 JSON。",
	"在控制台检查并改正这一行的 payload；如果每一行都这样，是代理改动了请"
	"求，请绕过代理。")
REASON(FUNCTION_NOT_FOUND, "function-not-found",
	"The cloud environment has no function of this name.",
	"In 微信开发者工具, right-click cloudfunctions/quickstartFunctions → "
	"上传并部署：云端安装依赖, to the environment of "
	"MINIPROGRAM_CLOUD_ENV.",
	"云环境里没有这个云函数。",
	"在微信开发者工具中右键 cloudfunctions/quickstartFunctions → “上传并部"
	"署：云端安装依赖”，部署到 MINIPROGRAM_CLOUD_ENV 指定的环境。")
REASON(ENV_NOT_FOUND, "env-not-found",
	"The cloud environment does not exist, is closed, or belongs to "
	"another account.",
	"Copy the 环境 ID from 微信开发者工具 → 云开发 → 设置 into "
	"MINIPROGRAM_CLOUD_ENV in .env, then reload the relay (SIGHUP).",
	"云环境不存在、已关闭，或属于别的账号。",
	"从 微信开发者工具 → 云开发 → 设置 复制环境 ID 到 .env 的 "
	"MINIPROGRAM_CLOUD_ENV，再重新加载 relay（SIGHUP）。")
REASON(ENV_APPID_MISMATCH, "env-appid-mismatch",
	"The AppID and the cloud environment do not belong together.",
	"Take MINIPROGRAM_APPID and MINIPROGRAM_CLOUD_ENV from one and the "
	"same mini-program, or authorise the AppID under 云开发 → 设置 → 环境"
	"共享.",
	"AppID 与云环境不匹配。",
	"让 MINIPROGRAM_APPID 与 MINIPROGRAM_CLOUD_ENV 取自同一个小程序，或在 "
	"云开发 → 设置 → 环境共享 中给该 AppID 授权。")
REASON(CLOUD_UNPAID, "cloud-unpaid",
	"The cloud environment is isolated or frozen, usually because it is "
	"unpaid.",
	"Renew or recharge at 微信开发者工具 → 云开发 → 设置 → 套餐. The "
	"relay looks again every 5 minutes.",
	"云环境已被隔离或停服，通常是欠费。",
	"到 微信开发者工具 → 云开发 → 设置 → 套餐 续费或充值。relay 每 5 分钟"
	"自动再试。")
REASON(CLOUD_UNAVAILABLE, "cloud-unavailable",
	"The cloud resource cannot be used at the moment, or is still being "
	"set up.",
	"If it lasts, look at the environment's state in 微信开发者工具 → 云开"
	"发控制台: out of service, unpaid, or deleted.",
	"云资源暂时不可用，或还在初始化。",
	"若持续出现，到 微信开发者工具 → 云开发控制台 查看环境是否停服、欠费或"
	"被删除。")
REASON(CLOUD_SYSTEM_ERROR, "cloud-system-error",
	"Tencent's cloud failed inside.",
	"The relay tries again by itself. If it lasts, look at the function's "
	"log in 云开发控制台 → 云函数 → 日志 and at the environment's billing.",
	"腾讯云内部出错。",
	"relay 会自动重试。若持续出现，查看 云开发控制台 → 云函数 → 日志，以及"
	"环境的计费状态。")
REASON(CLOUD_TIMEOUT, "cloud-timeout",
	"The cloud did not answer in time; the message may have arrived.",
	"The relay tries again a few times. If it lasts, shorten the cloud "
	"function's work: WeChat allows 5 s.",
	"云端没有及时应答，消息可能已经送达。",
	"relay 会再试几次。若持续出现，缩短云函数的执行时间（微信上限 5 秒）。")
REASON(CLOUD_QUOTA_USED_UP, "cloud-quota-used-up",
	"The cloud environment's quota of calls, reads or writes is used up.",
	"Upgrade the plan at 微信开发者工具 → 云开发 → 设置 → 套餐, or wait "
	"for the quota to be renewed; the relay looks again each day.",
	"云环境的调用、读或写额度已用完。",
	"到 微信开发者工具 → 云开发 → 设置 → 套餐 升级，或等额度恢复；relay 每"
	"天再试。")
REASON(CLOUD_TOO_CONCURRENT, "cloud-too-concurrent",
	"More calls at once than the cloud environment allows.",
	"Nothing: the channel waits some seconds. If it comes back often, "
	"lower the channel's concurrency in the relay's settings.",
	"同时调用数超过云环境的上限。",
	"无需处理：渠道等几秒后继续。若经常出现，请在 relay 的配置里调低并发。")
REASON(CLOUD_DISK_FULL, "cloud-disk-full",
	"The cloud environment's storage is full.",
	"Delete old data in 云开发控制台 → 数据库 or 存储, or upgrade the "
	"plan.",
	"云环境的存储已满。",
	"到 云开发控制台 → 数据库 / 存储 清理旧数据，或升级套餐。")
REASON(CLOUD_BAD_PARAMETER, "cloud-bad-parameter",
	"The cloud refuses a parameter of this call.",
	"Compare the row's payload with one that was delivered, correct it in "
	"the console and retry. If every row fails, check "
	"MINIPROGRAM_CLOUD_ENV and the function's code.",
	"云端拒绝了这次调用的参数。",
	"与已送达的行比较 payload，在控制台改正后重试；如果每一行都失败，检查 "
	"MINIPROGRAM_CLOUD_ENV 和云函数代码。")
REASON(SOURCE_REFUSED, "source-refused",
	"This function or openapi may not be called by the HTTP API.",
	"Check the function's access rules in 云开发控制台 → 云函数 → 权限设置"
	"; if 云调用 is refused from HTTP, use the channel wechat-subscribe.",
	"该云函数或云调用不允许由 HTTP API 触发。",
	"检查 云开发控制台 → 云函数 → 权限设置；如果是云调用不允许 HTTP 触发，"
	"改用 wechat-subscribe 渠道。")
REASON(CLOUD_PERMISSION_DENIED, "cloud-permission-denied",
	"The cloud environment denies this operation.",
	"Check 云开发控制台 → 设置 → 权限设置, and that the environment "
	"belongs to this AppID.",
	"云环境拒绝了此操作：没有权限。",
	"检查 云开发控制台 → 设置 → 权限设置，并确认环境属于该 AppID。")
REASON(CLOUD_UNSUPPORTED, "cloud-unsupported",
	"The cloud environment does not support this operation.",
	"Check the environment's plan at 云开发 → 设置 → 套餐, and the call "
	"that the function's log names in 云开发控制台 → 云函数 → 日志.",
	"云环境不支持此操作。",
	"查看 云开发 → 设置 → 套餐，以及 云开发控制台 → 云函数 → 日志 里的调"
	"用。")
REASON(FUNCTION_BUG, "function-bug",
	"The cloud function calls the SDK or the database wrongly.",
	"Find the line in 云开发控制台 → 云函数 → 日志, mend the function and "
	"deploy it again with 上传并部署：云端安装依赖.",
	"云函数调用 SDK 或数据库的方式有误。",
	"到 云开发控制台 → 云函数 → 日志 找到出错的位置，修改后重新“上传并部"
	"署：云端安装依赖”。")
REASON(DATABASE_ERROR, "database-error",
	"The cloud database failed inside the function.",
	"The relay tries again by itself. If it lasts, read 云开发控制台 → 云"
	"函数 → 日志 and the database's state there.",
	"云函数里的数据库操作失败。",
	"relay 会自动重试。若持续出现，查看 云开发控制台 → 云函数 → 日志 和数"
	"据库状态。")
REASON(DATABASE_TIMEOUT, "database-timeout",
	"The cloud database was too slow or a write failed; the message may "
	"have arrived.",
	"The relay tries again a few times. If it lasts, add an index on the "
	"field that the function searches by: 云开发控制台 → 数据库 → 索引管理"
	".",
	"云数据库超时或写入失败，消息可能已经送达。",
	"relay 会再试几次。若持续出现，到 云开发控制台 → 数据库 → 索引管理 给"
	"云函数查询的字段加索引。")
REASON(DATABASE_PERMISSION_DENIED, "database-permission-denied",
	"The cloud database denies access.",
	"Check the rules of the collection users in 云开发控制台 → 数据库 → 权"
	"限设置, and that the function runs in the right environment.",
	"云数据库拒绝访问。",
	"检查 云开发控制台 → 数据库 → users 集合的权限设置，并确认云函数所在环"
	"境正确。")
REASON(COLLECTION_MISSING, "collection-missing",
	"The cloud database lacks the collection that is read.",
	"Create the collection users in 云开发控制台 → 数据库, in the "
	"environment of MINIPROGRAM_CLOUD_ENV, or name the one that there is "
	"(WECHAT_SUBSCRIBE_COLLECTION).",
	"云数据库里没有要读的集合。",
	"到 云开发控制台 → 数据库 新建 users 集合，环境须是 "
	"MINIPROGRAM_CLOUD_ENV 指定的那个；集合另有名称时设置 "
	"WECHAT_SUBSCRIBE_COLLECTION。")
REASON(LOOKUP_UNANSWERED, "lookup-unanswered",
	"The query for the user's openid got no answer, or none that can be "
	"read. Nothing was sent.",
	"The relay tries again by itself. If it lasts, check the line to "
	"api.weixin.qq.com, WECHAT_API_BASE and the proxy.",
	"查询用户 openid 的请求没有得到应答，或应答无法识别。消息没有发出。",
	"relay 会自动重试。若持续出现，检查到 api.weixin.qq.com 的网络、"
	"WECHAT_API_BASE 和代理。")
REASON(LOOKUP_REFUSED, "lookup-refused",
	"The cloud database does not take the relay's query for a user's "
	"openid.",
	"Check WECHAT_SUBSCRIBE_COLLECTION, WECHAT_SUBSCRIBE_ID_FIELDS and "
	"MINIPROGRAM_CLOUD_ENV against 云开发控制台 → 数据库, then reload the "
	"relay (SIGHUP).",
	"云数据库不接受 relay 查询用户 openid 的请求。",
	"对照 云开发控制台 → 数据库 检查 WECHAT_SUBSCRIBE_COLLECTION、"
	"WECHAT_SUBSCRIBE_ID_FIELDS 和 MINIPROGRAM_CLOUD_ENV，再重新加载 relay"
	"（SIGHUP）。")
REASON(DATABASE_RESULT_TOO_LARGE, "database-result-too-large",
	"A query in the function returns over 1 MB.",
	"Let the function fetch one user by id (.doc(id) or .limit(1)) and "
	"only the fields it needs, then deploy it again.",
	"云函数里的查询结果超过 1 MB。",
	"让云函数按 id 只查一个用户（.doc(id) 或 .limit(1)），只取需要的字段，"
	"再重新部署。")
REASON(STORAGE_ERROR, "storage-error",
	"Cloud storage failed inside the function.",
	"The reference function uses none: look in 云开发控制台 → 云函数 → 日"
	"志 for the call, and mend the function.",
	"云函数里的云存储操作失败。",
	"参考云函数不使用云存储：到 云开发控制台 → 云函数 → 日志 找到该调用并"
	"修改。")
REASON(FUNCTION_CALL_FAILED, "function-call-failed",
	"The cloud could not carry the call of the function through; the "
	"message may have arrived.",
	"The relay tries again a few times. If it lasts, read 云开发控制台 → "
	"云函数 → 日志 and deploy the function again.",
	"云端调用云函数失败，消息可能已经送达。",
	"relay 会再试几次。若持续出现，查看 云开发控制台 → 云函数 → 日志，并重"
	"新部署云函数。")
REASON(FUNCTION_THREW, "function-threw",
	"The cloud function ended with an uncaught error; the message may "
	"have arrived.",
	"Read 云开发控制台 → 云函数 → 日志, put the whole of exports.main "
	"into try/catch that returns {success:false,error:{code,message}}, "
	"and deploy it again.",
	"云函数抛出了未捕获的错误，消息可能已经送达。",
	"查看 云开发控制台 → 云函数 → 日志；用 try/catch 包住 exports.main，出"
	"错时返回 {success:false,error:{code,message}}，再重新部署。")
REASON(FUNCTION_MODULE_MISSING, "function-module-missing",
	"The cloud function does not start: a module is not installed.",
	"In 微信开发者工具, right-click the function → 上传并部署：云端安装依"
	"赖 (not 所有文件), so that wx-server-sdk is installed.",
	"云函数无法启动：缺少依赖模块。",
	"在微信开发者工具中右键该云函数 → “上传并部署：云端安装依赖”，以安装 "
	"wx-server-sdk。")
REASON(FUNCTION_SYNTAX_ERROR, "function-syntax-error",
	"The cloud function does not start: its code has a syntax error.",
	"Run `node --check index.js` in the function's folder, mend the line "
	"it names, and deploy again with 上传并部署：云端安装依赖.",
	"云函数无法启动：代码有语法错误。",
	"在云函数目录运行 node --check index.js，改正指出的那一行，再“上传并部"
	"署：云端安装依赖”。")
REASON(FUNCTION_CONFIG_WRONG, "function-config-wrong",
	"The cloud function does not start: its network, container or start "
	"settings are wrong.",
	"Check 云开发控制台 → 云函数 → 配置 (runtime, entry index.main, "
	"network), then deploy it again with 上传并部署：云端安装依赖.",
	"云函数无法启动：网络、容器或入口配置有误。",
	"检查 云开发控制台 → 云函数 → 配置（运行环境、入口 index.main、网"
	"络），再“上传并部署：云端安装依赖”。")
REASON(FUNCTION_TIMEOUT, "function-timeout",
	"The cloud function was cut off at its time limit; the message may "
	"have arrived.",
	"Raise the limit at 云开发控制台 → 云函数 → 配置 → 超时时间 from 3 to "
	"at least 10 s, and shorten the work: WeChat waits no longer than 5 s.",
	"云函数执行超时被中断，消息可能已经送达。",
	"到 云开发控制台 → 云函数 → 配置 把超时时间从 3 秒调到 10 秒以上，并缩"
	"短执行时间：微信最多等 5 秒。")
REASON(FUNCTION_OUT_OF_MEMORY, "function-out-of-memory",
	"The cloud function ran out of memory.",
	"Raise the memory at 云开发控制台 → 云函数 → 配置 → 内存.",
	"云函数内存不足。",
	"到 云开发控制台 → 云函数 → 配置 调高内存。")
REASON(EVENT_TOO_LARGE, "event-too-large",
	"The event is larger than the cloud accepts.",
	"Shorten the payload in the console and retry; mend the CRM so that "
	"it sends ids instead of whole records.",
	"发送的内容超过云函数的大小上限。",
	"在控制台缩短 payload 后重试；让 CRM 只传 id，不传整条记录。")
REASON(FUNCTION_RESULT_TOO_LARGE, "function-result-too-large",
	"What the cloud function returned is too large; the message may have "
	"arrived.",
	"Ask the recipient before a retry. Let the function return only "
	"{success, message}, and deploy it again.",
	"云函数的返回值过大，消息可能已经送达。",
	"重试前先问接收人是否收到。让云函数只返回 {success, message}，再重新部"
	"署。")
REASON(CLOUDID_REFUSED, "cloudid-refused",
	"The function used a cloudID or phone number that is not valid here.",
	"A call by HTTP has no user: take cloud.getOpenData and cloudID out "
	"of the function's notify path, and deploy it again.",
	"云函数使用了无效的 cloudID 或手机号。",
	"HTTP 触发时没有用户身份：从云函数的通知流程中去掉 cloud.getOpenData "
	"和 cloudID，再重新部署。")
REASON(SHARED_ENV_REFUSED, "shared-env-refused",
	"The shared environment does not authorise this AppID.",
	"The environment's owner grants it at 云开发 → 设置 → 环境共享, and "
	"checks the function cloudbase_auth.",
	"共享环境未授权给该 AppID。",
	"由环境所属方到 云开发 → 设置 → 环境共享 授权，并检查 cloudbase_auth "
	"云函数。")
REASON(OPENAPI_UNKNOWN, "openapi-unknown",
	"The function calls a cloud.openapi name that does not exist.",
	"Correct it to cloud.openapi.subscribeMessage.send, raise "
	"wx-server-sdk in package.json, and deploy it again.",
	"云函数调用的 cloud.openapi 接口名不存在。",
	"改为 cloud.openapi.subscribeMessage.send，升级 package.json 中的 "
	"wx-server-sdk，再重新部署。")
REASON(OPENAPI_NOT_PERMITTED, "openapi-not-permitted",
	"The cloud function may not call subscribeMessage.send.",
	"Add \"subscribeMessage.send\" to permissions.openapi in the "
	"function's config.json, deploy it again and wait 10 minutes.",
	"云函数没有调用 subscribeMessage.send 的权限。",
	"在云函数 config.json 的 permissions.openapi 中加入 "
	"\"subscribeMessage.send\"，重新上传部署，等约 10 分钟生效。")
REASON(OPENAPI_TIMEOUT, "openapi-timeout",
	"WeChat did not answer the function in time; the message may have "
	"arrived.",
	"Nothing: the relay tries again a few times by itself.",
	"微信没有及时应答云函数，消息可能已经送达。",
	"无需处理：relay 会自动再试几次。")
/* clang-format on */
