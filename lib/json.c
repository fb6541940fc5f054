#include "lib/json.h"

#include <cjson/cJSON.h>

void json_add_string(struct buf *b, const char *text)
{
	cJSON *string = cJSON_CreateString(text);
	char *printed = cJSON_PrintUnformatted(string);
	buf_adds(b, printed);
	cJSON_free(printed);
	cJSON_Delete(string);
}
