#!/bin/sh
set -e
home=/opt/phoenix-engine

is_running() {
	for exe in /proc/[0-9]*/exe; do
		case "$(readlink "$exe" 2>/dev/null)" in "$1/"*) return 0 ;; esac
	done
	return 1
}

case "$1" in configure | abort-upgrade) ;; *) exit 0 ;; esac

# What ran before an upgrade keeps the files of its own version until it ends.
for kept in "$home"/*.kept; do
	[ -d "$kept" ] || continue
	if [ -d "${kept%.kept}" ]; then rm -rf "$kept"; else mv "$kept" "${kept%.kept}"; fi
done
for version in "$home"/*; do
	[ "$version" = "$home/@VERSION@" ] && continue
	if is_running "$version"; then
		echo "phoenix-engine ${version##*/} is still running and keeps its files. 'systemctl restart phoenix-engine' goes over to"
		echo "@VERSION@ when it suits; the gateway goes on meanwhile, and its old files go with the next upgrade or removal."
	else
		rm -rf "$version"
	fi
done

if [ "$1" = configure ]; then
	if ! getent passwd phoenix-engine >/dev/null; then
		useradd --system --user-group --home-dir /var/lib/phoenix-engine --no-create-home --shell /usr/sbin/nologin \
			--comment "Phoenix Engine" phoenix-engine
	fi
	# Neither enabled nor started: it stands in front of a running system, so that is for a person to say.
	if [ -d /run/systemd/system ]; then systemctl daemon-reload || true; fi
fi
