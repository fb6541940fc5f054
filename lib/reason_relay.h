/* Reasons of the relay's own, and of the network between it and WeChat. Part
 * of lib/reason_table.h. */
/* clang-format off */

REASON(PAYLOAD_NOT_UTF8, "payload-not-utf8",
	"The payload holds bytes that are not valid UTF-8.",
	"Mend the CRM's database connection or export so that it writes "
	"UTF-8, correct the payload in the console, then retry the row.",
	"payload 中有不是 UTF-8 的字节。",
	"让 CRM 以 UTF-8 写入，在控制台改好这一行的 payload，再重试。")
REASON(PAYLOAD_NOT_OBJECT, "payload-not-object",
	"The payload is not a JSON object.",
	"The CRM must insert an object, {...}. Correct the payload in the "
	"console, then retry the row.",
	"payload 不是 JSON 对象。",
	"CRM 写入的必须是 {...} 形式的对象。在控制台改好 payload 后重试。")
REASON(NO_RECIPIENT, "no-recipient",
	"The row names no recipient.",
	"Fill in the column recipient, or set the route's path to the field "
	"of the payload that holds it ($.assignedToId by default), then retry.",
	"这一行没有接收人。",
	"填写 recipient 列，或把路由的路径设为 payload 中存放接收人的字段（默"
	"认 $.assignedToId），再重试。")
REASON(CHANNEL_UNKNOWN, "channel-unknown",
	"The relay has no channel of this name in its settings.",
	"Set the channel up in the relay's .env and reload it (SIGHUP), or "
	"correct the row's channel, then retry.",
	"relay 的配置里没有这个渠道。",
	"在 relay 的 .env 中配置该渠道并重新加载（SIGHUP），或改正这一行的 "
	"channel，再重试。")
REASON(SETTINGS_MISSING, "settings-missing",
	"A setting that the call needs is empty: AppID, AppSecret, cloud "
	"environment or function name.",
	"Fill in MINIPROGRAM_APPID, MINIPROGRAM_APPSECRET and "
	"MINIPROGRAM_CLOUD_ENV in .env, then reload the relay (SIGHUP). "
	"`outbox-relay check` names what is missing.",
	"缺少必需的配置：AppID、AppSecret、云环境 ID 或云函数名为空。",
	"在 .env 中填好 MINIPROGRAM_APPID、MINIPROGRAM_APPSECRET、"
	"MINIPROGRAM_CLOUD_ENV，再重新加载 relay（SIGHUP）；运行 outbox-relay "
	"check 可看到缺哪一项。")
REASON(SECRET_PLACEHOLDER, "secret-placeholder",
	"MINIPROGRAM_APPSECRET still holds the placeholder text, not a real "
	"AppSecret.",
	"Copy the AppSecret (32 hexadecimal digits) from mp.weixin.qq.com → 开"
	"发管理 → 开发设置 into .env, then reload the relay (SIGHUP).",
	"MINIPROGRAM_APPSECRET 还是示例里的占位文字，不是真正的 AppSecret。",
	"到 mp.weixin.qq.com → 开发管理 → 开发设置 重置并复制 AppSecret（32 位"
	"十六进制字符），写入 .env，再重新加载 relay（SIGHUP）。")
REASON(ATTEMPTS_USED_UP, "attempts-used-up",
	"Every attempt allowed for this row has failed; the last error stands "
	"beside this reason.",
	"Look at the row's attempts in the console, mend what the last error "
	"names, then retry the row: that starts a new set of attempts.",
	"这一行允许的尝试次数已用完，每次都失败；最后一次的错误见旁边。",
	"在控制台查看这一行的各次尝试，先解决最后一次的错误，再重试：次数会重"
	"新计算。")
REASON(UNKNOWNS_USED_UP, "unknowns-used-up",
	"The outcome stayed unknown too often; the message may have arrived, "
	"perhaps more than once.",
	"Ask the recipient whether it came. Retry the row only if it did not, "
	"or if the function drops repeats by notificationId.",
	"多次发送都无法确认结果，消息可能已经送达，甚至不止一次。",
	"先问接收人是否收到；确实没收到，或云函数会按 notificationId 去重，再"
	"重试。")
REASON(EXPIRED, "expired",
	"The row's time (expires_at) passed before it could be sent.",
	"Nothing if the news is stale. Otherwise retry it in the console, "
	"which gives it a fresh life, and see what held the channel so long.",
	"还没发出就过了有效期（expires_at）。",
	"通知已过时就不用管；仍要发送，在控制台重试即可获得新的有效期，并查看"
	"渠道为何停了这么久。")
REASON(CANCELLED_BY_OPERATOR, "cancelled-by-operator",
	"An operator cancelled the row; the audit says who and why.",
	"Nothing. If it was a mistake, undo it in the console.",
	"操作员取消了这一行；审计记录里有操作人和原因。",
	"无需处理。如属误操作，在控制台撤销即可。")
