/* Reasons that lie in a webhook's receiver or in the way to it. Part of
 * lib/reason_table.h. */
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
/* clang-format on */
