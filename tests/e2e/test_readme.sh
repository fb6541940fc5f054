#!/bin/bash
# What README.md and README.zh-CN.md show is run as it stands there, on the
# outbox of a demonstration, as TAP; and the two say the same.
# shellcheck disable=SC2016 # the `quotes` are Markdown's
set -euo pipefail
cd "$(dirname "$0")/../.."
root=$PWD
build=${B:-build}
work=$build/tests/readme
unset MINIPROGRAM_APPSECRET

count=0
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

skip() { # skip NAME WHY: not where everything is installed
	count=$((count + 1))
	echo "${CI:+not }ok $count - $1 # SKIP $2"
}

same() { # same WHAT HAVE WANT
	[ "$2" = "$3" ] || {
		echo "$1:"
		diff <(echo "$3") <(echo "$2")
	}
}

# The fenced blocks of a language, with their fences.
blocks() { # blocks LANGUAGE README
	awk -v fence="\`\`\`$1" '
		/^```/ && !inside { inside = 1; wanted = $0 == fence }
		wanted            { print }
		/^```$/ && inside { inside = wanted = 0 }
	' "$2"
}

# The one of them that has a text in it.
block() { # block LANGUAGE README TEXT
	blocks "$1" "$2" | awk -v text="$3" '
		/^```$/ { if (index(all, text)) printf "%s", all; next }
		/^```/  { all = ""; next }
		        { all = all $0 "\n" }
	'
}

# All code without its comments; what programs print is compared with what they
# do print.
code() {
	blocks sh "$1" | sed -E 's/(^|[[:space:]]+)#.*//'
	blocks sql "$1" | sed -E 's/[[:space:]]*--.*//'
	blocks ts "$1" | sed -E 's,[[:space:]]*(//.*|/\*.*\*/),,'
	blocks python "$1"
}

# How much there is of what.
shape() {
	awk '
		/^```/      { fences++; inside = !inside; next }
		inside      { next }
		/^#+ /      { headings[length($1)]++ }
		/^\|/       { rows++; cells += gsub(/\|/, "|") }
		/^\* /      { items++ }
		/^    [^ ]/ { drawn++ }
		            { links += gsub(/\]\(/, "](") }
		END {
			for (depth = 1; depth <= 6; depth++)
				print "headings", depth, headings[depth] + 0
			print "fences", fences / 2
			print "rows", rows, "cells", cells
			print "items", items, "drawn", drawn, "links", links
		}
	' "$1"
}

# Names in the text: settings, columns, commands, files.
names() {
	awk '/^```/ { inside = !inside; next } !inside' "$1" |
		grep -oE '`[^`]+`' | sort
}

query() { # query SQL: on the outbox at hand
	sqlite3 -bail outbox.db "$1"
}

# Every line that is shown comes in this order; an ellipsis stands for others.
demo_prints() { # demo_prints README LOCALE
	(cd "$work" && B=$work LC_ALL=$2 "$root/tests/demo/run.sh") \
		>"$work/printed" 2>"$work/stderr" || {
		cat "$work/stderr"
		return 1
	}
	block text "$1" 'make run' | grep -vxF -e '$ make run' -e '…' -e '' |
		awk -v printed="$work/printed" '
			{
				while ((more = getline line <printed) > 0)
					if (line == $0)
						next
				print "make run does not print: " $0
				exit bad = 1
			}
			END { exit bad || !NR }
		'
}

runs_insert() {
	local before
	before=$(query 'SELECT count(*) FROM outbox')
	block sql "$1" INSERT | sqlite3 -bail outbox.db
	same 'rows, type, route, all six fields' "$(query "
		SELECT count(*), type, status, recipient,
		       (SELECT count(*) FROM json_each(payload))
		  FROM (SELECT * FROM outbox ORDER BY id DESC)")" \
		"$((before + 1))|sendCustomerAssignNotify|pending|66f2a1c0e4b0a1d2c3b4a501|6"
}

# Each SELECT finds something.
runs_queries() {
	local sql statement empty=
	sql=$(block sql "$1" outbox_attempt | sed -E 's/[[:space:]]*--.*//')
	while IFS= read -r -d ';' statement; do
		[ -n "$(query "$statement;")" ] || empty+=$statement
	done <<<"$sql"
	same 'finds nothing' "$empty" ''
}

