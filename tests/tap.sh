#!/bin/bash
# Runs one test under a time limit and passes its TAP on to prove. What else it
# had to say is in build/tests/log/, and on stderr if it failed.
#
# cmocka 1.1.5 begins to count anew with each group, calls a skipped test "not
# ok", and does not mind text in front of a line: all mended here. A test that
# dies early is still one that failed, because its plan is not met.
set -uo pipefail
build=${B:-build}
name=${1#"$build"/}
name=${name#tests/}
log=$build/tests/log/${name//\//_}
limit=${TEST_SECONDS:-300}
mkdir -p "$build/tests/log"

case $1 in
tests/sim/*) set -- "$1" "$build/wechat-sim" ;;
esac

# `make valgrind` puts itself in front of the unit tests; the others put it in
# front of the relays that they start.
case $1 in
"$build"/tests/unit/*) [ -z "${TEST_WRAP:-}" ] || read -ra wrap <<<"$TEST_WRAP" ;;
esac
set -- ${wrap+"${wrap[@]}"} "$@"

export CMOCKA_MESSAGE_OUTPUT=TAP
timeout -k 5 "$limit" "$@" >"$log.out" 2>"$log.err" </dev/null &
trap 'kill "$!"; exit 130' INT TERM
wait "$!"
status=$?

awk '
	/^1\.\.0/       { print; next }
	/^1\.\.[0-9]+$/ { plan += substr($0, 4); next }
	!/^[ \t]*#/ && match($0, /(not )?ok [0-9]+( |$)/) {
		if (RSTART > 1)
			print "# " substr($0, 1, RSTART - 1)
		$0 = substr($0, RSTART)
		if (/^not ok [0-9]+ # SKIP/)
			sub(/^not /, "")
		sub(/ok [0-9]+/, "ok " ++count)
		print
		next
	}
	                { print "# " $0 }
	END             { if (plan) print "1.." plan }
' "$log.out"

if [ "$status" -ne 0 ] ||
	grep '^not ok' "$log.out" | grep -qvE '^not ok [0-9]+ .*# (SKIP|TODO)'; then
	{
		echo "$name failed, its status is $status" \
			"($log.out, $log.err):"
		[ "$status" -ne 124 ] || echo "It was stopped after $limit s."
		grep -A 12 '^not ok' "$log.out" | head -n 60
		tail -n 40 "$log.err"
	} >&2
fi
exit "$status"
