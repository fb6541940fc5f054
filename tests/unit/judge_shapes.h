/*
 * What a function may return when it did not send, or did not say so, and what
 * must be made of it. Included by tests/unit/test_judge_shapes.c.
 */
struct shape {
	const char *resp;
	enum verdict verdict;
	enum reason reason;
	int64_t code;
};

/* clang-format off */
static const struct shape failures[] = {
	{"{\"success\":false,\"message\":\"未找到用户\"}",
	 VERDICT_REJECT, REASON_USER_NOT_FOUND, 0},
	{"{\"success\":false,\"message\":\"用户未绑定微信\"}",
	 VERDICT_REJECT, REASON_USER_NOT_BOUND, 0},
	{"{\"success\":false,\"message\":\"未知的操作类型\",\"type\":\"x\"}",
	 VERDICT_REJECT, REASON_UNKNOWN_TYPE, 0},
	{"{\"success\":false,\"message\":\"发送失败\","
	 "\"error\":{\"code\":43101,\"message\":\"user refuse\"}}",
	 VERDICT_REJECT, REASON_NOT_SUBSCRIBED, 43101},
	{"{\"success\":false,\"error\":{\"errCode\":\"43101\"}}",
	 VERDICT_REJECT, REASON_NOT_SUBSCRIBED, 43101},
	{"{\"errCode\":43101,\"errMsg\":\"fail\"}",
	 VERDICT_REJECT, REASON_NOT_SUBSCRIBED, 43101},
	{"{\"errcode\":43101}",
	 VERDICT_REJECT, REASON_NOT_SUBSCRIBED, 43101},
	{"{\"code\":43101}", VERDICT_REJECT, REASON_NOT_SUBSCRIBED, 43101},
	{"{\"error\":43101}", VERDICT_REJECT, REASON_NOT_SUBSCRIBED, 43101},
	{"{\"errorCode\":43101}",
	 VERDICT_REJECT, REASON_NOT_SUBSCRIBED, 43101},
	{"{\"success\":false,\"error\":\"errCode: 43101 | errMsg: no\"}",
	 VERDICT_REJECT, REASON_NOT_SUBSCRIBED, 43101},
	{"{\"success\":false,\"msg\":\"errCode:43108 | errMsg: busy\"}",
	 VERDICT_RETRY, REASON_RECIPIENT_BUSY, 43108},
	{"{\"success\":false,\"error\":\"{\\\"errCode\\\":-604101}\"}",
	 VERDICT_DEFER, REASON_OPENAPI_NOT_PERMITTED, -604101},
	{"{\"success\":false,\"error\":\"document.get:fail document with _id "
	 "X does not exist\"}", VERDICT_REJECT, REASON_USER_NOT_FOUND, 0},
	{"{\"success\":false,\"error\":{\"errCode\":-1,\"errMsg\":"
	 "\"document.get:fail document with _id X does not exist\"}}",
	 VERDICT_REJECT, REASON_USER_NOT_FOUND, -1},
	{"{\"success\":false,\"error\":{\"errCode\":-501004,\"errMsg\":\"open"
	 "api.subscribeMessage.send:fail -501004 exceed concurrent request\"}}",
	 VERDICT_DEFER, REASON_CLOUD_TOO_CONCURRENT, -501004},
	{"{\"success\":false,\"message\":\"发送失败\",\"error\":{}}",
	 VERDICT_REJECT, REASON_FUNCTION_HID_ERROR, 0},
	{"{\"success\":false,\"message\":\"未找到用户\",\"error\":{}}",
	 VERDICT_REJECT, REASON_USER_NOT_FOUND, 0},
	{"{\"success\":false}", VERDICT_REJECT, REASON_FUNCTION_HID_ERROR, 0},
	{"{\"success\":false,\"message\":\"今天不发\"}",
	 VERDICT_REJECT, REASON_FUNCTION_REJECTED, 0},
	{"{\"success\":false,\"code\":404,\"message\":\"未找到用户\"}",
	 VERDICT_REJECT, REASON_USER_NOT_FOUND, 404},
	{"{\"code\":-1,\"msg\":\"参数错误\"}",
	 VERDICT_REJECT, REASON_FUNCTION_REJECTED, -1},
	{"{\"code\":500,\"msg\":\"x\"}",
	 VERDICT_REJECT, REASON_FUNCTION_REJECTED, 500},
	{"{\"success\":false,\"code\":\"FUNCTION_NOT_FOUND\"}",
	 VERDICT_DEFER, REASON_FUNCTION_NOT_FOUND, 0},
	{"{\"errorCode\":1,\"errorMessage\":\"user code exception caught\","
	 "\"requestId\":\"r\",\"stackTrace\":\"at main\"}",
	 VERDICT_UNKNOWN, REASON_FUNCTION_THREW, 1},
	{"{\"errorCode\":1,\"errorMessage\":\"Error: errCode: 43101 | x\","
	 "\"statusCode\":430}", VERDICT_REJECT, REASON_NOT_SUBSCRIBED, 43101},
	{"{\"errorCode\":-1,\"errorMessage\":\"Task timed out after 3 s\"}",
	 VERDICT_UNKNOWN, REASON_FUNCTION_TIMEOUT, -1},
	{"{\"errorCode\":1,\"stackTrace\":\"Cannot find module 'x'\"}",
	 VERDICT_DEFER, REASON_FUNCTION_MODULE_MISSING, 1},
};

