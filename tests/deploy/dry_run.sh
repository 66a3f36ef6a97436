#!/bin/bash
# dry_run.sh: every object of every overlay against a real Kubernetes API server, by `kubectl apply --dry-run=server`;
# started by tests/node/cluster.sh FOLDER tests/deploy/dry_run.sh
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd -P) said=$(mktemp)
trap 'rm -f "$said"' EXIT
echo "API server: $(kubectl api-versions | wc -l) API versions"
kubectl create namespace kaohe >/dev/null
for overlay in "$root"/deploy/kubernetes/overlays/*/; do
    kubectl apply --server-side --dry-run=server -k "$overlay" > "$said"
    echo "$(basename "$overlay"): $(wc -l < "$said") objects taken"
done
if kubectl kustomize "$root/deploy/kubernetes/overlays/small" | sed 's/^  replicas:/  replica:/' |
    kubectl apply --server-side --dry-run=server -f - > "$said" 2>&1; then
    echo "a field that does not exist was taken" && exit 1
fi
echo "a field that does not exist is refused: $(grep -o 'unknown field[^)]*\|field not declared[^)]*' "$said" | head -1)"
