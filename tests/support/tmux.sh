#!/bin/bash
# A terminal for the tests of the console: a tmux of their own in a folder of
# their own, in whose pane outbox-tui runs; and their TAP. To be sourced by
# them:
#
#	terminal_open
#	check 'the failed rows' walks_through_failed
#	terminal_close
#
# Nothing here waits for a while: what is waited for is seen on the screen or in
# the frames that the console reports, and that for so long only.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
build=$root/${B:-build}
deadline_s=${DEADLINE_S:-30}
count=0
unset TMUX VISUAL EDITOR NO_COLOR ESCDELAY COLUMNS LINES XDG_CONFIG_HOME \
	XDG_RUNTIME_DIR XDG_STATE_HOME XDG_DATA_HOME
# A signal that is sent from outside is no fault of the program's.
export ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}handle_segv=0

check() { # check NAME COMMAND...: what it prints is shown if it fails
	local name=$1 said status
	shift
	count=$((count + 1))
	set +e # under an if, a function would not end where it fails
	said=$(set -e; "$@" 2>&1)
	status=$?
	set -e
	if [ "$status" -eq 0 ]; then
		echo "ok $count - $name"
	else
		echo "not ok $count - $name"
		echo "# ${said//$'\n'/$'\n'# }"
	fi
}

same() { # same WHAT HAVE WANT
	[ "$2" = "$3" ] || {
		echo "$1:"
		diff <(echo "$3") <(echo "$2")
	}
}

tm() {
	tmux -S "$work/tmux.sock" -f /dev/null "$@"
}

# What is in the pane: tells how the program left the terminal, and how it
# ended.
terminal_stage() {
	cat >"$work/stage" <<-'STAGE'
		#!/bin/bash
		name=$1
		shift
		ulimit -c 0
		stty -a >"$work/before$name"
		"$@"
		code=$?
		stty -a >"$work/after$name"
		echo "$code" >"$work/code$name"
		exec sleep 600
	STAGE
	chmod +x "$work/stage"
}

# shellcheck disable=SC2317 # the trap calls it
terminal_clean() {
	local status=$?
	trap - EXIT
	tm kill-server 2>/dev/null || :
	xargs -r kill <"$work/pids" 2>/dev/null || :
	rm -rf "$work"
	exit "$status"
}

terminal_open() {
	work=$(mktemp -d "${TMPDIR:-/tmp}/console.XXXXXX")
	: >"$work/pids" # what is to be ended, whichever check began it
	trap terminal_clean EXIT
	trap 'exit 1' INT TERM
	mkdir "$work/home" "$work/tmp"
	mkfifo "$work/never"
	export work HOME=$work/home TMPDIR=$work/tmp LC_ALL=C.UTF-8 TZ=UTC
	terminal_stage
	db=$work/outbox.db
	console=A
	tm start-server \; set -g status off \; set -g set-clipboard on \; \
		set -g remain-on-exit off \; set -g escape-time 0 \; \
		new-session -d -x 80 -y 24 -s s -n A 'exec sleep 600'
}

terminal_close() {
	echo "1..$count"
}

await() { # await COMMAND...: until it succeeds
	local end=$((SECONDS + deadline_s))
	until "$@"; do
		((SECONDS < end)) || return 1
		read -rt 0.02 <>"$work/never" || :
	done
}

# The console at hand; there may be several, each in a window of its own.
other_console() { # other_console NAME
	console=$1
	tm list-windows -F '#{window_name}' | grep -qx "$console" ||
		tm new-window -d -n "$console" 'exec sleep 600'
}

frames() {
	wc -l <"$work/trace$console"
}

is_idle_after() { # is_idle_after FRAMES: it painted since, and rests
	[ -e "$work/trace$console" ] && [ "$(frames)" -gt "$1" ] &&
		[[ $(tail -n 1 "$work/trace$console") == *idle ]]
}

idle_after() {
	await is_idle_after "$1" || {
		echo "It did not come to rest after frame $1:"
		screen
		return 1
	}
}

