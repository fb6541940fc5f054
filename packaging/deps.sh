#!/bin/bash
# What this project needs from the system, and how to get it.
#
#	deps.sh check GROUP...      silent if all is there; else says what is not
#	deps.sh install GROUP...    installs with apt what is missing
#	deps.sh list GROUP...       the table
#
# Each thing is probed for itself, not for a package: a node that came from
# NodeSource, with npm and its headers, is a node.
set -euo pipefail

# group, probe, Debian package, what it is for. A probe is cmd:NAME[|NAME],
# pkg:PKG-CONFIG-MODULE, header:FILE (as the compiler finds it), file:A[|B],
# node-headers, or libfuzzer.
table='
build cmd:gcc|clang      gcc                    C compiler
build header:stdlib.h    libc6-dev              C library headers
build cmd:make           make                   make
build cmd:pkg-config     pkg-config             finds the libraries below
build pkg:sqlite3        libsqlite3-dev         SQLite
build pkg:libcurl        libcurl4-openssl-dev   HTTP client
build pkg:libcjson       libcjson-dev           JSON
build pkg:libcrypto      libssl-dev             signatures of webhooks
build pkg:ncursesw       libncurses-dev         terminal screens
build pkg:readline       libreadline-dev        editing of what is typed
build cmd:msgfmt         gettext                translations
run   pkg:libmicrohttpd  libmicrohttpd-dev      HTTP server of the WeChat simulator
run   cmd:sqlite3        sqlite3                SQLite shell
run   file:/etc/ssl/certs/ca-certificates.crt|/etc/pki/tls/certs/ca-bundle.crt|/etc/ssl/cert.pem ca-certificates who signs for api.weixin.qq.com
test  pkg:cmocka         libcmocka-dev          unit test library
test  cmd:prove          perl                   prove, which runs the tests
test  cmd:curl           curl                   tests of the simulator
test  cmd:tmux           tmux                   a terminal for the tests of the console
test  cmd:pgrep          procps                 finds the processes of tests
test  cmd:openssl        openssl                their certificates
test  cmd:node           nodejs                 runs the cloud function and CRM clients
test  cmd:npm            npm                    fetches the CRM clients'"'"' SQLite modules
test  node-headers       libnode-dev            node'"'"'s headers, for native modules
test  cmd:g++|clang++    g++                    C++ compiler, for native modules
test  cmd:python3        python3                node-gyp, which builds native modules
valgrind cmd:valgrind    valgrind               finds misuse of memory
fuzz  cmd:clang          clang                  compiler that fuzzes
fuzz  libfuzzer          libclang-rt-dev        what it links for that
bench cmd:nginx|/usr/sbin/nginx nginx-light     web server that the benchmarks send to
bench cmd:wrk            wrk                    its bare rate, to compare with
lint  cmd:clang          clang                  second compiler
lint  cmd:clang-format   clang-format           layout of C
lint  cmd:clang-tidy     clang-tidy             static analysis of C
lint  cmd:cppcheck       cppcheck               static analysis of C
lint  cmd:shellcheck     shellcheck             static analysis of shell
'

any() { # any TEST A|B...: whether TEST holds for one of them
	local name names
	IFS='|' read -ra names <<<"$2"
	for name in "${names[@]}"; do
		$1 "$name" >/dev/null 2>&1 && return 0
	done
	return 1
}

has_header() {
	local cc
	for cc in "${CC:-cc}" gcc clang; do
		"$cc" -E -include "$1" -x c /dev/null >/dev/null 2>&1 &&
			return 0
	done
	return 1
}

has_node_headers() {
	local node prefix
	node=$(readlink -f "$(command -v node)" 2>/dev/null) || return 1
	for prefix in "${node%/bin/*}" /usr /usr/local ''; do
		# The last one is for shims, which only node itself sees through.
		[ -n "$prefix" ] ||
			prefix=$(node -p 'process.execPath.replace(/.bin.[^/]*$/, "")')
		any 'test -f' "$prefix/include/node/node.h|$prefix/include/nodejs/src/node.h" &&
			return 0
	done
	return 1
}

has_libfuzzer() {
	local dir
	dir=$(clang -print-runtime-dir) || return 1
	any 'test -f' \
		"$dir/libclang_rt.fuzzer-$(uname -m).a|$dir/libclang_rt.fuzzer.a"
}

has() { # has PROBE
	case $1 in
	cmd:*) any 'command -v' "${1#*:}" ;;
	pkg:*) any 'pkg-config --exists' "${1#*:}" ;;
	header:*) has_header "${1#*:}" ;;
	file:*) any 'test -e' "${1#*:}" ;;
	node-headers) has_node_headers ;;
	libfuzzer) has_libfuzzer ;;
	esac
}

rows() { # the rows of the groups
	local group probe package use
	while read -r group probe package use; do
		case " $* " in
		*" $group "*) printf '%s %s %s\n' "$probe" "$package" "$use" ;;
		esac
	done <<<"$table"
}

missing() { # the rows whose probe fails, as "package use"
	local probe package use
	rows "$@" | while read -r probe package use; do
		has "$probe" </dev/null || printf '%s %s\n' "$package" "$use"
	done
}

show() { # show "package use" rows
	local package use
	while read -r package use; do
		printf '  %-22s %s\n' "$package" "$use"
	done <<<"$1"
}

verb=${1-}
shift || true
[ $# -gt 0 ] || set -- build run test lint
case $verb in
list)
	show "$(rows "$@" | cut -d ' ' -f 2-)"
	exit
	;;
check | install) ;;
*)
	echo "usage: $0 check|install|list [build] [run] [test] [lint]" >&2
	exit 2
	;;
esac

wanted=$(missing "$@")
[ -n "$wanted" ] || exit 0

if [ "$verb" = check ]; then
	printf 'Missing on this machine (make deps installs it where apt is):\n' >&2
	show "$wanted" >&2
	exit 1
fi
if ! command -v apt-get >/dev/null; then
	printf 'There is no apt-get here. Please install (Debian'"'"'s names):\n' >&2
	show "$wanted" >&2
	exit 1
fi
as_root=()
if [ "$(id -u)" -ne 0 ]; then
	as_root=(sudo)
	if ! command -v sudo >/dev/null; then
		printf 'Neither root nor sudo here. Please have somebody install:\n' >&2
		show "$wanted" >&2
		exit 1
	fi
fi

printf 'Installing with apt:\n'
show "$wanted"
mapfile -t packages < <(cut -d ' ' -f 1 <<<"$wanted")
apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq
	-o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=120)
# A web server that is only wanted for benchmarks must not be started.
policy=/usr/sbin/policy-rc.d
if [[ " ${packages[*]} " == *" nginx-light "* ]] && [ ! -e $policy ]; then
	trap '"${as_root[@]}" rm -f $policy' EXIT
	printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee $policy >/dev/null
	"${as_root[@]}" chmod 755 $policy
fi
"${apt[@]}" update
"${apt[@]}" install -y --no-install-recommends "${packages[@]}" >/dev/null

wanted=$(missing "$@")
[ -n "$wanted" ] || exit 0
printf 'apt is content, but these still cannot be found:\n' >&2
show "$wanted" >&2
exit 1
