#!/bin/bash
# The cloud function that the mini-program deploys, run with WeChat's own SDK
# and called by the real relay, as TAP.
set -euo pipefail
cd "$(dirname "$0")/../.."
root=$PWD
build=$root/${B:-build}
export NODE_PATH=$root/build/node/node_modules
dir=$(mktemp -d)
pids=()
# shellcheck disable=SC2317 # the trap calls it
finish() {
	[ ${#pids[@]} -eq 0 ] || kill "${pids[@]}" 2>/dev/null || true
	wait
	rm -rf "$dir"
}
trap finish EXIT

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

# The function as an administrator has it: with his template's ID.
cp -r cloudfunctions/quickstartFunctions "$dir/function"
sed -i 's/TEMPLATE_ID_HERE/TM-assigned/' "$dir/function/settings.js"

start_cloud() { # start_cloud NAME SCENE
	echo "$2" >"$dir/$1.scene"
	mkfifo "$dir/$1.ready"
	node "$root/tests/node/cloud.js" "${function:-$dir/function}" "$dir/$1.scene" \
		>"$dir/$1.ready" 2>"$dir/$1.err" &
	pids+=($!)
	exec 3<"$dir/$1.ready"
	local line
	read -r -t 60 line <&3 || { cat "$dir/$1.err" >&2; exit 1; }
	export WECHAT_API_BASE=${line#listening on }
	cat <&3 >"$dir/$1.out" &
	pids+=($!)
}

export MINIPROGRAM_APPID=wxb2c4e35d16d99fd3
export MINIPROGRAM_APPSECRET=0123456789abcdef0123456789abcdef
export MINIPROGRAM_CLOUD_ENV=cloud1-4gi0bpoje72fedd1
cd "$dir"

insert() { # insert DATABASE DEDUP USER [TYPE]
	sqlite3 -bail "$1" "INSERT INTO outbox (type, payload, dedup_key)
		VALUES ('${4:-sendCustomerAssignNotify}', json_object(
		'assignedToId', '$3', 'customerName', '一个名字超过二十个字的客户张三李四王五赵六',
		'source', '从公海分配', 'assignerName', '李四',
		'customerId', 'c 1', 'assignTime', '2025-12-24T18:30:00.000Z'), '$2')"
}

outcome() { # outcome DATABASE
	sqlite3 "$1" "SELECT dedup_key, status, coalesce(last_reason, '-')
		FROM outbox ORDER BY id"
}

run() { # run DATABASE [SETTING...]: all that is due, and nothing later
	env "${@:2}" "$build/outbox-relay" run --once --db "$1" \
		>>"$dir/relay.log" 2>&1 ||
		{ cat "$dir/relay.log" >&2; exit 1; }
}

start_cloud cloud '{"users": [
	{"_id": "u-sent", "openid": "o-sent"},
	{"_id": "crm", "userId": "u-other-field", "openid": "o-other"},
	{"_id": "u-refuses", "openid": "o-refuses", "code": 43101},
	{"_id": "u-unbound"}]}'
"$build/outbox-relay" init --db a.db >>relay.log 2>&1
insert a.db sent u-sent
insert a.db other u-other-field
insert a.db refused u-refuses
insert a.db unbound u-unbound
insert a.db nobody u-nobody
insert a.db unknown u-sent sendSomethingElse
run a.db
same 'each answer of the function becomes the right outcome' \
	"$(outcome a.db)" 'sent|delivered|-
other|delivered|-
refused|failed|not-subscribed
unbound|failed|user-not-bound
nobody|failed|user-not-found
unknown|failed|unknown-type'

message() { # message FILE OPENID: what reached the phone
	grep '^{"message"' "$1" | grep "\"$2\""
}
same 'a message has every field within its limit, in Beijing time' \
	"$(message cloud.out o-sent)" '{"message":{"touser":"o-sent","page":"pages/customer/detail?id=c%201","data":{"thing1":{"value":"一个名字超过二十个字的客户张三李四王五…"},"thing2":{"value":"从公海分配"},"name3":{"value":"李四"},"time4":{"value":"2025-12-25 02:30"}},"lang":"zh_CN","template_id":"TM-assigned","miniprogram_state":"formal"}}'
same 'only what was sent is remembered' \
	"$(grep -c '^{"recorded"' cloud.out)" 2

# A notification that was sent, but whose answer came too late.
start_cloud slow '{"users": [
	{"_id": "u-slow", "openid": "o-slow", "delayMs": 1500}]}'
"$build/outbox-relay" init --db b.db >>relay.log 2>&1
insert b.db slow u-slow
run b.db RELAY_TIMEOUT=700ms
same 'a late answer is an unknown outcome' \
	"$(sqlite3 b.db 'SELECT status, unknowns FROM outbox')" 'pending|1'
