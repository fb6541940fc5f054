#!/bin/bash
# The console in a real terminal, as TAP: what it takes of it, whatever that is
# called and can do, and that it gives it back as it was.
set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=tests/support/tmux.sh
source tests/support/tmux.sh

tabs() {
	open_console
	see '[1 Home]' BACKLOG CHANNELS
	press 2 '[2 Pend 60]' 'DUE ^' 'filter: none'
	press 3 '[3 Send 4]' 'on the wire'
	press 4 '[4 Fail 34]' 'LAST ERROR'
	press 5 '[5 Done' '1011'
	press 6 '[6 All' canceled
	press 7 '[7 Log' 'channel held'
	press 8 '[8 Audit' 'alice via root'
	press Tab '[1 Home]'
	press BTab '[8 Audit'
	press '?' MOVE 'half a page'
	keys Escape
	gone MOVE
	# In one burst, as over a slow line: each finds what the last brought.
	keys 4 j j Enter
	see '#402'
	quit
}

filters() {
	open_console
	press 4 'LAST ERROR'
	filter 'err:openid id>1000'
	see 1002 '1/1 '
	press / filter:
	text ' nothing:here'
	press Enter 'No such field' 'id>1000 nothing:here'
	keys Escape
	see 'filter: err:openid id>1000' 1002
	press Escape 'filter: none'
	press / filter:
	text 'ｉｄ：1002　err：openid'
	press Enter '1/1 ' 1002
	quit
}

# Whether the last frame is the same as one that is drawn from nothing.
is_drawn_right() {
	local before now
	before=$(screen | tail -n +2)
	now=$(frames)
	keys C-l
	idle_after "$now"
	await same_below "$before" || same screen "$(screen | tail -n +2)" \
		"$before"
}

same_below() {
	[ "$(screen | tail -n +2)" = "$1" ]
}

storm() {
	local i now
	open_console
	press 4 'LAST ERROR'
	press z FROZEN
	press j 'filter: none'
	for i in {1..100}; do
		tm resize-window -t "s:$console" -x $((1 + i * 37 % 160)) \
			-y $((1 + i * 23 % 60))
		[ $((i % 25)) -ne 0 ] ||
			tm resize-window -t "s:$console" -x 1 -y 1
	done
	tm resize-window -t "s:$console" -x 120 -y 40
	see '4 Failed' 'LAST ERROR'
	tm resize-window -t "s:$console" -x 1 -y 1
	now=$(frames)
	tm resize-window -t "s:$console" -x 80 -y 24
	idle_after "$now"
	see '[4 Fail 34]' 'LAST ERROR' '?help'
	is_drawn_right
	quit
}

# From a shell with jobs.
suspends() {
	echo "PS1='sh> '" >"$work/rc"
	in_pane TERM=screen bash --rcfile "$work/rc" -i
	see 'sh>'
	text "$build/outbox-tui --db $db --trace-frames $work/trace$console"
	press Enter '[1 Home]'
	keys C-z
	see Stopped
	same 'screen left' "$(terminal '#{alternate_on}')" 0
	text "echo said: \$((40 + 2))"
	press Enter 'said: 42'
	text fg
	press Enter '[1 Home]'
	press 4 '[4 Fail 34]'
	keys C-z
	see 'said: 42'
	text 'kill %1; while kill -0 %1; do sleep 0.1; done 2>&-; echo g''one'
	press Enter gone
	text exit
	keys Enter
	ended 0
}

dies() { # dies SIGNAL CODE
	open_console
	press m 'mouse'
	await_terminal '#{mouse_any_flag}' 1
	press 4 'LAST ERROR'
	press R 'Retry'
	kill -"$1" "$(console_pid)"
	ended "$2"
}

crashes() {
	dies SEGV 139
	see 'died of an error of its own'
}

copies() {
	local id
	open_console
	press 4 'LAST ERROR'
	for id in 1003 1004; do
		filter "id:$id"
		press y 'its payload'
		press p copied
		query "SELECT writefile('$work/payload', payload)
			 FROM outbox WHERE id = $id" >/dev/null
		tm save-buffer "$work/buffer"
		cmp "$work/payload" "$work/buffer"
	done
	press y 'its id'
	press i copied
	await buffer_is 1004
	quit
}

buffer_is() {
	[ "$(tm show-buffer)" = "$1" ]
}

mouse() {
	local column
	open_console
	same 'at first' "$(terminal '#{mouse_any_flag}')" 0
	keys m
	await_terminal '#{mouse_any_flag}' 1
	column=$(screen | sed -n 's/4 Fail.*//p' | wc -m)
	text $'\e[<0;'"$column"$';2M\e[<0;'"$column"$';2m'
	see '[4 Fail'
	keys m
	await_terminal '#{mouse_any_flag}' 0
	quit
}

