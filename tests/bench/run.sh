#!/bin/bash
# Runs the benchmarks, one after the other. Called by `make bench`; B is the
# build folder.
#
#	tests/bench/run.sh [PART-OF-A-NAME...]
#
# LONG=1 waits ten minutes where one is enough for a first look; SHORT=1 does
# little of everything, to see that it works. Each prints a table, its figures
# and their limits, and writes build/bench/NAME.json. All figures are ratios to
# what the same run measured beside them.
set -euo pipefail
cd "$(dirname "$0")/../.."
export B=${B:-build} LC_ALL=C.UTF-8 TZ=UTC PYTHONDONTWRITEBYTECODE=1

wanted() {
	local part
	[ ${#parts[@]} -gt 0 ] || return 0
	for part in "${parts[@]}"; do
		[[ $1 == *"$part"* ]] && return 0
	done
	return 1
}

parts=("$@")
missed=()
known=
for name in throughput backlog arrival commits idle pace blocked retention \
	console console_relay; do
	wanted "$name" || continue
	known=1
	case $name in
	throughput)
		tests/node/install.sh build/bench/node tests/bench
		bench=(python3 "tests/bench/$name.py")
		;;
	retention) bench=("$B/tests/bench/retention" ${SHORT:+short}) ;;
	*) bench=(python3 "tests/bench/$name.py") ;;
	esac
	"${bench[@]}" || missed+=("$name")
done
if [ -z "$known" ]; then
	echo "There is no benchmark with '${parts[*]}' in its name." >&2
	exit 2
fi
[ ${#missed[@]} -eq 0 ] || {
	printf '\nmissed: %s\n' "${missed[*]}"
	exit 1
}
