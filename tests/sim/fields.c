/* See fields.h. */
#include "tests/sim/fields.h"

#include <stdbool.h>
#include <string.h>

#include "lib/text.h"
#include "lib/util.h"

struct tally {
	size_t all;
	size_t han;
	size_t digits;
	size_t letters; /* ASCII */
	bool has_control;
	bool is_text; /* well-formed UTF-8 */
};

static struct tally tally_of(const char *value)
{
	struct tally t = {.is_text = true};
	size_t len = strlen(value);
	while (len) {
		uint32_t code = 0;
		size_t step = text_decode(value, len, &code);
		if (!step)
			return (struct tally){.is_text = false};
		t.all++;
		t.has_control |= code < 0x20 || (code >= 0x7f && code < 0xa0);
		t.digits += code >= '0' && code <= '9';
		t.letters += (code | 0x20) >= 'a' && (code | 0x20) <= 'z';
		t.han += (code >= 0x4e00 && code <= 0x9fff) ||
			 (code >= 0x3400 && code <= 0x4dbf) ||
			 (code >= 0x20000 && code <= 0x3ffff);
		value += step;
		len -= step;
	}
	return t;
}

typedef bool field_rule(const char *value, const struct tally *t);

static bool is_thing(const char *value, const struct tally *t)
{
	(void)value;
	return t->all <= 20;
}

static bool is_name(const char *value, const struct tally *t)
{
	(void)value;
	return t->all <= (t->han ? 10 : 20);
}

static bool is_phrase(const char *value, const struct tally *t)
{
	(void)value;
	return t->all <= 5 && t->han == t->all;
}

static bool is_character_string(const char *value, const struct tally *t)
{
	return t->all <= 32 && strlen(value) == t->all;
}

static bool is_number(const char *value, const struct tally *t)
{
	return t->digits && t->digits <= 32 &&
	       strspn(value, "0123456789.-+") == strlen(value);
}

static bool is_letter(const char *value, const struct tally *t)
{
	(void)value;
	return t->all <= 32 && t->letters == t->all;
}

static bool is_symbol(const char *value, const struct tally *t)
{
	(void)value;
	return t->all <= 5 && !t->digits && !t->letters && !t->han;
}

/* Characters that a date or a time may be made of, the Chinese ones aside. */
static bool is_calendar(const char *value, const char *ascii)
{
	while (*value) {
		bool is_unit = strncmp(value, "年", 3) == 0 ||
			       strncmp(value, "月", 3) == 0 ||
			       strncmp(value, "日", 3) == 0;
		if (!is_unit && !strchr(ascii, *value))
			return false;
		value += is_unit ? 3 : 1;
	}
	return true;
}

/* hh:mm around every colon that begins one; seconds may follow. */
static bool has_clock(const char *value)
{
	const char *colon = strchr(value, ':');
	if (!colon || colon == value || colon[-1] < '0' || colon[-1] > '9')
		return false;
	int hour = colon[-1] - '0';
	if (colon - value > 1 && colon[-2] >= '0' && colon[-2] <= '9')
		hour += (colon[-2] - '0') * 10;
	return hour < 24 && colon[1] >= '0' && colon[1] <= '5' &&
	       colon[2] >= '0' && colon[2] <= '9';
}

static bool is_time(const char *value, const struct tally *t)
{
	return t->all <= 64 && has_clock(value) &&
	       is_calendar(value, "0123456789-/.: ~");
}

static bool is_date(const char *value, const struct tally *t)
{
	return t->digits >= 3 && t->all <= 64 &&
	       (t->han || strpbrk(value, "-/.")) &&
	       (!strchr(value, ':') || has_clock(value)) &&
	       is_calendar(value, "0123456789-/.: ~");
}

static bool is_amount(const char *value, const struct tally *t)
{
	(void)value;
	return t->digits && t->digits <= 12 && t->all <= t->digits + 4 &&
	       t->letters <= 1;
}

static bool is_phone(const char *value, const struct tally *t)
{
	return t->digits && t->all <= 17 &&
	       strspn(value, "0123456789+-() ") == strlen(value);
}

static bool is_car(const char *value, const struct tally *t)
{
	(void)value;
	return t->all <= 8;
}

static const struct {
	const char *kind;
	field_rule *rule;
} kinds[] = {
	{"thing", is_thing},	    {"name", is_name},
	{"phrase", is_phrase},	    {"character_string", is_character_string},
	{"number", is_number},	    {"letter", is_letter},
	{"symbol", is_symbol},	    {"time", is_time},
	{"date", is_date},	    {"amount", is_amount},
	{"phone_number", is_phone}, {"car_number", is_car},
	{"enum", is_thing},
};

static field_rule *rule_of(const char *key)
{
	size_t len = strcspn(key, "0123456789");
	size_t number_len = strspn(key + len, "0123456789");
	if (!number_len || key[len + number_len])
		return NULL;
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		if (strlen(kinds[i].kind) == len &&
		    memcmp(kinds[i].kind, key, len) == 0)
			return kinds[i].rule;
	}
	return NULL;
}

enum field_verdict field_judge(const char *key, const char *value)
{
	field_rule *rule = rule_of(key);
	if (!rule)
		return FIELD_INVALID;
	if (!*value)
		return FIELD_EMPTY;
	struct tally t = tally_of(value);
	bool is_good = t.is_text && !t.has_control && rule(value, &t);
	return is_good ? FIELD_GOOD : FIELD_INVALID;
}
