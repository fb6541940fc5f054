/* The codes of the robots, each in its own stage. Looked up in November 2026:
 *
 * wecom: developer.work.weixin.qq.com/document/path/90455 (-1, 40008, 40033,
 * 40035, 45033) and answers as people report them (93000, 45009, 40058); 93004
 * and 93008, stopped and not in the group, are from memory of that table.
 *
 * dingtalk: Alibaba Cloud's table of the robot's codes and the mirror of
 * DingTalk's own. 310000 is three things, told apart by its words; 130101 and
 * 410100 both stand for the rate, after which it takes nothing for 10 minutes.
 * 300001 was a code for a wrong token, 300005 is today's.
 *
 * feishu: open.feishu.cn/document/ukTMukTMukTM/ucTM5YjL3ETO24yNxkjN; 99991400
 * is its API's general code for the rate.
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
	{WECOM, AT(93000), O, WHY(ROBOT_KEY_WRONG)},
	{WECOM, AT(93004), O, WHY(ROBOT_REMOVED)},
	{WECOM, AT(93008), O, WHY(ROBOT_REMOVED)},
	{WECOM, AT(40008), P, O_AFTER(5), WHY(ROBOT_CONTENT_REFUSED)},
	{WECOM, AT(40033), P, O_AFTER(5), WHY(ROBOT_CONTENT_REFUSED)},
	{WECOM, AT(40035), P, O_AFTER(5), WHY(ROBOT_CONTENT_REFUSED)},
	{WECOM, AT(40058), P, O_AFTER(5), WHY(ROBOT_CONTENT_REFUSED)},
	{WECOM, AT(44004), P, O_AFTER(5), WHY(ROBOT_CONTENT_REFUSED)},
	{WECOM, AT(45002), P, O_AFTER(5), WHY(ROBOT_CONTENT_REFUSED)},
	{WECOM, AT(47001), P, O_AFTER(5), WHY(ROBOT_CONTENT_REFUSED)},
	{WECOM, ANY_CODE, TEXT(TEXT_TOO_FAST),
	 Q(MINUTE_MS), WHY(ROBOT_TOO_FAST)},
	{WECOM, ANY_CODE, P, O_AFTER(5), WHY(ROBOT_UNKNOWN_CODE)},

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
	{DINGTALK, AT(400105), P, O_AFTER(5), WHY(ROBOT_CONTENT_REFUSED)},
	{DINGTALK, RANGE(430101, 430104),
	 P, O_AFTER(5), WHY(ROBOT_CONTENT_REFUSED)},
	{DINGTALK, AT(460101), P, O_AFTER(5), WHY(ROBOT_CONTENT_REFUSED)},
	{DINGTALK, ANY_CODE, P, O_AFTER(5), WHY(ROBOT_UNKNOWN_CODE)},

	{FEISHU, AT(-1), T, WHY(ROBOT_BUSY)},
	{FEISHU, AT(11232), Q(MINUTE_MS), WHY(ROBOT_TOO_FAST)},
	{FEISHU, AT(99991400), Q(MINUTE_MS), WHY(ROBOT_TOO_FAST)},
	{FEISHU, AT(9499), TEXT(TEXT_TOO_FAST),
	 Q(MINUTE_MS), WHY(ROBOT_TOO_FAST)},
	{FEISHU, AT(9499), P, O_AFTER(5), WHY(ROBOT_CONTENT_REFUSED)},
	{FEISHU, AT(19001), O, WHY(ROBOT_KEY_WRONG)},
	{FEISHU, AT(19002), P, O_AFTER(5), WHY(ROBOT_CONTENT_REFUSED)},
	{FEISHU, AT(19021), O, WHY(ROBOT_SIGN_WRONG)},
	{FEISHU, AT(19022), O, WHY(ROBOT_IP_REFUSED)},
	{FEISHU, AT(19024), O, WHY(ROBOT_KEYWORD_MISSING)},
	{FEISHU, ANY_CODE, TEXT(TEXT_TOO_FAST),
	 Q(MINUTE_MS), WHY(ROBOT_TOO_FAST)},
	{FEISHU, ANY_CODE, P, O_AFTER(5), WHY(ROBOT_UNKNOWN_CODE)},
};
/* clang-format on */

const struct rule_table judge_rules_robot = {
	.rules = rules,
	.count = ARRAY_LEN(rules),
};