/* Two things said at once, or nothing to hold on to. */
static const struct shape doubtful[] = {
	{"{\"success\":false,\"errCode\":0,\"message\":\"no\"}",
	 VERDICT_REJECT, REASON_FUNCTION_REJECTED, 0},
	{"{\"success\":false,\"ok\":true,\"message\":\"no\"}",
	 VERDICT_REJECT, REASON_FUNCTION_REJECTED, 0},
	{"{\"success\":true,\"success\":false,\"message\":\"no\"}",
	 VERDICT_REJECT, REASON_FUNCTION_REJECTED, 0},
	{"{\"success\":false,\"success\":true,\"message\":\"no\"}",
	 VERDICT_REJECT, REASON_FUNCTION_REJECTED, 0},
	{"{\"success\":true,\"errCode\":43101}",
	 VERDICT_REJECT, REASON_NOT_SUBSCRIBED, 43101},
	{"{\"code\":0,\"errCode\":43101}",
	 VERDICT_REJECT, REASON_NOT_SUBSCRIBED, 43101},
	{"{\"code\":0,\"error\":{\"errCode\":43101}}",
	 VERDICT_REJECT, REASON_NOT_SUBSCRIBED, 43101},
	{"{\"errCode\":0,\"errcode\":43101}",
	 VERDICT_REJECT, REASON_NOT_SUBSCRIBED, 43101},
	{"{\"code\":500,\"error\":{\"errCode\":43101}}",
	 VERDICT_REJECT, REASON_NOT_SUBSCRIBED, 43101},
	{"{\"success\":1}", VERDICT_UNKNOWN, REASON_ANSWER_UNREADABLE, 0},
	{"{\"success\":\"true\"}",
	 VERDICT_UNKNOWN, REASON_ANSWER_UNREADABLE, 0},
	{"{\"success\":null,\"errCode\":0}",
	 VERDICT_UNKNOWN, REASON_ANSWER_UNREADABLE, 0},
	{"{\"Success\":true}", VERDICT_UNKNOWN, REASON_ANSWER_UNREADABLE, 0},
	{"{\"data\":{\"success\":true}}",
	 VERDICT_UNKNOWN, REASON_ANSWER_UNREADABLE, 0},
	{"{\"errCode\":null}", VERDICT_UNKNOWN, REASON_ANSWER_UNREADABLE, 0},
	{"{\"errCode\":0.5}", VERDICT_UNKNOWN, REASON_ANSWER_UNREADABLE, 0},
	{"{\"errCode\":\"\"}", VERDICT_UNKNOWN, REASON_ANSWER_UNREADABLE, 0},
	{"{\"errCode\":\"0x0\"}", VERDICT_UNKNOWN, REASON_ANSWER_UNREADABLE, 0},
	{"{\"errCode\":1e400}", VERDICT_UNKNOWN, REASON_ANSWER_UNREADABLE, 0},
	{"{\"errCode\":-1e400}", VERDICT_UNKNOWN, REASON_ANSWER_UNREADABLE, 0},
	{"{\"errCode\":[0]}", VERDICT_UNKNOWN, REASON_ANSWER_UNREADABLE, 0},
	{"{\"errCode\":99999999999999999999}",
	 VERDICT_UNKNOWN, REASON_ANSWER_UNREADABLE, 0},
	{"{\"statusCode\":200,\"body\":\"{\\\"success\\\":true}\"}",
	 VERDICT_UNKNOWN, REASON_ANSWER_UNREADABLE, 0},
	{"{}", VERDICT_UNKNOWN, REASON_ANSWER_UNREADABLE, 0},
	{"[]", VERDICT_UNKNOWN, REASON_ANSWER_UNREADABLE, 0},
	{"[{\"success\":true}]", VERDICT_UNKNOWN, REASON_ANSWER_UNREADABLE, 0},
	{"true", VERDICT_UNKNOWN, REASON_ANSWER_UNREADABLE, 0},
	{"0", VERDICT_UNKNOWN, REASON_ANSWER_UNREADABLE, 0},
	{"ok", VERDICT_UNKNOWN, REASON_ANSWER_UNREADABLE, 0},
	{"undefined", VERDICT_UNKNOWN, REASON_ANSWER_UNREADABLE, 0},
	{"{\"success\":true", VERDICT_UNKNOWN, REASON_ANSWER_UNREADABLE, 0},
	{"{\"success\":true} x", VERDICT_UNKNOWN, REASON_ANSWER_UNREADABLE, 0},
	{"", VERDICT_UNKNOWN, REASON_RESP_DATA_EMPTY, 0},
	{" \n", VERDICT_UNKNOWN, REASON_RESP_DATA_EMPTY, 0},
	{"null", VERDICT_UNKNOWN, REASON_RESP_DATA_EMPTY, 0},
	{"\"\"", VERDICT_UNKNOWN, REASON_RESP_DATA_EMPTY, 0},
	{"\"null\"", VERDICT_UNKNOWN, REASON_RESP_DATA_EMPTY, 0},
};
/* clang-format on */
