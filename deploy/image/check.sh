#!/bin/sh
# check.sh: builds the image of what is committed and tries it as an operator runs it (tests/image), on an engine that
# is started for this and ends with it. As root, with Debian's docker.io and mmdebstrap. Debian's part is kept in
# KAOHE_CACHE (/var/cache/kaohe) and made anew when Debian's packages or base.sh changed.
set -eu
here=$(CDPATH="" cd -- "$(dirname -- "$0")" && pwd -P)
if [ "${1:-}" != beside-engine ]; then exec "$here/engine.sh" "$here/check.sh" beside-engine; fi
told() { echo "check.sh: $1 after $(($(date +%s) - began)) s"; }
began=$(date +%s)
cache=${KAOHE_CACHE:-/var/cache/kaohe}
mkdir -p "$cache"
(
    flock 9  # one at a time
    "$here/base.sh" "$cache/base"
) 9>"$cache/lock"
told "base images"
BUILD_NETWORK=host "$here/build.sh"
told "kaohe/kaohe"
KAOHE_TEST_IMAGE=kaohe/kaohe "$here/../../kaohe" test -n0 tests/image
told "the image is as it should be"
