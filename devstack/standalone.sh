#!/bin/bash
# shellcheck source-path=SCRIPTDIR
#
# A small cloud around Pataka on a bare Debian 12: a real MariaDB, a real Keystone, a real Barbican, projects, users,
# EC2 credentials, and Pataka on https. Needs root, no systemd. See README.md.

set -euo pipefail
shopt -s inherit_errexit
umask 022
export LC_ALL=C.UTF-8 PATH=/usr/sbin:/usr/bin:/sbin:/bin:$PATH

SOURCE_DIR=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
STATE_DIR=${PATAKA_STANDALONE_DIR:-/var/lib/pataka-standalone}
SETTINGS_FILE=$STATE_DIR/settings

# user, project, role
ACCOUNTS=(
    "alice alpha member"
    "bob alpha reader"
    "carol beta member"
    "dave beta reader"
)

function usage {
    cat <<USAGE
Usage: $0 [command]

  up                           install, configure and start everything; again, to repair or to change settings;
                               what happens without a command
  cloud                        the same without Pataka itself: for one that you start by hand
  status                       what runs, and where
  credentials USER [PROJECT]   the shell lines that let S3 clients act as USER: eval "\$($0 credentials alice)"
  down                         stop everything; all data stays
  wipe                         down, and delete all data

Users: alice (member) and bob (reader) of project alpha, carol (member) and dave (reader) of project beta.

Settings, from the environment; 'up' remembers them (* = from the first 'up' on they are fixed):

  PATAKA_STANDALONE_DIR       $STATE_DIR: where everything is kept; give it with every command
  SERVICE_HOST                localhost: the host name in every URL
  LISTEN_ADDRESS              127.0.0.1: the address Keystone, Barbican and Pataka listen on
  PATAKA_HTTPS_PORT, PATAKA_HTTP_PORT, PATAKA_ADMIN_PORT     8443, 8080, 8081
  KEYSTONE_PORT, KEYSTONE_WORKERS                            5000, 2
  BARBICAN, BARBICAN_PORT                                    True, 9311: whether there is a key manager
  MARIADB_PORT, MARIADB_BUFFER_POOL                          13306, 128M
  REGION_NAME *               RegionOne: the region in Keystone's catalog
  PATAKA_S3_REGION            us-east-1: the region S3 clients sign with
  PATAKA_VOLUMES              a directory below PATAKA_STANDALONE_DIR: directories for objects, separated by commas
  PATAKA_RUN_USER             pataka: the system user Pataka runs as, created if missing
  PATAKA_JAVA_OPTS            -Xmx512m
  PATAKA_MVN                  mvn: what builds Pataka, if its jar is older than its sources
  ADMIN_PASSWORD *, SERVICE_PASSWORD *, USER_PASSWORD *      random
  INSTALL_PACKAGES            True: may install Debian packages
USAGE
}

function say {
    printf '[%3d s] %s\n' "$SECONDS" "$*" >&2
}

# step() - Say which step of how many begins, and what it does
# Usage: step <what>
function step {
    STEP=$((STEP + 1))
    say "step $STEP of $STEPS: $*"
}

# Usage: die <line> <message>, as in DevStack
function die {
    shift
    printf '[%3d s] ERROR: %s\n' "$SECONDS" "$*" >&2
    exit 1
}

# setting() - Give a variable its value: the environment's, else the remembered one, else the default
# Usage: setting <name> <default>
function setting {
    local name=$1 value
    if [[ -z "${!name:-}" ]]; then
        value=$(sed -n "s/^$name=//p" "$SETTINGS_FILE" 2>/dev/null || true)
        declare -g "$name=${value:-$2}"
    fi
    SETTINGS+=("$name")
}

# secret() - A setting that keeps its first value, random if the environment has none
# Usage: secret <name> [default]
function secret {
    local name=$1 value
    value=$(sed -n "s/^$name=//p" "$SETTINGS_FILE" 2>/dev/null || true)
    [[ -z "$value" ]] || declare -g "$name=$value"
    setting "$name" "${2:-$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')}"
}

