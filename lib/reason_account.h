/* Reasons that lie in the mini-program's account, its secret, its token and
 * its host. Part of lib/reason_table.h. */
/* clang-format off */

REASON(APPSECRET_WRONG, "appsecret-wrong",
	"WeChat says that the AppSecret is wrong, or belongs to another AppID.",
	"Reset and copy the AppSecret at mp.weixin.qq.com → 开发管理 → 开发设"
	"置, put it and the matching AppID into .env, then reload the relay "
	"(SIGHUP).",
	"微信提示 AppSecret 错误，或它与 AppID 不属于同一个小程序。",
	"到 mp.weixin.qq.com → 开发管理 → 开发设置 重置并复制 AppSecret，与对"
	"应的 AppID 一起写入 .env，再重新加载 relay（SIGHUP）。")
REASON(APPSECRET_FROZEN, "appsecret-frozen",
	"The AppSecret is frozen.",
	"The mini-program's administrator unfreezes it at mp.weixin.qq.com → "
	"开发管理 → 开发设置 → AppSecret; that takes up to 10 minutes.",
	"AppSecret 已被冻结。",
	"由小程序管理员到 mp.weixin.qq.com → 开发管理 → 开发设置 → AppSecret "
	"解冻，约 10 分钟后生效。")
REASON(APPID_INVALID, "appid-invalid",
	"WeChat does not know this AppID.",
	"Compare MINIPROGRAM_APPID in .env, letter by letter, with "
	"mp.weixin.qq.com → 开发管理 → 开发设置 (it starts with wx, no "
	"blanks), then reload the relay (SIGHUP).",
	"微信不认识这个 AppID。",
	"把 .env 中的 MINIPROGRAM_APPID 与 mp.weixin.qq.com → 开发管理 → 开发"
	"设置 逐字核对（以 wx 开头，不含空格），再重新加载 relay（SIGHUP）。")
REASON(IP_NOT_WHITELISTED, "ip-not-whitelisted",
	"This host's public address is not on the mini-program's IP white "
	"list; the error names the address.",
	"Add that address at mp.weixin.qq.com → 开发管理 → 开发设置 → IP白名单"
	". It is the address that WeChat sees, not the one `ip addr` shows; "
	"and the list is the one under 开发者ID, not under 小程序代码上传.",
	"本机的公网 IP 不在小程序的 IP 白名单里；错误信息中有这个 IP。",
	"到 mp.weixin.qq.com → 开发管理 → 开发设置 → IP白名单 添加该 IP。以微"
	"信看到的公网 IP 为准，不是 ip addr 显示的内网 IP；要用“开发者ID”下的白"
	"名单，不是“小程序代码上传”下的。")
REASON(IP_AWAITS_CONFIRMATION, "ip-awaits-confirmation",
	"WeChat waits for the administrator to confirm calls from this host's "
	"address.",
	"The mini-program's administrator opens the notice in WeChat and taps "
	"confirm, or adds the address to the IP white list. The relay looks "
	"again every 5 minutes.",
	"微信正在等待管理员确认本机 IP 的调用。",
	"请小程序管理员在微信里打开提示并点“确认”，或把该 IP 加入白名单。"
	"relay 每 5 分钟自动再试。")
REASON(IP_REFUSED_HOUR, "ip-refused-1h",
	"The administrator refused calls from this host's address; WeChat "
	"locks it for an hour.",
	"Ask the administrator to confirm next time, or to add the address at "
	"mp.weixin.qq.com → 开发管理 → 开发设置 → IP白名单. The relay tries "
	"again after an hour.",
	"管理员拒绝了本机 IP 的调用，微信锁定 1 小时。",
	"与管理员沟通，下次请点“确认”，或到 mp.weixin.qq.com → 开发管理 → 开发"
	"设置 → IP白名单 添加该 IP。1 小时后自动再试。")
