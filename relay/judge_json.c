/* cJSON's border for the judge: strict parsing, and codes out of items that may
 * be anything. */
#include "relay/judge_text.h"

#include <stdlib.h>
#include <string.h>

cJSON *judge_json_parse(const char *s, size_t len)
{
	const char *end = NULL;
	/* cJSON takes a NUL inside a text for its end: "errcode\0..." would be
	 * "errcode" */
	if (memchr(s, '\0', len))
		return NULL;
	/* with the NUL: cJSON 1.7.15 looks one byte past a truncated text */
	cJSON *json = cJSON_ParseWithLengthOpts(s, len + 1, &end, false);
	if (!json)
		return NULL;
	end += strspn(end, " \t\r\n");
	if (end != s + len) {
		cJSON_Delete(json);
		return NULL;
	}
	return json;
}

void judge_json_free(cJSON **json)
{
	cJSON_Delete(*json);
}

static bool number_code(double d, int64_t *code_out)
{
	const double most = 1e15;
	if (!(d >= -most && d <= most) || (double)(int64_t)d != d)
		return false;
	*code_out = (int64_t)d;
	return true;
}

static bool text_code(const char *s, int64_t *code_out)
{
	const char *digits = s + (*s == '-');
	size_t len = strspn(digits, "0123456789");
	if (len == 0 || len > 15 || digits[len])
		return false;
	*code_out = strtoll(s, NULL, 10);
	return true;
}

bool judge_json_code(const cJSON *item, int64_t *code_out)
{
	if (cJSON_IsNumber(item))
		return number_code(item->valuedouble, code_out);
	if (cJSON_IsString(item))
		return text_code(item->valuestring, code_out);
	return false;
}

const char *judge_json_text(const cJSON *object, const char *key)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);
	return cJSON_IsString(item) ? item->valuestring : NULL;
}
