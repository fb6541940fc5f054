#!/bin/bash
# What operators do at the console, by keys in a real terminal, and what is in
# the database afterwards; as TAP.
set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=tests/support/tmux.sh
source tests/support/tmux.sh

expect() { # expect SQL VALUE
	same "$1" "$(query "$1")" "$2"
}

audit() { # audit VALUE: the last act
	expect "SELECT action, sum(changed), sum(skipped), filter, reason
		  FROM outbox_audit
		 WHERE act = (SELECT act FROM outbox_audit
			       ORDER BY rowid DESC LIMIT 1)" "$1"
}

retries_two() {
	new_outbox
	add_failed 1204
	open_console
	press 4 'LAST ERROR'
	keys Space Space
	see '2 marked'
	press R 'Retry 2 marked rows?' '[ No ]'
	press Enter 'Nothing was changed' '?help'
	expect "SELECT count(*) FROM outbox WHERE status = 'pending'" 0
	press R 'Retry 2 marked rows?'
	press y '2 rows: 2 queued, 0 skipped, 0 failed'
	see '4 Fail 1202'
	expect "SELECT id, generation, attempts, version FROM outbox
		 WHERE status = 'pending' ORDER BY id" $'1203|2|0|2\n1204|2|0|2'
	audit 'retry|2|0||'
	quit
}

# Above 100 the number is typed.
retries_all() {
	open_console
	press 4 '[4 Fail 1202]'
	query "UPDATE outbox SET status = 'failed', version = version + 1
		WHERE status = 'pending'"
	see '[4 Fail 1204]'
	filter 'err:openid'
	press A 'all that match are chosen'
	press R 'Retry ALL 1,204' 'err:openid'
	text 1203
	press Enter 'That is not the number'
	expect "SELECT count(*) FROM outbox WHERE status = 'pending'" 0
	keys BSpace
	text 4
	press Enter 'Esc stops after this batch'
	see '1,204 rows: 1,204 queued, 0 skipped, 0 failed' '4 Fail 0'
	expect "SELECT status, count(*), sum(generation), sum(attempts)
		  FROM outbox GROUP BY status" 'pending|1204|2410|0'
	audit 'retry|1204|0|err:openid|'
	expect "SELECT count(*) > 10, max(changed) <= 100
		  FROM outbox_audit WHERE filter IS NOT NULL" '1|1'
	expect 'PRAGMA integrity_check' ok
	quit
}

cancels() {
	open_console
	press 2 '[2 Pend 1204]'
	keys Space Space Space
	see '3 marked'
	press X 'Cancel 3 marked' 'Undo works'
	keys BTab
	text 'no more, said Q'
	see 'no more, said Q'
	keys Enter Right
	press Enter '3 rows: 3 cancelled, 0 skipped, 0 failed'
	audit 'cancel|3|0||no more, said Q'
	expect "SELECT count(*) FROM outbox WHERE status = 'cancelled'" 3
	press u 'Take the cancel of 3 rows back?'
	press y '3 undone' '2 Pend 1204'
	expect "SELECT count(*) FROM outbox WHERE status = 'cancelled'" 0
	expect "SELECT changed, filter LIKE 'act:%' FROM outbox_audit
		 WHERE action = 'undo'" '3|1'
	press u 'nothing to undo'
	quit
}

pauses() {
	open_console
	press P 'wechat-cloud: pause'
	press 1 'Pause channel wechat-cloud?'
	press y '1 channel paused' '!! PAUSED: wechat-cloud'
	expect "SELECT state FROM outbox_channel" paused
	press P 'wechat-cloud: resume'
	press 1 'Resume'
	press y '1 channel resumed'
	gone '!! PAUSED'
	expect "SELECT state FROM outbox_channel" open
	expect 'SELECT group_concat(action) FROM
		(SELECT action FROM outbox_audit ORDER BY rowid DESC LIMIT 2)' \
		resume,pause
	quit
}

# $EDITOR: keeps what it was given and how its terminal was, puts what is to be
# typed in its place.
editor() {
	cat >"$work/editor" <<-'EDITOR'
		#!/bin/bash
		file=${*: -1}
		stty -a >"$work/in-editor"
		cp "$file" "$work/given"
		stat -c %a "$file" >"$work/mode"
		[ ! -e "$work/typed" ] || mv "$work/typed" "$file"
		exit "$(cat "$work/editor-code")"
	EDITOR
	chmod +x "$work/editor"
	echo 0 >"$work/editor-code"
}

payload() {
	expect 'SELECT payload FROM outbox WHERE id = 1' "$1"
}

