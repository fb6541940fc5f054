/* What tui/script_show*.c share; nobody else includes it. */
#pragma once

#include "tui/item.h"
#include "tui/script.h"

struct script_show {
	const struct script_options *o; /* borrowed */
	struct item item;
	struct pulse pulse;
	char *why; /* own */
	int64_t now_ms;
	bool is_payload_json;
};

void script_show_json(const struct script_show *s);
void script_show_text(const struct script_show *s);
