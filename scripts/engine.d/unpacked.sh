#!/bin/sh
# Makes a root folder of packages that were only unpacked: what their installation would have made, without what is of no use
# to one program. Called with the root folder, the name of Debian's release and the packages' files.
set -eu
root=$1
release=$2

for folder in bin sbin lib lib64; do
    [ ! -d "$root/usr/$folder" ] || [ -e "$root/$folder" ] || ln -s "usr/$folder" "$root/$folder"
done
mkdir -p "$root/etc/ssl/certs" "$root/tmp"
chmod 1777 "$root/tmp"
cat "$root"/usr/share/ca-certificates/mozilla/*.crt >"$root/etc/ssl/certs/ca-certificates.crt"
printf '%s\n' root:x:0:0:root:/root:/sbin/nologin nobody:x:65534:65534:nobody:/nonexistent:/sbin/nologin >"$root/etc/passwd"
printf '%s\n' root:x:0: nogroup:x:65534: >"$root/etc/group"
echo 'hosts: files dns' >"$root/etc/nsswitch.conf"

if [ -x "$root/usr/bin/busybox" ]; then # the published image has its commands
    for name in $("$root/usr/bin/busybox" --list); do
        [ -e "$root/usr/bin/$name" ] || ln -s busybox "$root/usr/bin/$name"
    done
fi

find "$root/usr/share/doc" -type f ! -name copyright -delete
for folder in ca-certificates man locale lintian bash-completion info initramfs-tools java maven-repo vim apport; do
    rm -rf "${root:?}/usr/share/$folder"
done
rm -rf "$root/etc/init.d" "$root/etc/default" "$root/etc/logrotate.d" "$root/usr/lib/systemd" "$root/etc/ca-certificates"

# As in other images without dpkg, scanners find here what there is.
rm -rf "$root/var/lib"
mkdir -p "$root/var/lib/dpkg/status.d"
printf 'ID=debian\nNAME="Debian GNU/Linux"\nPRETTY_NAME="Debian GNU/Linux %s"\nVERSION_CODENAME=%s\n' "$release" "$release" >"$root/etc/os-release"
shift 2
for package; do
    { dpkg-deb -f "$package" && echo 'Status: install ok installed'; } >"$root/var/lib/dpkg/status.d/$(dpkg-deb -f "$package" Package)"
done
