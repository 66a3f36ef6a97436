#!/bin/bash
# cluster.sh FOLDER COMMAND...: runs COMMAND beside a Kubernetes cluster of one node, which is started for it and ends
# with it: etcd, API server, controller manager, scheduler, containerd, kubelet, all of this machine. COMMAND finds
# KUBECONFIG and CONTAINERD (its socket). As root, with Debian's etcd-server, containerd, runc, containernetworking-plugins
# and iptables, and Go, by which Kubernetes is built into FOLDER once (some minutes). There is no kube-proxy, no DNS of
# the cluster and nobody who enforces network policies.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd -P)
work=$(mkdir -p "${1:?usage: cluster.sh FOLDER COMMAND...}" && cd "$1" && pwd -P) version=1.34.4
shift
export PATH=$root/.venv/bin:$PATH:/usr/sbin:/sbin
built() {
    local build=$work/build source
    mkdir -p "$build" && cd "$build"
    source=$(go mod download -json k8s.io/kubernetes@v$version | sed -n 's/.*"Dir": "\(.*\)".*/\1/p')
    {
        printf 'module tools\n\n%s\n\nrequire k8s.io/kubernetes v%s\n\nreplace (\n' "$(grep -m1 '^go ' "$source/go.mod")" $version
        sed -n "s#^\s*\(k8s.io/[^ ]*\) => ./staging/.*#\t\1 => \1 v0.${version#1.}#p" "$source/go.mod"
        printf ')\n'
    } > go.mod
    {
        printf 'package tools\n\nimport (\n'
        printf '\t_ "k8s.io/kubernetes/cmd/%s/app"\n' "$@"
        printf ')\n'
    } > tools.go
    export GOFLAGS=-mod=mod
    go mod tidy
    for program in "$@"; do
        go build -ldflags "-X k8s.io/component-base/version.gitVersion=v$version" -o "$work/$program" "k8s.io/kubernetes/cmd/$program"
    done
    mkdir -p pause && cd pause
    printf 'package main\n\nimport (\n\t"os"\n\t"os/signal"\n\t"syscall"\n)\n\nfunc main() {\n\tended := make(chan os.Signal, 1)\n\tsignal.Notify(ended, syscall.SIGTERM)\n\t<-ended\n}\n' > main.go
    printf 'module pause\n\ngo 1.21\n' > go.mod
    CGO_ENABLED=0 go build -o "$work/pause" .
}
[ -x "$work/pause" ] || (built kube-apiserver kube-controller-manager kube-scheduler kubelet)

home=$(mktemp -d "$work/run.XXXXXX") pids=()
stop() {
    # by the kubelet, which takes addresses and rules of the firewall back too
    kubectl delete deployments,jobs,cronjobs,pods --all --all-namespaces --timeout=120s >/dev/null 2>&1 || true
    kill "${pids[@]}" 2>/dev/null || true
    wait "${pids[@]}" 2>/dev/null || true
    awk -v home="$home" 'index($2, home) == 1 {print $2}' /proc/mounts | sort -r | xargs -r umount -l
    ip link delete kaohe-node 2>/dev/null || true
    rm -rf "$home"
}
trap stop EXIT
free() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
start() { "$@" > "$home/${1##*/}.log" 2>&1 & pids+=($!); }
store=$(free) peer=$(free) port=$(free) token=$(head -c 16 /dev/urandom | od -An -tx1 | tr -d ' \n')
start etcd --data-dir "$home/etcd" --listen-client-urls "http://127.0.0.1:$store" --advertise-client-urls "http://127.0.0.1:$store" \
    --listen-peer-urls "http://127.0.0.1:$peer" --log-level error
openssl genrsa -out "$home/key.pem" 2048 2>/dev/null
printf '%s,operator,1,system:masters\n' "$token" > "$home/tokens"
start "$work/kube-apiserver" --etcd-servers "http://127.0.0.1:$store" --secure-port "$port" --bind-address 127.0.0.1 --cert-dir "$home" \
    --service-account-key-file "$home/key.pem" --service-account-signing-key-file "$home/key.pem" \
    --service-account-issuer https://kubernetes.default --token-auth-file "$home/tokens" --authorization-mode RBAC \
    --service-cluster-ip-range 10.0.0.0/24
export KUBECONFIG=$home/config CONTAINERD=$home/containerd.sock
cat > "$KUBECONFIG" <<EOF
apiVersion: v1
kind: Config
clusters: [{name: here, cluster: {server: "https://127.0.0.1:$port", insecure-skip-tls-verify: true}}]
users: [{name: operator, user: {token: $token}}]
contexts: [{name: here, context: {cluster: here, user: operator}}]
current-context: here
EOF
for _ in $(seq 240); do
    kubectl get --raw /readyz >/dev/null 2>&1 && break
    kill -0 "${pids[1]}" || { tail -5 "$home/kube-apiserver.log"; exit 1; }
    sleep 0.5
done
start "$work/kube-controller-manager" --kubeconfig "$KUBECONFIG" --service-account-private-key-file "$home/key.pem" --cert-dir "$home" \
    --secure-port "$(free)" --use-service-account-credentials=false --leader-elect=false
start "$work/kube-scheduler" --kubeconfig "$KUBECONFIG" --cert-dir "$home" --secure-port "$(free)" --leader-elect=false
cat > "$home/bridge.conflist" <<EOF
{"cniVersion": "0.4.0", "name": "kaohe", "plugins": [
  {"type": "bridge", "bridge": "kaohe-node", "isGateway": true, "ipMasq": true,
   "ipam": {"type": "host-local", "dataDir": "$home/addresses", "ranges": [[{"subnet": "10.79.0.0/24"}]], "routes": [{"dst": "0.0.0.0/0"}]}}
]}
EOF
cat > "$home/containerd.toml" <<EOF
version = 2
root = "$home/containerd"
state = "$home/state"
[grpc]
  address = "$CONTAINERD"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "docker.io/kaohe/pause:1"
  restrict_oom_score_adj = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "$home/net.d"
EOF
mkdir "$home/net.d" && mv "$home/bridge.conflist" "$home/net.d/"
start containerd --config "$home/containerd.toml"
cat > "$home/kubelet.yaml" <<EOF
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
address: 127.0.0.1
port: $(free)
healthzPort: 0
podLogsDir: $home/pods
authentication: {anonymous: {enabled: true}, webhook: {enabled: false}}
authorization: {mode: AlwaysAllow}
containerRuntimeEndpoint: unix://$CONTAINERD
cgroupDriver: cgroupfs
cgroupsPerQOS: false
enforceNodeAllocatable: []
failSwapOn: false
imageGCHighThresholdPercent: 100
evictionHard: {memory.available: 200Mi}
EOF
start "$work/kubelet" --kubeconfig "$KUBECONFIG" --config "$home/kubelet.yaml" --root-dir "$home/kubelet" --cert-dir "$home" \
    --hostname-override node
for _ in $(seq 240); do
    kubectl wait --for=condition=Ready node/node --timeout=1s >/dev/null 2>&1 && break
    kill -0 "${pids[@]}" || { tail -n 5 "$home"/*.log; exit 1; }
    sleep 0.5
done
"$@"
