#!/bin/sh
set -e
case "$1" in
remove)
	# Files of former versions that were kept for a process that has ended since.
	[ "${PHOENIX_LEAVE_RUNNING:-}" = yes ] || rm -rf /opt/phoenix-engine
	if [ -d /run/systemd/system ]; then systemctl daemon-reload || true; fi
	;;
purge)
	# The journal and the capsules are the evidence of what was migrated. No package manager deletes evidence.
	if [ -d /var/lib/phoenix-engine ] && ! rmdir /var/lib/phoenix-engine 2>/dev/null; then
		echo "The evidence in /var/lib/phoenix-engine is kept, and with it the user phoenix-engine. To delete both:" >&2
		echo "  rm -r /var/lib/phoenix-engine && userdel phoenix-engine" >&2
	elif getent passwd phoenix-engine >/dev/null; then
		userdel phoenix-engine
	fi
	rm -rf /var/cache/phoenix-engine
	;;
esac