# Of the row that failed for want of a consent, and of the audit.
runs_console() {
	block sh "$1" 'outbox-tui retry' >console.sh
	OUTBOX_DB=outbox.db PATH=$root/$build:$PATH bash -e console.sh
	same 'the row retried' "$(query "
		SELECT status, generation, attempts, unknowns,
		       abs(due_at / 1000 - unixepoch()) < 60
		  FROM outbox WHERE id = 6")" 'pending|2|0|0|1'
	same 'the audit' "$(query "
		SELECT action, changed, reason FROM outbox_audit ORDER BY id")" \
		'retry|1|asked for consent again
pause|1|maintenance
resume|1|done'
}

# The screen is one that a test compares with the console's own.
shows_screen() {
	block text "$1" 'outbox.db' >"$work/screen"
	diff "tests/golden/$2" "$work/screen"
}

runs_take_back() {
	local sql
	sql=$(grep -oE '`UPDATE outbox [^`]*`' "$1" | tr -d '`')
	query "INSERT INTO outbox (type, payload, dedup_key)
		VALUES ('t', '{}', 'back')"
	query "${sql/\?/\'back\'}"
	same status "$(query "SELECT status FROM outbox
		WHERE dedup_key = 'back'")" cancelled
}

runs_python() {
	{
		echo 'data, assignment_id = {"assignedToId": "u1"}, 7'
		block python "$1" INSERT |
			sed 's,"/var/lib/outbox/outbox.db","outbox.db",'
	} >python.py
	for _ in 1 2; do
		python3 python.py
	done
	same rows "$(query "SELECT count(*), recipient FROM outbox
		WHERE dedup_key = 'assign:7'")" '1|u1'
}

runs_shell() {
	echo '{"assignedToId":"shell"}' >notice.json
	block sh "$1" 'outbox-relay send' >shell.sh
	for _ in 1 2; do
		PATH=$root/$build:$PATH bash -e shell.sh
	done
	same 'rows, keys' "$(query "SELECT count(*), count(dedup_key)
		FROM outbox WHERE recipient = 'shell'")" '3|1'
}

runs_node() {
	block ts "$1" prepare | tr '\n' ' ' |
		sed -E 's/.*prepare\( *`([^`]*)`.*/\1/' >node.sql
	NODE_PATH=$root/build/node/node_modules node -e '
		const sql = require("fs").readFileSync("node.sql", "utf8");
		const db = new (require("better-sqlite3"))("outbox.db",
			{ timeout: 250, fileMustExist: true });
		const insert = db.prepare(sql);
		const changes = [1, 2].map(() => insert.run("t",
			JSON.stringify({ assignedToId: "n" }), "node").changes);
		if (changes.join() !== "1,0")
			throw new Error(`rows inserted: ${changes}`);
	'
}

in_demo() { # in_demo COMMAND README: where the demonstration left its outbox
	cd "$work/demo"
	"$1" "$root/$2"
}

check_readme() { # check_readme README LOCALE SCREEN
	check "$1: make run prints what is shown" demo_prints "$1" "$2"
	check "$1: the console's screen" shows_screen "$1" "$3"
	check "$1: the queries find something" in_demo runs_queries "$1"
	check "$1: the console's verbs" in_demo runs_console "$1"
	check "$1: the INSERT inserts" in_demo runs_insert "$1"
	check "$1: a row can be taken back" in_demo runs_take_back "$1"
	check "$1: the shell commands" in_demo runs_shell "$1"
	if command -v python3 >/dev/null; then
		check "$1: the Python" in_demo runs_python "$1"
	else
		skip "$1: the Python" 'python3 is missing'
	fi
	if [ -e build/node/installed ]; then
		check "$1: the SQL of the Node service" in_demo runs_node "$1"
	else
		skip "$1: the SQL of the Node service" \
			'build/node (tests/node/install.sh) is missing'
	fi
}

rm -rf "$work"
mkdir -p "$work"
for program in outbox-relay outbox-tui wechat-sim demo-table; do
	ln -s "$root/$build/$program" "$work/$program"
done
check_readme README.md C.UTF-8 readme.txt
check_readme README.zh-CN.md zh_CN.UTF-8 readme.zh.txt

for aspect in code shape names; do
	check "both have the same $aspect" same "$aspect" \
		"$($aspect README.zh-CN.md)" "$($aspect README.md)"
done
echo "1..$count"
