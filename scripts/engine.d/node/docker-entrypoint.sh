#!/bin/sh
# Starts the given command, by the rules of the published node image: options alone, or a word that is no command, are for node.
set -eu
case ${1-} in
    -*) set -- node "$@" ;;
    *) if ! command -v "${1-}" >/dev/null || { [ -f "${1-}" ] && [ ! -x "${1-}" ]; }; then set -- node "$@"; fi ;;
esac
exec "$@"
