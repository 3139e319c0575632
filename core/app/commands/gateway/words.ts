/** `HOST:PORT`, `[::1]:PORT` or `:PORT` (of this machine alone); null where it is none of them. */
export function addressOf(text: string): { host: string; port: number } | null {
	const [, v6, host = "", port] = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]]*)):(\d{1,5})$/.exec(text) ?? [];
	if (port === undefined || Number(port) > 65_535) return null;
	return { host: v6 ?? (host === "" ? "127.0.0.1" : host), port: Number(port) };
}

/** `64K`, `100M`, `2G` in bytes; undefined where it is none. */
export function bytesOf(text: string): number | undefined {
	const [, number, unit = ""] = /^(\d+(?:\.\d+)?)([KMG]?)$/.exec(text) ?? [];
	const factor = { "": 1, K: 1_024, M: 1_024 ** 2, G: 1_024 ** 3 }[unit] ?? Number.NaN;
	const bytes = Math.round(Number(number) * factor);
	return Number.isFinite(bytes) ? bytes : undefined;
}