REASON(IP_REFUSED_DAY, "ip-refused-24h",
	"The administrator refused calls from this host's address twice; "
	"WeChat locks it for 24 hours.",
	"Ask the administrator to add the address at mp.weixin.qq.com → 开发管"
	"理 → 开发设置 → IP白名单. The relay tries again after 24 hours.",
	"管理员两次拒绝了本机 IP 的调用，微信锁定 24 小时。",
	"请管理员到 mp.weixin.qq.com → 开发管理 → 开发设置 → IP白名单 添加该 "
	"IP。24 小时后自动再试。")
REASON(REQUEST_MALFORMED, "request-malformed",
	"WeChat could not read the relay's request (grant type or body): a "
	"proxy changed it, or the relay has a fault.",
	"Check WECHAT_API_BASE in .env and that no proxy rewrites requests to "
	"api.weixin.qq.com. If there is none, report a fault of the relay.",
	"微信读不懂 relay 的请求：被代理改动，或 relay 有缺陷。",
	"检查 .env 中的 WECHAT_API_BASE，并确认没有代理改写发往 "
	"api.weixin.qq.com 的请求；若没有代理，请上报 relay 的缺陷。")
REASON(BASE_URL_WRONG, "base-url-wrong",
	"The address or method of the call is wrong on arrival: wrong base "
	"URL, or a proxy that rewrites requests.",
	"Set WECHAT_API_BASE=https://api.weixin.qq.com in .env, without a "
	"path, bypass the proxy for that host, then reload the relay (SIGHUP).",
	"请求的地址或方法不对：WECHAT_API_BASE 配错，或代理改写了请求。",
	"在 .env 中设 WECHAT_API_BASE=https://api.weixin.qq.com（不带路径），"
	"对该域名绕过代理，再重新加载 relay（SIGHUP）。")
REASON(WECHAT_BUSY, "wechat-busy",
	"WeChat's own system failed or was busy.",
	"Nothing: the relay tries again by itself.",
	"微信系统繁忙或内部出错。",
	"无需处理：relay 会自动重试。")
REASON(TOKEN_QUOTA_USED_UP, "token-quota-used-up",
	"The day's calls for access tokens are used up: something fetches "
	"tokens far too often.",
	"Find the other program that fetches tokens of this AppID (the CRM, a "
	"test system) and stop it. To go on today, clear the quota at "
	"mp.weixin.qq.com → 开发管理 → 接口设置 or by clear_quota/v2.",
	"今天获取 access_token 的次数已用完：有程序获取得过于频繁。",
	"找出还在获取该 AppID token 的程序（CRM、测试环境）并停掉；今天就要恢"
	"复，可用 clear_quota/v2 接口清零。")
REASON(DAILY_QUOTA_USED_UP, "daily-quota-used-up",
	"The day's quota of this API is used up.",
	"Nothing: the channel goes on when the next day begins in Shanghai. "
	"Sooner: clear the quota by /cgi-bin/clear_quota (10 times a month).",
	"该接口今天的调用额度已用完。",
	"无需处理：北京时间次日零点后自动继续。急用可调用 "
	"/cgi-bin/clear_quota 清零（每月 10 次）。")
REASON(MINUTE_QUOTA_USED_UP, "minute-quota-used-up",
	"Too many calls within one minute.",
	"Nothing: the channel waits a minute and goes on. If it comes back "
	"often, lower the channel's rate.",
	"一分钟内调用过多。",
	"无需处理：渠道等一分钟后自动继续。若经常出现，请调低该渠道的速率。")
REASON(API_UNAUTHORIZED, "api-unauthorized",
	"The account may not use this API: 云开发 is not enabled, the account "
	"is of the wrong type, or the token is another app's.",
	"Check that AppID and cloud environment belong to one mini-program, "
	"and its rights at mp.weixin.qq.com → 开发管理 → 接口设置.",
	"该账号没有此接口的权限：未开通云开发、账号类型不符，或用了别的小程序"
	"的 token。",
	"确认 AppID 与云环境属于同一个小程序，并到 mp.weixin.qq.com → 开发管"
	"理 → 接口设置 查看权限。")
