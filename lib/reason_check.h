/* Reasons that only `outbox-relay check` tells: no row and no channel ever has
 * one. Part of lib/reason_table.h. */
/* clang-format off */

REASON(SETTING_INVALID, "setting-invalid",
	"A line of the settings cannot be read, or its value is not allowed.",
	"Correct it in the place that the line names, then reload the relay "
	"(SIGHUP). `outbox-relay --help` has every setting, `--sample` prints "
	"a file of them.",
	"配置中有一行无法读取，或取值不允许。",
	"到这一行指出的位置改正，再重新加载 relay（SIGHUP）。outbox-relay "
	"--help 列出全部配置项，--sample 输出一份样例。")
REASON(SETTING_DOUBTFUL, "setting-doubtful",
	"A setting looks unusual; it may be meant so.",
	"Compare it with the place where the value was copied from. If it is "
	"right, leave it.",
	"有一项配置看起来不寻常，也可能本来就要这样。",
	"与取得该值的地方核对；如果无误，不必修改。")
REASON(SQLITE_WAL_RESET, "sqlite-wal-reset",
	"This SQLite can damage a write-ahead log when one connection "
	"checkpoints while another one commits; the relay works round it.",
	"Let the CRM's connections set PRAGMA wal_autocheckpoint=0: the relay "
	"checkpoints for them.",
	"这个版本的 SQLite 在一个连接做检查点、另一个连接提交时，可能损坏 WAL"
	"；relay 已规避。",
	"让 CRM 的连接执行 PRAGMA wal_autocheckpoint=0：检查点由 relay 来做。")
REASON(DATABASE_NOT_THERE, "database-not-there",
	"There is no such file.",
	"Run `outbox-relay init --db FILE`, or correct --db or OUTBOX_DB.",
	"没有这个文件。",
	"运行 outbox-relay init --db FILE，或改正 --db 或 OUTBOX_DB。")
REASON(DATABASE_UNREADABLE, "database-unreadable",
	"The file is no SQLite database, or this user may not read it.",
	"Look at the file's owner and permissions (`ls -l`), and at what made "
	"it.",
	"该文件不是 SQLite 数据库，或当前用户无权读取。",
	"用 ls -l 查看文件的属主和权限，并确认它是由什么程序生成的。")
REASON(DATABASE_LOCKED, "database-locked",
	"Another program held the database's lock all the time.",
	"Try again. If it lasts, find the transaction that the CRM leaves "
	"open.",
	"另一个程序一直占着数据库的锁。",
	"稍后再试；若持续出现，找出 CRM 中一直没有结束的事务。")
REASON(DATABASE_WITHOUT_OUTBOX, "database-without-outbox",
	"The outbox's tables are missing in this file, or of an older version.",
	"Run `outbox-relay init --db FILE`: it makes them or brings them up "
	"to date.",
	"该文件里没有 outbox 的表，或表的版本较旧。",
	"运行 outbox-relay init --db FILE：会建表或升级到最新版本。")
REASON(DATABASE_NEWER, "database-newer",
	"A newer outbox-relay made the tables; this one touches nothing.",
	"Install the newer outbox-relay on this host.",
	"表是由更新版本的 outbox-relay 建立的，本程序不会改动它。",
	"在本机安装更新版本的 outbox-relay。")
REASON(DATABASE_FOREIGN, "database-foreign",
	"The file has a table named outbox that is not of this program.",
	"Take a file of its own for the outbox: --db FILE, or OUTBOX_DB.",
	"文件里已有一张名为 outbox 的表，不属于本程序。",
	"为 outbox 换一个单独的文件：--db FILE 或 OUTBOX_DB。")
REASON(DATABASE_NOT_WRITABLE, "database-not-writable",
	"The user who runs this check cannot write the database.",
	"Run the relay (and this check) as its owner, or as a member of its "
	"group.",
	"运行本检查的用户不能写该数据库。",
	"用数据库的属主或其属组的成员来运行 relay（和本检查）。")
REASON(DATABASE_HALF_SHARED, "database-half-shared",
	"The database is writable for a group, but the directory or a file "
	"beside it is not.",
	"Run `outbox-relay init --db FILE --group GROUP`, GROUP being that of "
	"CRM, relay and operators.",
	"数据库对组可写，但它的目录或旁边的文件不可写。",
	"运行 outbox-relay init --db FILE --group GROUP，GROUP 为 CRM、relay "
	"和运维人员共同的组。")
REASON(RELAY_NOT_RUNNING, "relay-not-running",
	"No relay runs on this database: rows stay pending.",
	"Start it: `systemctl start outbox-relay`, or `outbox-relay run`.",
	"没有 relay 在处理这个数据库：消息会一直等待。",
	"启动它：systemctl start outbox-relay，或 outbox-relay run。")
REASON(RELAY_SILENT, "relay-silent",
	"The relay says that it runs, but its heartbeat stopped: it was "
	"killed, or it hangs.",
	"Look at `journalctl -u outbox-relay`, then start it again "
	"(`systemctl restart outbox-relay`).",
	"relay 记录为运行中，但心跳已停：被强行结束，或已经卡住。",
	"查看 journalctl -u outbox-relay，再重新启动（systemctl restart "
	"outbox-relay）。")