function load_settings {
    SETTINGS=()
    local host=localhost
    getent hosts localhost >/dev/null || host=127.0.0.1
    setting SERVICE_HOST "$host"
    setting LISTEN_ADDRESS 127.0.0.1
    setting PATAKA_HTTPS_PORT 8443
    setting PATAKA_HTTP_PORT 8080
    setting PATAKA_ADMIN_PORT 8081
    setting KEYSTONE_PORT 5000
    setting KEYSTONE_WORKERS 2
    setting BARBICAN True
    setting BARBICAN_PORT 9311
    setting MARIADB_PORT 13306
    setting MARIADB_BUFFER_POOL 128M
    setting PATAKA_S3_REGION us-east-1
    setting PATAKA_VOLUMES "$STATE_DIR/volume1"
    setting PATAKA_RUN_USER pataka
    setting PATAKA_JAVA_OPTS -Xmx512m
    setting PATAKA_MVN mvn
    INSTALL_PACKAGES=${INSTALL_PACKAGES:-True}
    setting REGION_NAME RegionOne
    secret ADMIN_PASSWORD
    secret SERVICE_PASSWORD
    secret USER_PASSWORD
    secret KEYSTONE_DATABASE_PASSWORD
    secret BARBICAN_DATABASE_PASSWORD
    secret PATAKA_DATABASE_PASSWORD
    # 32 bytes in Base64, as Barbican wants its own key.
    secret BARBICAN_KEK "$(head -c 32 /dev/urandom | base64)"

    KEYSTONE_SERVICE_URI=http://$SERVICE_HOST:$KEYSTONE_PORT
    KEYSTONE_SERVICE_URI_V3=$KEYSTONE_SERVICE_URI/v3
    SERVICE_DOMAIN_NAME=Default
    SERVICE_PROJECT_NAME=service
    IDENTITY_TOKEN=$STATE_DIR/run/token
    # For the openstack command, which would take a proxy of the environment.
    export no_proxy="${no_proxy:+$no_proxy,}localhost,127.0.0.1,$SERVICE_HOST"

    PATAKA_DIR=${PATAKA_DIR:-$(dirname "$SOURCE_DIR")}
    PATAKA_HOME=$STATE_DIR/program
    PATAKA_CONF_DIR=$STATE_DIR/etc
    PATAKA_SERVICE_HOST=$SERVICE_HOST
    PATAKA_LISTEN_ADDRESS=$LISTEN_ADDRESS
    PATAKA_JAVA_PACKAGE=openjdk-17-jdk-headless
    PATAKA_START_TIMEOUT=120
    PATAKA_DATABASE_HOST=127.0.0.1
    PATAKA_DATABASE_PORT=$MARIADB_PORT
    PATAKA_DATABASE_NAME=pataka
    PATAKA_DATABASE_USER=pataka
    PATAKA_DATABASE_SOCKET=$STATE_DIR/mariadb/mariadb.sock
    PATAKA_KEYSTONE_USER=pataka
    PATAKA_KEYSTONE_INTERFACE=public
    PATAKA_KEYSTONE_CAFILE=
    PATAKA_EC2_CATALOG=True
    PATAKA_TLS_CERT=$PATAKA_CONF_DIR/tls/cert.pem
    PATAKA_TLS_KEY=$PATAKA_CONF_DIR/tls/key.pem
    PATAKA_TLS_CA=$PATAKA_TLS_CERT
}

function save_settings {
    local name
    (
        umask 077
        for name in "${SETTINGS[@]}"; do
            echo "$name=${!name}"
        done >"$SETTINGS_FILE.new"
    )
    mv "$SETTINGS_FILE.new" "$SETTINGS_FILE"
}

# What lib/pataka asks of DevStack: here it is wanted, and Barbican if the settings say so.
function is_service_enabled {
    [[ "$1" != barbican || "$BARBICAN" == "True" ]]
}

function need_root {
    [[ "$(id -u)" == 0 ]] || die $LINENO "$0 $1 needs root"
}

function need_settings {
    [[ -e "$SETTINGS_FILE" ]] || die $LINENO "nothing in $STATE_DIR: run '$0 up' first, or set PATAKA_STANDALONE_DIR"
}

function prepare {
    local user users=(mysql keystone "$PATAKA_RUN_USER")
    [[ "$STATE_DIR" =~ ^/[A-Za-z0-9_./-]+$ ]] ||
        die $LINENO "PATAKA_STANDALONE_DIR must be an absolute path of letters, digits and _./-: $STATE_DIR"
    command -v apt-get >/dev/null || die $LINENO "no apt-get: this script is for Debian 12"
    install -d "$STATE_DIR" "$STATE_DIR/log"
    install -d -m 700 "$STATE_DIR/run" "$STATE_DIR/rc"
    lock
    save_settings
    install_package mariadb-server keystone python3-openstackclient uwsgi-plugin-python3 curl jq openssl
    if is_service_enabled barbican; then
        install_package barbican-api python3-barbicanclient
        users+=(barbican)
    fi
    install_pataka_packages
    getent passwd "$PATAKA_RUN_USER" >/dev/null ||
        useradd --system --home-dir "$STATE_DIR" --no-create-home --shell /usr/sbin/nologin "$PATAKA_RUN_USER"
    for user in "${users[@]}"; do
        runuser -u "$user" -- test -x "$STATE_DIR" ||
            die $LINENO "user $user may not enter $STATE_DIR: open its parents, or set PATAKA_STANDALONE_DIR"
    done
}

