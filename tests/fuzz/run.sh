#!/bin/bash
# Runs the fuzz targets that `make fuzz` built, each for FUZZ_SECONDS. What they
# find out is kept in build/fuzz/corpus/, an input that breaks one as
# build/fuzz/NAME-crash-...; to run that again:
#
#	build/fuzz/tests/fuzz/fuzz_NAME build/fuzz/NAME-crash-...
#
#	tests/fuzz/run.sh [PART-OF-A-NAME...]
set -euo pipefail
cd "$(dirname "$0")/../.."
B=${B:-build/fuzz}
export FUZZ_SECONDS=${FUZZ_SECONDS:-60} B

wanted() {
	local part
	[ ${#parts[@]} -gt 0 ] || return 0
	for part in "${parts[@]}"; do
		[[ $1 == *"$part"* ]] && return 0
	done
	return 1
}

fuzz() { # fuzz NAME
	local name=$1 rc=0
	mkdir -p "$B/corpus/$name"
	"$B/tests/fuzz/fuzz_$name" -max_total_time="$FUZZ_SECONDS" \
		-timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
		-artifact_prefix="$B/$name-" \
		"$B/corpus/$name" "tests/fuzz/corpus/$name" \
		>"$B/$name.log" 2>&1 </dev/null || rc=$?
	if [ "$rc" -ne 0 ]; then
		echo "  FUZZ  $name: broken, see $B/$name.log"
		grep -E 'ERROR|Assertion|runtime error|written to' \
			"$B/$name.log" || tail -n 20 "$B/$name.log"
		return 1
	fi
	echo "  FUZZ  $name: $(sed -n 's/^stat::number_of_executed_units: *//p' \
		"$B/$name.log") inputs without a fault"
}
export -f fuzz

parts=("$@")
names=()
for source in tests/fuzz/fuzz_*.c; do
	name=$(basename "$source" .c)
	wanted "$name" && names+=("${name#fuzz_}")
done
if [ ${#names[@]} -eq 0 ]; then
	echo "There is no fuzz target with '${parts[*]}' in its name." >&2
	exit 2
fi
printf '%s\n' "${names[@]}" |
	xargs -P "$(nproc)" -I '{}' bash -c 'fuzz {}'
