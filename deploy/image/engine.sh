#!/bin/sh
# engine.sh COMMAND...: runs COMMAND beside a Docker engine of its own, which is started for it and ends with it. As
# root, with Debian's docker.io. Images and containers go with the engine; another one that runs here is left alone.
# ENGINE_BRIDGE=yes gives containers networks of their own, as compose needs them; without it they have the
# machine's, and no rule of its firewall is touched. COMMAND finds DOCKER and DOCKER_HOST.
set -eu
export PATH="$PATH:/usr/sbin:/sbin"
DOCKER=${DOCKER:-/usr/bin/docker}  # another client on the path may be without BuildKit
for program in dockerd "$DOCKER"; do
    command -v "$program" >/dev/null || { echo "engine.sh: $program is missing: apt install docker.io" >&2; exit 1; }
done
[ "$(id -u)" = 0 ] || { echo "engine.sh: an engine is started by root" >&2; exit 1; }
folder=$(mktemp -d /var/tmp/kaohe-engine.XXXXXX)
export DOCKER DOCKER_HOST="unix://$folder/socket"
if [ "${ENGINE_BRIDGE:-}" = yes ]; then network=''; else network='--bridge=none --iptables=false --ip6tables=false'; fi
# shellcheck disable=SC2086
dockerd --data-root "$folder/data" --exec-root "$folder/exec" --pidfile "$folder/pid" -H "$DOCKER_HOST" \
    $network >"$folder/log" 2>&1 </dev/null &
engine=$!
ended() {
    kill "$engine" 2>/dev/null || true
    wait "$engine" 2>/dev/null || true
    umount "$folder"/exec/netns/* 2>/dev/null || true
    rm -rf "$folder"
}
trap ended EXIT
trap 'exit 143' TERM INT HUP
tries=0
until "$DOCKER" version >/dev/null 2>&1; do
    tries=$((tries + 1))
    if [ "$tries" -gt 120 ] || ! kill -0 "$engine" 2>/dev/null; then
        echo "engine.sh: the engine did not start:" >&2
        tail -n 20 "$folder/log" >&2
        exit 1
    fi
    sleep 0.5
done
"$@" &
command=$!
trap 'kill "$command" 2>/dev/null; exit 143' TERM INT HUP
wait "$command"
