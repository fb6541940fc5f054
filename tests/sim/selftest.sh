#!/usr/bin/env bash
#
# Tests the WeChat simulator itself: each endpoint, each fault, each control,
# the exits. Prints TAP. Needs curl and openssl.
#
#	tests/sim/selftest.sh [PATH/TO/wechat-sim]
#
# WRAP runs the simulator under something else: WRAP='valgrind -q ...'.
set -u

sim=${1:-build/wechat-sim}
read -ra wrap <<<"${WRAP:-}"
tmp=$(mktemp -d)
child=''
base=''
count=0
failed=0
got=''

appid=wxb2c4e35d16d99fd3
secret=0123456789abcdef0123456789abcdef
env=cloud1-4gi0bpoje72fedd1
fn=quickstartFunctions
u1=66f2a1c0e4b0a1d2c3b4a501
u2=66f2a1c0e4b0a1d2c3b4a502
u3=66f2a1c0e4b0a1d2c3b4a503
openid1=oSimA_6zAJs8r3Kw1bVn5Qd0Xy01
openid3=oSimC_6zAJs8r3Kw1bVn5Qd0Xy03

stop() {
	[[ -n $child ]] || return 0
	kill -"${1:-TERM}" "$child" 2>/dev/null
	wait "$child"
	local status=$?
	child=''
	return "$status"
}

trap 'stop; rm -rf "$tmp"' EXIT

# start OPTION...: waits for the ready line and sets base.
start() {
	: >"$tmp/out"
	"${wrap[@]}" "$sim" "$@" >"$tmp/out" 2>"$tmp/err" &
	child=$!
	for _ in {1..500}; do
		base=$(sed -n 's/^listening on //p' "$tmp/out")
		[[ -n $base ]] && return 0
		sleep 0.02
	done
	echo "Bail out! wechat-sim did not start: $(<"$tmp/err")"
	exit 1
}

report() { # STATUS NAME
	count=$((count + 1))
	if (($1 == 0)); then
		echo "ok $count - $2"
		return
	fi
	failed=$((failed + 1))
	echo "not ok $count - $2"
	printf '%s\n' "$got" | cut -c1-600 | sed 's/^/# got: /'
}

# has NAME TEXT: the last answer holds the text.
has() {
	[[ $got == *"$2"* ]]
	report $? "$1"
}

lacks() {
	[[ $got != *"$2"* ]]
	report $? "$1"
}

is() { # NAME HAVE WANT
	local before=$got
	got="$2, wanted $3"
	[[ $2 == "$3" ]]
	report $? "$1"
	got=$before
}

ask() { # PATH [CURL OPTION...]
	got=$(curl -sS -m 5 "$base$1" "${@:2}" 2>&1)
}

# fails NAME CURL-STATUS PATH ...: curl itself must fail in that way.
fails() {
	ask "${@:3}"
	is "$1" "$?" "$2"
}

control() { # PATH BODY
	ask "/sim/$1" -d "$2"
	[[ $got == '{"ok":true}' ]] || report 1 "control $1 $2"
}

login() { # extra members of the body
	printf '{"grant_type":"client_credential","appid":"%s",' "$appid"
	printf '"secret":"%s"%s}' "${2:-$secret}" "${1:-}"
}

token_in() {
	sed -n 's/.*"access_token":"\([^"]*\)".*/\1/p' <<<"$got"
}

stable() {
	ask /cgi-bin/stable_token -d "$(login "${1:-}")"
	token=$(token_in)
}

classic() {
	ask "/cgi-bin/token?grant_type=client_credential&appid=$appid&$1"
}

notice() { # RECIPIENT EVENT [TYPE]
	printf '{"type":"%s","notificationData":' \
		"${3:-sendCustomerAssignNotify}"
	printf '{"assignedToId":"%s","customerName":"张三"},' "$1"
	printf '"notificationId":"%s"}' "$2"
}

invoke() { # BODY [CURL OPTION...]
	ask "/tcb/invokecloudfunction?access_token=$token&env=$env&name=$fn" \
		-d "$1" "${@:2}"
}

