#!/bin/sh
# Look for the parts of a machine that the tests run against: Java and Maven (a real
# Neo4j), Chromium (the pages) and a font with Chinese. On Debian or Ubuntu as root what
# is missing is installed; elsewhere one line says what to install.
set -eu

missing=""
[ -n "${NEO4J_URI:-}" ] || {
    command -v java >/dev/null || missing="$missing default-jre-headless"
    command -v mvn >/dev/null || missing="$missing maven"
}
command -v chromium >/dev/null || command -v google-chrome >/dev/null || missing="$missing chromium"
[ -n "$(fc-list :lang=zh 2>/dev/null)" ] || missing="$missing fontconfig fonts-noto-cjk"

[ -n "$missing" ] || exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "installing what the tests need:$missing"
    apt-get update -qq
    # shellcheck disable=SC2086  # a list of packages
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
else
    echo "the tests need these (Debian's names), please install them:$missing" >&2
    exit 1
fi
