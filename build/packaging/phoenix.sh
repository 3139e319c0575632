#!/bin/sh
# The command `phoenix` of an installed engine. Everything that it needs stands beside it.
program=$(readlink -f -- "$0")
engine=${program%/bin/phoenix}
# Compiled code is kept between starts (the second start takes half the time). Without a place for it nothing is kept.
if [ -z "${NODE_COMPILE_CACHE:-}" ] && [ -n "${XDG_CACHE_HOME:-${HOME:-}}" ]; then
	NODE_COMPILE_CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/phoenix-engine
	export NODE_COMPILE_CACHE
fi
# What is installed is never written to, whoever starts it.
PYTHONDONTWRITEBYTECODE=1
export PYTHONDONTWRITEBYTECODE
exec "$engine/node_modules/node/bin/node" "$engine/core/cli.ts" "$@"