function lock {
    exec 9>"$STATE_DIR/lock"
    flock -n 9 || die $LINENO "another standalone.sh is at work in $STATE_DIR"
}

function write_rc {
    local name=$1 project=$2 password=$3
    (
        umask 077
        printf 'export %s=%q\n' OS_AUTH_URL "$KEYSTONE_SERVICE_URI_V3" OS_IDENTITY_API_VERSION 3 \
            OS_REGION_NAME "$REGION_NAME" OS_USERNAME "$name" OS_PASSWORD "$password" OS_PROJECT_NAME "$project" \
            OS_USER_DOMAIN_NAME Default OS_PROJECT_DOMAIN_NAME Default >"$STATE_DIR/rc/$name"
        # Whom a tenant lets read a key in Barbican.
        printf 'export %s=%q\n' PATAKA_USER_ID "$PATAKA_USER_ID" >>"$STATE_DIR/rc/$name"
    )
}

# The names DevStack's functions, and lib/pataka, give the openstack command
function write_clouds {
    export OS_CLIENT_CONFIG_FILE=$STATE_DIR/rc/clouds.yaml
    (
        umask 077
        cat >"$OS_CLIENT_CONFIG_FILE" <<YAML
clouds:
  devstack-system-admin:
    region_name: '$REGION_NAME'
    identity_api_version: '3'
    auth:
      auth_url: '$KEYSTONE_SERVICE_URI_V3'
      username: admin
      password: '${ADMIN_PASSWORD//\'/\'\'}'
      user_domain_name: Default
      system_scope: all
YAML
    )
}

function create_accounts {
    local account user project role
    write_clouds
    identity_login admin Default "$ADMIN_PASSWORD" '{"system": {"all": true}}'
    create_pataka_accounts
    PATAKA_USER_ID=$(get_or_create_user "$PATAKA_KEYSTONE_USER" "$SERVICE_PASSWORD" "$SERVICE_DOMAIN_NAME")
    write_rc admin admin "$ADMIN_PASSWORD"
    ! is_service_enabled barbican || create_barbican_accounts
    for account in "${ACCOUNTS[@]}"; do
        read -r user project role <<<"$account"
        get_or_create_project "$project" Default >/dev/null
        get_or_create_user "$user" "$USER_PASSWORD" Default >/dev/null
        get_or_add_user_project_role "$role" "$user" "$project" Default Default >/dev/null
        write_rc "$user" "$project" "$USER_PASSWORD"
    done
    for account in "${ACCOUNTS[@]}"; do
        read -r user project role <<<"$account"
        ec2_credential "$user" "$project" >/dev/null
    done
    say "accounts, catalog and EC2 credentials are there"
}

# Usage: ec2_credential <user> <project>
function ec2_credential {
    local scope
    scope=$(jq -n --arg name "$2" '{project: {name: $name, domain: {name: "Default"}}}')
    identity_login "$1" Default "$USER_PASSWORD" "$scope"
    identity_ec2_credential "$IDENTITY_USER_ID" "$IDENTITY_PROJECT_ID"
}

function run_pataka {
    local sum=$STATE_DIR/run/pataka.sum now
    now=$( (cat "$(pataka_conf)" "$PATAKA_TLS_CERT" "$PATAKA_HOME/pataka.jar"; echo "$PATAKA_JAVA_OPTS") | sha256sum)
    if process_runs pataka && [[ "$now" == "$(cat "$sum" 2>/dev/null)" ]] && pataka_answers; then
        return 0
    fi
    stop_pataka
    die_if_taken pataka "$LISTEN_ADDRESS" "$PATAKA_HTTPS_PORT" PATAKA_HTTPS_PORT
    die_if_taken pataka "$LISTEN_ADDRESS" "$PATAKA_HTTP_PORT" PATAKA_HTTP_PORT
    die_if_taken pataka 127.0.0.1 "$PATAKA_ADMIN_PORT" PATAKA_ADMIN_PORT
    say "migrating the schema"
    (init_pataka) >"$STATE_DIR/log/pataka-migrate.log" 2>&1 ||
        die $LINENO "migrating the schema failed; see $STATE_DIR/log/pataka-migrate.log"
    start_pataka
    wait_for_process pataka "$PATAKA_START_TIMEOUT" pataka_answers
    echo "$now" >"$sum"
}

