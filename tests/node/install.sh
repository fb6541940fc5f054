#!/bin/sh
# Installs the tests' Node packages, or those of another folder's package.json,
# into a build folder:
#
#	tests/node/install.sh build/node
#	tests/node/install.sh build/bench/node tests/bench
#
# The driver is compiled here with the headers of the Node that is installed;
# no prebuilt binary is fetched. Does nothing if the folder already holds these
# packages for this Node.
set -eu

into=${1:?usage: install.sh FOLDER [PACKAGES]}
here=$(cd "${2:-$(dirname "$0")}" && pwd)
mkdir -p "$into"
into=$(cd "$into" && pwd)

version=$(node -p process.versions.node)
want="node $version $(uname -m) $(cksum <"$here/package-lock.json")"
if [ "$(cat "$into/installed" 2>/dev/null)" = "$want" ]; then
	exit 0
fi

# node-gyp would fetch the headers unless it is told where they are. Debian's
# own node-gyp knows where Debian keeps them.
prefix=$(dirname "$(dirname "$(node -p process.execPath)")")
for dir in "$prefix" /usr /usr/local; do
	header=$dir/include/node/node_version.h
	if [ -f "$header" ] && grep -q \
		"define NODE_MAJOR_VERSION ${version%%.*}\$" "$header"; then
		npm_config_nodedir=$dir
		export npm_config_nodedir
		break
	fi
done

echo "  NPM   $into (compiles SQLite's driver, about a minute)"
rm -f "$into/installed"
cp "$here/package.json" "$here/package-lock.json" "$into/"
export npm_config_build_from_source=true
export npm_config_audit=false npm_config_fund=false
export npm_config_update_notifier=false
if ! (cd "$into" && npm ci --loglevel=error >install.log 2>&1); then
	tail -n 40 "$into/install.log" >&2
	exit 1
fi
(cd "$into" && node -e 'require("better-sqlite3")(":memory:").close()
	for (const name in require("./package.json").dependencies)
		import(name)')
echo "$want" >"$into/installed"
