/*
 * Plain words that a Chinese screen may hold, or pieces of: programs, keys,
 * fields of the filter, names of commands, units; and what is in the rows and
 * the log of tests/fixtures/console.sql, or was typed by a shot.
 */
/* clang-format off */
"outbox", "console", "relay", "wechat", "webhook", "openid", "token", "shell",
"CRM", "JSON", "UTC", "WAL", "KiB", "pid", "uid", "PAYLOAD", "payload",
"EDITOR", "FILE", "NAME", "systemctl", "status", "journalctl", "check", "addr",
"INFO", "WARN", "ERROR", "info", "warn", "error",
"Down", "End", "Enter", "Esc", "Home", "Left", "PgDn", "PgUp", "Right",
"Space", "Tab",
"state", "channel", "key", "err", "group", "try", "age", "created", "due", "http",
"type",
"retry", "clear", "down", "errors", "first", "freeze", "keys", "last", "left",
"mark", "pause", "redraw", "refresh", "right", "save", "sort", "times", "undo",
"unmask", "write",
"alice", "ana", "eve", "via", "root", "gateway", "back", "break",
"accept", "answer", "argument", "certificate", "code", "connect", "data",
"empty", "errcode", "errmsg", "has", "expired", "hint", "invalid", "message",
"msg", "refuse", "success", "system", "the", "timed", "user", "value",
"function", "subscribed", "process", "openid", "whitelisted", "connection",
"transport", "assignedToId", "assignTime", "assignerName", "customerId",
"customerName", "sendCustomerAssignNotify", "source", "rid", "resp",
"false", "true", "note", "null", "ratio", "settings", "adopted", "generation",
"held", "not", "reject", "timeout", "users", "Gey",
"after", "line", "load", "paid", "rows",
"colour", "night", "nowhere", "qqq", "rdr",
