# The daemon: started apart from this shell, known by its own pid file, stopped without touching any other.
# Sourced by scripts/engine.
# shellcheck shell=bash disable=SC2016,SC2154  # apt, dpkg and mmdebstrap expand those themselves; scripts/engine sets these

pid_file=$engine_dir/dockerd.pid
daemon_log=$engine_dir/dockerd.log
exec_root=$run_dir/exec

# ---- who answers

our_engine_answers() {
    [ -x "$tools/usr/bin/docker" ] &&
        timeout 10 "$tools/usr/bin/docker" --host "$host" version --format '{{.Server.Version}}' &>/dev/null
}

other_engine_answers() { timeout 10 docker version --format '{{.Server.Version}}' &>/dev/null; }

other_host() { echo "${DOCKER_HOST:-$(docker context inspect --format '{{.Endpoints.docker.Host}}')}"; }

# From here on `docker` means the engine that was found.
need_engine() {
    if our_engine_answers; then
        export DOCKER_HOST=$host DOCKER_CONFIG=$docker_config PATH=$engine_dir/bin:$PATH
    elif ! other_engine_answers; then
        fail "no Docker Engine answers" "bring one up: scripts/engine up"
    fi
}

print_env() {
    if our_engine_answers; then
        printf 'export DOCKER_HOST=%q\nexport DOCKER_CONFIG=%q\nexport PATH=%q:$PATH\n' "$host" "$docker_config" "$engine_dir/bin"
    elif other_engine_answers; then
        printf 'export DOCKER_HOST=%q\n' "$(other_host)"
    else
        fail "no Docker Engine answers" "bring one up: scripts/engine up"
    fi
}

print_status() {
    need_engine
    printf 'engine           %s\n' "$([ "$DOCKER_HOST" = "$host" ] && echo "ours, $host" || echo "not ours, $(other_host)")"
    docker info --format 'server           {{.ServerVersion}} on {{.OperatingSystem}}
storage driver   {{.Driver}}
cgroup version   {{.CgroupVersion}}'
    printf 'buildx           %s\n' "$(docker buildx version 2>&1 | head -n 1)"
    printf 'compose          %s\n' "$(docker compose version --short 2>&1 | head -n 1)"
    print_images
}

# ---- start

# Two daemons in one network namespace rewrite each other's packet filter rules.
refuse_beside_other_engine() {
    local process
    for process in /proc/[0-9]*; do
        case "$(program_of "${process#/proc/}")" in
            "$tools"/*) continue ;;
            */dockerd) ;;
            *) continue ;;
        esac
        [ "$process/ns/net" -ef /proc/self/ns/net ] || continue
        fail "another Docker daemon runs here (pid ${process#/proc/}) and does not answer at ${DOCKER_HOST:-its usual socket}" \
            "set DOCKER_HOST to its socket, or stop it"
    done
}

start_daemon() {
    local pid
    write_client_config
    pid=$(pid_in "$pid_file")
    if is_our "$pid" dockerd; then
        say "our dockerd (pid $pid) is there but does not answer yet"
        wait_for_daemon "$pid"
        return
    fi
    end_leftovers # a proxy that outlived its daemon would keep a port
    forget_stale_pids
    mkdir -p "$run_dir" "$exec_root"
    say "starting dockerd, log in $daemon_log"
    printf '\n# start\n' >>"$daemon_log"
    PATH=$tools/usr/sbin:$tools/usr/bin:/usr/local/sbin:/usr/sbin:/sbin:$PATH setsid nohup dockerd \
        --data-root "$engine_dir/data" --exec-root "$exec_root" --host "$host" --pidfile "$pid_file" \
        >>"$daemon_log" 2>&1 </dev/null 9>&- &
    wait_for_daemon $!
}

write_client_config() {
    local plugin
    mkdir -p "$docker_config/cli-plugins" "$engine_dir/bin"
    ln -sfn "$tools/usr/bin/docker" "$engine_dir/bin/docker"
    for plugin in docker-buildx docker-compose; do
        ln -sfn "$tools/usr/libexec/docker/cli-plugins/$plugin" "$docker_config/cli-plugins/$plugin"
    done
}

wait_for_daemon() { # pid
    for _ in {1..120}; do
        ! our_engine_answers || return 0
        kill -0 "$1" 2>/dev/null || break
        sleep 0.5
    done
    show_end_of "$daemon_log"
    ! is_our "$1" dockerd || kill "$1"
    fail "dockerd did not get ready within 60 seconds, or ended" "the reason is most often in the lines above"
}

# After a crash or a new start of the machine the numbers in the pid files may belong to somebody else.
forget_stale_pids() {
    is_our "$(pid_in "$pid_file")" dockerd || rm -f "$pid_file"
    is_our "$(pid_in "$exec_root/containerd/containerd.pid")" containerd || rm -f "$exec_root/containerd/containerd.pid"
}

pid_in() { [ ! -r "$1" ] || cat "$1"; }

program_of() { readlink "/proc/$1/exe" 2>/dev/null || true; }

is_our() { # pid, name: a program out of our folder, and no dead child that nobody waited for
    case "$1:$(program_of "$1")" in
        [0-9]*:"$tools"/*/"$2") ;;
        *) return 1 ;;
    esac
}

# ---- stop

stop_daemon() {
    local pid
    pid=$(pid_in "$pid_file")
    if is_our "$pid" dockerd; then
        say "stopping dockerd (pid $pid) and its containers"
        kill "$pid"
        wait_until_gone "$pid" || say "dockerd did not end within 60 seconds: killing it"
    else
        say "our engine does not run"
    fi
    end_leftovers
    unmount_leftovers
    rm -f "$pid_file" "$run_dir/docker.sock"
}

wait_until_gone() { # pid
    for _ in {1..240}; do
        is_our "$1" dockerd || return 0
        sleep 0.25
    done
    return 1
}

# Containers and processes that outlived their daemon. Only what lies in our folders or was started from them.
end_leftovers() {
    local container process name
    if [ -d "$exec_root/runtime-runc/moby" ] && command -v runc >/dev/null; then
        for container in $(runc --root "$exec_root/runtime-runc/moby" list --quiet 2>>"$log"); do
            runc --root "$exec_root/runtime-runc/moby" delete --force "$container" >>"$log" 2>&1 || true
        done
    fi
    for process in /proc/[0-9]*; do
        for name in dockerd containerd containerd-shim-runc-v2 docker-proxy; do
            ! is_our "${process#/proc/}" "$name" || kill -KILL "${process#/proc/}" 2>/dev/null || true
        done
    done
}

unmount_leftovers() { # the deepest first
    local target
    awk '{ print $5 }' /proc/self/mountinfo | sort -r | while read -r target; do
        target=$(printf '%b' "$target")
        case $target in
            "$engine_dir"/* | "$run_dir"/*) umount "$target" 2>>"$log" || umount --lazy "$target" 2>>"$log" || true ;;
        esac
    done
}

purge() {
    say "deleting what was made in $engine_dir"
    (cd "$engine_dir" && rm -rf --one-file-system data exec root root.new apt bin config images engine.log dockerd.log)
    [ "$run_dir" = "$engine_dir" ] || rm -rf --one-file-system "$run_dir"
}
