#!/bin/bash
# Runs the fuzz targets over their corpora, as TAP. Other code relies on: no
# input that ever broke a parser breaks it again.
set -euo pipefail
cd "$(dirname "$0")/../.."

count=0
for source in tests/fuzz/fuzz_*.c; do
	name=$(basename "$source" .c)
	files=("tests/fuzz/corpus/${name#fuzz_}"/*)
	count=$((count + 1))
	rc=0
	"${B:-build}/tests/fuzz/$name" "${files[@]}" || rc=$?
	[ "$rc" -eq 0 ] || echo -n 'not '
	echo "ok $count - $name: ${#files[@]} inputs"
done
echo "1..$count"
