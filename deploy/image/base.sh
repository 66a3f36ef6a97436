#!/bin/sh
# base.sh FOLDER: makes the two images that deploy/Dockerfile begins with, from Debian's packages alone, by the
# package sources that this machine uses, security's among them; nothing is pulled. As root, with mmdebstrap and a
# Docker engine.
#   kaohe/build  Debian with Python and pip
#   kaohe/run    of it what Python needs to run, certificates and a Chinese font: no shell, no package manager
# A FOLDER whose `root` is made of the packages that Debian has now is used again.
set -eu
here=$(CDPATH="" cd -- "$(dirname -- "$0")" && pwd -P)
work=${1:?usage: base.sh FOLDER} docker=${DOCKER:-docker} suite=bookworm
included=python3,python3-venv,ca-certificates,fonts-wqy-microhei,haproxy,stunnel4,exim4-daemon-light
sources=$(apt-get indextargets --format 'deb $(SITE) $(CODENAME) $(COMPONENT)' 'Created-By: Packages' | grep " $suite" | sort -u)
made_of=$({
    cat "$0" "$here/packages"
    # shellcheck disable=SC2046
    apt-cache policy $(echo "$included" | tr , ' ') $(cut -d' ' -f1 "$here/packages") | grep Candidate
} | sha256sum)
mkdir -p "$work"
if [ "$made_of" != "$(cat "$work/root.made" 2>/dev/null)" ]; then
    rm -rf "$work/root" "$work/root.made"
    printf '%s\n' "$sources" | mmdebstrap --quiet --variant=minbase --include="$included" --dpkgopt=force-unsafe-io "$suite" "$work/root" -
    chroot "$work/root" useradd --uid 10001 --create-home kaohe
    rm -rf "$work/root/etc/apt/sources.list" "$work/root/etc/apt/sources.list.d"
    printf '%s\n' "$made_of" > "$work/root.made"
fi
tar -C "$work/root" -c . | "$docker" import -c 'CMD ["python3"]' - kaohe/build >/dev/null

# what each package installs, but documents, translations, programs of the shell, and Python's own tests
rm -rf "$work/run"
mkdir -p "$work/run"
while read -r package _; do
    chroot "$work/root" dpkg -L "$package"
done < "$here/packages" |
    sed -E 's#^/(bin|sbin|lib|lib64)/#/usr/\1/#' |  # one /usr, as in Debian
    grep -vE '^/usr/share/(doc|man|locale|info|lintian|bug|doc-base)(/|$)' |
    while read -r path; do
        [ -d "$work/root$path" ] && [ ! -L "$work/root$path" ] || printf '.%s\n' "$path"
    done | grep -vE '^\./(bin|sbin|lib|lib64)?$' | sort -u > "$work/files"
tar -C "$work/root" -c --no-recursion -T "$work/files" | tar -C "$work/run" -x
cd "$work/run"
mkdir -p usr/bin usr/sbin usr/lib64 etc/ssl/certs
ln -s usr/bin usr/sbin usr/lib usr/lib64 .
cp -a "$work/root/etc/ssl/certs/ca-certificates.crt" etc/ssl/certs/
mkdir -p proc sys dev run tmp var/tmp
chmod 1777 tmp var/tmp
printf 'root:x:0:0:root:/nonexistent:/usr/sbin/nologin\nkaohe:x:10001:10001::/nonexistent:/usr/sbin/nologin\nnobody:x:65534:65534::/nonexistent:/usr/sbin/nologin\n' > etc/passwd
printf 'root:x:0:\nkaohe:x:10001:\nnogroup:x:65534:\n' > etc/group
printf 'hosts: files dns\n' > etc/nsswitch.conf
ldconfig -r .
cd /
tar -C "$work/run" -c . | "$docker" import -c 'CMD ["python3"]' - kaohe/run >/dev/null
"$docker" image ls --format '{{.Repository}} {{.Size}}' | grep -E '^kaohe/(build|run) '
