#!/bin/sh
# Builds the page for Maven: fetches packages when the lock file changed, and builds when a source did.
set -eu
cd "$(dirname "$0")"
out=../target/classes/page/index.html

node_missing() {
    echo "The demo page is not built: it needs Node.js 20.19 or newer with npm ($1)." >&2
    # Everything but the page works without; where tests must not be skipped, this must not be either.
    [ "${CI:-}" != true ] || exit 1
    exit 0
}

if ! command -v node >/dev/null 2>&1 || ! command -v npm >/dev/null 2>&1; then
    node_missing "found none"
fi
node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' ||
    node_missing "found $(node --version)"

if [ ! -f node_modules/.fetched ] || [ -n "$(find package-lock.json -newer node_modules/.fetched)" ]; then
    npm ci --prefer-offline --no-progress --loglevel=error
    touch node_modules/.fetched
fi
if [ ! -f "$out" ] || [ -n "$(find . -name node_modules -prune -o -type f -newer "$out" -print | head -n 1)" ]; then
    npm run build --silent -- --logLevel warn
fi
