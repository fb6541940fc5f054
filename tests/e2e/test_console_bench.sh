#!/bin/bash
# The benchmarks of the console still work, as TAP: with few rows, and however
# long anything took. One of their figures is no time: that nothing is painted
# while a read transaction is open.
set -euo pipefail
cd "$(dirname "$0")/../.."
build=${B:-build}
out=$build/tests/bench-console
rm -rf "$out"
mkdir -p "$out"
export B=$build BENCH_OUT=$out SHORT=1 PYTHONDONTWRITEBYTECODE=1
PATH=$PATH:/usr/sbin

count=0
measures() { # measures NAME [PROGRAM]: its figures are there
	count=$((count + 1))
	if [ "$(stat -f -c %T "$out")" = tmpfs ]; then
		echo "ok $count - $1 # SKIP $out is in memory"
	elif ! command -v "${2:-python3}" >/dev/null; then
		echo "ok $count - $1 # SKIP $2 is missing"
	elif ! python3 "tests/bench/$1.py" >"$out/$1.txt" 2>&1 &&
		[ ! -s "$out/$1.json" ]; then
		echo "not ok $count - $1"
		sed 's/^/# /' "$out/$1.txt"
	else
		echo "ok $count - $1"
	fi
}

apart() { # no frame within a read transaction
	count=$((count + 1))
	if [ ! -s "$out/console.json" ]; then
		echo "ok $count - frames and reading # SKIP not measured"
	elif grep -q '^  frames within one.* 0  *<= 0  ok$' "$out/console.txt" &&
		! grep -q '^  frames within one.*MISSED' "$out/console.txt"; then
		echo "ok $count - no frame is painted within a read transaction"
	else
		echo "not ok $count - no frame is painted within a read transaction"
		grep 'frames within' "$out/console.txt" | sed 's/^/# /'
	fi
}

measures console
apart
measures console_relay nginx
echo "1..$count"
