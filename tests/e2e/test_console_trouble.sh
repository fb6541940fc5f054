#!/bin/bash
# The console where something is not as it should be, as TAP: bytes that want
# the terminal, a terminal that goes away, a file that goes, a relay that died.
# shellcheck disable=SC2119 # arguments that may be left out
set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=tests/support/tmux.sh
source tests/support/tmux.sh

# What a payload, an error, an answer or a name could change of it.
state() {
	terminal '#{pane_title} #{alternate_on} #{cursor_flag} #{insert_flag}
		#{keypad_flag} #{keypad_cursor_flag} #{mouse_any_flag}
		#{origin_flag} #{wrap_flag} #{scroll_region_upper}
		#{scroll_region_lower} #{window_name} #{pane_tabs}'
	tm list-buffers -F '#{buffer_name} #{buffer_sample}'
}

add_hostile() {
	query "WITH evil (text, json) AS (SELECT
		   char(27) || ']52;c;aGFjaw==' || char(7) || char(27)
		   || ']2;owned' || char(7) || char(27) || '[2J' || char(27)
		   || '[?1003h' || char(27) || '[4h' || char(27) || '[2;3r'
		   || char(27) || 'P0;1|17/41' || char(27) || '\\' || char(155)
		   || '31m' || char(8238) || 'drawkcab' || char(8295, 14, 15),
		   char(127) || char(155) || '2J' || char(157) || '2;owned'
		   || char(156, 8238, 8295) || '\u001b]2;owned\u0007')
		INSERT INTO outbox (type, payload, recipient, ordering_key)
		SELECT 'x' || text, '{\"a\":\"' || json || '\"}', text, text
		  FROM evil
		UNION ALL
		SELECT 't', '{\"a\":\"' || printf('%.*c', 65000, 'x') || json
		            || '\"}', 'u', NULL FROM evil
		UNION ALL
		SELECT 't', '{\"' || json || '\":[\"' || json || '\"]}', 'u',
		       NULL FROM evil;
		UPDATE outbox
		   SET status = 'failed', version = version + 1,
		       last_reason = 'function-rejected',
		       last_error = recipient || CAST(x'fffe80c0' AS TEXT)
		                    || recipient;
		INSERT INTO outbox_attempt
		  (outbox_id, lease_no, request_no, generation, started_at, duration_us,
		   stage, outcome, code, reason, http_status, answer)
		SELECT id, 1, 1, 1, 1764829327000, 1, 'send', 'reject', 1,
		       'function-rejected', 200,
		       CAST(x'1b5d323bf09f98ff07e280ae1b5b324a9b33316d'
		            || CAST(last_error AS BLOB) AS TEXT)
		  FROM outbox;
		INSERT INTO outbox_log (at, level, event, fields)
		SELECT 1764829327000, 'error', last_error, last_error
		  FROM outbox;
		INSERT INTO outbox_audit (act, at, action, who, uid, reason, changed,
		  skipped, ids)
		SELECT printf('%032x', id), 1764829327000, 'retry', last_error,
		       1000, last_error, 1, 0, '[]' FROM outbox"
}

harmless() {
	same 'the terminal' "$(state)" "$(cat "$work/state")"
	if screen | LC_ALL=C grep -n \
		-e $'[\x01-\x08\x0b-\x1f\x7f]' \
		-e $'\xe2\x80[\xaa-\xae]' -e $'\xe2\x81[\xa6-\xa9]'; then
		return 1
	fi
}

hostile() {
	local key id
	new_outbox
	add_hostile
	tm set-buffer mine
	open_console
	tm select-pane -t "s:$console" -T untouched
	state >"$work/state"
	harmless
	for key in 4 6 7 8; do
		press $key "[$key"
		harmless
	done
	press 4 '[4 Fail 3]'
	for id in 1 2 3; do
		filter "id:$id"
		press Enter PAYLOAD
		harmless
		press G 'last error'
		harmless
		keys g r
		press w 'wrap off'
		harmless
		keys l l l G
		see 'last error'
		harmless
		press w 'wrap on'
		press q '1/1 '
		press R 'Retry'
		harmless
		press n 'Nothing was changed'
	done
	press Escape 'filter: none'
	press e 'COUNT'
	harmless
	press e 'AGE'
	tm resize-window -t "s:$console" -x 170 -y 40
	press j '2/3'
	state >"$work/state"
	press i 'ATTEMPTS'
	harmless
	tm resize-window -t "s:$console" -x 80 -y 24
	see '[4 Fail 3]'
	quit
	same 'buffer' "$(tm show-buffer)" mine
}

