#!/bin/sh
# build.sh [TAG]: the image, from the base that base.sh made, with its commit and contract versions.
set -eu
root=$(CDPATH="" cd -- "$(dirname -- "$0")/../.." && pwd -P)
docker=${DOCKER:-docker} tag=${1:-kaohe/kaohe}
commit=$(git -C "$root" rev-parse HEAD)
[ -z "$(git -C "$root" status --porcelain)" ] || commit=$commit-changed
released=$root/contracts/released.json
contracts="api v1, topics v1, $(grep -c '"events/' "$released") schemas of events $(sha256sum < "$released" | cut -c1-16)"
ca=${SSL_CERT_FILE:-/etc/ssl/certs/ca-certificates.crt}
pip=${PIP_CONFIG_FILE:-/etc/pip.conf}
[ -e "$pip" ] || pip=/dev/null
git -C "$root" archive --format=tar HEAD requirements.lock libs services contracts deploy |
    DOCKER_BUILDKIT=1 "$docker" build -f deploy/Dockerfile -t "$tag" \
        --secret "id=ca,src=$ca" --secret "id=pip,src=$pip" \
        --build-arg "COMMIT=$commit" --build-arg "CONTRACTS=$contracts" --build-arg VERSION=1 -
"$docker" image inspect --format '{{.Size}} {{json .Config.Labels}}' "$tag"
