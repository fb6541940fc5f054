/*
 * The recipient that a route's path reads from a payload, in SQL, for whoever
 * reads it again after the INSERT: exactly as the trigger outbox_insert_route
 * (001_outbox.sql) does, or a row's recipient would no more be known for one
 * that was read.
 */
#pragma once

/* Both are SQL of one value; a payload that is no JSON raises. */
#define RECIPIENT_IN(payload, path)                                      \
	"CASE json_type(" payload ", " path ")"                          \
	" WHEN 'text' THEN"                                              \
	"   nullif(substr(json_extract(" payload ", " path "), 1, 256)," \
	"          '')"                                                  \
	" WHEN 'integer' THEN"                                           \
	"   CAST(json_extract(" payload ", " path ") AS TEXT)"           \
	" END"
