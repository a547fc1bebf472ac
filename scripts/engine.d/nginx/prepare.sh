#!/bin/sh
# mmdebstrap hook, before Debian's nginx is installed: the user of the published image. Called with the new root folder.
set -eu
echo nginx:x:101:101:nginx:/var/cache/nginx:/sbin/nologin >>"$1/etc/passwd"
echo 'nginx:!:20454:0:99999:7:::' >>"$1/etc/shadow"
echo nginx:x:101: >>"$1/etc/group"