copies_hostile() {
	open_console
	press 4 '[4 Fail 3]'
	filter id:1
	press y 'its last error'
	press e copied
	query "SELECT writefile('$work/error', CAST(last_error AS BLOB))
		 FROM outbox WHERE id = 1" >/dev/null
	tm save-buffer "$work/buffer"
	cmp "$work/error" "$work/buffer"
	quit
}

is_dead() {
	! kill -0 "$1" 2>/dev/null
}

# Its window is closed; or all of it goes, as when ssh breaks off.
gone_terminal() {
	# What a sanitizer has to say of leaks it says for ever to a terminal
	# that is gone.
	local pid options=$ASAN_OPTIONS:detect_leaks=0
	other_console B
	open_console ASAN_OPTIONS="$options"
	press 4 '[4 Fail'
	press R Retry
	pid=$(console_pid)
	tm kill-window -t s:B
	await is_dead "$pid"
	other_console C
	in_pane ASAN_OPTIONS="$options" bash -c "trap '' HUP; exec '$build/outbox-tui' --db '$db'"
	see '[1 Home]'
	pid=$(terminal '#{pane_pid}')
	pid=$(pgrep -P "$pid")
	tm kill-window -t s:C
	await is_dead "$pid"
	console=A
}

silent() {
	new_outbox
	query "INSERT INTO outbox_relay
		  (owner, pid, host, version, state, started_at, beat_at,
		   beat_every_ms, settings_generation, on_wire)
		VALUES ('x', 4121, 'node-a', '0.1.0', 'running', 1764641527000,
		        unixepoch() * 1000, 20000, 1, 0)"
	open_console
	see 'relay RUNNING'
	lacks '!!'
	query "UPDATE outbox_relay SET beat_at = (unixepoch() - 120) * 1000"
	see '!! RELAY SILENT 2m' 'pid 4121 on node-a' 'SILENT 2m'
	press : ':'
	text relay
	press Enter 'systemctl status outbox-relay'
	keys Escape
	gone systemctl
	query "UPDATE outbox_relay SET beat_at = (unixepoch() + 30) * 1000"
	gone SILENT
	query "UPDATE outbox_relay SET state = 'stopped'"
	see '!! RELAY STOPPED'
	quit
}

replaced() {
	new_outbox
	mkdir "$work/away"
	add_failed 7
	open_console
	press 4 '[4 Fail 7]'
	filter 'err:openid'
	see '1/7 '
	mv "$db" "$db"-* "$work/away"
	see '!! NO DATABASE' '1/7 '
	press R 'not as it should be'
	new_outbox
	add_failed 9
	see '[4 Fail 9]' '>  9 '
	gone 'NO DATABASE'
	press k 'filter: err:openid' '1/9 '
	press R 'Retry'
	press n 'Nothing was changed'
	rm "$db" "$db"-*
	see '!! NO DATABASE'
	mv "$work/away"/* "$work"
	see '[4 Fail 7]' '>  7 '
	gone 'NO DATABASE'
	press R 'Retry'
	press y '1 row: 1 queued'
	quit
	new_outbox
	query "UPDATE outbox_meta SET value = '99' WHERE key = 'version'"
	in_pane "$build/outbox-tui" --db "$db"
	ended 1
	in_pane "$build/outbox-tui" --db "$work/nowhere.db"
	see '!! NO DATABASE'
	quit
}

# Another process holds the write lock while rows are to be changed.
locked() {
	new_outbox
	add_failed 3
	open_console
	press 4 '[4 Fail 3]'
	mkfifo "$work/lock"
	sqlite3 "$db" <"$work/lock" >"$work/locked" &
	exec 9>"$work/lock"
	echo "BEGIN IMMEDIATE; SELECT 'locked';" >&9
	await grep -q locked "$work/locked"
	press R 'Retry'
	press y 'The database is busy: trying again; Esc gives up.'
	echo 'ROLLBACK;' >&9
	exec 9>&-
	see '1 row: 1 queued'
	quit
}

terminal_open
check 'hostile bytes everywhere' hostile
check 'and they can be copied as they are' copies_hostile
check 'the terminal goes away' gone_terminal
check 'a relay that is silent, back, stopped' silent
check 'a file that goes, is another, and comes back' replaced
check 'a lock that another process holds' locked
terminal_close
