#!/bin/sh
# mmdebstrap hook: makes Debian's nginx look as in the published nginx image. Called with the new root folder.
set -eu
here=$(dirname "$0")
root=$1

rm -rf "$root"/etc/nginx/sites-* "$root"/etc/nginx/modules-* "$root/etc/nginx/snippets" "$root/etc/nginx/conf.d" "$root"/usr/share/nginx/html/*
mkdir -p "$root/etc/nginx/conf.d" "$root/docker-entrypoint.d"
install -m 644 "$here/nginx.conf" "$root/etc/nginx/nginx.conf"
install -m 644 "$here/default.conf" "$root/etc/nginx/conf.d/default.conf"
install -m 644 "$here/index.html" "$root/usr/share/nginx/html/index.html"
install -m 755 "$here/docker-entrypoint.sh" "$root/docker-entrypoint.sh"

ln -sf /dev/stdout "$root/var/log/nginx/access.log"
ln -sf /dev/stderr "$root/var/log/nginx/error.log"

# Debian's program keeps its temporary files below /var/lib/nginx, the published one below /var/cache/nginx, which a
# container gives it as a tmpfs.
rm -rf "$root/var/lib/nginx"
install -d "$root/var/cache/nginx"
ln -s ../cache/nginx "$root/var/lib/nginx"

ln -s busybox "$root/usr/bin/wget" # Alpine has it, and health checks use it
