#!/bin/sh
# Starts the given command, by the rules of the published redis image: options or a *.conf file alone mean redis-server;
# started as root, /data is handed to the user redis and the server runs as that user.
set -eu

case ${1-} in
    -* | *.conf) set -- redis-server "$@" ;;
esac

if [ "${1-}" = redis-server ] && [ "$(id -u)" = 0 ]; then
    find . ! -user redis -exec chown redis {} +
    exec setpriv --reuid=redis --regid=redis --clear-groups -- "$0" "$@"
fi

[ "$(umask)" != 0022 ] || umask 0077
exec "$@"
