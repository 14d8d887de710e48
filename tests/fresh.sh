#!/usr/bin/env bash
# `make run` and `make test` in a fresh clone, on Debian 12 and 13 with git, make, python3 and
# python3-venv alone, as an ordinary user. Needs root and debootstrap; takes 15 minutes or more.
# `bash tests/fresh.sh trixie` tries one of them.
set -euo pipefail
cd "$(dirname "$0")/.."

if [ "$(id -u)" -ne 0 ] || ! command -v debootstrap >/dev/null; then
  echo "test-fresh needs root and debootstrap (apt-get install debootstrap)" >&2
  exit 2
fi

work=$(mktemp -d)
leave() {
  for place in "$work"/*/; do umount -q "$place/proc" 2>/dev/null || true; umount -qR "$place/dev" 2>/dev/null || true; done
  rm -rf --one-file-system "$work"
}
trap leave EXIT

# try SUITE: both commands in a root of its own; what this machine says about its packages goes along.
try() {
  local root=$work/$1 home=$work/$1/home/ann file
  debootstrap --variant=minbase --include=git,make,python3,python3-venv,ca-certificates "$1" "$root" \
    >"$work/$1.log" || { tail -3 "$work/$1.log"; return 1; }
  for file in /etc/pip.conf /etc/ssl/certs/ca-certificates.crt /etc/resolv.conf /etc/hosts; do
    [ ! -e "$file" ] || cp -L "$file" "$root$file"
  done
  mount -t proc proc "$root/proc" && mount --rbind /dev "$root/dev" && mount --make-rslave "$root/dev"
  chroot "$root" useradd --create-home --shell /bin/bash ann
  git clone --quiet . "$home/clone"
  chroot "$root" chown -R ann:ann /home/ann
  as_ann "$root" 'timeout 400 make -C clone run ARGS="--port 0" >run.log 2>&1 & server=$!
    while kill -0 $server 2>/dev/null && ! grep -q "Set it up" run.log; do sleep 1; done
    kill $server 2>/dev/null; grep -q "Set it up" run.log || { cat run.log; exit 1; }' || return 1
  echo "$1: make run is up"
  as_ann "$root" "cd clone && make test"
}

as_ann() {
  local kept=()
  while IFS= read -r name; do kept+=("$name=${!name}"); done < <(compgen -e | grep -E '^(PIP|UV|SSL)_|_proxy$' || true)
  chroot "$1" env -i HOME=/home/ann LANG=C.UTF-8 PATH=/usr/bin:/bin "${kept[@]}" \
    setpriv --reuid ann --regid ann --init-groups bash -c "cd || exit; $2"
}

status=0
for suite in "${@:-bookworm trixie}"; do
  for one in $suite; do
    if try "$one"; then echo "$one: passed"; else echo "$one: FAILED"; status=1; fi
  done
done
exit $status
