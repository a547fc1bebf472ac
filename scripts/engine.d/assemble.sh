# The stand-ins: root file systems out of signed packages, and an image of each. A recipe is a folder with a Dockerfile and a
# `customize.sh`. Sourced by scripts/engine.
# shellcheck shell=bash disable=SC2016,SC2154  # mmdebstrap expands those itself; scripts/engine sets these

epoch=1767225600 # of everything that is made here: 2026-01-01
stand_in="assembled from Debian packages by scripts/engine; not the image published under this name"

assemble() { # image
    local recipe context
    recipe=$(recipe_of "$1")
    context=$engine_dir/images/$(folder_of "$1")
    say "assembling a stand-in for $1"
    mkdir -p "$context"
    cp "$parts/$recipe"/* "$context/"
    "assemble_${recipe//-/_}" "$1" "$context"
}

assemble_python() { # python:MINOR-slim-SUITE
    local minor=${1##*:} packages
    minor=${minor%%-*}
    packages=("python$minor-venv" python3-pip-whl ca-certificates netbase tzdata)
    [ "$minor" != 3.11 ] || packages+=(python3-setuptools-whl python3-wheel-whl) # no longer part of the image from 3.12 on
    PYTHON=$minor root_tar "${1##*-}" "$2" "${packages[@]}"
    build_image "$1" "$2" PYTHON_VERSION "python$minor"
}

assemble_redis() {
    root_tar bookworm "$2" redis-tools
    build_image "$1" "$2" REDIS_VERSION redis-tools
}

assemble_postgres() { # postgres:MAJOR-SUITE
    local major=${1##*:}
    major=${major%%-*}
    MAJOR=$major root_tar "${1##*-}" "$2" "postgresql-$major" xz-utils zstd
    build_image "$1" "$2" PG_VERSION "postgresql-$major" --build-arg "PG_MAJOR=$major"
}

# The stable release's nginx does not look up the names in an `upstream` again. As on Alpine, BusyBox is all there is beside it.
assemble_nginx() {
    unpacked_image "$1" "$2" NGINX_VERSION nginx nginx-common libcrypt1 libpcre2-8-0 libssl3t64 libzstd1 zlib1g gettext-base busybox-static
}

assemble_node() { # node:MAJOR-SUITE-slim: Node's own program, which npm carries; the lock in the recipe has its hash
    local suite=${1%-slim} stand_in=${stand_in/Debian/Debian and npm}
    command -v npm >/dev/null || one_at_a_time install_missing npm
    (cd "$2" && logged npm ci --ignore-scripts --no-bin-links --no-audit --no-fund)
    root_tar "${suite##*-}" "$2"
    build_image "$1" "$2" NODE_VERSION node
}

assemble_prometheus() { unpacked_image "$1" "$2" PROMETHEUS_VERSION prometheus promtool busybox-static; }
assemble_redis_exporter() { unpacked_image "$1" "$2" EXPORTER_VERSION prometheus-redis-exporter; }
assemble_postgres_exporter() { unpacked_image "$1" "$2" EXPORTER_VERSION prometheus-postgres-exporter busybox-static; }
assemble_nginx_exporter() { unpacked_image "$1" "$2" EXPORTER_VERSION prometheus-nginx-exporter; }

# The wheel for musl holds a static program, as the published image does.
assemble_uv() {
    rm -f "$2"/*.whl
    logged python3 -m pip download --quiet --no-deps --only-binary :all: --platform "musllinux_1_1_$(uname -m)" --require-hashes \
        --requirement "$parts/uv/requirements.txt" --dest "$2"
    logged python3 "$parts/uv/unpack.py" "$2"
    build_image "$1" "$2" UV_VERSION uv
}

# A root file system as root.tar and the versions it holds as `versions`; made once for each state of the recipe. The packages
# stay in apt/packages, as hard links, so that all assemblies together download each once.
root_tar() { # suite, folder, packages
    local of=$1 context=$2 packages state hooks=() kept=$engine_dir/apt/packages
    packages=$(IFS=, && echo "${*:3}")
    state=$(state_of_recipe "$of" "$packages")
    [ "$state" != "$(cat "$context/made-from" 2>/dev/null)" ] || return 0
    one_at_a_time install_missing mmdebstrap
    mkdir -p "$kept"
    write_sources "$of" "$context/sources.list"
    [ ! -e "$context/prepare.sh" ] || hooks+=(--essential-hook="sh $(printf %q "$context/prepare.sh") \"\$1\"")
    [ ! -e "$context/dpkg.cfg" ] || hooks+=(--dpkgopt="$context/dpkg.cfg")
    SOURCE_DATE_EPOCH=$epoch VERSIONS=$context/versions KEPT=$kept TMPDIR=$engine_dir/images logged mmdebstrap \
        --variant=minbase --include="usr-is-merged${packages:+,$packages}" --dpkgopt="$parts/dpkg.cfg" --aptopt='Acquire::Retries "3"' \
        --skip=essential/unlink --hook-dir=/usr/share/mmdebstrap/hooks/merged-usr \
        --setup-hook='mkdir -p "$1/var/cache/apt/archives" && cp -rlT "$KEPT" "$1/var/cache/apt/archives"' \
        "${hooks[@]}" \
        --customize-hook='find "$1/var/cache/apt/archives" -name "*.deb" -exec ln -t "$KEPT" {} + 2>/dev/null || true' \
        --customize-hook='chroot "$1" dpkg-query -W -f "\${Package}=\${Version}\n" >"$VERSIONS"' \
        --customize-hook="sh $(printf %q "$context/customize.sh") \"\$1\"" \
        --customize-hook="sh $(printf %q "$parts/tidy.sh") \"\$1\"" \
        "$of" "$context/root.tar" "$context/sources.list"
    echo "$state" >"$context/made-from"
}

# A root file system of little more than one program: packages unpacked, not installed, and put in order by the recipe.
unpacked_image() { # image, folder, name of the version's variable, package that has the version, further packages
    local package root=$2/root names=() kept=$engine_dir/apt/packages packages=("${@:4}" libc6 ca-certificates)
    one_at_a_time get_lists "$in_the_making"
    mapfile -t names < <(cd "$2" && private_apt "$in_the_making" --print-uris download "${packages[@]}" 2>>"$log" | awk '{ print $2 }')
    mkdir -p "$kept"
    (cd "$kept" && one_at_a_time logged private_apt "$in_the_making" download "${packages[@]}")
    rm -rf "$root" && mkdir -p "$root"
    for package in "${names[@]}"; do
        logged dpkg-deb -x "$kept/$package" "$root"
        dpkg-deb -f "$kept/$package" Package Version | awk '{ print $2 }' | paste -sd =
    done >"$2/versions"
    logged sh "$parts/unpacked.sh" "$root" "$in_the_making" "${names[@]/#/$kept/}"
    logged sh "$2/customize.sh" "$root"
    tar -C "$root" --sort=name --mtime="@$epoch" --owner=0 --group=0 --numeric-owner -cf "$2/root.tar" .
    rm -rf "$root"
    build_image "${@:1:4}"
}

build_image() { # image, folder, name of the version's variable, package that has the version, further arguments
    local version
    version=$(sed -n "s/^$4=\([0-9]*:\)\{0,1\}\([0-9.]*\).*/\2/p" "$2/versions")
    logged docker build --tag "$1" --build-arg SOURCE_DATE_EPOCH=$epoch --build-arg "$3=$version" --build-arg "STAND_IN=$stand_in" \
        --build-arg "PACKAGES=$(grep -E "^($4|uv|redis|npm|promtool|busybox|ca-cert|base-files|libc6|libssl)" "$2/versions" | paste -sd ' ')" \
        "${@:5}" "$2"
}

state_of_recipe() { # what else it depends on
    (echo "$*" && cat "$parts/$recipe"/* "$parts"/{assemble,tidy}.sh "$parts/dpkg.cfg") | sha256sum
}

# What the assemblies that run side by side share.
one_at_a_time() { (flock 8 && "$@") 8>"$engine_dir/apt/turn"; }
