#!/bin/sh
# mmdebstrap hook: puts Debian's PostgreSQL where the published postgres image has it. Called with the new root folder; MAJOR is
# the major version.
set -eu
here=$(dirname "$0")
root=$1
programs=usr/lib/postgresql/$MAJOR/bin

# Without Perl, Debian's wrappers of the client programs do not work; the real ones are found before them.
for program in "$root/$programs"/*; do
    ln -s "/$programs/${program##*/}" "$root/usr/local/bin/${program##*/}"
done
rm -rf "$root/usr/share/perl" "$root"/usr/lib/*/perl

chroot "$root" localedef -i en_US -c -f UTF-8 en_US.UTF-8
rm -rf "$root/usr/share/i18n"
sed -i "s/^#listen_addresses = 'localhost'/listen_addresses = '*'/" "$root/usr/share/postgresql/$MAJOR/postgresql.conf.sample"
grep -q "^listen_addresses = '\*'" "$root/usr/share/postgresql/$MAJOR/postgresql.conf.sample"

# What is another one in each assembly: a key pair that the installation makes, a secret too, and the name of a file.
find "$root/etc/ssl" \( -name '*snakeoil*' -o -lname '*snakeoil*' \) -delete

sed -i 's,/tmp/postgresql-common\.[[:alnum:]]*,/tmp/postgresql-common,' "$root/var/cache/debconf/config.dat"

mkdir -p "$root/docker-entrypoint-initdb.d"
rm -rf "$root/var/run/postgresql"
install -d -o 999 -g 999 -m 1777 "$root/var/lib/postgresql" "$root/var/lib/postgresql/data"
install -d -o 999 -g 999 -m 3777 "$root/var/run/postgresql"
install -m 755 "$here/docker-entrypoint.sh" "$root/usr/local/bin/"
