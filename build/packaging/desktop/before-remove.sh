#!/bin/sh
# Clients may depend on a gateway that this application started, and it outlives the window. Nothing that serves is ended by the
# package manager, and its files are not replaced under it.
set -e
engine="/opt/Phoenix Engine/resources/engine"
left=
for exe in /proc/[0-9]*/exe; do
	case "$(readlink "$exe" 2>/dev/null)" in "$engine/"*) pid=${exe#/proc/}; left="$left ${pid%/exe}" ;; esac
done
if [ -n "$left" ] && [ "${PHOENIX_LEAVE_RUNNING:-}" != yes ]; then
	echo "phoenix-engine-desktop is left as it is: its engine is running, and clients may depend on it." >&2
	for pid in $left; do echo "  process $pid: $(tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null | cut -c -120)" >&2; done
	echo "Nothing was stopped. Let clients ask legacy itself, quit Phoenix Engine, end the gateway with" >&2
	echo "'\"$engine/bin/phoenix\" serve --end --state DIR', and try again." >&2
	exit 1
fi
