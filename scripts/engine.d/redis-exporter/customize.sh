#!/bin/sh
# Puts Debian's program where the published image has it. Called with the root folder of the unpacked packages.
set -eu
mkdir -p "$(dirname "$1/redis_exporter")"
mv "$1/usr/bin/prometheus-redis-exporter" "$1/redis_exporter"
