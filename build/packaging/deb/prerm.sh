#!/bin/sh
# Clients may depend on a gateway that runs from here. Nothing that serves is ever ended by the package manager:
#   remove    is refused while anything runs from /opt/phoenix-engine, and says what and how to end it
#   upgrade   goes on: what runs keeps the files of its own version until it ends (postinst puts them back)
set -e
home=/opt/phoenix-engine

running() {
	for exe in /proc/[0-9]*/exe; do
		case "$(readlink "$exe" 2>/dev/null)" in
		"$home/$1"*) pid=${exe#/proc/}; echo "${pid%/exe}" ;;
		esac
	done
}

case "$1" in
remove | deconfigure)
	gateways=
	for pid in $(running ""); do
		case "$(tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null)" in *gateway/hot/supervisor.*) gateways="$gateways $pid" ;; esac
	done
	if [ -z "$gateways" ] && [ -d /run/systemd/system ]; then
		systemctl stop phoenix-engine.service || true
	fi
	left=$(running "")
	if [ -n "$left" ] && [ "${PHOENIX_LEAVE_RUNNING:-}" != yes ]; then
		echo "phoenix-engine is not removed: it is running, and clients may depend on it." >&2
		for pid in $left; do echo "  process $pid: $(tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null | cut -c -120)" >&2; done
		echo "Nothing was stopped. Let clients ask legacy itself, end 'phoenix serve' (systemctl stop phoenix-engine)," >&2
		echo "then end the gateway with 'phoenix serve --end --state DIR'. PHOENIX_LEAVE_RUNNING=yes removes the files" >&2
		echo "all the same; what runs then goes on, but cannot be started again." >&2
		exit 1
	fi
	;;
upgrade | failed-upgrade)
	if [ -d "$home/@VERSION@" ] && [ -n "$(running "@VERSION@/")" ]; then
		rm -rf "$home/@VERSION@.kept"
		cp -al "$home/@VERSION@" "$home/@VERSION@.kept"
	fi
	;;
esac