kinds() {
	local kind
	for kind in vt100 linux screen xterm xterm-256color tmux-256color; do
		open_console TERM="$kind" || {
			echo "TERM=$kind"
			return 1
		}
		see '[1 Home]' BACKLOG
		press 4 'LAST ERROR'
		press Down '2/34'
		press "?" MOVE
		keys Escape
		gone MOVE
		is_drawn_right
		quit
	done
}

refused() { # refused TEXT VAR=VALUE: with exit code 2
	in_pane "$2" "$build/outbox-tui" --db "$db"
	ended 2
	see "$1"
}

refuses() {
	refused 'TERM=dumb cannot move its' TERM=dumb
	refused 'TERM=never-heard-of' TERM=never-heard-of
	refused 'TERM is not set' TERM=
}

# Nothing but the C library's own, which forgets LOCPATH on its heap.
languages() {
	local libc=ASAN_OPTIONS=detect_leaks=0
	open_console LC_ALL=C LANG=C LOCPATH="$work/tmp" "$libc"
	press 6 王小明
	filter id:1001
	press Enter 发送通知失败
	press R ┌ ┘
	keys n
	quit
	open_console LC_ALL=C LOCPATH="$work/tmp" "$libc" --lang zh
	see '[1 总览]'
	press 4 失败
	press R ┌ 重试
	keys n
	gone ┌
	quit
	open_console LC_ALL=zh_CN.UTF-8 LOCPATH="$work/tmp" "$libc"
	see '[1 总览]'
	quit
	open_console LC_ALL=zh_CN.UTF-8 LOCPATH="$work/tmp" "$libc" --lang en
	see Home
	quit
}

sgr() {
	tm capture-pane -e -p -t "s:$console" | grep -oE $'\e\\[[0-9;]*m' |
		tr -cd '0-9;m\n' | tr -d m | tr ';' '\n' | sort -u
}

has_colors() { # without colours there is still reverse
	sgr | grep -qx 7 || {
		echo 'nothing is reverse'
		return 1
	}
	if sgr | grep -qE '^([349][0-7]|38|48|10[0-7])$'; then
		echo yes
	else
		echo no
	fi
}

colored() { # colored YES-NO [VAR=VALUE] [OPTION...]
	open_console "${@:2}"
	press 4 'LAST ERROR'
	same "colours with ${*:2}" "$(has_colors)" "$1"
	press 1 BACKLOG
	same "colours with ${*:2}" "$(has_colors)" "$1"
	quit
}

colors() {
	colored yes
	colored no NO_COLOR=1
	colored no --color=never
	colored no --color never
	colored yes NO_COLOR=1 --color=always
	colored no TERM=vt100
}

ascii_on_screen() {
	if screen | LC_ALL=C grep -n '[^ -~]'; then
		return 1
	fi
}

# Where the rows have nothing else, neither has the screen.
ascii() {
	local db=$work/ascii.db key
	new_outbox
	add_failed 30
	open_console --ascii
	see BACKLOG
	for key in 2 3 4 5 6 7 8 1; do
		press $key "[$key"
		ascii_on_screen
	done
	press 4 'LAST ERROR'
	press R '+- Retry'
	ascii_on_screen
	press n '[4 Fail 30]'
	press e 'openid'
	ascii_on_screen
	keys q
	press "?" MOVE
	ascii_on_screen
	keys Escape
	gone MOVE
	press Enter 'load-'
	ascii_on_screen
	quit
}

is_plain() { # is_plain FILE
	! LC_ALL=C grep -q $'\e' "$1"
}

no_terminal() {
	"$build/outbox-tui" --db "$db" >"$work/out" 2>"$work/err"
	grep -q BACKLOG "$work/out"
	grep -q 'stdout is no terminal' "$work/err"
	is_plain "$work/out"
	in_pane bash -c "'$build/outbox-tui' --db '$db' | cat >'$work/out'"
	ended 0
	grep -q BACKLOG "$work/out"
	in_pane bash -c "'$build/outbox-tui' --db '$db' </dev/null"
	ended 2
	see 'the console needs a terminal'
}

terminal_open
new_outbox tests/fixtures/console.sql
check 'all eight tabs, and help' tabs
check 'a filter, a wrong one, and one of an IME' filters
check 'a hundred sizes, down to 1x1' storm
check 'Ctrl-Z, fg, and an end while it is stopped' suspends
check 'SIGTERM' dies TERM 143
check 'SIGHUP' dies HUP 129
check 'SIGINT' dies INT 130
check 'SIGQUIT' dies QUIT 131
check 'a crash' crashes
check 'what is copied arrives, byte for byte' copies
check 'the mouse is off until it is asked for' mouse
check 'terminals of many kinds' kinds
check 'terminals that cannot do it' refuses
check 'Chinese and boxes where there are no locales' languages
check 'colours, and none' colors
check 'nothing but ASCII' ascii
check 'no terminal, no screen' no_terminal
terminal_close
