#!/bin/bash
# dry_run.sh FOLDER: every object of every overlay against a real Kubernetes API server, by
# `kubectl apply --dry-run=server`. Needs etcd (Debian: etcd-server) and Go; the server is built into FOLDER once
# (kube-apiserver 1.34.4, some minutes), or taken from KUBE_APISERVER.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd -P) work=$(mkdir -p "${1:?usage: dry_run.sh FOLDER}" && cd "$1" && pwd -P) version=1.34.4
export PATH=$root/.venv/bin:$PATH
server=${KUBE_APISERVER:-$work/kube-apiserver}
if [ ! -x "$server" ]; then
    build=$work/build && mkdir -p "$build" && cd "$build"
    source=$(go mod download -json k8s.io/kubernetes@v$version | sed -n 's/.*"Dir": "\(.*\)".*/\1/p')
    {
        printf 'module tools\n\n%s\n\nrequire k8s.io/kubernetes v%s\n\nreplace (\n' "$(grep -m1 '^go ' "$source/go.mod")" $version
        sed -n "s#^\s*\(k8s.io/[^ ]*\) => ./staging/.*#\t\1 => \1 v0.${version#1.}#p" "$source/go.mod"
        printf ')\n'
    } > go.mod
    printf 'package tools\n\nimport _ "k8s.io/kubernetes/cmd/kube-apiserver/app"\n' > tools.go
    export GOFLAGS=-mod=mod
    go mod tidy && go build -ldflags "-X k8s.io/component-base/version.gitVersion=v$version" -o "$server" k8s.io/kubernetes/cmd/kube-apiserver
fi

home=$(mktemp -d "$work/run.XXXXXX") pids=()
stop() { kill "${pids[@]}" 2>/dev/null || true; wait "${pids[@]}" 2>/dev/null || true; rm -rf "$home"; }
trap stop EXIT
free() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
store=$(free) peer=$(free) port=$(free) token=$(head -c 16 /dev/urandom | od -An -tx1 | tr -d ' \n')
etcd --data-dir "$home/etcd" --listen-client-urls "http://127.0.0.1:$store" --advertise-client-urls "http://127.0.0.1:$store" \
    --listen-peer-urls "http://127.0.0.1:$peer" --log-level error > "$home/etcd.log" 2>&1 &
pids+=($!)
openssl genrsa -out "$home/key.pem" 2048 2>/dev/null
printf '%s,operator,1,system:masters\n' "$token" > "$home/tokens"
"$server" --etcd-servers "http://127.0.0.1:$store" --secure-port "$port" --bind-address 127.0.0.1 --cert-dir "$home" \
    --service-account-key-file "$home/key.pem" --service-account-signing-key-file "$home/key.pem" \
    --service-account-issuer https://kubernetes.default --token-auth-file "$home/tokens" --authorization-mode RBAC \
    --service-cluster-ip-range 10.0.0.0/24 > "$home/server.log" 2>&1 &
pids+=($!)
kubectl() { command kubectl --server "https://127.0.0.1:$port" --token "$token" --insecure-skip-tls-verify "$@"; }
for _ in $(seq 240); do
    kubectl get --raw /readyz >/dev/null 2>&1 && break
    kill -0 "${pids[1]}" || { tail -5 "$home/server.log"; exit 1; }
    sleep 0.5
done
echo "API server: $(kubectl api-versions | wc -l) API versions"
kubectl create namespace kaohe >/dev/null
for overlay in "$root"/deploy/kubernetes/overlays/*/; do
    name=$(basename "$overlay")
    kubectl apply --server-side --dry-run=server -k "$overlay" > "$home/taken"
    echo "$name: $(wc -l < "$home/taken") objects taken"
done
if kubectl kustomize "$root/deploy/kubernetes/overlays/small" | sed 's/^  replicas:/  replica:/' |
    kubectl apply --server-side --dry-run=server -f - > "$home/wrong" 2>&1; then
    echo "a field that does not exist was taken" && exit 1
fi
echo "a field that does not exist is refused: $(grep -o 'unknown field[^)]*\|field not declared[^)]*' "$home/wrong" | head -1)"
