# The engine's programs: signed Debian packages, unpacked into the state folder. Sourced by scripts/engine.
# shellcheck shell=bash disable=SC2016,SC2154  # apt and dpkg expand those themselves; scripts/engine sets these

# Debian 12's own engine lacks BuildKit's client and Compose; these of Debian 13 run on both. `runc` and `iptables` are
# linked to the C library of their release and come from the machine's own.
suite=trixie
unpacked=(docker.io docker-cli docker-buildx docker-compose containerd tini)
installed=(runc iptables)
in_the_making=forky # has newer servers than the stable release

get_packages() {
    mkdir -p "$engine_dir"
    install_missing "${installed[@]}"
    [ ! -e "$tools/complete" ] || return 0
    say "unpacking ${unpacked[*]} of Debian $suite"
    rm -rf "$tools" "$tools.new"
    mkdir -p "$tools.new/deb"
    logged private_apt "$suite" update
    (cd "$tools.new/deb" && logged private_apt "$suite" download "${unpacked[@]}")
    for package in "$tools.new"/deb/*.deb; do
        logged dpkg -x "$package" "$tools.new"
    done
    rm -r "$tools.new/deb"
    touch "$tools.new/complete"
    mv "$tools.new" "$tools"
}

install_missing() { # package names; each has a program or is known to dpkg by that name
    local package missing=()
    for package; do
        dpkg-query -W -f '${Status}' "$package" 2>>"$log" | grep -q 'ok installed' || missing+=("$package")
    done
    [ ${#missing[@]} != 0 ] || return 0
    require_root_on_debian
    say "installing ${missing[*]}"
    logged apt-get -o DPkg::Lock::Timeout=120 update
    logged env DEBIAN_FRONTEND=noninteractive \
        apt-get -o DPkg::Lock::Timeout=120 install --yes --no-install-recommends "${missing[@]}"
}

# apt with lists, cache and sources of its own for each release, so that the machine's never see another one.
private_apt() { # suite, apt-get's words
    local apt=$engine_dir/apt/$1
    mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial"
    write_sources "$1" "$apt/sources.list"
    apt-get -o Dir::Etc::SourceList="$apt/sources.list" -o Dir::Etc::SourceParts=/dev/null -o Dir::Etc::Preferences=/dev/null \
        -o Dir::Etc::PreferencesParts=/dev/null -o Dir::State::Lists="$apt/lists" -o Dir::Cache="$apt/cache" \
        -o APT::Sandbox::User=root -o Acquire::Languages=none -o Acquire::Retries=3 "${@:2}"
}

get_lists() { # suite; once in a run
    [ ! -e "$engine_dir/apt/$1/fresh" ] || return 0
    logged private_apt "$1" update
    touch "$engine_dir/apt/$1/fresh"
}

# The machine's own Debian mirrors, with another release's name in place of the machine's. A mirror may hold an older state of
# the release in the making than that release's one week of validity allows; its signature is checked all the same.
write_sources() { # suite, file
    local uri release own options=
    [ "$1" != "$in_the_making" ] || options=" check-valid-until=no"
    own=$(os_release VERSION_CODENAME)
    mkdir -p "$(dirname "$2")"
    apt-get indextargets --no-release-info --format '$(REPO_URI) $(RELEASE)' 'Created-By: Packages' | sort -u |
        while read -r uri release; do
            case $release in
                "$own" | "$own-updates" | "$own-security")
                    echo "deb [signed-by=$(signed_by "$uri")$options] $uri $1${release#"$own"} main" ;;
            esac
        done >"$2"
    [ -s "$2" ] || fail "apt's sources on this machine name no mirror of Debian $own" "add one to /etc/apt/sources.list.d"
}

signed_by() { # mirror's URI, as in the machine's sources; its key, or else Debian's
    local keys
    keys=$(cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources 2>>"$log" |
        awk -v RS= -v uri="${1%/}" 'index($0, uri)' |
        sed -nE 's/^Signed-By: *(\/[^ ]+).*/\1/p; s/^deb .*signed-by=(\/[^] ,]+).*/\1/p' | head -n 1) || true
    echo "${keys:-/usr/share/keyrings/debian-archive-keyring.gpg}"
}
