#!/bin/bash
# docs/wechat-setup.md and its Chinese twin, as TAP: each line of check that they
# show is printed by check in the case that they tell of, each code that they
# list comes to the reason beside it, and the two say the same.
# shellcheck disable=SC2016 # the `quotes` are Markdown's
set -euo pipefail
cd "$(dirname "$0")/../.."
root=$PWD
build=$root/${B:-build}
dir=$(mktemp -d)
pids=()
# shellcheck disable=SC2317 # the trap calls it
finish() {
	[ ${#pids[@]} -eq 0 ] || kill "${pids[@]}" 2>/dev/null || true
	wait
	rm -rf "$dir"
}
trap finish EXIT
unset LANG LC_ALL LC_MESSAGES

count=0
same() { # same NAME HAVE WANT
	count=$((count + 1))
	if [ "$2" = "$3" ]; then
		echo "ok $count - $1"
	else
		echo "not ok $count - $1"
		diff <(echo "$3") <(echo "$2") | sed 's/^/# /' || true
	fi
}

english=docs/wechat-setup.md
chinese=docs/wechat-setup.zh-CN.md

# --- A WeChat that every line can be seen of --------------------------------

openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1 \
	-addext subjectAltName=IP:127.0.0.1 -keyout "$dir/key" \
	-out "$dir/cert" 2>/dev/null
mkfifo "$dir/ready"
"$build/wechat-sim" --port 0 --quiet --tls "$dir/cert" "$dir/key" \
	>"$dir/ready" &
pids+=($!)
exec 3<"$dir/ready"
read -r -t 30 line <&3
base=${line#listening on }
export WECHAT_API_BASE=$base WECHAT_CA_FILE=$dir/cert
export MINIPROGRAM_APPID=wxb2c4e35d16d99fd3
export MINIPROGRAM_APPSECRET=0123456789abcdef0123456789abcdef
export MINIPROGRAM_CLOUD_ENV=cloud1-4gi0bpoje72fedd1
cd "$dir"
"$build/outbox-relay" init --db outbox.db >/dev/null 2>&1

faults() { # faults JSON
	curl -sS --noproxy '*' --cacert "$dir/cert" -X POST "$base/sim/faults" \
		-H 'Content-Type: application/json' -d "$1" >/dev/null
}

look() { # look LANGUAGE [SETTING=VALUE...] [--send-to USER]
	local settings=() lang=$1
	shift
	while [[ ${1-} == *=* ]]; do
		settings+=("$1")
		shift
	done
	env "${settings[@]}" "$build/outbox-relay" check --db outbox.db \
		--lang "$lang" "$@" | sed "s,$base,https://api.weixin.qq.com,g"
}

show() { # show FAULTS [ARGUMENT...]: what is said then, in both languages
	faults "$1"
	look en "${@:2}" >>en.said || true
	look zh "${@:2}" >>zh.said || true
}

asked='"stage":"function","times":-1,"match":"\"outboxCheck\""'
show '[]'
show '[]' MINIPROGRAM_APPSECRET=需要配置真实的Secret
show '[]' MINIPROGRAM_APPSECRET=fedcba9876543210fedcba9876543210
show '[{"stage":"token","times":-1,"errcode":40164,"errmsg":"invalid ip 203.0.113.9 ipv6 ::ffff:203.0.113.9, not in whitelist"}]'
show '[]' MINIPROGRAM_CLOUD_ENV=cloud1-elsewhere
show '[{"stage":"invoke","times":-1,"errcode":-501000,"errmsg":"FunctionName parameter could not be found"}]'
show '[{"stage":"invoke","times":-1,"errcode":-504002,"errmsg":"Cannot find module wx-server-sdk"}]'
show "[{$asked"',"resp_json":{"success":true,"data":{"templates":{"sendCustomerAssignNotify":false}}}}]'
show "[{$asked"',"resp_json":{"success":false,"message":"未知的操作类型"}}]'
show "[{$asked"',"resp_json":{"success":false,"data":{"templates":{}},"error":{"code":-502005,"message":"no collection"}}}]'
told="$asked"',"resp_json":{"success":true,"data":{"templates":{"sendCustomerAssignNotify":true},"messages":{"sendCustomerAssignNotify"'
mine=Zk3mQ8vT1xR5nB7cW2yL6hD4jS0pGaU9eFtYoIkXb_M
show "[{$told"':{"templateId":"T","keys":[]}}}}}]'
curl -sS --noproxy '*' --cacert "$dir/cert" "$base/sim/templates" -d "[{
	\"priTmplId\": \"$mine\", \"title\": \"客户分配通知\", \"content\":
	\"{{thing1.DATA}}{{thing2.DATA}}{{name3.DATA}}{{time5.DATA}}\"}]" >/dev/null
show '[]'
show '[]' --send-to 66f2a1c0e4b0a1d2c3b4a501
show '[]' --send-to 66f2a1c0e4b0a1d2c3b4a503
for user in 66f2a1c0e4b0a1d2c3b4a501 66f2a1c0e4b0a1d2c3b4a502 \
	66f2a1c0e4b0a1d2c3b4a599; do
	sqlite3 -bail outbox.db "INSERT INTO outbox (type, payload) VALUES
		('sendCustomerAssignNotify', '{\"assignedToId\":\"$user\"}')"
done
show '[]'

# --- Each line that is shown ------------------------------------------------

shown() { # shown DOCUMENT: the lines of its blocks of text
	awk '/^```text$/ { inside = 1; next } /^```/ { inside = 0 } inside' \
		"$root/$1"
}

unsaid() { # unsaid DOCUMENT SAID: an ellipsis stands for anything
	while IFS= read -r want; do
		local pattern
		pattern=$(sed 's/[][\.*^$+?(){}|/]/\\&/g; s/…/.*/g' <<<"$want")
		grep -qE "^$pattern\$" "$2" || echo "$want"
	done < <(shown "$1")
}
same 'check prints every line that is shown' "$(unsaid "$english" en.said)" ''
same 'check prints every Chinese line' "$(unsaid "$chinese" zh.said)" ''
same 'many lines are shown' \
	"$([ "$(shown "$english" | wc -l)" -ge 20 ] && echo yes)" yes

# --- Each code comes to its reason ------------------------------------------

rows() { # rows HEADING: "what is said|reason" of its table
	awk -F '|' -v heading="### $1" '
		/^#/ { inside = $0 == heading; next }
		inside && $3 ~ /`/ {
			gsub(/^ +| +$/, "", $2); gsub(/[ `]/, "", $3)
			print $2 "|" $3
		}' "$root/$english"
}

