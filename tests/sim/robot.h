/*
 * The robots of three group chats, at /hook/wecom, /hook/dingtalk and
 * /hook/feishu: each checks the key, the signature (with OpenSSL alone), the
 * form and the size of what comes, and counts; and answers as its platform
 * does. What they know is the same in every run, so that tests can know it.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "tests/sim/call.h"

#define ROBOT_WECOM_KEY	      "693a91f6-7a0c-4bc4-97a0-0ec2f1fa5aaa"
#define ROBOT_DINGTALK_TOKEN  "566cc69da782ec33eb0c5bf4d6f9a8a90d2e1c53"
#define ROBOT_DINGTALK_SECRET "SEC240d7bb4c0bafc62a0f3bb2e4a1f0d77"
#define ROBOT_FEISHU_TOKEN    "c9b63ac4-6e14-47c3-9bd9-3d2c4e1f8a55"
#define ROBOT_FEISHU_SECRET   "ziMc9jEc3zkMKUz9lpoEje"

/* Behind the simulator's base. */
#define ROBOT_WECOM_PATH "/hook/wecom/cgi-bin/webhook/send?key=" ROBOT_WECOM_KEY
#define ROBOT_DINGTALK_PATH \
	"/hook/dingtalk/robot/send?access_token=" ROBOT_DINGTALK_TOKEN
#define ROBOT_FEISHU_PATH \
	"/hook/feishu/open-apis/bot/v2/hook/" ROBOT_FEISHU_TOKEN

enum { ROBOT_TIMES = 128 };

/* The latest messages that a robot took. */
struct robot_log {
	int64_t at_us[ROBOT_TIMES];
	int64_t count; /* since the start */
	int64_t silent_until_us;
};

struct robot_post {
	struct robot_log wecom, dingtalk, feishu;
};

/* Answers a call that is to one of them; false if it is not. */
bool robot_serve(struct robot_post *post, struct call *c);
