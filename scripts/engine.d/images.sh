# The base images that rendered files name: pulled where a registry answers, else stand-ins assembled under the same name,
# labelled as such. Sourced by scripts/engine.
# shellcheck shell=bash disable=SC2154  # scripts/engine sets these

get_images() { # [--all]
    local image kinds=(usual) missing=()
    [ "${1-}" != --all ] || kinds+=(seldom)
    need_engine
    for image in $(listed "${kinds[@]}"); do
        has_image "$image" || missing+=("$image")
    done
    mkdir -p "$engine_dir/apt" "$engine_dir/images"
    rm -f "$engine_dir"/apt/*/fresh
    make_side_by_side "${missing[@]}"
}

print_images() {
    local image
    for image in $(listed usual seldom); do
        printf '%-46s %s\n' "$image" "$(has_image "$image" && kind_of "$image" || echo "not there")"
    done
    for image in $(listed cannot); do
        printf '%-46s %s\n' "$image" "$(has_image "$image" && kind_of "$image" || echo "no stand-in")"
    done
}

listed() { # usual, seldom, cannot: the images of these kinds
    awk -v kinds=" $* " '!/^#/ && index(kinds, " " $3 " ") { print $1 }' "$parts/bases"
}

recipe_of() { awk -v image="$1" '$1 == image { print $2 }' "$parts/bases"; }

has_image() { docker image inspect "$1" &>/dev/null; }

kind_of() {
    docker image inspect "$1" --format '{{with index .Config.Labels "dev.stackproof.stand-in"}}stand-in, {{.}}{{else}}as published{{end}}'
}

# As many at once as there are processors. One that fails does not stop the others; what is begun goes on after a Ctrl-C, and
# holds the lock until it is done.
make_side_by_side() { # images
    local image
    (begin_all "$@") # a shell of its own: here `wait` would wait for dockerd, too, where this run has started it
    for image; do
        has_image "$image" || fail "$image could not be got" "the reason is above; then run it again"
    done
}

begin_all() { # images
    local image places
    places=$(nproc)
    for image; do
        if [ "$places" = 0 ]; then
            wait -n || true # whether it is there counts, in the end
        else
            places=$((places - 1))
        fi
        get_image "$image" &
    done
    wait
}

get_image() {
    local log
    log=$engine_dir/images/$(folder_of "$1").log
    mkdir -p "${log%/*}"
    : >"$log"
    pull "$1" || assemble "$1"
}

folder_of() { echo "${1//[:\/]/-}"; }

# Asks with a short time limit first, so that a closed network costs seconds and a slow one is given its time.
pull() {
    timeout 15 docker manifest inspect "$1" >>"$log" 2>&1 || return 1
    say "pulling $1"
    logged docker pull "$1"
}