fault_of() { # fault_of STAGE SAID
	local code=${2%% *} words=${2#* }
	case $1 in
	function)
		[[ $code =~ ^-?[0-9]+$ ]] &&
			code=",\"error\":{\"code\":$code,\"message\":\"$words\"}" ||
			code=
		echo '[{"stage":"function","times":-1,"match":"sendCustomer",' \
			"\"resp_json\":{\"success\":false,\"message\":\"$words\"$code}}]"
		;;
	*)
		echo "[{\"stage\":\"$1\",\"times\":-1,\"errcode\":$code," \
			"\"errmsg\":\"$words\"}]"
		;;
	esac
}

misjudged() { # misjudged HEADING STAGE [ARGUMENT...]: rows that are not true
	local said reason
	while IFS='|' read -r said reason; do
		faults "$(fault_of "$2" "$said")"
		look en "${@:3}" >row.said || true
		grep -q "^FAULT.*\[$reason\]\$" row.said ||
			echo "$said is not $reason"
	done < <(rows "$1")
}
send=(--send-to 66f2a1c0e4b0a1d2c3b4a501)
same 'the codes of a token' "$(misjudged access_token获取失败 token)" ''
same 'the codes of a call' "$(misjudged 云函数调用失败 invoke)" ''
same 'the users' "$(misjudged 未找到用户 function "${send[@]}")" ''
same 'the codes of a message' \
	"$(misjudged 订阅消息发送失败 function "${send[@]}")" ''
for heading in access_token获取失败 云函数调用失败 未找到用户 订阅消息发送失败; do
	same "$heading has rows" \
		"$([ "$(rows "$heading" | wc -l)" -ge 5 ] && echo yes)" yes
	same "check names $heading" \
		"$(grep -l "$heading" en.said zh.said | xargs)" 'en.said zh.said'
done

# --- The two say the same ---------------------------------------------------

blocks() { # blocks DOCUMENT: all code but what check prints
	awk '/^```/ { inside = !inside; wanted = inside && $0 != "```text" }
		inside && wanted' "$root/$1"
}
shape() {
	awk '
		/^```/     { fences++; inside = !inside; print "fence", $0; next }
		inside     { next }
		/^#+ /     { print "heading", length($1), $2 + 0 }
		/^\|/      { print "row", gsub(/\|/, "|") }
		/^[0-9]+\. / { print "item", $1 }
	' "$root/$1"
}
reasons() {
	grep -oE '\[[a-z0-9-]+\]$|`[a-z0-9]+(-[a-z0-9]+)+`' "$root/$1" |
		tr -d '[]`' | sort
}
codes() {
	grep -oE '^\| -?[0-9]+ ' "$root/$1"
}
for aspect in blocks shape reasons codes; do
	same "both have the same $aspect" "$($aspect "$chinese")" \
		"$($aspect "$english")"
done
same 'every reason exists' \
	"$(for id in $(reasons "$english" | grep -vE '^(wechat-cloud|cloud1-.*)$'); do
		grep -qF "\"$id\"," "$root"/lib/reason_*.h || echo "$id"
	done)" ''
for readme in README.md README.zh-CN.md; do
	same "$readme leads to its setup" \
		"$(grep -c "(docs/wechat-setup${readme#README}" "$root/$readme")" 1
done
echo "1..$count"
