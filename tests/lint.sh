#!/bin/bash
# What can be said of the sources without running them. Called by `make lint`.
#
#	tests/lint.sh COMPILER-FLAG...
set -euo pipefail
cd "$(dirname "$0")/.."
jobs=$(nproc)
mapfile -t files < <(find . -type d \( -name .git -o -name build \
	-o -name node_modules \) -prune -o -type f -printf '%P\n' | sort)
c=() h=() shell=()
for file in "${files[@]}"; do
	case $file in
	*.c) c+=("$file") ;;
	*.h) h+=("$file") ;;
	*.sh | .ci/* | packaging/* | tests/*)
		head -n 1 "$file" | grep -qaE '^#!.*[/ ](ba|da)?sh\b' &&
			shell+=("$file")
		;;
	esac
done

failed=
step() { # step NAME COMMAND...: says nothing of what has no fault
	local name=$1 said
	shift
	if said=$("$@" 2>&1); then
		echo "  LINT  $name"
	else
		echo "  LINT  $name: faults"
		printf '%s\n' "$said"
		failed=1
	fi
}

each() { # each COUNT COMMAND...: the command on COUNT names of stdin at a time
	xargs -d '\n' -r -P "$jobs" -n "$1" "${@:2}"
}

format() {
	printf '%s\n' "${c[@]}" "${h[@]}" |
		each 8 clang-format --dry-run -Werror
}

tidy() {
	# shellcheck disable=SC2016 # the inner shell's
	printf '%s\n' "${c[@]}" | each 1 bash -c '
		file=${!#}
		said=$(clang-tidy --quiet "$file" -- "${@:1:$#-1}" 2>&1) || {
			grep -v "warnings\? generated" <<<"$said"
			exit 1
		}' tidy "$@"
}

# cppcheck 2.10 does not know __VA_OPT__ and dies of _Generic and statements in
# expressions: the macros with these stay calls.
check() {
	cppcheck -q -j "$jobs" --std=c11 --language=c --inline-suppr \
		--enable=warning,performance,portability --error-exitcode=1 \
		-ULOG_FIELDS -ULOG_STR -ULOG_INT -Udb_bind -Usteal \
		--suppress=missingIncludeSystem --suppress=unknownMacro \
		--suppress=varFuncNullUB \
		-I. -Ibuild/gen -D_GNU_SOURCE \
		"${c[@]}"
}

[ ${#shell[@]} -eq 0 ] || step shellcheck shellcheck "${shell[@]}"
if [ ${#c[@]} -gt 0 ]; then
	step clang-format format
	step cppcheck check
	step clang-tidy tidy "$@"
fi
[ -z "$failed" ]
