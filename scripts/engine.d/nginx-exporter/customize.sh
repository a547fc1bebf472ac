#!/bin/sh
# Puts Debian's program where the published image has it. Called with the root folder of the unpacked packages.
set -eu
mkdir -p "$(dirname "$1/usr/bin/nginx-prometheus-exporter")"
mv "$1/usr/bin/prometheus-nginx-exporter" "$1/usr/bin/nginx-prometheus-exporter"