send() { # TOUSER DATA
	ask "/cgi-bin/message/subscribe/send?access_token=$token" -d \
		"{\"touser\":\"$1\",\"template_id\":\"T1\",\"data\":$2}"
}

query() { # STATEMENT
	ask "/tcb/databasequery?access_token=$token" \
		-d "{\"env\":\"$env\",\"query\":\"$1\"}"
}

test_options() {
	"$sim" --nonsense >"$tmp/o" 2>"$tmp/e"
	is 'an unknown option exits 2' $? 2
	got=$(<"$tmp/e") has 'and is named' '--nonsense'
	"$sim" --port 70000 >"$tmp/o" 2>"$tmp/e"
	is 'a bad value exits 2' $? 2
	"$sim" --tls only-one >"$tmp/o" 2>"$tmp/e"
	is 'a missing argument exits 2' $? 2
	echo '[{"stage":"token","oops":1}]' >"$tmp/bad.json"
	"$sim" --script "$tmp/bad.json" >"$tmp/o" 2>"$tmp/e"
	is 'a bad script exits 2' $? 2
	got=$(<"$tmp/e") has 'and its key is named' '"oops"'
	got=$("$sim" --help)
	is '--help exits 0' $? 0
	has 'and shows a default' '[7200]'
}

test_token() {
	classic "secret=$secret"
	has 'classic token' '"expires_in":7200'
	local first second
	first=$(token_in)
	((${#first} >= 512))
	report $? 'a token is long'
	classic "secret=$secret"
	second=$(token_in)
	[[ -n $second && $first != "$second" ]]
	report $? 'the classic endpoint mints anew'
	token=$first
	invoke "$(notice $u1 t1)"
	has 'the old one lives through its grace' '"errcode":0'
	classic 'secret=wrongwrongwrong'
	has 'wrong secret' '"errcode":40125'
	grep -Eq ' rid: [0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}"' <<<"$got"
	report $? 'an error bears a rid'
	classic ''
	has 'secret missing' '"errcode":41004'
	ask "/cgi-bin/token?grant_type=client_credential&appid=no&secret=x"
	has 'wrong appid' '"errcode":40013'
	ask "/cgi-bin/token?grant_type=client_credential"
	has 'appid missing' '"errcode":41002'
	ask "/cgi-bin/token?grant_type=password&appid=$appid&secret=$secret"
	has 'wrong grant_type' '"errcode":40002'
	ask "/cgi-bin/stable_token"
	has 'stable_token wants POST' '"errcode":43002'
	ask "/cgi-bin/stable_token" -X POST
	has 'stable_token wants a body' '"errcode":44002'
	ask "/cgi-bin/stable_token" -d 'a=b'
	has 'stable_token wants JSON' '"errcode":47001'
}

test_stable() {
	local first second
	stable
	first=$token
	stable
	is 'the stable token stays' "$token" "$first"
	stable ',"force_refresh":true'
	second=$token
	[[ -n $second && $first != "$second" ]]
	report $? 'a forced refresh mints anew'
	stable ',"force_refresh":true'
	is 'a second one within 30 s does nothing' "$token" "$second"
	token=$first
	invoke "$(notice $u1 s1)"
	has 'the replaced token is not latest' '"errcode":40001'
	has 'and WeChat says so' 'is invalid or not latest'
	token=garbage
	invoke "$(notice $u1 s1)"
	has 'garbage token' '"errcode":40014'
	token=''
	invoke "$(notice $u1 s1)"
	has 'no token' '"errcode":41001'
	stable
	control expire '{"family":"stable","how":"expire"}'
	invoke "$(notice $u1 s1)"
	has 'expired token' '"errcode":42001'
	stable
	control expire '{"family":"stable","how":"stale"}'
	first=$token
	stable
	is 'a stale token is handed out again' "$token" "$first"
	invoke "$(notice $u1 s1)"
	has 'though it is dead' '"errcode":40001'
	control expire '{"family":"stable","how":"kill"}'
	stable
	invoke "$(notice $u1 s1)"
	has 'after a kill a new token works' '"errcode":0'
	control secret '{"secret":"fedcba9876543210fedcba9876543210"}'
	stable
	has 'the secret can change' '"errcode":40125'
	control secret "{\"secret\":\"$secret\"}"
	stable
}

test_invoke() {
	invoke "$(notice $u1 i1)"
	has 'sent' 'resp_data":"{\"success\":true,\"message\":\"通知发送成功'
	has 'with data' '\"data\":{'
	invoke "$(notice $u1 i1)"
	has 'a repeat is dropped' '\"duplicate\":true'
	invoke "$(notice nobody i2)"
	has 'unknown user' '{\"success\":false,\"message\":\"未找到用户\"}'
	invoke "$(notice $u2 i3)"
	has 'unbound user' '\"用户未绑定微信\"}'
	invoke "$(notice $u3 i4)"
	has 'no consent' '\"error\":{\"code\":43101'
	invoke "$(notice $u3 i4)"
	has 'a failure is no repeat' '43101'
	invoke "$(notice $u1 i5 danceNow)"
	has 'unknown type' '未知的操作类型\",\"type\":\"danceNow\"'
	invoke "$(notice $u1 i6 contractSignedNotify)"
	has 'second built-in type' '通知发送成功'
	invoke "$(notice load-77 i7)"
	has 'load user' '通知发送成功'
	invoke ''
	has 'empty body' '"errcode":44002'
	invoke 'type=x'
	has 'form body' '"errcode":-501007'
	invoke '' -X GET
	has 'wrong method' '"errcode":43002'
	fn=noFunction invoke "$(notice $u1 i8)"
	has 'unknown function' 'FunctionName parameter could not be found'
	env=cloud9 invoke "$(notice $u1 i8)"
	has 'unknown env' 'Environment not found'
	env='' invoke "$(notice $u1 i8)"
	has 'env missing' '"errcode":40101'
	ask /cgi-bin/nothing
	has 'unknown path' '"errcode":40066'
}

test_database() {
	query "db.collection('users').where({_id:'$u1'}).get()"
	has 'where by _id' "{\\\"_id\\\":\\\"$u1\\\""
	has 'with the openid' "$openid1"
	has 'and a pager' '"pager":{"Offset":0,"Limit":10,"Total":1}'
	query "db.collection(\\\"users\\\").where({ \\\"userId\\\" : \\\"$u1\\\" }).limit(1).get()"
	has 'where by userId, double quotes' "$openid1"
	query "db.collection('users').doc('$u2').get()"
	has 'doc of an unbound user' '"Total":1'
	lacks 'has no openid' 'openid'
	query "db.collection('users').doc('load-1').field({openid:true}).get()"
	has 'load user' 'oLoad_load-1'
	query "db.collection('users').where({_id:'nobody'}).get()"
	has 'nobody' '"data":[]'
	query "db.collection('users').skip(1).limit(1).get()"
	has 'paging' '"pager":{"Offset":1,"Limit":1,"Total":3}'
	query "db.collection('dogs').get()"
	has 'unknown collection' '"errcode":-502005'
	query "drop everything"
	has 'bad statement' '"errcode":-502002'
}

test_send() {
	local good='{"thing1":{"value":"张三"},"time2":{"value":"2025-12-24 15:01"}}'
	send $openid1 "$good"
	is 'direct send' "$got" '{"errcode":0,"errmsg":"ok"}'
	send nobody "$good"
	has 'unknown openid' '"errcode":40003'
	send $openid3 "$good"
	has 'no consent left' '"errcode":43101'
	send $openid1 '"text"'
	has 'data as text' '"errcode":47001'
	local bad
	for bad in thing1:123456789012345678901 name2:一二三四五六七八九十一 \
		phrase3:abc time4:2025-12-24T10:30:00.000Z number5:x \
		character_string6:汉 thing7: thing8.DATA:x wrong9:x; do
		send $openid1 "{\"${bad%%:*}\":{\"value\":\"${bad#*:}\"}}"
		has "$bad is refused" "47003,\"errmsg\":\"argument invalid! data.${bad%%:*}.value"
	done
	has 'and named' 'data.wrong9.value invalid rid:'
	send $openid1 '{"thing1":"bare"}'
	has 'a bare string is refused' '47003'
}

test_template() {
	local path="/wxaapi/newtmpl/gettemplate?access_token"
	ask "$path=$token"
	has 'the templates' '"title":"客户分配通知"'
	has 'and their keys' '分配人:{{name3.DATA}}\n分配时间:{{time4.DATA}}\n'
	lacks 'no error' '"errcode":4'
	ask "$path=$token" -d '{}'
	has 'are asked for with GET' '"errcode":43001'
	ask "$path=X"
	has 'and a token' '"errcode":40014'
	control faults '[{"stage":"template","errcode":48001}]'
	ask "$path=$token"
	has 'a fault' '"errcode":48001'
	ask /sim/templates -d '[{"priTmplId":"T1"}]'
	has 'a bad template' '{"error":"a template lacks'
	control templates '[{"priTmplId":"T1","title":"t","content":"a:{{thing1.DATA}}\nb:{{time2.DATA}}\n","type":2}]'
	ask "$path=$token"
	has 'other templates' '"data":[{"priTmplId":"T1","title":"t",'
	send $openid1 '{"thing1":{"value":"x"}}'
	has 'a key that is missing' '47003,"errmsg":"argument invalid! data.time2.value is empty'
	send $openid1 '{"thing1":{"value":"x"},"time2":{"value":"15:01"}}'
	has 'none' '"errcode":0'
	control templates '[]'
	send $openid1 '{"thing1":{"value":"x"}}'
	has 'no template' '"errcode":40037'
}

hook() { # NAME BODY [CURL OPTION...]
	ask "/hook/$1" -i -d "$2" -H 'webhook-id: msg_1' \
		-H 'webhook-timestamp: 1614265330' \
		-H 'webhook-signature: v1,c2lnbmVk v1,dHdpY2U=' "${@:3}"
}

test_hook() {
	hook crm '{"n":1}'
	has 'a webhook is received' '200 OK'
	has 'with an empty body' 'Content-Length: 0'
	control faults '[{"stage":"hook","status":503,"retry_after":7,"match":"n"}]'
	hook crm '{"n":2}'
	has 'a fault meets a webhook' 'Retry-After: 7'
	hook crm '{"n":3}' -X GET
	has 'it must be a POST' ' 405 '
	ask /hook/ -d x
	has 'a receiver has a name' '"errcode":40066'
	ask /sim/stats
	has 'webhooks are counted' '"hook":3'
	got=$(grep '"path":"/hook/crm"' "$tmp/journal" | head -n 1)
	has 'and journaled' '"stage":"hook"'
	has 'byte for byte' '"body":"{\"n\":1}"'
	has 'with their headers' '"webhook-id":"msg_1","webhook-timestamp":"1614265330","webhook-signature":"v1,c2lnbmVk v1,dHdpY2U=","event":"msg_1"'
	control faults '[]'
}

sign() { # KEY TEXT: base64 of the HMAC, as a URL has it
	printf %s "$2" | openssl dgst -sha256 -hmac "$1" -binary | base64 |
		sed 's/+/%2B/g; s,/,%2F,g; s/=/%3D/g'
}

robot() { # PATH BODY
	ask "/hook/$1" -d "$2"
}

test_robots() {
	local key secret now text='{"msgtype":"text","text":{"content":"x"}}' n
	key=$(sed -n 's/.*ROBOT_WECOM_KEY[[:space:]]*"\(.*\)"/\1/p' tests/sim/robot.h)
	robot "wecom/send?key=$key" "$text"
	has 'a robot takes a message' '"errcode":0'
	robot 'wecom/send?key=wrong' "$text"
	has 'not with a wrong key' '"errcode":93000'
	robot "wecom/send?key=$key" '{"msgtype":"text","text":{"content":""}}'
	has 'nor an empty one' '"errcode":44004'
	for ((n = 0; n < 20; n++)); do
		robot "wecom/send?key=$key" "$text"
	done
	has 'nor twenty-one in a minute' '"errcode":45009'

	key=$(sed -n 's/.*ROBOT_DINGTALK_TOKEN[[:space:]]*"\(.*\)"/\1/p' tests/sim/robot.h)
	secret=$(sed -n 's/.*ROBOT_DINGTALK_SECRET[[:space:]]*"\(.*\)"/\1/p' \
		tests/sim/robot.h)
	now=$(date +%s)000
	robot "dingtalk/send?access_token=$key&timestamp=$now&sign=$(
		sign "$secret" "$now"$'\n'"$secret")" "$text"
	has "DingTalk's signature is good" '"errcode":0'
	robot "dingtalk/send?access_token=$key&timestamp=$now&sign=$(
		sign wrong "$now"$'\n'"$secret")" "$text"
	has 'another is not' '"errcode":310000'
	now=$(($(date +%s) - 4000))000
	robot "dingtalk/send?access_token=$key&timestamp=$now&sign=$(
		sign "$secret" "$now"$'\n'"$secret")" "$text"
	has 'nor one of more than an hour ago' '"errcode":310000'

	key=$(sed -n 's/.*ROBOT_FEISHU_TOKEN[[:space:]]*"\(.*\)"/\1/p' tests/sim/robot.h)
	robot "feishu/bot/v2/hook/$key" '{"msg_type":"text"}'
	has 'Feishu wants a signature, too' '"code":19021'
}