function up {
    STEP=0 STEPS=7
    [[ "$1" == up ]] || STEPS=5
    ! is_service_enabled barbican || STEPS=$((STEPS + 1))
    step "checking the packages of MariaDB, Keystone, Barbican and Java; missing ones are installed, which takes minutes"
    prepare
    step "starting MariaDB"
    start_mariadb
    step "starting Keystone"
    start_keystone
    step "making projects, users, EC2 credentials and the catalog"
    create_accounts
    if is_service_enabled barbican; then
        step "starting Barbican"
        start_barbican
    else
        stop_process barbican
    fi
    step "making Pataka's database, certificate and settings"
    create_pataka_database
    configure_pataka
    [[ "$1" == up ]] || {
        say "ready for Pataka: java -XX:+ExitOnOutOfMemoryError -jar pataka.jar server $(pataka_conf)"
        return 0
    }
    if pataka_must_be_built; then
        step "building Pataka, which takes minutes the first time; see $STATE_DIR/log/build.log"
    else
        step "installing Pataka; its jar is newer than its sources"
    fi
    (install_pataka) >"$STATE_DIR/log/build.log" 2>&1 ||
        die $LINENO "building Pataka failed; see $STATE_DIR/log/build.log"
    step "starting Pataka"
    run_pataka
    say "Pataka answers on $(pataka_endpoint)"
    echo "For any S3 client:          eval \"\$($0 credentials alice)\""
    echo "For the openstack command:  . $STATE_DIR/rc/alice"
}

# Prints one line a server; fails if one is missing.
function status {
    local name where pid missing=0
    for name in mariadb keystone barbican pataka; do
        is_service_enabled "$name" || continue
        case $name in
            barbican) where=$BARBICAN_SERVICE_URI ;;
            mariadb) where=127.0.0.1:$MARIADB_PORT ;;
            keystone) where=$KEYSTONE_SERVICE_URI_V3 ;;
            pataka) where=$(pataka_endpoint) ;;
        esac
        if ! pid=$(process_id "$name"); then
            printf '%-9s stopped\n' "$name"
            missing=1
        elif ! "${name}_answers" >/dev/null 2>&1; then
            printf '%-9s pid %s does not answer on %s; see %s\n' "$name" "$pid" "$where" "$STATE_DIR/log/$name.log"
            missing=1
        else
            printf '%-9s pid %s answers on %s\n' "$name" "$pid" "$where"
        fi
    done
    return $missing
}

function credentials {
    local account project='' access secret pair
    for account in "${ACCOUNTS[@]}"; do
        [[ "${account%% *}" != "$1" ]] || read -r _ project _ <<<"$account"
    done
    [[ -n "$project" ]] || die $LINENO "no user '$1': there are ${ACCOUNTS[*]%% *}"
    pair=$(ec2_credential "$1" "${2:-$project}")
    read -r access secret <<<"$pair"
    printf 'export %s=%q\n' AWS_ACCESS_KEY_ID "$access" AWS_SECRET_ACCESS_KEY "$secret" \
        AWS_ENDPOINT_URL "$(pataka_endpoint)" AWS_CA_BUNDLE "$PATAKA_TLS_CA"
}

function down {
    local name
    for name in pataka barbican keystone mariadb; do
        if process_runs "$name"; then
            say "stopping $name"
        fi
        stop_process "$name"
    done
}

command=${1:-up}
case $command in
    up | cloud | status | credentials | down | wipe) ;;
    help | -h | --help) usage; exit 0 ;;
    *) usage >&2; exit 2 ;;
esac
need_root "$command"
trap 'say "stopped at line $LINENO: $BASH_COMMAND"' ERR
load_settings
# shellcheck source=lib/process
source "$SOURCE_DIR/lib/process"
# shellcheck source=lib/identity
source "$SOURCE_DIR/lib/identity"
# shellcheck source=lib/mariadb
source "$SOURCE_DIR/lib/mariadb"
# shellcheck source=lib/keystone
source "$SOURCE_DIR/lib/keystone"
# shellcheck source=lib/barbican
source "$SOURCE_DIR/lib/barbican"
# shellcheck source=lib/pataka
source "$SOURCE_DIR/lib/pataka"

case $command in
    up | cloud)
        up "$command"
        ;;
    status)
        need_settings
        status || exit 1
        ;;
    credentials)
        [[ $# == 2 || $# == 3 ]] || { usage >&2; exit 2; }
        need_settings
        credentials "$2" "${3:-}"
        ;;
    down)
        need_settings
        lock
        down
        ;;
    wipe)
        need_settings
        lock
        down
        rm -rf "$STATE_DIR"
        for volume in ${PATAKA_VOLUMES//,/ }; do
            [[ ! -e "$volume" ]] || say "$volume is elsewhere, and left as it is"
        done
        ;;
esac
