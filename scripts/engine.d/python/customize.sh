#!/bin/sh
# mmdebstrap hook: moves Debian's Python to where the published python image has it, below /usr/local.
# Called with the new root folder; PYTHON is the minor version, as in 3.11.
# shellcheck disable=SC2016  # expanded inside the new root
set -eu
root=$1
lib=$root/usr/local/lib/python$PYTHON

move_below_local() {
    install -m 755 "$root/usr/bin/python$PYTHON" "$root/usr/local/bin/"
    cp -a "$root/usr/lib/python$PYTHON" "$root/usr/local/lib/"
    cp -a "$root/usr/share/python-wheels" "$root/usr/local/share/"
    ln -s "python$PYTHON" "$root/usr/local/bin/python3"
    ln -s python3 "$root/usr/local/bin/python"
}

# As in the published image, dpkg then knows of no Python; the libraries it needs stay, also after an `apt-get autoremove`.
forget_packages() {
    chroot "$root" sh -ec '
        apt-mark showauto | xargs -r apt-mark manual
        dpkg-query -W -f "\${Package}\n" | grep -E "^(lib)?python3" | xargs dpkg --purge --force-depends' >/dev/null 2>&1
    rm -rf "$root"/usr/lib/python3* "$root"/usr/share/python3* "$root"/etc/python3* "$root/usr/share/python-wheels"
}

# Debian's Python sends pip away and looks into `dist-packages`; the published one does neither. Its `site` module is
# compiled in, so a link leads it to `site-packages`.
undo_policies() {
    rm -f "$lib/EXTERNALLY-MANAGED" "$lib/sitecustomize.py" "$lib/_distutils_system_mod.py"
    for file in "$lib/sysconfig.py" "$lib/sysconfig/__init__.py"; do
        [ ! -f "$file" ] || sed -i -E "s/prefix_scheme = '(posix_local|deb_system)'/prefix_scheme = 'posix_prefix'/" "$file"
    done
    sed -i 's,/usr/share/python-wheels,/usr/local/share/python-wheels,' "$lib"/_sysconfigdata*.py
    rm -rf "$root/usr/local/lib/python$PYTHON/dist-packages"
    mkdir -p "$lib/site-packages"
    ln -s site-packages "$lib/dist-packages"
}

install_pip() {
    case $PYTHON in # the published image has more than pip until 3.11
        3.11) ;;
        *) find "$root/usr/local/share/python-wheels" -type f ! -name "pip-*" -delete ;;
    esac
    chroot "$root" sh -ec '
        set -- /usr/local/share/python-wheels/*.whl
        PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=$(echo /usr/local/share/python-wheels/pip-*.whl) python3 -m pip install \
            --quiet --isolated --no-index --no-compile --no-cache-dir --root-user-action=ignore "$@"'
}

move_below_local
forget_packages
undo_policies
install_pip
rm -f "$root"/usr/local/share/python-wheels/wheel-*.whl # `ensurepip` wants the others only
find "$root/usr/local/lib" -name __pycache__ -prune -exec rm -rf {} +
