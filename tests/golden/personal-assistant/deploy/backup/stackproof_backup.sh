#!/bin/sh
# Dumps of a PostgreSQL database, written by stackproof.
#
# stackproof_backup.sh loop           a dump whenever the newest is older than BACKUP_EVERY_SECONDS, for ever
# stackproof_backup.sh once           a dump now
# stackproof_backup.sh fresh          whether the newest dump is as young as it should be: the health check
# stackproof_backup.sh restore FILE   what FILE holds in place of what is there, all or nothing; a path, or a name in the folder
#
# PGHOST, PGPORT, PGUSER and PGDATABASE say which; BACKUP_PASSWORD_FILE holds the password, BACKUP_FOLDER the dumps,
# of which the newest BACKUP_KEEP stay. A dump gets its name when it is whole, so that a kill leaves no half one.
set -eu
umask 077

PGPASSWORD=$(cat "$BACKUP_PASSWORD_FILE")
export PGPASSWORD

say() {
    printf 'backup: %s\n' "$*"
}

dumps() {
    find "$BACKUP_FOLDER" -maxdepth 1 -name '*.dump' | sort
}

once() {
    name="$BACKUP_FOLDER/$PGDATABASE-$(date -u +%Y%m%dT%H%M%SZ).dump"
    part="$BACKUP_FOLDER/.part-$$"
    # `if !`: a failed step must not end the loop, and must not leave its part behind.
    if ! pg_dump --format=custom --no-password --file="$part" || ! pg_restore --list "$part" >/dev/null; then
        rm -f "$part"
        say "failed: no dump was made"
        return 1
    fi
    mv "$part" "$name"
    say "made $name"
    prune
}

prune() {
    dumps | head -n "-$BACKUP_KEEP" | while read -r old; do
        rm -f "$old"
        say "removed $old: the newest $BACKUP_KEEP are kept"
    done
}

# Seconds until the next dump is due; 0 where there is none yet.
due() {
    newest=$(dumps | tail -n 1)
    [ -n "$newest" ] || { echo 0; return; }
    left=$(($(stat -c %Y "$newest") + BACKUP_EVERY_SECONDS - $(date +%s)))
    echo $((left > 0 ? left : 0))
}

# A dump that takes longer than the hour it is given here, or fails for that long, is one to be told about.
fresh() {
    newest=$(dumps | tail -n 1)
    [ -n "$newest" ] || { say "no dump yet"; return 1; }
    age=$(($(date +%s) - $(stat -c %Y "$newest")))
    [ "$age" -le $((BACKUP_EVERY_SECONDS + 3600)) ] || { say "the newest dump is $age s old"; return 1; }
}

# In the background, so that a stop need not wait for the end of a sleep.
rest() {
    sleep "$1" &
    wait $!
}

loop() {
    trap 'exit 0' TERM INT
    rm -f "$BACKUP_FOLDER"/.part-*
    while :; do
        rest "$(due)"
        once || rest 60
    done
}

restore() {
    case $1 in
    */*) file=$1 ;;
    *) file=$BACKUP_FOLDER/$1 ;;
    esac
    pg_restore --dbname="$PGDATABASE" --no-password --clean --if-exists --no-owner --single-transaction \
        --exit-on-error "$file"
    say "restored $file"
}

case ${1-}:$# in
loop:1 | once:1 | fresh:1) "$1" ;;
restore:2) restore "$2" ;;
*)
    say "say loop, once, fresh or restore FILE" >&2
    exit 64
    ;;
esac
