#!/bin/sh
# Starts the given command, by the rules of the published nginx image: before nginx, the scripts in /docker-entrypoint.d, the
# addresses of the name servers where they are asked for, and the configuration's templates with the environment's values.
# shellcheck disable=SC1090  # given scripts
set -eu
templates=${NGINX_ENVSUBST_TEMPLATE_DIR:-/etc/nginx/templates}
suffix=${NGINX_ENVSUBST_TEMPLATE_SUFFIX:-.template}
output=${NGINX_ENVSUBST_OUTPUT_DIR:-/etc/nginx/conf.d}

note() { [ -n "${NGINX_ENTRYPOINT_QUIET_LOGS:-}" ] || echo "$0: $1"; }

find_resolvers() {
    [ -n "${NGINX_ENTRYPOINT_LOCAL_RESOLVERS:-}" ] || return 0
    NGINX_LOCAL_RESOLVERS=$(awk '$1 == "nameserver" { print ($2 ~ ":") ? "[" $2 "]" : $2 }' /etc/resolv.conf | paste -sd ' ')
    export NGINX_LOCAL_RESOLVERS
}

# Only variables that are set are replaced: nginx's own have the same form.
fill_templates() {
    [ -d "$templates" ] || return 0
    if [ ! -w "$output" ]; then
        note "ERROR: $templates exists, but $output is not writable"
        return 0
    fi
    names=$(awk 'BEGIN { for (name in ENVIRON) print name }' | grep -E "${NGINX_ENVSUBST_FILTER:-}" | sed 's/.*/${&}/' | paste -sd ' ')
    find "$templates" -follow -type f -name "*$suffix" | sort | while read -r template; do
        filled=$output/${template#"$templates/"}
        filled=${filled%"$suffix"}
        mkdir -p "$(dirname "$filled")"
        note "filling $template into $filled"
        envsubst "$names" <"$template" >"$filled"
    done
}

run_scripts() {
    for script in /docker-entrypoint.d/*; do
        case $script in
            *.envsh) [ ! -x "$script" ] || . "$script" ;;
            *.sh) [ ! -x "$script" ] || "$script" ;;
        esac
    done
}

case ${1-} in
    nginx | nginx-debug)
        find_resolvers
        fill_templates
        run_scripts
        ;;
esac
exec "$@"
