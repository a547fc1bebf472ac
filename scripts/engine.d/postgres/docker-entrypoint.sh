#!/bin/bash
# Starts the given command, by the rules of the published postgres image: options alone mean postgres; started as root, the data
# folder is handed to the user postgres and the server runs as that user; an empty data folder becomes a database first.
# shellcheck disable=SC1090,SC2034  # given scripts; `eval` uses what seems unused
set -eo pipefail # a given script may use variables that are not set

main() {
    [ "${1:0:1}" != - ] || set -- postgres "$@"
    if [ "$1" = postgres ] && ! only_asks "$@"; then
        prepare_folders
        [ "$(id -u)" != 0 ] || exec setpriv --reuid=postgres --regid=postgres --init-groups -- "$0" "$@"
        if [ -s "$PGDATA/PG_VERSION" ]; then
            printf '\nPostgreSQL Database directory appears to contain a database; Skipping initialization\n\n'
        else
            first_start "$@"
        fi
        unset PGPASSWORD
    fi
    exec "$@"
}

only_asks() {
    local word
    for word; do
        case $word in -'?' | --help | --describe-config | -V | --version) return 0 ;; esac
    done
    return 1
}

prepare_folders() {
    mkdir -p "$PGDATA"
    chmod 700 "$PGDATA" 2>/dev/null || true
    mkdir -p /var/run/postgresql 2>/dev/null || true
    chmod 3777 /var/run/postgresql 2>/dev/null || true
    [ "$(id -u)" = 0 ] || return 0
    find "$PGDATA" ! -user postgres -exec chown postgres {} +
    find /var/run/postgresql ! -user postgres -exec chown postgres {} +
}

# The value of a variable, or the contents of the file that VARIABLE_FILE names.
from_file() { # variable, default
    local file=$1_FILE
    if [ -n "${!1:-}" ] && [ -n "${!file:-}" ]; then
        printf 'error: both %s and %s are set (but are exclusive)\n' "$1" "$file" >&2
        exit 1
    fi
    if [ -n "${!1:-}" ]; then
        export "$1=${!1}"
    elif [ -n "${!file:-}" ]; then
        export "$1=$(<"${!file}")"
    else
        export "$1=$2"
    fi
    unset "$file"
}

first_start() {
    from_file POSTGRES_PASSWORD ''
    from_file POSTGRES_USER postgres
    from_file POSTGRES_DB "$POSTGRES_USER"
    from_file POSTGRES_INITDB_ARGS ''
    : "${POSTGRES_HOST_AUTH_METHOD:=}"
    refuse_without_password
    ls /docker-entrypoint-initdb.d/ >/dev/null # one that cannot be read shall stop the start here
    make_cluster
    export PGPASSWORD=${PGPASSWORD:-$POSTGRES_PASSWORD}
    allow_hosts "$@"
    start_on_socket_only "$@"
    make_database
    run_given_scripts /docker-entrypoint-initdb.d/*
    PGUSER=${PGUSER:-postgres} pg_ctl --pgdata "$PGDATA" --mode fast --wait stop
    unset PGPASSWORD
    printf '\nPostgreSQL init process complete; ready for start up.\n\n'
}

refuse_without_password() {
    [ -z "$POSTGRES_PASSWORD" ] && [ "$POSTGRES_HOST_AUTH_METHOD" != trust ] || return 0
    cat >&2 <<'END'
Error: Database is uninitialized and superuser password is not specified.
       You must specify POSTGRES_PASSWORD to a non-empty value for the
       superuser, or POSTGRES_HOST_AUTH_METHOD=trust to let anybody in.
END
    exit 1
}

make_cluster() {
    local waldir=()
    [ -z "${POSTGRES_INITDB_WALDIR:-}" ] || waldir=(--waldir "$POSTGRES_INITDB_WALDIR")
    # The arguments are one variable in which quotes mean what they mean to a shell.
    eval "initdb --username=\"\$POSTGRES_USER\" --pwfile=<(printf '%s\n' \"\$POSTGRES_PASSWORD\") $POSTGRES_INITDB_ARGS \"\${waldir[@]}\""
}

# initdb lets only this machine's own addresses in, without a password; any other address has to give it.
allow_hosts() {
    local method
    method=${POSTGRES_HOST_AUTH_METHOD:-$(postgres -C password_encryption "${@:2}")}
    printf '\nhost all all all %s\n' "$method" >>"$PGDATA/pg_hba.conf"
}

start_on_socket_only() { # postgres, its words
    local words
    words=$(printf ' %q' "${@:2}" -c listen_addresses='' -p "${PGPORT:-5432}")
    NOTIFY_SOCKET='' PGUSER=${PGUSER:-$POSTGRES_USER} pg_ctl --pgdata "$PGDATA" --options "$words" --wait start
}

sql() { # psql's words
    PGHOST='' PGHOSTADDR='' psql -v ON_ERROR_STOP=1 --no-psqlrc --no-password --username "$POSTGRES_USER" "$@"
}

make_database() {
    local there
    there=$(sql --dbname postgres --tuples-only --set db="$POSTGRES_DB" <<<"SELECT 1 FROM pg_database WHERE datname = :'db';")
    [ -n "$there" ] || sql --dbname postgres --set db="$POSTGRES_DB" <<<'CREATE DATABASE :"db";'
}

# Shell scripts that may not be executed are read into this shell, as the published image does: they may use what is here.
run_given_scripts() {
    local file
    for file; do
        [ -e "$file" ] || continue
        printf '%s: running %s\n' "$0" "$file"
        case $file in
            *.sh) if [ -x "$file" ]; then "$file"; else . "$file"; fi ;;
            *.sql) docker_process_sql -f "$file" ;;
            *.sql.gz) gunzip -c "$file" | docker_process_sql ;;
            *.sql.xz) xz -dc "$file" | docker_process_sql ;;
            *.sql.zst) zstd -dc "$file" | docker_process_sql ;;
            *) printf '%s: ignoring %s\n' "$0" "$file" ;;
        esac
    done
}

docker_process_sql() { sql --dbname "$POSTGRES_DB" "$@"; } # named as in the published image: given scripts call it

main "$@"