REASON(CANCELLED_BY_CRM, "cancelled-by-crm",
	"The CRM took the row back before it was sent.",
	"Nothing. If it should go out after all, let the CRM insert it anew.",
	"CRM 在发送前撤回了这一行。",
	"无需处理。如果仍要发送，让 CRM 重新写入。")
REASON(KILLS_RELAY, "kills-relay",
	"The relay died while this row alone was on the wire, three times "
	"interrupted before: the row itself seems to bring it down.",
	"Keep the row and report it with the relay's journal (journalctl -u "
	"outbox-relay). Do not retry it before the fault is found.",
	"relay 单独发送这一行时崩溃，此前它已被中断三次：问题很可能出在这一"
	"行。",
	"保留这一行，连同日志（journalctl -u outbox-relay）一并上报；查明原因"
	"前不要重试。")
REASON(INTERRUPTED, "interrupted",
	"The relay stopped while the row was on the wire; whether it arrived "
	"is unknown.",
	"Nothing: it is sent again by itself and uses up no attempt. If it "
	"happens often, see why the relay stops (journalctl -u outbox-relay).",
	"发送途中 relay 停止了，不知道是否送达。",
	"无需处理：会自动重发，不占用次数。若经常出现，查看 relay 为何停止（"
	"journalctl -u outbox-relay）。")
REASON(BREAKER_OPEN, "breaker-open",
	"The channel failed several times in a row, so the relay holds it and "
	"probes now and then.",
	"See the channel's last error in the console and mend that. Once a "
	"probe succeeds, everything goes on by itself.",
	"渠道连续失败，relay 已挂起该渠道并定时探测。",
	"在控制台查看该渠道最后一次的错误并处理；探测成功后自动恢复。")
REASON(PAUSED_BY_OPERATOR, "paused-by-operator",
	"An operator paused the channel; the audit says who and why.",
	"Resume it in the console, or with `outbox-tui resume`, when the "
	"cause is gone.",
	"操作员暂停了渠道；审计记录里有操作人和原因。",
	"原因消除后，在控制台恢复渠道，或运行 outbox-tui resume。")
REASON(BACKLOG_OLD, "backlog-old",
	"Rows that are due have waited for longer than "
	"RELAY_ALERT_BACKLOG_AGE, though their channel is open: more of them "
	"come than it sends.",
	"See in the console what the channel sends, and how fast it is "
	"answered. Raise its CONCURRENCY, RATE, PER_MINUTE or PER_DAY if they "
	"hold it back; else mend what makes the receiver slow.",
	"渠道正常，但到期的行等待时间超过了 RELAY_ALERT_BACKLOG_AGE：写入得比"
	"发送得快。",
	"在控制台查看该渠道的发送速度和应答耗时。若受 CONCURRENCY、RATE、"
	"PER_MINUTE 或 PER_DAY 限制，适当调大；否则排查接收方为何变慢。")
REASON(CONNECTION_FAILED, "connection-failed",
	"No connection to the server: its name did not resolve, or it refused "
	"or did not answer in time. Nothing was sent.",
	"The relay tries again by itself. If it lasts, run `curl -v "
	"https://api.weixin.qq.com` on this host and check DNS, firewall, "
	"proxy and WECHAT_API_BASE.",
	"连不上服务器：域名解析失败、被拒绝或连接超时。消息没有发出。",
	"relay 会自动重试。若持续出现，在本机运行 curl -v "
	"https://api.weixin.qq.com，检查 DNS、防火墙、代理和 WECHAT_API_BASE。")
REASON(TLS_UNTRUSTED, "tls-untrusted",
	"The server's certificate did not verify; nothing was sent.",
	"Install or update ca-certificates on this host. If a proxy opens "
	"TLS, exempt api.weixin.qq.com or install the proxy's CA certificate.",
	"服务器证书校验未通过，消息没有发出。",
	"在本机安装或更新 ca-certificates；如果代理会解密 HTTPS，请放行 "
	"api.weixin.qq.com，或安装代理的 CA 证书。")
REASON(HOST_CLOCK_WRONG, "host-clock-wrong",
	"The certificate is outside its dates: most likely this host's clock "
	"is wrong. Nothing was sent.",
	"Run `timedatectl` and set the clock or switch NTP on (`timedatectl "
	"set-ntp true`). If the clock is right, the certificate really "
	"expired: ask whoever runs the server or the proxy.",
	"证书不在有效期内，多半是本机时钟不对。消息没有发出。",
	"运行 timedatectl 检查时间，必要时 timedatectl set-ntp true 开启对时；"
	"若时间正确，则证书确已过期，请联系服务器或代理的管理员。")