# The function goes on after its caller has left.
for ((i = 0; i < 100; i++)); do
	grep -q '^{"recorded"' slow.out && break
	sleep 0.1
done
sqlite3 b.db "UPDATE outbox SET due_at = due_at - 3600000
	WHERE status = 'pending'"
run b.db
same 'the repeat is dropped and counts as delivered' \
	"$(sqlite3 b.db 'SELECT status FROM outbox'; grep -c '^{"message"' slow.out)" \
	'delivered
1'

start_cloud denied '{"users": [
	{"_id": "u-sent", "openid": "o-sent", "code": -604101}]}'
"$build/outbox-relay" init --db c.db >>relay.log 2>&1
insert c.db denied u-sent
run c.db
same 'a missing permission holds the channel and keeps the row' \
	"$(sqlite3 c.db 'SELECT status FROM outbox;
		SELECT state, reason FROM outbox_channel')" \
	'pending
held|openapi-not-permitted'

start_cloud client '{"source": "wx_client", "users": [
	{"_id": "u-sent", "openid": "o-sent"}]}'
"$build/outbox-relay" init --db d.db >>relay.log 2>&1
insert d.db client u-sent
run d.db
same 'a call of a mini-program is refused' \
	"$(sqlite3 d.db 'SELECT status FROM outbox'; grep -c '^{"message"' client.out || true)" \
	'pending
0'

start_cloud blank '{"users": [
	{"_id": "crm", "userId": "", "openid": "o-blank"}]}'
"$build/outbox-relay" init --db e.db >>relay.log 2>&1
insert e.db nobody ''
run e.db
same 'a notification for nobody goes to nobody' \
	"$(outcome e.db; grep -c '^{"message"' blank.out || true)" \
	'nobody|failed|user-not-found
0'

# Whoever made the collection meanwhile, or may not make it.
start_cloud fixed '{"fixed": true, "users": [
	{"_id": "u-sent", "openid": "o-sent"}]}'
"$build/outbox-relay" init --db f.db >>relay.log 2>&1
insert f.db fixed u-sent
run f.db
same 'a message goes without a place to record it' "$(outcome f.db)" \
	'fixed|delivered|-'

# Slips in settings.js.
cp -r function slips
sed -i "/^			page:/d" slips/settings.js
function=$dir/slips start_cloud pageless '{"users": [
	{"_id": "u-sent", "openid": "o-sent"}]}'
"$build/outbox-relay" init --db g.db >>relay.log 2>&1
insert g.db pageless u-sent
run g.db
same 'a message needs no page' "$(outcome g.db)" 'pageless|delivered|-'
sed -i 's/fields: {/field: {/' slips/settings.js
function=$dir/slips start_cloud slip '{"users": [
	{"_id": "u-sent", "openid": "o-sent"}]}'
"$build/outbox-relay" init --db h.db >>relay.log 2>&1
insert h.db slip u-sent
run h.db
same 'a slip in settings.js is not called a busy WeChat' "$(outcome h.db)" \
	'slip|pending|function-threw'

# Consent after a refusal: the same notification is sent.
start_cloud consent '{"users": [
	{"_id": "u-late", "openid": "o-late", "code": [43101, 0]}]}'
"$build/outbox-relay" init --db i.db >>relay.log 2>&1
insert i.db late u-late
run i.db
refused=$(outcome i.db)
"$build/outbox-tui" retry --db i.db --id 1 --yes --reason 'consented' \
	>>relay.log 2>&1
run i.db
same 'a refusal is not remembered: after consent a retry sends' \
	"$refused
$(outcome i.db; grep -c '^{"message"' consent.out)" \
	'late|failed|not-subscribed
late|delivered|-
1'

