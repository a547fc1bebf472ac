#!/bin/sh
# Puts Debian's Prometheus where the published image has it. Called with the root folder of the unpacked packages.
set -eu
here=$(dirname "$0")
root=$1

rm -rf "$root/etc/prometheus" "$root/usr/share/prometheus"
mkdir -p "$root/etc/prometheus" "$here/data"
cp "$here/prometheus.yml" "$root/etc/prometheus/prometheus.yml"
chmod 644 "$root/etc/prometheus/prometheus.yml"
