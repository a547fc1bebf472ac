#!/bin/sh
# Makes Debian's nginx look as in the published nginx image. Called with the root folder of the unpacked packages.
set -eu
here=$(dirname "$0")
root=$1

echo nginx:x:101:101:nginx:/var/cache/nginx:/sbin/nologin >>"$root/etc/passwd"
echo nginx:x:101: >>"$root/etc/group"

(cd "$root/etc/nginx" && rm -rf sites-* modules-* snippets conf.d && mkdir conf.d)
rm -rf "$root/usr/share/nginx" "$root/etc/ufw"
mkdir -p "$root/docker-entrypoint.d" "$root/usr/share/nginx/html" "$root/var/log/nginx" "$root/var/cache/nginx" "$root/run"
install -m 644 "$here/nginx.conf" "$root/etc/nginx/nginx.conf"
install -m 644 "$here/default.conf" "$root/etc/nginx/conf.d/default.conf"
install -m 644 "$here/index.html" "$root/usr/share/nginx/html/index.html"
install -m 755 "$here/docker-entrypoint.sh" "$root/docker-entrypoint.sh"

ln -sf /dev/stdout "$root/var/log/nginx/access.log"
ln -sf /dev/stderr "$root/var/log/nginx/error.log"
ln -sfT ../run "$root/var/run"

# Debian's program keeps its temporary files below /var/lib/nginx, the published one below /var/cache/nginx, which a
# container gives it as a tmpfs.
ln -s ../cache/nginx "$root/var/lib/nginx"
