#!/bin/sh
# build.sh [TAG]: the image, from the base that base.sh made, with its commit and contract versions.
# build.sh --servers [TAG]: the image of compose.yaml's servers.
# What is built is what is committed. BUILD_NETWORK=host where the engine has no network of its own. CA bundle and pip's settings go in as secrets and leave nothing behind.
set -eu
root=$(CDPATH="" cd -- "$(dirname -- "$0")/../.." && pwd -P)
docker=${DOCKER:-docker} file=deploy/Dockerfile tag=kaohe/kaohe
if [ "${1:-}" = --servers ]; then file=deploy/image/servers.Dockerfile tag=kaohe/servers && shift; fi
tag=${1:-$tag}
commit=$(git -C "$root" rev-parse HEAD)
[ -z "$(git -C "$root" status --porcelain)" ] || commit=$commit-changed
released=$root/contracts/released.json
contracts="api v1, topics v1, $(grep -c '"events/' "$released") schemas of events $(sha256sum < "$released" | cut -c1-16)"
ca=${SSL_CERT_FILE:-/etc/ssl/certs/ca-certificates.crt}
pip=${PIP_CONFIG_FILE:-/etc/pip.conf}
[ -e "$pip" ] || pip=/dev/null
git -C "$root" archive --format=tar HEAD requirements.lock libs services contracts deploy |
    DOCKER_BUILDKIT=1 "$docker" build -f "$file" -t "$tag" --network "${BUILD_NETWORK:-default}" \
        --secret "id=ca,src=$ca" --secret "id=pip,src=$pip" \
        --build-arg "COMMIT=$commit" --build-arg "CONTRACTS=$contracts" --build-arg VERSION=1 -
"$docker" image inspect --format '{{.Size}} {{json .Config.Labels}}' "$tag"