test_faults() {
	local body
	body=$(notice load-f f1)
	control faults '[{"stage":"invoke","errcode":45009,"after":1,"times":2}]'
	invoke "$body"
	has 'after: the first call passes' '"errcode":0'
	invoke "$body"
	has 'errcode' '"errcode":45009,"errmsg":"reach max api'
	invoke "$body"
	has 'times: a second time' '"errcode":45009'
	invoke "$body"
	has 'and no more' '"errcode":0'
	control faults '[{"stage":"function","resp":"","match":"f2","times":-1},
		{"stage":"token","errcode":40164,"errmsg":"invalid ip 1.2.3.4"}]'
	invoke "$body"
	lacks 'match: others pass' '"resp_data":""'
	invoke "$(notice load-f f2)"
	has 'resp' '"resp_data":""'
	ask /cgi-bin/stable_token -d "$(login)"
	has 'errmsg' '{"errcode":40164,"errmsg":"invalid ip 1.2.3.4"}'
	control faults '[{"stage":"function","resp_json":{"errCode":43101}}]'
	invoke "$body"
	has 'resp_json' '"resp_data":"{\"errCode\":43101}"'
	control faults '[{"stage":"invoke","status":503,"retry_after":3}]'
	invoke "$body" -i
	has 'status' ' 503 '
	has 'retry_after' 'Retry-After: 3'
	has 'as HTML' 'Content-Type: text/html'
	control faults '[{"stage":"invoke","status":429,"body":"slow","retry_after":"Wed, 21 Oct 2026 07:28:00 GMT","content_type":"text/plain"}]'
	invoke "$body" -i
	has 'retry_after as a date' 'Retry-After: Wed, 21 Oct 2026'
	has 'body' $'\r\n\r\nslow'
	control faults '[{"stage":"invoke","status":404,"date":"Wed, 21 Oct 2015 07:28:00 GMT"}]'
	invoke "$body" -i
	has 'date' 'Date: Wed, 21 Oct 2015'
	invoke '{"type":"outboxCheck","recipients":["66f2a1c0e4b0a1d2c3b4a501","66f2a1c0e4b0a1d2c3b4a502","u"]}'
	has 'outboxCheck' '\"66f2a1c0e4b0a1d2c3b4a501\":\"bound\",\"66f2a1c0e4b0a1d2c3b4a502\":\"unbound\",\"u\":\"unknown\"'
	control faults '[{"stage":"invoke","garbage":true}]'
	invoke "$body"
	has 'garbage' '<<<'
	control faults '[{"stage":"invoke","big":2000000}]'
	is 'big' "$(curl -s "$base/tcb/invokecloudfunction" -d x | wc -c)" \
		2000000
	test_broken
	control faults '[{"stage":"invoke","errcode":-1,"rate":0.5}]'
	local hits=0
	for _ in {1..20}; do
		invoke "$body"
		[[ $got == *'"errcode":-1'* ]] && hits=$((hits + 1))
	done
	((hits > 2 && hits < 18))
	report $? "rate: $hits of 20"
	ask /sim/faults -d '[{"stage":"invoke","hang":true,"reset":true}]'
	has 'two effects are refused' '"error":"rule 1:'
	control faults '[]'
}

