#!/usr/bin/env bash
# Makes the archives of the command in target: with the version, the home of a JDK and the time of all files.
set -euo pipefail
VERSION=$1 JDK=$2 TIME=$3
cd "$(dirname "${BASH_SOURCE[0]}")/../../.."
DIST=target/dist
NAME=holdfast-$VERSION
MODULES=java.base,java.logging,java.net.http,jdk.crypto.ec,jdk.httpserver

pack() {
    local from=$1 file=$2
    tar --sort=name --owner=0 --group=0 --numeric-owner --mtime="$TIME" --transform="s|^\.|$NAME|" \
        -C "$from" -czf "$file" .
    echo "$file: $(($(stat -c %s "$file") / 1024)) KiB"
}

rm -rf "$DIST"
mkdir -p "$DIST/plain/lib" "$DIST/plain/completion"
install -m 755 ../../holdfast "$DIST/plain/holdfast"
install -m 644 ../../LICENSE "$DIST/plain/LICENSE"
install -m 644 target/holdfast-cli.jar "$DIST/plain/lib/holdfast-cli.jar"
for script in src/main/bash/*.bash; do
    [ ! -f "$script" ] || install -m 644 "$script" "$DIST/plain/lib/"
done
"$JDK/bin/java" -jar target/holdfast-cli.jar completion bash >"$DIST/plain/completion/holdfast"
pack "$DIST/plain" "target/$NAME.tar.gz"

if [ ! -d "$JDK/jmods" ]; then
    echo "$JDK has no jmods, so there is no archive with a runtime"
    exit 0
fi
cp -R "$DIST/plain" "$DIST/runtime"
"$JDK/bin/jlink" --add-modules "$MODULES" --strip-java-debug-attributes --no-header-files --no-man-pages --compress=2 \
    --output "$DIST/runtime/runtime"
# The classes of the JDK that every program loads; what the command adds is archived when it first runs.
"$DIST/runtime/runtime/bin/java" -Xshare:dump -XX:+UseSerialGC >/dev/null
pack "$DIST/runtime" "target/$NAME-linux-$(uname -m).tar.gz"
