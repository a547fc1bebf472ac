#!/bin/sh
# mmdebstrap hook, the last: takes away what differs from one assembly to the next. Called with the new root folder.
# mmdebstrap itself still needs its apt.conf in /tmp and removes it.
set -eu
find "$1/var/cache/apt" "$1/var/cache/ldconfig" "$1/var/log" -type f -delete
rm -f "$1"/var/cache/debconf/*-old "$1"/var/lib/dpkg/*-old "$1/etc/machine-id" "$1/etc/apt/apt.conf.d/99mmdebstrap"
