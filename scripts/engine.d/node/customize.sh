#!/bin/sh
# mmdebstrap hook: puts Node's own program and npm where the published node image has them. Called with the new root folder;
# VERSIONS is the file that gets theirs.
set -eu
here=$(dirname "$0")
root=$1
lib=$root/usr/local/lib/node_modules

install -m 755 "$here"/node_modules/node-linux-*/bin/node "$root/usr/local/bin/node"
mkdir -p "$lib"
cp -R --no-preserve=ownership "$here/node_modules/npm" "$lib/npm"
rm -rf "$lib/npm/docs" "$lib/npm/man"
ln -s node "$root/usr/local/bin/nodejs"
ln -s ../lib/node_modules/npm/bin/npm-cli.js "$root/usr/local/bin/npm"
ln -s ../lib/node_modules/npm/bin/npx-cli.js "$root/usr/local/bin/npx"
install -m 755 "$here/docker-entrypoint.sh" "$root/usr/local/bin/"

chroot "$root" groupadd --gid 1000 node
chroot "$root" useradd --uid 1000 --gid node --shell /bin/bash --create-home node
echo "node=$(chroot "$root" node -p process.versions.node)" >>"$VERSIONS"
echo "npm=$(chroot "$root" npm --version)" >>"$VERSIONS"
rm -rf "$root/root/.npm"
