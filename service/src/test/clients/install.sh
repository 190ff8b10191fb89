#!/bin/bash
# Installs from Debian what the tests run against: the S3 clients, a browser, MariaDB with Galera, a Keystone and a Barbican. Says nothing when
# all of it is there.
set -euo pipefail

packages=(
    locales python3-boto python3-boto3 awscli s3cmd rclone restic curl haproxy chromium
    mariadb-server galera-4 rsync socat
    rabbitmq-server keystone barbican-api python3-openstackclient python3-barbicanclient uwsgi-plugin-python3
)

is_installed() { [[ $(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null) == installed ]]; }

missing=()
for package in "${packages[@]}"; do
    is_installed "$package" || missing+=("$package")
done
[[ ${#missing[@]} -gt 0 ]] || exit 0

if [[ $(id -u) == 0 ]]; then
    as_root=()
elif sudo -n true 2>/dev/null; then
    as_root=(sudo -n)
else
    echo "The tests need packages that only root can install. Run this once:" >&2
    echo "  sudo $(realpath "$0")" >&2
    exit 1
fi

# Debian's packages of mariadb, rabbitmq, keystone, barbican and haproxy would start servers; the tests start their own.
policy=/usr/sbin/policy-rc.d
if [[ ! -e $policy ]]; then
    trap '"${as_root[@]}" rm -f "$policy"' EXIT
    printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" >/dev/null
    "${as_root[@]}" chmod 755 "$policy"
fi

echo "Installing ${missing[*]}"
"${as_root[@]}" apt-get -qq -o DPkg::Lock::Timeout=600 update
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get -qq -y -o DPkg::Lock::Timeout=600 -o Dpkg::Use-Pty=0 --no-install-recommends install "${missing[@]}" >/dev/null

# Nothing was started now; nothing shall be at the next boot either.
for service in mariadb rabbitmq-server keystone barbican-api haproxy; do
    if [[ " ${missing[*]} " == *" $service "* && -d /run/systemd/system ]]; then
        "${as_root[@]}" systemctl disable --quiet "$service"
    fi
done
