#!/bin/sh
# mmdebstrap hook, before Debian's PostgreSQL is installed: its user has the numbers of the published image, and no cluster is
# made. Called with the new root folder.
set -eu
echo postgres:x:999:999::/var/lib/postgresql:/bin/bash >>"$1/etc/passwd"
echo 'postgres:*:20454:0:99999:7:::' >>"$1/etc/shadow"
echo postgres:x:999: >>"$1/etc/group"
mkdir -p "$1/etc/postgresql-common"
echo 'create_main_cluster = false' >"$1/etc/postgresql-common/createcluster.conf"