# Runs what is there to be run in the pane: [VAR=VALUE...] PROGRAM ARGUMENT...
in_pane() {
	local variables=()
	while [[ $1 == *=* ]]; do
		variables+=("$1")
		shift
	done
	rm -f "$work/trace$console" "$work/code$console"
	tm resize-window -t "s:$console" -x 80 -y 24
	tm respawn-pane -k -t "s:$console" -c "$work" -- \
		env TERM=xterm-256color "${variables[@]}" \
		"$work/stage" "$console" "$@"
}

# open_console [VAR=VALUE...] [OPTION...]: and waits until it rests.
open_console() {
	local variables=()
	while [[ ${1-} != -* && ${1-} == *=* ]]; do
		variables+=("$1")
		shift
	done
	in_pane "${variables[@]}" "$build/outbox-tui" --db "$db" \
		--trace-frames "$work/trace$console" "$@"
	idle_after 0
}

screen() {
	tm capture-pane -p -t "s:$console"
}

keys() { # keys KEY...: by tmux's names
	tm send-keys -t "s:$console" "$@"
}

text() { # text TEXT: typed as it stands
	tm send-keys -t "s:$console" -l -- "$1"
}

shows() { # shows TEXT...: all of them
	local seen part
	seen=$(screen)
	for part; do
		[[ $seen == *"$part"* ]] || return 1
	done
}

lacks() {
	! shows "$1"
}

see() { # see TEXT...: waits until all of them are on the screen
	await shows "$@" || {
		echo "These are not on the screen together: $*"
		screen
		return 1
	}
}

gone() { # gone TEXT: waits until it is not on the screen
	await lacks "$1" || {
		echo "This does not leave the screen: $1"
		screen
		return 1
	}
}

# press KEY TEXT...: a key, and what must be seen then.
press() {
	keys "$1"
	see "${@:2}"
}

filter() { # filter TEXT: in place of the one before
	press / filter:
	keys C-u
	text "$1"
	keys Enter
	see "filter: $1 " '?help'
}

terminal() { # terminal FORMAT: what tmux knows of the pane
	tm display-message -p -t "s:$console" "$1"
}

is_terminal() { # is_terminal FORMAT VALUE
	[ "$(terminal "$1")" = "$2" ]
}

await_terminal() { # await_terminal FORMAT VALUE
	await is_terminal "$@" || same "$1" "$(terminal "$1")" "$2"
}

console_pid() {
	pgrep -P "$(terminal '#{pane_pid}')" -f outbox-tui
}

is_over() {
	[ -s "$work/code$console" ]
}

# ended CODE: it leaves with that, and the terminal is as it was.
ended() {
	await is_over || {
		echo 'It did not end:'
		screen
		return 1
	}
	same 'exit code' "$(cat "$work/code$console")" "$1"
	same 'stty -a' "$(cat "$work/after$console")" \
		"$(cat "$work/before$console")"
	await_terminal '#{alternate_on}#{mouse_any_flag}#{cursor_flag}' 001
	await_terminal '#{keypad_cursor_flag}#{keypad_flag}' 00
}

quit() {
	keys Q
	ended 0
}

query() { # query SQL: on the outbox at hand
	sqlite3 -bail -cmd '.timeout 20000' "$db" "$1"
}

is_query() { # is_query SQL VALUE
	[ "$(query "$1")" = "$2" ]
}

await_query() { # await_query SQL VALUE
	await is_query "$@" || same "$1" "$(query "$1")" "$2"
}

new_outbox() { # new_outbox [SQL-FILE]
	rm -f "$db" "$db"-*
	"$build/outbox-relay" init --db "$db" >/dev/null
	[ $# -eq 0 ] || sqlite3 -bail "$db" <"$1"
}

# So many rows that failed, for recipients of their own.
add_failed() { # add_failed COUNT
	query "WITH RECURSIVE n (i) AS
		 (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1)
		INSERT INTO outbox (type, payload)
		SELECT 'sendCustomerAssignNotify',
		       json_object('assignedToId', 'load-' || i) FROM n;
		UPDATE outbox
		   SET status = 'failed', version = version + 1, attempts = 3,
		       last_reason = 'openid-invalid',
		       last_error = 'errcode=40003 invalid openid'
		 WHERE status = 'pending'"
}