test_broken() {
	control faults '[{"stage":"invoke","reset":true}]'
	fails 'reset is an RST' 56 /tcb/invokecloudfunction -d x
	has 'as curl says' 'reset by peer'
	control faults '[{"stage":"invoke","half":true}]'
	fails 'half' 18 /tcb/invokecloudfunction -d x
	control faults '[{"stage":"invoke","hang":true}]'
	fails 'hang' 28 /tcb/invokecloudfunction -d x -m 0.3
	ask /sim/stats
	has 'a hung client that left is forgotten' '"on_wire":0'
	control faults '[{"stage":"invoke","delay_ms":200,"errcode":-1}]'
	got=$(curl -s -w ' %{time_total}' "$base/tcb/invokecloudfunction" -d x)
	has 'delay_ms with an errcode' '"errcode":-1'
	[[ ${got##* } =~ ^0\.[2-9] ]]
	report $? 'came late'
	control faults '[{"stage":"invoke","close_reused":true}]'
	invoke "$(notice load-f f9)"
	has 'close_reused serves a fresh connection' '"errcode":0'
	got=$(curl -sS "$base/cgi-bin/nothing" --next -d x \
		"$base/cgi-bin/nothing" --next -v -d x \
		"$base/tcb/invokecloudfunction" 2>&1)
	[[ $got == *'died, retrying'* || $got == *'Empty reply'* ]]
	report $? 'and closes a reused one'
}

test_acts() {
	control reset '{}'
	control faults '[{"stage":"invoke","reset":true,"act":true},
		{"stage":"invoke","reset":true,"match":"a2","after":0}]'
	fails 'reset after the act' 56 \
		"/tcb/invokecloudfunction?access_token=$token&env=$env&name=$fn" \
		-d "$(notice load-a a1)"
	fails 'reset without it' 56 \
		"/tcb/invokecloudfunction?access_token=$token&env=$env&name=$fn" \
		-d "$(notice load-a a2)"
	invoke "$(notice load-a a1)"
	has 'the first had been sent' '\"duplicate\":true'
	invoke "$(notice load-a a2)"
	has 'the second had not' '通知发送成功'
	ask /sim/stats
	has 'stats agree' '"sent":{"total":2,"distinct":2,"duplicates":1,"repeated":0}'
}

test_overlap() {
	control reset '{}'
	control faults '[{"stage":"invoke","delay_ms":300,"match":"o1"}]'
	curl -s -o "$tmp/slow" -d "$(notice load-o o1)" \
		"$base/tcb/invokecloudfunction?access_token=$token&env=$env&name=$fn" &
	local slow=$!
	for _ in {1..100}; do
		ask /sim/stats
		[[ $got == *'"on_wire":1'* ]] && break
	done
	invoke "$(notice load-other o2)"
	has 'another recipient is free' '通知发送成功'
	invoke "$(notice load-o o3)"
	has 'the same one is not' '43108'
	wait $slow
	got=$(<"$tmp/slow")
	has 'the slow call is answered' '通知发送成功'
	ask /sim/stats
	has 'the overlap is counted' '"overlaps":{"oLoad_load-o":1}'
	has 'and the most at once' '"on_wire_max":2'
	control reset '{}'
}

test_journal() {
	got=$(<"$tmp/journal")
	lacks 'no AppSecret in the journal' "$secret"
	lacks 'no other secret either' wrongwrongwrong
	lacks 'no token' 99_SiM
	has 'a good secret is ok' '\"secret\":\"ok\"'
	has 'a bad one is not' '"secret":"bad:40125"'
	has 'a bad token has its code' '"access_token":"bad:40014"'
	has 'event and openid' "\"event\":\"i1\",\"openid\":\"$openid1\""
	has 'the body stands there' '\"customerName\":\"张三\"'
	has 'a fault has its name' '"fault":"errcode:45009"'
	lacks 'controls are not journaled' '/sim/'
}

test_exits() {
	stop TERM
	is 'SIGTERM exits 0' $? 0
	got=$(<"$tmp/err")
	has 'with a summary' 'sent='
	[[ ! -s $tmp/err || $(wc -l <"$tmp/err") == 1 ]]
	report $? 'and no other complaint'
	start --quiet --latency 20000
	curl -s -o /dev/null "$base/cgi-bin/token" &
	local waiting=$!
	sleep 0.1
	stop INT
	is 'SIGINT exits 0 with a call waiting' $? 0
	got=$(<"$tmp/err")
	is '--quiet is quiet' "$got" ''
	wait $waiting
	is 'the waiting client is cut off' $? 52
}

test_settings() {
	openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost \
		-keyout "$tmp/key.pem" -out "$tmp/cert.pem" \
		-addext subjectAltName=IP:127.0.0.1 2>/dev/null
	echo '[{"id":"zoe","openid":"oZoe","credits":1},{"id":"yan"}]' \
		>"$tmp/users.json"
	echo '[{"stage":"send","errcode":-1}]' >"$tmp/script.json"
	start --tls "$tmp/cert.pem" "$tmp/key.pem" --token-ttl 0.5 --grace 0 \
		--users "$tmp/users.json" --script "$tmp/script.json" \
		--type danceNow --template T1 --no-dedup \
		--port-file "$tmp/port"
	is 'https' "${base%:*}" https://127.0.0.1
	is 'port file' "$(<"$tmp/port")" "${base##*:}"
	export CURL_CA_BUNDLE=$tmp/cert.pem
	classic "secret=$secret"
	token=$(token_in)
	classic "secret=$secret"
	invoke "$(notice zoe z0)"
	has '--grace 0' '"errcode":40001'
	token=$(token_in)
	stable
	invoke "$(notice zoe z1 danceNow)"
	has '--type, --users' '通知发送成功'
	invoke "$(notice zoe z2)"
	has 'one consent was all' '43101'
	control users '[{"id":"zoe","openid":"oZoe"}]'
	invoke "$(notice zoe z1)"
	has '--no-dedup sends a repeat' '通知发送成功'
	ask /sim/stats
	has 'which is counted' '"repeated":1'
	send oZoe '{"thing1":{"value":"x"}}'
	has '--script' '"errcode":-1,'
	ask "/cgi-bin/message/subscribe/send?access_token=$token" \
		-d '{"touser":"oZoe","template_id":"T9","data":{}}'
	has '--template' '"errcode":40037'
	sleep 0.5
	invoke "$(notice zoe z3)"
	has '--token-ttl' '"errcode":42001'
	unset CURL_CA_BUNDLE
	"$sim" --port "${base##*:}" >"$tmp/o" 2>"$tmp/e"
	is 'a port in use exits 1' $? 1
	stop
	is 'the https one exits 0' $? 0
}

test_options
start --journal "$tmp/journal"
test_token
test_stable
test_invoke
test_database
test_send
test_template
test_hook
test_robots
test_faults
test_acts
test_overlap
test_journal
test_exits
test_settings
echo "1..$count"
exit $((failed > 0))
