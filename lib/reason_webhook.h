/* Reasons that lie in a webhook's receiver, a group chat's robot among them, or
 * in the way to it. Part of lib/reason_table.h. */
/* clang-format off */

REASON(WEBHOOK_UNREACHABLE, "webhook-unreachable",
	"No connection to the webhook's receiver: its name did not resolve, "
	"or it refused or did not answer in time. Nothing was sent.",
	"The relay tries again by itself. If it lasts, run `curl -v URL` on "
	"this host with the channel's URL and check DNS, firewall and proxy; "
	"ask whoever runs the receiver whether it is up.",
	"连不上 webhook 接收方：域名解析失败、被拒绝或连接超时。消息没有发出。",
	"relay 会自动重试。若持续出现，在本机用 curl -v 访问该渠道的 URL，检查 "
	"DNS、防火墙和代理，并询问接收方服务是否正常。")
REASON(WEBHOOK_UNTRUSTED, "webhook-untrusted",
	"The certificate of the webhook's receiver did not verify; nothing was "
	"sent.",
	"Ask whoever runs the receiver to send its whole chain and to renew "
	"what has expired. If a CA of your own signed it, add that CA to this "
	"host's ca-certificates (update-ca-certificates).",
	"webhook 接收方的证书校验未通过，消息没有发出。",
	"请接收方配置完整的证书链并更新过期证书；如果由自建 CA 签发，把该 CA "
	"加入本机的 ca-certificates（update-ca-certificates）。")
REASON(WEBHOOK_NO_ANSWER, "webhook-no-answer",
	"The request was sent to the webhook's receiver and no whole answer "
	"came; it may have arrived.",
	"The relay tries again a few times; the receiver can tell a repeat by "
	"its webhook-id. If it lasts, let the receiver answer first and work "
	"afterwards, and check the line to it.",
	"请求已发给 webhook 接收方，但没有收到完整的应答，可能已经送达。",
	"relay 会再试几次，接收方可按 webhook-id 识别重复。若持续出现，让接收"
	"方先应答再处理，并检查网络。")
REASON(WEBHOOK_MOVED, "webhook-moved",
	"The webhook's receiver answered with a redirect; the relay follows "
	"none.",
	"Set WEBHOOK_<NAME>_URL to the address that it redirects to, if it is "
	"the receiver's, and reload the relay (SIGHUP).",
	"webhook 接收方返回了跳转，relay 不跟随跳转。",
	"确认跳转目标属于接收方后，把 WEBHOOK_<NAME>_URL 改为该地址，再重新加"
	"载 relay（SIGHUP）。")
REASON(WEBHOOK_UNAUTHORIZED, "webhook-unauthorized",
	"The webhook's receiver does not accept the relay's signature (HTTP "
	"401 or 403).",
	"Compare WEBHOOK_<NAME>_SECRET with the receiver's, and this host's "
	"clock with the time (`timedatectl`): signatures are good for some "
	"minutes. Then retry the row.",
	"webhook 接收方不接受 relay 的签名（HTTP 401 或 403）。",
	"核对 WEBHOOK_<NAME>_SECRET 与接收方是否一致，并用 timedatectl 检查本"
	"机时间（签名只在几分钟内有效），之后重试。")
REASON(WEBHOOK_NOT_FOUND, "webhook-not-found",
	"The webhook's receiver has nothing at this address, or takes no POST "
	"there (HTTP 404 or 405).",
	"Correct WEBHOOK_<NAME>_URL, reload the relay (SIGHUP), then retry "
	"the row.",
	"webhook 接收方没有这个地址，或该地址不接受 POST（HTTP 404 或 405）。",
	"改正 WEBHOOK_<NAME>_URL，重新加载 relay（SIGHUP）后重试。")
