/* The codes of the robots, each in its own stage. A rule stands here only if
 * its code has a source; any other code is a counted try, with the code shown,
 * for a code that nobody explains may pass by itself. Looked up in November
 * 2026:
 *
 * wecom: 全局错误码, developer.work.weixin.qq.com/document/path/90455, and in
 * copies of that table the codes further down it (44004, 45002, 45009, 45033,
 * 49008, 60020, 93000, 93004, 93008). Answers as people report them: 45009 "api
 * freq out of limit", 93000 "invalid webhook url", 44004 "empty content", 40058
 * "markdown.content exceed max length 4096". 47001 is not in it.
 *
 * dingtalk: 自定义机器人发送群消息, open.dingtalk.com/document/orgapp/
 * custom-robots-send-group-messages, in copies of its table (-1, 40035, 43004,
 * 310000, 400013, 400101, 400102, 400105, 400106, 410100, 430101 to 430104).
 * 310000 is three things, told apart by its words. As people report them:
 * 130101 "send too fast, exceed 20 times per minute", 300001 and since 2024
 * 300005 "token is not exist", 460101 "message too long, exceed 20000 bytes",
 * which was 101002 in 2019 and 2020. After the rate it takes nothing for 10
 * minutes. 660026 has no source: it goes by its words.
 *
 * feishu: 自定义机器人使用指南, open.feishu.cn/document/ukTMukTMukTM/
 * ucTM5YjL3ETO24yNxkjN (9499, 11232, 19021, 19022, 19024); 服务端错误码说明
 * (99991400). As people report them: 19001 "incoming webhook access token
 * invalid", 19002 "params error, msg_type need", 11246 something invalid in a
 * card. 19007 has no source.
 *
 * The rate has had several codes: what says so in words counts, too. */
#include "relay/judge_rules_table.h"

#include "lib/util.h"

#define TEXT_TOO_FAST                                            \
	"too fast|too many request|too frequent|frequency limit" \
	"|freq out of limit|限流|频率"

/* clang-format off */
#define WECOM		.stage = STAGE_WECOM
#define DINGTALK	.stage = STAGE_DINGTALK
#define FEISHU		.stage = STAGE_FEISHU
#define SILENCE_MS	(10 * MINUTE_MS)

