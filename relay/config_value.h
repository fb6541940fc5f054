/*
 * Values of settings: from text to a field of struct config, and words for
 * their types and bounds.
 *
 * Knows one value at a time; not where it comes from, nor any other setting.
 */
#pragma once

#include "relay/config_table.h"

#include <stdbool.h>

/* VALUE_BAD: the text is no value of that type, or out of bounds.
 * VALUE_REFUSED: a credential that cannot be real, such as a placeholder. */
enum { VALUE_BAD = 1, VALUE_REFUSED };

/* Reads text into the setting's field. Returns 0, or VALUE_BAD or VALUE_REFUSED
 * with *why_out set to what is wrong, for behind the setting's name (the caller
 * frees); the field is untouched then. The reason never holds a secret. What
 * the field held before is not freed: see config_value_clear. */
int config_value_set(const struct setting *setting, const char *text,
		     struct config *config, char **why_out);

/* Frees what the field owns and empties it; wipes secrets. */
void config_value_clear(const struct setting *setting, struct config *config);

/* The same two with the field given, be it of struct config or of struct
 * config_channel. */
int config_value_read(const struct setting *setting, const char *text,
		      void *field, char **why_out);
void config_value_wipe(const struct setting *setting, void *field);

/* Whether the setting is a credential, secret or not; and whether it must never
 * be shown. */
bool config_value_is_credential(const struct setting *setting);
bool config_value_is_secret(const struct setting *setting);

/* A value that was read as it may be shown: "" for secrets, and a webhook's URL
 * without what may be a key. The caller frees. */
char *config_value_show(const struct setting *setting, const char *text);

/* Whether a credential looks like real ones do; true for all other types. */
bool config_value_is_shapely(const struct setting *setting, const char *text);

/* The text of a field of one of the char * types. Borrowed from config. */
const char *config_value_text(const struct setting *setting,
			      const struct config *config);

/* "duration, 10ms to 10m", "stable|classic", "integer, 0 to 20". The caller
 * frees. */
char *config_value_describe(const struct setting *setting);

/* One duration: "500ms", "30s", "10m", "2h", "1d", "0". Returns 0, or VALUE_BAD
 * with *why_out set (the caller frees). */
int config_value_duration(const char *text, int64_t *ms_out, char **why_out);
