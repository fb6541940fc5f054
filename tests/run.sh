#!/bin/bash
# Runs the tests that `make tests` built, with prove, whose summary is the last
# thing that is printed. Called by `make test`; B is the build folder.
#
#	tests/run.sh [PART-OF-A-NAME...]
set -euo pipefail
cd "$(dirname "$0")/.."
B=${B:-build}
export B

# One test of the list below: a TAP script, or a program of cmocka's.
wanted() {
	local part
	[ ${#parts[@]} -gt 0 ] || return 0
	for part in "${parts[@]}"; do
		[[ ${1#"$B"/tests/} == *"$part"* ]] && return 0
	done
	return 1
}

parts=("$@")
tests=()
needs_node=
shopt -s nullglob
# The long ones first, so that the short ones fill the gaps.
for source in tests/e2e/test_*.c tests/e2e/test_*.sh tests/sim/selftest.sh \
	tests/console/monkey.c \
	tests/unit/test_*.c tests/unit/test_*.sh tests/layers.sh; do
	case $source in
	*.c) test=$B/${source%.c} ;;
	*) test=$source ;;
	esac
	[ -e "$source" ] || continue
	wanted "$test" || continue
	tests+=("$test")
	[[ $source != tests/e2e/* ]] || needs_node=1
done
if [ ${#tests[@]} -eq 0 ]; then
	echo "There is no test with '${parts[*]}' in its name." >&2
	exit 2
fi

# The CRM clients that are not in Debian, into build/node.
if [ -n "$needs_node" ] && [ -x tests/node/install.sh ]; then
	tests/node/install.sh build/node
fi

# Nothing of whoever runs the tests may reach them.
for name in $(compgen -e); do
	case ${name^^} in
	MINIPROGRAM_* | WECHAT_* | OUTBOX_* | RELAY_* | WEBHOOK_* | LANGUAGE | \
		MAKEFLAGS | MFLAGS | \
		LC_* | *_PROXY | PERL5LIB | HARNESS_* | NOTIFY_SOCKET) unset "$name" ;;
	esac
done
export LC_ALL=C.UTF-8 TZ=UTC
export ASAN_OPTIONS=${ASAN_OPTIONS:-detect_stack_use_after_return=1}
export UBSAN_OPTIONS=${UBSAN_OPTIONS:-print_stacktrace=1}

rm -rf "$B/tests/log"
mkdir -p "$B/tests/log"
exec prove --norc ${CI:+--timer} --jobs 2 --exec tests/tap.sh "${tests[@]}"