REASON(WEBHOOK_REJECTED, "webhook-rejected",
	"The webhook's receiver refused this message (HTTP 4xx); what it said "
	"stands in the error.",
	"Correct the row's payload as the receiver says, or mend the receiver, "
	"then retry the row.",
	"webhook 接收方拒绝了这条消息（HTTP 4xx），原文见错误信息。",
	"按接收方的说明改正 payload 或修复接收方，之后重试。")
REASON(WEBHOOK_GONE, "webhook-gone",
	"The webhook's receiver says that it wants no more messages (HTTP "
	"410).",
	"Ask whoever runs it. Take WEBHOOK_<NAME>_URL and the routes to it out "
	"of .env, or set the new address; rows wait meanwhile.",
	"webhook 接收方表示不再接收消息（HTTP 410）。",
	"联系接收方：从 .env 中去掉 WEBHOOK_<NAME>_URL 及指向它的路由，或改为"
	"新地址；在此期间消息会等待。")
REASON(WEBHOOK_FAILED, "webhook-failed",
	"The webhook's receiver, or a gateway before it, failed (mostly HTTP "
	"5xx).",
	"The relay tries again with growing waits. If it lasts, ask whoever "
	"runs the receiver to look into its log for this webhook-id.",
	"webhook 接收方或其前面的网关出错（多为 HTTP 5xx）。",
	"relay 会逐渐拉长间隔重试。若持续出现，请接收方按 webhook-id 查看日志"
	"。")
REASON(WEBHOOK_ADDRESS_PRIVATE, "webhook-address-private",
	"The webhook's name leads to an address of a private network (or its "
	"proxy has one). Nothing was sent.",
	"If that is where the receiver is meant to be, set "
	"WEBHOOK_<NAME>_ALLOW_PRIVATE=yes and reload the relay (SIGHUP). Else "
	"find out who changed the name's DNS entry, or correct "
	"WEBHOOK_<NAME>_URL.",
	"webhook 的域名指向内网地址（或代理是内网地址），消息没有发出。",
	"如果接收方确实在内网，设置 WEBHOOK_<NAME>_ALLOW_PRIVATE=yes 并重新加载 "
	"relay（SIGHUP）；否则检查域名解析是否被改动，或改正 "
	"WEBHOOK_<NAME>_URL。")
REASON(ROBOT_TOO_FAST, "robot-too-fast",
	"The group's robot takes fewer messages a minute than it was sent.",
	"Nothing: the channel waits and goes on. If it comes back often, see "
	"who else sends with the same robot, lower "
	"WEBHOOK_<NAME>_PER_MINUTE, or give the type a robot of its own.",
	"群机器人被限流：每分钟消息数超过了平台上限。",
	"无需处理，渠道会等待后继续。若经常出现，检查是否有别的程序共用该机器"
	"人，调低 WEBHOOK_<NAME>_PER_MINUTE，或为该类型单独建一个机器人。")
REASON(ROBOT_KEY_WRONG, "robot-key-wrong",
	"The platform knows no robot with the key in the channel's URL.",
	"Open the robot's page in the group's settings, copy its webhook "
	"address anew into WEBHOOK_<NAME>_URL, and reload the relay (SIGHUP).",
	"平台不认识渠道 URL 里的机器人密钥。",
	"在群设置的机器人页面重新复制 webhook 地址到 WEBHOOK_<NAME>_URL，再重新"
	"加载 relay（SIGHUP）。")
REASON(ROBOT_REMOVED, "robot-removed",
	"The robot was stopped or removed, or its group no longer exists.",
	"Enable it in the group's settings, or add a new one and put its "
	"address into WEBHOOK_<NAME>_URL; then reload the relay (SIGHUP).",
	"机器人已被停用或移除，或群已解散。",
	"在群设置中重新启用机器人；或新建一个，把地址填入 WEBHOOK_<NAME>_URL，"
	"再重新加载 relay（SIGHUP）。")
