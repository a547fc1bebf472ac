# The base images that rendered files name: pulled where a registry answers, else stand-ins assembled from Debian packages
# under the same name, labelled as such. Sourced by scripts/engine.
# shellcheck shell=bash disable=SC2016,SC2154  # apt, dpkg and mmdebstrap expand those themselves; scripts/engine sets these

usual_images=(python:3.11-slim-bookworm redis:7-alpine ghcr.io/astral-sh/uv:0.13.9)
further_images=(python:3.13-slim-trixie)

epoch=1767225600 # of everything that is made here: 2026-01-01
stand_in="assembled from Debian packages by scripts/engine; not the image published under this name"

get_images() { # [--all]
    local image images=("${usual_images[@]}")
    [ "${1-}" != --all ] || images+=("${further_images[@]}")
    need_engine
    for image in "${images[@]}"; do
        has_image "$image" || pull "$image" || assemble "$image"
    done
}

print_images() {
    local image
    for image in "${usual_images[@]}" "${further_images[@]}"; do
        printf '%-32s %s\n' "$image" "$(has_image "$image" && kind_of "$image" || echo "not there")"
    done
}

has_image() { docker image inspect "$1" &>/dev/null; }

kind_of() {
    docker image inspect "$1" --format '{{with index .Config.Labels "dev.stackproof.stand-in"}}stand-in, {{.}}{{else}}as published{{end}}'
}

# Asks with a short time limit first, so that a closed network costs seconds and a slow one is given its time.
pull() {
    timeout 15 docker manifest inspect "$1" >>"$log" 2>&1 || return 1
    say "pulling $1"
    logged docker pull "$1"
}

assemble() {
    say "assembling a stand-in for $1"
    case $1 in
        python:*) assemble_python "$1" ;;
        redis:*) assemble_redis "$1" ;;
        */uv:*) assemble_uv "$1" ;;
    esac
}

assemble_python() { # python:MINOR-slim-SUITE
    local minor=${1#python:} of=${1##*-} context packages
    minor=${minor%%-*}
    context=$(context_for "$1" python)
    packages=("python$minor-venv" python3-pip-whl ca-certificates netbase tzdata)
    [ "$minor" != 3.11 ] || packages+=(python3-setuptools-whl python3-wheel-whl) # no longer part of the image from 3.12 on
    PYTHON=$minor root_tar "$of" "$context" "${packages[@]}"
    build_image "$1" "$context" PYTHON_VERSION "python$minor"
}

assemble_redis() {
    local context
    context=$(context_for "$1" redis)
    root_tar bookworm "$context" redis-tools
    build_image "$1" "$context" REDIS_VERSION redis-tools
}

# The wheel for musl holds a static program, as the published image does.
assemble_uv() {
    local context
    context=$(context_for "$1" uv)
    rm -f "$context"/*.whl
    logged python3 -m pip download --quiet --no-deps --only-binary :all: --platform "musllinux_1_1_$(uname -m)" --require-hashes \
        --requirement "$parts/uv/requirements.txt" --dest "$context"
    logged python3 "$parts/uv/unpack.py" "$context"
    build_image "$1" "$context" UV_VERSION uv
}

context_for() { # image, recipe: a folder to build in, with a copy of the recipe
    local context=$engine_dir/images/${1//[:\/]/-}
    mkdir -p "$context"
    cp "$parts/$2"/* "$context/"
    echo "$context"
}

# A root file system as root.tar and the versions it holds as `versions`; made once for each state of the recipe.
root_tar() { # suite, folder, packages
    local of=$1 context=$2 packages
    packages=$(IFS=, && echo "usr-is-merged,${*:3}")
    local recipe
    recipe=$(cat "$context/customize.sh" "$parts/images.sh" | sha256sum)
    [ "$recipe" != "$(cat "$context/made-from" 2>/dev/null)" ] || return 0
    install_missing mmdebstrap
    write_sources "$of" "$context/sources.list"
    SOURCE_DATE_EPOCH=$epoch VERSIONS=$context/versions logged mmdebstrap --variant=minbase --include="$packages" \
        --hook-dir=/usr/share/mmdebstrap/hooks/merged-usr \
        --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-include=/usr/share/doc/*/copyright' \
        --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/info/*' \
        --dpkgopt='path-exclude=/usr/share/locale/*' \
        --customize-hook='chroot "$1" dpkg-query -W -f "\${Package}=\${Version}\n" >"$VERSIONS"' \
        --customize-hook="sh $(printf %q "$context/customize.sh") \"\$1\"" \
        --customize-hook="sh $(printf %q "$parts/tidy.sh") \"\$1\"" \
        "$of" "$context/root.tar" "$context/sources.list"
    echo "$recipe" >"$context/made-from"
}

build_image() { # image, folder, name of the version's variable, package that has the version
    local version
    version=$(sed -n "s/^$4=\([0-9]*:\)\{0,1\}\([0-9.]*\).*/\2/p" "$2/versions")
    logged docker build --tag "$1" --build-arg SOURCE_DATE_EPOCH=$epoch --build-arg "$3=$version" \
        --build-arg "STAND_IN=$stand_in" --build-arg "PACKAGES=$(grep -E "^($4|uv|redis|ca-cert|base-files|libc6|libssl)" "$2/versions" | paste -sd ' ')" "$2"
}