REASON(API_BANNED, "api-banned",
	"WeChat has banned this API for the account.",
	"Read the reason in mp.weixin.qq.com → 通知中心 (站内信), mend it and "
	"appeal there.",
	"该接口已被微信封禁。",
	"到 mp.weixin.qq.com → 通知中心 查看站内信中的原因，整改后申诉。")
REASON(ACCOUNT_LIMITED, "account-limited",
	"The account is restricted by WeChat or not authorised.",
	"Read the notice in mp.weixin.qq.com → 通知中心 (站内信) and follow "
	"it.",
	"账号受到微信限制或未获授权。",
	"到 mp.weixin.qq.com → 通知中心 查看站内信，按要求处理。")
REASON(ACCOUNT_FROZEN, "account-frozen",
	"The mini-program's account is frozen.",
	"The administrator unfreezes it at mp.weixin.qq.com.",
	"小程序账号已被冻结。",
	"由管理员登录 mp.weixin.qq.com 解冻账号。")
REASON(TOKEN_FORBIDDEN, "token-forbidden",
	"WeChat does not let this account fetch access tokens.",
	"Read mp.weixin.qq.com → 通知中心 (站内信), then ask WeChat's support.",
	"微信禁止该账号获取 access_token。",
	"先到 mp.weixin.qq.com → 通知中心 查看站内信，再联系微信客服。")
REASON(THIRD_PARTY_APP, "third-party-app",
	"The mini-program is run by a third-party platform (第三方平台), so "
	"its own AppSecret is not accepted.",
	"Ask that platform for its authorizer token, or take the mini-program "
	"back at mp.weixin.qq.com → 设置 → 第三方设置.",
	"小程序已授权给第三方平台，不能用自己的 AppSecret 取 token。",
	"使用第三方平台的 authorizer token，或到 mp.weixin.qq.com → 设置 → 第"
	"三方设置 取消授权。")
REASON(TOKEN_STALE, "token-stale",
	"WeChat no longer accepts the access token: it ran out or another "
	"program replaced it.",
	"Nothing: a new token is fetched by itself. If it comes back often, "
	"let every program use stable_token and check this host's clock.",
	"微信不再接受这个 access_token：已过期，或被别的程序刷新。",
	"无需处理：会自动获取新的 token。若经常出现，让所有程序都改用 "
	"stable_token，并检查本机时间。")
REASON(TOKEN_REJECTED, "token-rejected",
	"WeChat refused a token that had just been fetched.",
	"Check that MINIPROGRAM_APPID and MINIPROGRAM_CLOUD_ENV belong to one "
	"mini-program, and that no other program fetches tokens through "
	"/cgi-bin/token. The relay tries again every minute.",
	"刚取得的 token 也被微信拒绝。",
	"确认 MINIPROGRAM_APPID 与 MINIPROGRAM_CLOUD_ENV 属于同一个小程序，且"
	"没有别的程序用 /cgi-bin/token 刷新 token。relay 每分钟再试。")
REASON(TOKEN_SHARED, "token-shared",
	"Another program keeps fetching tokens of this AppID and kills the "
	"relay's each time.",
	"Let the relay use stable_token (the default), and find the other "
	"program (the CRM, a test system with the same AppID): it must use "
	"stable_token too.",
	"有别的程序在不断刷新该 AppID 的 token，使 relay 的 token 失效。",
	"让 relay 使用 stable_token（默认），并找出那个程序（CRM 或共用 AppID "
	"的测试环境），也改用 stable_token。")
REASON(CREDENTIALS_VOIDED, "credentials-voided",
	"WeChat voided the credentials, for instance after a change of "
	"password.",
	"The administrator logs in to mp.weixin.qq.com, authorises again and "
	"copies a new AppSecret into .env; then reload the relay (SIGHUP).",
	"凭据已被微信作废，例如改过密码。",
	"管理员登录 mp.weixin.qq.com 重新授权，把新的 AppSecret 写入 .env，再"
	"重新加载 relay（SIGHUP）。")
/* clang-format on */
