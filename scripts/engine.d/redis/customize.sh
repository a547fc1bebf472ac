#!/bin/sh
# mmdebstrap hook: puts Debian's Redis where the published redis image has it. Called with the new root folder.
set -eu
here=$(dirname "$0")
root=$1

# The package makes the user with the next free numbers; the published image has these.
chroot "$root" userdel redis 2>/dev/null
chroot "$root" groupadd --system --gid 1000 redis
chroot "$root" useradd --system --uid 999 --gid 1000 --home-dir /home/redis --shell /bin/false redis
install -d -o 999 -g 1000 "$root/data"
install -m 755 "$here/docker-entrypoint.sh" "$here/redis-server" "$root/usr/local/bin/"
# Debian ships the server, the checkers and the sentinel as one program that looks at the name it is called by.
ln -sf redis-check-rdb "$root/usr/bin/redis-server"
for name in redis-cli redis-benchmark redis-check-aof redis-check-rdb; do
    ln -s "/usr/bin/$name" "$root/usr/local/bin/$name"
done
