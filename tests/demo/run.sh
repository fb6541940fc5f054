#!/bin/bash
# What `make run` does. With a real AppSecret in the environment or in .env of
# the working directory: the relay, on outbox.db. Without one: the relay against
# a simulated WeChat, on a database of its own in build/demo. On a terminal the
# console opens beside them, and leaving it ends them; else a table shows what
# became of each row.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
build=$root/${B:-build}
demo=$build/demo
deadline_s=30

language=${LC_ALL:-${LC_MESSAGES:-${LANG:-}}}
say() { # say ENGLISH CHINESE
	case $language in
	zh*) printf '%s\n' "$2" ;;
	*) printf '%s\n' "$1" ;;
	esac
}

# The value that the environment or else .env gives to a key.
setting() {
	local value=${!1-}
	if [ -z "$value" ] && [ -f .env ]; then
		value=$(sed -n -E "s/^[[:space:]]*(export[[:space:]]+)?$1[[:space:]]*=[[:space:]]*//p" \
			.env | tail -n 1)
		value=${value%$'\r'}
		value=${value%%[[:space:]]#*}
		value=${value%"${value##*[![:space:]]}"}
		case $value in
		\"*\" | \'*\') value=${value:1:-1} ;;
		esac
	fi
	printf '%s' "$value"
}

is_real=
case $(setting MINIPROGRAM_APPSECRET) in
'' | 需要配置真实的Secret) ;;
*) is_real=1 ;;
esac

pids=()
# shellcheck disable=SC2317 # the trap calls it
finish() {
	local status=$?
	trap - EXIT
	trap '' INT TERM
	if [ ${#pids[@]} -gt 0 ]; then
		kill "${pids[@]}" 2>/dev/null || true
		wait "${pids[@]}" 2>/dev/null || true
	fi
	exit "$status"
}
trap finish EXIT
trap 'exit 0' INT TERM

fail() { # fail LOG: what the program that failed had to say
	tail -n 20 "$1" >&2
	exit 1
}

# The relay in the background, the console in front of it until it is left.
beside_console() { # beside_console DATABASE LOG
	"$build/outbox-relay" run --db "$1" >>"$2" 2>&1 &
	pids+=($!)
	# There is no shell that a Ctrl-Z could go to.
	trap '' TSTP
	"$build/outbox-tui" --db "$1" || fail "$2"
}

if [ -n "$is_real" ]; then
	"$build/outbox-relay" init
	[ -t 1 ] || exec "$build/outbox-relay" run
	db=$(setting OUTBOX_DB)
	beside_console "${db:-outbox.db}" outbox-relay.log
	exit 0
fi

# Nothing of whoever runs this may reach the demo, least of all the way to the
# real WeChat.
for name in $(compgen -e); do
	case ${name^^} in
	MINIPROGRAM_* | WECHAT_* | OUTBOX_* | RELAY_* | WEBHOOK_* | *_PROXY)
		unset "$name"
		;;
	esac
done
rm -rf "$demo"
mkdir -p "$demo"
rows=$root/tests/demo/rows.sql
cd "$demo"

say 'There is no real MINIPROGRAM_APPSECRET in the environment or in .env: this is the
demonstration, against a simulated WeChat. Nothing leaves this machine.' \
	'环境变量和 .env 中没有真实的 MINIPROGRAM_APPSECRET：下面是演示，
连接的是模拟的微信，不会有任何内容发到外部。'
echo

mkfifo ready
"$build/wechat-sim" --journal "$demo/wechat.jsonl" >ready 2>sim.log &
pids+=($!)
exec 3<ready
rm ready
read -r -t 10 line <&3 || fail sim.log
case $line in
'listening on http://'*) base=${line#listening on } ;;
*) fail sim.log ;;
esac

export MINIPROGRAM_APPID=wxb2c4e35d16d99fd3
export MINIPROGRAM_APPSECRET=0123456789abcdef0123456789abcdef
export MINIPROGRAM_CLOUD_ENV=cloud1-4gi0bpoje72fedd1
export WECHAT_API_BASE=$base
relay=("$build/outbox-relay")
db=$demo/outbox.db

"${relay[@]}" init --db "$db" >relay.log 2>&1 || fail relay.log
sqlite3 -bail "$db" <"$rows"

if [ ! -t 1 ]; then
	timeout "$deadline_s" "${relay[@]}" run --db "$db" --once \
		>>relay.log 2>&1 || fail relay.log
	"$build/demo-table" "$db"
	exit 0
fi

# A CRM at work: somebody is assigned every few seconds.
assign() {
	local users=(501 501 501 501 502 503 599) names=(张三 李四 王小明 欧阳娜娜)
	for ((i = 0;; i++)); do
		sleep "$((1 + RANDOM % 4))"
		sqlite3 -cmd '.timeout 1000' -bail "$db" "
			INSERT INTO outbox (type, payload)
			VALUES ('sendCustomerAssignNotify', json_object(
			'assignedToId', '66f2a1c0e4b0a1d2c3b4a${users[RANDOM % 7]}',
			'customerName', '${names[RANDOM % 4]}',
			'source', '手动分配', 'assignerName', '李四',
			'customerId', printf('66f2a1c0e4b0a1d2c3b5%04d', $i),
			'assignTime', strftime('%Y-%m-%dT%H:%M:%fZ')))"
	done
}
assign >crm.log 2>&1 &
pids+=($!)
beside_console "$db" relay.log
say "What the relay logs and what the simulated WeChat was asked stands in
${B:-build}/demo/relay.log and ${B:-build}/demo/wechat.jsonl." \
	"relay 的日志和模拟微信收到的请求：${B:-build}/demo/relay.log、${B:-build}/demo/wechat.jsonl。"