REASON(ROBOT_SIGN_WRONG, "robot-sign-wrong",
	"The robot does not accept the request's signature (加签, 签名校验).",
	"Compare WEBHOOK_<NAME>_SECRET with the one on the robot's page, and "
	"this host's clock with the time (`timedatectl`): a signature is good "
	"for an hour. Then reload the relay (SIGHUP).",
	"机器人不接受请求的签名（加签、签名校验）。",
	"核对 WEBHOOK_<NAME>_SECRET 与机器人页面上的密钥是否一致，并用 "
	"timedatectl 检查本机时间（签名一小时内有效），再重新加载 relay（"
	"SIGHUP）。")
REASON(ROBOT_IP_REFUSED, "robot-ip-refused",
	"The robot's IP white list does not have this host.",
	"Add this host's public address (the error may show it) on the "
	"robot's page in the group's settings, or take the list away.",
	"机器人的 IP 白名单里没有本机。",
	"在群设置的机器人页面把本机公网 IP（错误信息里可能有）加入白名单，或取"
	"消该限制。")
REASON(ROBOT_KEYWORD_MISSING, "robot-keyword-missing",
	"The robot takes only messages with one of its keywords, and this one "
	"has none.",
	"Add a word that all messages hold to the keywords on the robot's "
	"page, or use a signature there (WEBHOOK_<NAME>_SECRET) in place of "
	"keywords.",
	"机器人设置了自定义关键词，而这条消息里没有。",
	"在机器人页面加入一个每条消息都会出现的关键词，或改用加签（"
	"WEBHOOK_<NAME>_SECRET）。")
REASON(ROBOT_GUARDED, "robot-guarded",
	"The robot's security settings (keywords, signature, IP white list) "
	"refuse the request.",
	"Read the error for which of them it is, and mend it on the robot's "
	"page, or set WEBHOOK_<NAME>_SECRET; then reload the relay (SIGHUP).",
	"机器人的安全设置（关键词、加签、IP 白名单）拒绝了请求。",
	"根据错误信息在机器人页面调整相应设置，或设置 WEBHOOK_<NAME>_SECRET，再"
	"重新加载 relay（SIGHUP）。")
REASON(ROBOT_CONTENT_REFUSED, "robot-content-refused",
	"The robot refused this message for its content or form.",
	"Read what it said in the error, correct the row's payload (text, "
	"markdown), then retry the row.",
	"机器人拒绝了这条消息的内容或格式。",
	"查看错误信息中的原文，改正 payload（text、markdown）后重试。")
REASON(ROBOT_BUSY, "robot-busy",
	"The robot's platform says that it is busy.",
	"The relay tries again with growing waits. If it lasts, look for an "
	"outage of WeCom, DingTalk or Feishu.",
	"机器人平台系统繁忙。",
	"relay 会逐渐拉长间隔重试。若持续出现，查看企业微信、钉钉或飞书是否有"
	"故障。")
REASON(ROBOT_UNKNOWN_CODE, "robot-unknown-code",
	"The robot answered with a code that the relay does not know.",
	"The relay tries again a few times. Look the code up in the documents "
	"of WeCom, DingTalk or Feishu, mend what it names, and retry the row if "
	"it has failed.",
	"机器人返回了 relay 不认识的错误码。",
	"relay 会再试几次。到企业微信、钉钉或飞书的开放文档查询该错误码并处理；"
	"若已失败，再重试。")
REASON(ROBOT_ANSWER_UNREADABLE, "robot-answer-unreadable",
	"What came back is no answer of the robot's, mostly a gateway's page "
	"or an HTTP error; the message may have arrived.",
	"Look into the group before retrying the row. If it lasts, check "
	"WEBHOOK_<NAME>_URL and the proxies on the way.",
	"收到的不是机器人的应答，多为网关页面或 HTTP 错误，消息可能已经送达。",
	"重试前先到群里看是否已收到。若持续出现，检查 WEBHOOK_<NAME>_URL 和途经"
	"的代理。")
/* clang-format on */