# What no relay can bring about by itself.
call() { # call NOTIFICATION-ID USER: the function's answer
	curl -sS --noproxy '*' -H 'Content-Type: application/json' \
		"$WECHAT_API_BASE/tcb/invokecloudfunction" -d "{
		\"type\": \"sendCustomerAssignNotify\",
		\"notificationId\": \"$1\", \"notificationData\": {
		\"assignedToId\": \"$2\", \"customerName\": \"张三\",
		\"source\": \"手动分配\", \"assignerName\": \"李四\",
		\"assignTime\": \"2025-12-24T18:30:00.000Z\"}}" |
		node -e 'let text = ""; process.stdin.on("data", (d) => { text += d; })
			.on("end", () => {
				const said = JSON.parse(JSON.parse(text).resp_data);
				console.log(said.message, said.duplicate || "-"); });'
}
hours_ago() {
	echo "$((($(date +%s) - $1 * 3600) * 1000))"
}
start_cloud called "{\"users\": [
	{\"_id\": \"other\", \"userId\": \"u-two\", \"openid\": \"o-second\"},
	{\"_id\": \"u-two\", \"openid\": \"o-first\"},
	{\"_id\": \"u-written\", \"_openid\": \"o-writer\"},
	{\"_id\": \"u-empty\", \"openid\": \"\"},
	{\"_id\": \"u-sent\", \"openid\": \"o-sent\"}],
	\"sent\": [{\"_id\": \"young\", \"sentAt\": $(hours_ago 167)},
		{\"_id\": \"old\", \"sentAt\": $(hours_ago 169)}]}"
same 'what was sent is remembered for seven days' \
	"$(call young u-sent; call old u-sent; call old u-sent)" \
	'通知已发送过 true
通知发送成功 -
通知已发送过 true'
same 'the first of the fields that hold an id decides' \
	"$(call two u-two; message called.out o-first | wc -l; \
		message called.out o-second | wc -l)" \
	'通知发送成功 -
1
0'
same 'whoever wrote a record is not who it is about' \
	"$(call written u-written; call empty u-empty)" \
	'用户未绑定微信 -
用户未绑定微信 -'

# What `outbox-relay check` has the function say of itself.
checked() { # checked TOPIC: what is said of it, of outbox a.db
	LC_ALL=C.UTF-8 "$build/outbox-relay" check --db a.db |
		grep -E "^(ok|warn|FAULT|-) +($1) " || true
}
start_cloud checked '{"collections": ["users"], "users": [
	{"_id": "u-sent", "openid": "o-sent"},
	{"_id": "crm", "userId": "u-other-field", "openid": "o-other"},
	{"_id": "u-refuses", "openid": "o-refuses"},
	{"_id": "u-unbound"}]}'
same 'the function says what it can see, and of whom' \
	"$(checked 'environment|function|template|users|recipient')" \
	'ok     environment  cloud1-4gi0bpoje72fedd1 is known to WeChat
ok     function     quickstartFunctions is deployed and answers
ok     template     sendCustomerAssignNotify (settings.js): 客户分配通知, every field is filled
ok     users        the function can read its collections
warn   recipient    未找到用户 (no such user): u-nobody [user-not-found]
warn   recipient    未找到用户 (no openid): u-unbound [user-not-bound]'
same 'it sends nothing, and writes nothing' \
	"$(grep -cE '^\{"(message|recorded)"' checked.out || true)" 0

start_cloud others '{"users": [], "templates": [
	{"priTmplId": "TM-another", "title": "t", "content": "{{thing1.DATA}}"}]}'
same 'a template of another account is found' "$(checked template)" \
	'FAULT  template     订阅消息发送失败 (nothing would be sent): sendCustomerAssignNotify (settings.js): no template here is TM-assigned [template-invalid]'
start_cloud renamed '{"users": [], "templates": [{"priTmplId": "TM-assigned",
	"title": "t", "content": "{{thing1.DATA}}{{thing2.DATA}}{{time5.DATA}}"}]}'
same "keys that are not the template's are found" "$(checked template)" \
	'FAULT  template     订阅消息发送失败 (WeChat would refuse it): sendCustomerAssignNotify (settings.js) fills name3, time4, but not time5 [template-fields-differ]'
function=$dir/slips start_cloud slipped '{"users": []}'
same 'a slip in settings.js is told, and breaks no check' "$(checked template)" \
	'FAULT  template     订阅消息发送失败 (WeChat would refuse it): sendCustomerAssignNotify (settings.js) does not fill thing1, thing2, name3, time4 [template-fields-differ]'

start_cloud bare '{"collections": [], "users": []}'
same 'a missing collection is named' "$(checked users)" \
	'FAULT  users        未找到用户 (nobody would be found): errcode=-502005 集合无法读取 | collection.get:fail -502005 database collection not exists. collection users not exists [collection-missing]'
cp -r "$root/cloudfunctions/quickstartFunctions/." "$dir/function"
start_cloud empty '{"users": [{"_id": "u-sent", "openid": "o-sent"}]}'
same 'a template ID that was never filled in is found before a send' \
	"$(checked template)" \
	'FAULT  template     订阅消息发送失败 (nothing would be sent): no template ID for sendCustomerAssignNotify [template-not-set]'
start_cloud refused '{"source": "wx_client", "users": []}'
same 'a source that is refused is found' "$(checked function | grep -oE '^FAULT|-604104|\[.*\]')" \
	'FAULT
-604104
[source-refused]'
echo "1..$count"