REASON(TIMEOUT_UNKNOWN, "timeout-unknown",
	"The request was sent and no answer came in time; the message may "
	"have arrived.",
	"The relay tries again a few times. If it lasts, shorten the cloud "
	"function's work (WeChat allows 5 s) and check the line to "
	"api.weixin.qq.com.",
	"请求已发出，但没有等到应答，消息可能已经送达。",
	"relay 会再试几次。若持续出现，缩短云函数的执行时间（微信上限 5 秒），"
	"并检查到 api.weixin.qq.com 的网络。")
REASON(CONNECTION_LOST, "connection-lost",
	"The connection broke before the whole answer came; the message may "
	"have arrived.",
	"The relay tries again a few times. If it lasts, check proxy, NAT and "
	"firewall between this host and api.weixin.qq.com.",
	"应答还没收完连接就断了，消息可能已经送达。",
	"relay 会再试几次。若持续出现，检查本机到 api.weixin.qq.com 之间的代"
	"理、NAT 和防火墙。")
REASON(HTTP_3XX, "http-3xx",
	"The server answered with a redirect, which WeChat never does: a "
	"login portal, a proxy or a wrong base URL.",
	"Check WECHAT_API_BASE (https://api.weixin.qq.com) in .env, and "
	"whether this network asks for a login.",
	"服务器返回了跳转，微信不会这样：可能是上网认证页、代理或地址配错。",
	"检查 .env 中的 WECHAT_API_BASE（应为 https://api.weixin.qq.com），以"
	"及所在网络是否要求登录认证。")
REASON(HTTP_4XX, "http-4xx",
	"The server refused the HTTP request itself, which WeChat never does: "
	"a proxy or a wrong base URL.",
	"Check WECHAT_API_BASE (https://api.weixin.qq.com) in .env and the "
	"proxy's rules for that host.",
	"HTTP 请求本身被拒绝，微信不会这样：多半是代理拦截或地址配错。",
	"检查 .env 中的 WECHAT_API_BASE（应为 https://api.weixin.qq.com），以"
	"及代理对该域名的规则。")
REASON(TOO_MANY_REQUESTS, "too-many-requests",
	"The server asks for fewer requests (HTTP 429).",
	"Nothing: the channel waits and goes on. If it comes back often, "
	"lower the channel's rate or concurrency.",
	"服务器要求降低请求频率（HTTP 429）。",
	"无需处理：渠道会等待后自动继续。若经常出现，请调低该渠道的速率或并"
	"发。")
REASON(SERVER_ERROR, "server-error-5xx",
	"The server or a gateway failed (HTTP 5xx); the message may have "
	"arrived.",
	"The relay tries again a few times. If it lasts, look for an outage "
	"of WeChat or of your proxy.",
	"服务器或网关出错（HTTP 5xx），消息可能已经送达。",
	"relay 会再试几次。若持续出现，查看微信或代理是否有故障。")
REASON(HTML_ANSWER, "html-answer",
	"A web page came back where JSON was expected: a login portal or a "
	"proxy sits between this host and WeChat.",
	"Run `curl -v https://api.weixin.qq.com` on this host to see whose "
	"page it is; log in to the network, or let the proxy pass "
	"api.weixin.qq.com, and check WECHAT_API_BASE.",
	"返回的是网页而不是 JSON：本机与微信之间有上网认证页或代理。",
	"在本机运行 curl -v https://api.weixin.qq.com 看是谁的页面；完成上网认"
	"证，或让代理放行 api.weixin.qq.com，并检查 WECHAT_API_BASE。")
REASON(ANSWER_TOO_LARGE, "answer-too-large",
	"The answer is over 1 MiB and was not read to its end; the message "
	"may have arrived.",
	"Let the cloud function return only {success, message}. If the answer "
	"is not the function's, check WECHAT_API_BASE and the proxy.",
	"应答超过 1 MiB，没有读完，消息可能已经送达。",
	"让云函数只返回 {success, message}；如果应答并非来自云函数，检查 "
	"WECHAT_API_BASE 和代理。")
REASON(ANSWER_UNREADABLE, "answer-unreadable",
	"The answer is not in a form that says whether the message was sent; "
	"it may have arrived.",
	"See the answer in the row's last attempt. If it is the function's, "
	"let it return {\"success\":true} or "
	"{\"success\":false,\"message\":…}; if it is not, check "
	"WECHAT_API_BASE and the proxy.",
	"应答的格式无法判断是否发出，消息可能已经送达。",
	"在控制台查看这一行最后一次的应答。如果来自云函数，让它返回 "
	"{\"success\":true} 或 {\"success\":false,\"message\":…}；否则检查 "
	"WECHAT_API_BASE 和代理。")
/* clang-format on */
