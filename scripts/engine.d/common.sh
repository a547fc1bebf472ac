# Where things lie and how words are said. Sourced by scripts/engine, which sets engine_dir and parts.
# shellcheck shell=bash disable=SC2034,SC2154  # the other parts use what is set here

log=$engine_dir/engine.log
tools=$engine_dir/root
docker_config=$engine_dir/config

# The path of a unix socket may have about 107 characters; the longest below the run folder takes 37.
run_dir=$engine_dir
if [ ${#engine_dir} -gt 65 ]; then
    run_dir=/run/stackproof-$(printf %s "$engine_dir" | sha256sum | cut -c -12)
fi
host=unix://$run_dir/docker.sock

say() { printf 'engine: %s\n' "$1" >&2; }

fail() { # what happened, what to do
    printf 'error: %s\n  fix: %s\n' "$1" "$2" >&2
    exit 3
}

# Runs a command with its output in the log; the end of the log is shown if it fails.
logged() {
    printf '\n# %s\n' "$*" >>"$log"
    "$@" >>"$log" 2>&1 9>&- || {
        show_end_of "$log"
        fail "this command failed: $1 (full output: $log)" "see the lines above, then run it again"
    }
}

show_end_of() {
    printf -- '--- the last lines of %s\n' "$1" >&2
    tail -n 20 "$1" >&2
}

# One `scripts/engine` at a time changes a state folder; file descriptor 9 must not be handed to what stays running.
take_lock() {
    mkdir -p "$engine_dir"
    exec 9>"$engine_dir/lock"
    flock -w 900 9 || fail "another scripts/engine holds $engine_dir/lock since 15 minutes" "wait for it, or end it"
}

require_root_on_debian() {
    [ "$(id -u)" = 0 ] || fail "no Docker Engine answers, and only root can bring one up" \
        "run this as root, or start Docker and set DOCKER_HOST"
    [ "$(os_release ID)" = debian ] || fail "no Docker Engine answers, and one can be brought up on Debian only" \
        "install Docker by the means of this system, and start it"
}

os_release() {
    [ ! -r /etc/os-release ] || sed -n "s/^$1=\"\{0,1\}\([^\"]*\)\"\{0,1\}\$/\1/p" /etc/os-release
}