REASON(TOKEN_NOT_ASKED, "token-not-asked",
	"With WECHAT_TOKEN=classic a new token ends the one that the running "
	"relay holds, so none was fetched, and nothing behind it looked at.",
	"Stop the relay and check again, or give --send-to USER, which fetches "
	"one all the same. Better, set WECHAT_TOKEN=stable.",
	"WECHAT_TOKEN=classic 时，取新的 token 会使正在运行的 relay 的 token "
	"失效，所以没有去取，其后的各项也没有检查。",
	"先停止 relay 再检查，或加 --send-to USER（仍会去取）。最好设置 "
	"WECHAT_TOKEN=stable。")
REASON(TOKEN_CLASSIC, "token-classic",
	"A classic token that is fetched ends the account's last one, the "
	"CRM's or a relay's, within five minutes; this check has fetched one.",
	"Set WECHAT_TOKEN=stable: such tokens end no others. The programs "
	"that hold the old one fetch a new one at their next 40001.",
	"取一个 classic token，账号的上一个 token（CRM 或 relay 的）会在五分钟内"
	"失效；本检查取了一个。",
	"设置 WECHAT_TOKEN=stable，它不影响别的 token。持有旧 token 的程序会在下"
	"一次 40001 时重新获取。")
REASON(FUNCTION_ACCEPTS_ALL, "function-accepts-all",
	"The function says success to a type that does not exist, so its "
	"success means nothing.",
	"Deploy cloudfunctions/quickstartFunctions of this project, or let "
	"the function answer 未知的操作类型 to types that it does not know.",
	"云函数对不存在的类型也返回成功，它的“成功”不可信。",
	"部署本项目的 cloudfunctions/quickstartFunctions，或让云函数对不认识的"
	"类型返回“未知的操作类型”。")
REASON(FUNCTION_SLOW, "function-slow",
	"The function took over 3 s to say that it does not know a type; "
	"WeChat cuts it off at 5 s.",
	"Try again: a first call is slow. If it lasts, raise 云开发控制台 → 云"
	"函数 → 配置 → 内存.",
	"云函数只回答“未知类型”就用了 3 秒以上；微信最多等 5 秒。",
	"再试一次：首次调用较慢。若持续出现，到 云开发控制台 → 云函数 → 配置 "
	"调高内存。")
REASON(FUNCTION_OUTDATED, "function-outdated",
	"The deployed function does not answer the question of this check: it "
	"is older, or another one.",
	"To have templates and users looked at, deploy cloudfunctions/"
	"quickstartFunctions again with 上传并部署：云端安装依赖.",
	"已部署的云函数不认识本检查的询问：版本较旧，或不是本项目的云函数。",
	"若要检查模板和用户，重新部署 cloudfunctions/quickstartFunctions（上传"
	"并部署：云端安装依赖）。")
REASON(TEMPLATE_NOT_SET, "template-not-set",
	"The function's settings.js has no template ID for this type.",
	"Copy the ID from mp.weixin.qq.com → 订阅消息 → 我的模板 to templateId "
	"in settings.js, and deploy the function again.",
	"云函数的 settings.js 中没有填写这种通知的模板 ID。",
	"从 mp.weixin.qq.com → 订阅消息 → 我的模板 复制模板 ID 到 settings.js "
	"的 templateId，再重新部署云函数。")
REASON(TEMPLATES_UNREADABLE, "templates-unreadable",
	"WeChat's list of the account's templates did not come, or is in no "
	"form that can be read, so no template ID was compared.",
	"Check again. If it lasts, check the line to api.weixin.qq.com, "
	"WECHAT_API_BASE and the proxy, and look at mp.weixin.qq.com → 订阅消"
	"息 → 我的模板 yourself.",
	"没有收到账号的模板列表，或格式无法识别，所以没有核对模板 ID。",
	"再检查一次。若持续出现，检查到 api.weixin.qq.com 的网络、"
	"WECHAT_API_BASE 和代理，并自行到 mp.weixin.qq.com → 订阅消息 → 我的模"
	"板 核对。")
REASON(TEMPLATE_FIELDS_DIFFER, "template-fields-differ",
	"The keys that are filled are not the template's. WeChat refuses a "
	"message (47003) that lacks one.",
	"Compare them with mp.weixin.qq.com → 订阅消息 → 我的模板 → 详情 "
	"(thing1.DATA is thing1): correct WECHAT_TEMPLATE_<NAME>_FIELDS and "
	"reload the relay (SIGHUP), or `fields` in settings.js and deploy the "
	"function again.",
	"填写的字段与模板不一致；缺少模板的字段时，微信会拒收（47003）。",
	"与 mp.weixin.qq.com → 订阅消息 → 我的模板 → 详情 核对（thing1.DATA 即 "
	"thing1）：改正 WECHAT_TEMPLATE_<NAME>_FIELDS 并重新加载 relay"
	"（SIGHUP），或改正 settings.js 的 fields 并重新部署云函数。")
REASON(CLOCK_OFF, "clock-off",
	"This host's clock is more than 60 s off: due times, expiry and "
	"signatures go by it.",
	"Run `timedatectl set-ntp true`, and see `timedatectl` for whether it "
	"is synchronised.",
	"本机时钟相差超过 60 秒：到期时间、有效期和签名都以它为准。",
	"运行 timedatectl set-ntp true 开启对时，再用 timedatectl 查看是否已同"
	"步。")
/* clang-format on */