static const struct rule rules[] = {
	{WECOM, AT(-1), T, WHY(ROBOT_BUSY)},
	{WECOM, AT(45009), Q(MINUTE_MS), WHY(ROBOT_TOO_FAST)},
	{WECOM, AT(45033), Q(5 * SECOND_MS), WHY(ROBOT_TOO_FAST)},
	{WECOM, AT(49008), O, WHY(ROBOT_REMOVED)},
	{WECOM, AT(60020), O, WHY(ROBOT_IP_REFUSED)},
	{WECOM, AT(93000), O, WHY(ROBOT_KEY_WRONG)},
	{WECOM, AT(93004), O, WHY(ROBOT_REMOVED)},
	{WECOM, AT(93008), O, WHY(ROBOT_REMOVED)},
	{WECOM, AT(40008), P, O_AFTER(5), WHY(ROBOT_CONTENT_REFUSED)},
	{WECOM, AT(40033), P, O_AFTER(5), WHY(ROBOT_CONTENT_REFUSED)},
	{WECOM, AT(40035), P, O_AFTER(5), WHY(ROBOT_CONTENT_REFUSED)},
	{WECOM, AT(40058), P, O_AFTER(5), WHY(ROBOT_CONTENT_REFUSED)},
	{WECOM, AT(44004), P, O_AFTER(5), WHY(ROBOT_CONTENT_REFUSED)},
	{WECOM, AT(45002), P, O_AFTER(5), WHY(ROBOT_CONTENT_REFUSED)},
	{WECOM, ANY_CODE, TEXT(TEXT_TOO_FAST),
	 Q(MINUTE_MS), WHY(ROBOT_TOO_FAST)},
	{WECOM, ANY_CODE, T, WHY(ROBOT_UNKNOWN_CODE)},

	{DINGTALK, AT(-1), T, WHY(ROBOT_BUSY)},
	{DINGTALK, AT(130101), Q(SILENCE_MS), WHY(ROBOT_TOO_FAST)},
	{DINGTALK, AT(410100), Q(SILENCE_MS), WHY(ROBOT_TOO_FAST)},
	{DINGTALK, AT(310000), TEXT("keyword|关键词"),
	 O, WHY(ROBOT_KEYWORD_MISSING)},
	{DINGTALK, AT(310000), TEXT("sign|timestamp|签名|时间戳"),
	 O, WHY(ROBOT_SIGN_WRONG)},
	{DINGTALK, AT(310000), TEXT("whitelist|white list|白名单"),
	 O, WHY(ROBOT_IP_REFUSED)},
	{DINGTALK, AT(310000), O, WHY(ROBOT_GUARDED)},
	{DINGTALK, ANY_CODE, TEXT(TEXT_TOO_FAST),
	 Q(SILENCE_MS), WHY(ROBOT_TOO_FAST)},
	{DINGTALK, AT(300001), O, WHY(ROBOT_KEY_WRONG)},
	{DINGTALK, AT(300005), O, WHY(ROBOT_KEY_WRONG)},
	{DINGTALK, AT(400101), O, WHY(ROBOT_KEY_WRONG)},
	{DINGTALK, AT(400106), O, WHY(ROBOT_KEY_WRONG)},
	{DINGTALK, AT(40035), TEXT("access_token"), O, WHY(ROBOT_KEY_WRONG)},
	{DINGTALK, AT(400013), O, WHY(ROBOT_REMOVED)},
	{DINGTALK, AT(400102), O, WHY(ROBOT_REMOVED)},
	{DINGTALK, AT(40035), P, O_AFTER(5), WHY(ROBOT_CONTENT_REFUSED)},
	{DINGTALK, AT(43004), P, O_AFTER(5), WHY(ROBOT_CONTENT_REFUSED)},
	{DINGTALK, AT(101002), P, O_AFTER(5), WHY(ROBOT_CONTENT_REFUSED)},
	{DINGTALK, AT(400105), P, O_AFTER(5), WHY(ROBOT_CONTENT_REFUSED)},
	{DINGTALK, RANGE(430101, 430104),
	 P, O_AFTER(5), WHY(ROBOT_CONTENT_REFUSED)},
	{DINGTALK, AT(460101), P, O_AFTER(5), WHY(ROBOT_CONTENT_REFUSED)},
	{DINGTALK, ANY_CODE, T, WHY(ROBOT_UNKNOWN_CODE)},

	{FEISHU, AT(-1), T, WHY(ROBOT_BUSY)},
	{FEISHU, AT(11232), Q(MINUTE_MS), WHY(ROBOT_TOO_FAST)},
	{FEISHU, AT(99991400), Q(MINUTE_MS), WHY(ROBOT_TOO_FAST)},
	{FEISHU, AT(9499), TEXT(TEXT_TOO_FAST),
	 Q(MINUTE_MS), WHY(ROBOT_TOO_FAST)},
	{FEISHU, AT(9499), P, O_AFTER(5), WHY(ROBOT_CONTENT_REFUSED)},
	{FEISHU, AT(11246), P, O_AFTER(5), WHY(ROBOT_CONTENT_REFUSED)},
	{FEISHU, AT(19001), O, WHY(ROBOT_KEY_WRONG)},
	{FEISHU, AT(19002), P, O_AFTER(5), WHY(ROBOT_CONTENT_REFUSED)},
	{FEISHU, AT(19021), O, WHY(ROBOT_SIGN_WRONG)},
	{FEISHU, AT(19022), O, WHY(ROBOT_IP_REFUSED)},
	{FEISHU, AT(19024), O, WHY(ROBOT_KEYWORD_MISSING)},
	{FEISHU, ANY_CODE, TEXT(TEXT_TOO_FAST),
	 Q(MINUTE_MS), WHY(ROBOT_TOO_FAST)},
	{FEISHU, ANY_CODE, T, WHY(ROBOT_UNKNOWN_CODE)},
};
/* clang-format on */

const struct rule_table judge_rules_robot = {
	.rules = rules,
	.count = ARRAY_LEN(rules),
};