edits() {
	new_outbox
	add_failed 1
	editor
	open_console VISUAL= EDITOR="$work/editor --wait"
	press 4 '[4 Fail 1]'
	press E 'the payload is unchanged'
	same 'given' "$(cat "$work/given")" '{"assignedToId":"load-1"}'
	same 'mode' "$(cat "$work/mode")" 600
	same 'its terminal' "$(cat "$work/in-editor")" "$(cat "$work/beforeA")"
	echo 3 >"$work/editor-code"
	echo '{"assignedToId":"lost"}' >"$work/typed"
	press E 'ended with 3'
	echo 0 >"$work/editor-code"
	printf '{"assignedToId":' >"$work/typed"
	press E 'Not taken: it is no valid JSON'
	payload '{"assignedToId":"load-1"}'
	printf '{"assignedToId":"mended","n":1.10}\n' >"$work/typed"
	press e 'mended'
	same 'nothing lost' "$(cat "$work/given")" '{"assignedToId":'
	press y '1 row: 1 queued, 0 skipped, 0 failed' '4 Fail 0'
	payload '{"assignedToId":"mended","n":1.10}'
	expect 'SELECT payload FROM outbox_revision' '{"assignedToId":"load-1"}'
	expect 'SELECT status, generation FROM outbox' 'pending|2'
	audit 'edit|1|0||'
	same 'files left' "$(ls "$work/tmp")" ''
	press 1 BACKLOG
	is_whole
	quit
	open_console VISUAL="$work/nowhere" EDITOR="$work/editor"
	press 2 '[2 Pend 1]'
	press E 'ended with 127'
	quit
}

# The terminal is the console's again.
is_whole() {
	same modes "$(terminal '#{alternate_on}#{cursor_flag}')" 10
	keys C-l
	see '[1 Home]' BACKLOG '?help'
}

# Not a byte of the file, whatever is pressed.
reads_only() {
	local tab key
	new_outbox tests/fixtures/console.sql
	cp "$db" "$work/copy"
	open_console --read-only
	see READ-ONLY
	for tab in 2 4 6; do
		press $tab "[$tab"
		for key in R X E P u; do
			press $key 'started with --read-only'
			press j 'filter: none'
		done
		keys Space A
		press R 'started with --read-only'
		keys Escape Escape
	done
	press : ':'
	text write
	press Enter 'nothing lifts that'
	press : ':'
	text unmask
	press Enter 'the audit cannot keep that'
	press 8 '[8 Audit'
	quit
	cmp "$db" "$work/copy"
}

relay() {
	"$build/wechat-sim" --port 0 --journal "$work/journal" \
		>"$work/sim.out" 2>"$work/sim.err" &
	echo $! >>"$work/pids"
	await grep -q '^listening on ' "$work/sim.out"
	env -C "$work" WECHAT_API_BASE="$(sed -n 's/^listening on //p' \
		"$work/sim.out")" MINIPROGRAM_APPID=wxb2c4e35d16d99fd3 \
		MINIPROGRAM_APPSECRET=0123456789abcdef0123456789abcdef \
		MINIPROGRAM_CLOUD_ENV=cloud1-4gi0bpoje72fedd1 \
		"$build/outbox-relay" run --db "$db" \
		>"$work/relay.out" 2>"$work/relay.err" &
	echo $! >>"$work/pids"
	await_query "SELECT count(*) FROM outbox_relay
		      WHERE state = 'running'" 1
}

# What both boxes hold is queued by one and skipped by the other, and goes out
# once, while the relay takes rows from under both.
two() {
	new_outbox
	add_failed 700
	relay
	for console in A B; do
		other_console $console
		open_console
		tm resize-window -t "s:$console" -x 120 -y 40
		see 'relay RUNNING'
		press 4 '[4 Failed 700]'
		press A 'all that match are chosen'
		press R 'Retry ALL 700'
		text 700
		see 'to go on: 700'
	done
	for console in A B; do
		keys Enter
	done
	for console in A B; do
		see '700 rows: ' ', 0 failed'
		screen | grep -oE '[0-9]+ (queued|skipped)'
	done >"$work/results"
	same 'sum' "$(awk '{ n[$2] += $1 } END { print n["queued"], n["skipped"] }' \
		"$work/results")" '700 700'
	await_query "SELECT count(*) FROM outbox
		      WHERE status = 'delivered'" 700
	same 'sent' "$(grep -c '"stage":"invoke"' "$work/journal")" 700
	expect "SELECT generation, count(*) FROM outbox GROUP BY 1" '2|700'
	expect "SELECT sum(changed), sum(skipped), count(DISTINCT act)
		  FROM outbox_audit" '700|700|2'
	for console in A B; do
		tm resize-window -t "s:$console" -x 80 -y 24
		see '4 Fail 0'
		press 5 '[5 Done' 'wechat-cloud  l…'
		quit
	done
}

terminal_open
check 'two marked rows are retried' retries_two
check 'all 1,204 that match are retried, by their number' retries_all
check 'three are cancelled, and that is undone' cancels
check 'a channel is paused, and goes on' pauses
check 'the editor: unchanged, failing, broken, mended, missing' edits
check 'read-only' reads_only
check 'two consoles and a relay: each row once' two
terminal_close
