import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { createServer } from "node:net";

/** Who listens on a port, for a person: "python3 (process 4711)". Read from /proc; elsewhere, or of another user, it stays unnamed. */
export function portOwner(port: number): string {
	const inodes = listeningInodes(port);
	if (inodes.size === 0) return "another process";
	for (const pid of numericEntries("/proc")) {
		for (const descriptor of numericEntries(`/proc/${pid}/fd`)) {
			const inode = /^socket:\[(\d+)\]$/.exec(linkOf(`/proc/${pid}/fd/${descriptor}`))?.[1];
			if (inode !== undefined && inodes.has(inode)) return `${textOf(`/proc/${pid}/comm`).trim() || "a program"} (process ${pid})`;
		}
	}
	return "a process of another user";
}

/** The next port above `port` on which nobody listens; 0 when a hundred in a row are taken. */
export async function nextFreePort(host: string, port: number): Promise<number> {
	for (let candidate = port + 1; candidate <= Math.min(port + 100, 65_535); candidate++) {
		if (await isFree(host, candidate)) return candidate;
	}
	return 0;
}

function isFree(host: string, port: number): Promise<boolean> {
	return new Promise((resolve) => {
		const server = createServer();
		server.once("error", () => resolve(false));
		server.listen({ host, port }, () => server.close(() => resolve(true)));
	});
}

/** Columns of /proc/net/tcp: 1 is address:port in hexadecimal, 3 the state (0A: listening), 9 the inode. */
function listeningInodes(port: number): Set<string> {
	const wanted = port.toString(16).toUpperCase().padStart(4, "0");
	const inodes = new Set<string>();
	for (const line of `${textOf("/proc/net/tcp")}\n${textOf("/proc/net/tcp6")}`.split("\n")) {
		const columns = line.trim().split(/\s+/);
		if (columns[3] === "0A" && columns[1]?.endsWith(`:${wanted}`) && columns[9]) inodes.add(columns[9]);
	}
	return inodes;
}

function numericEntries(dir: string): string[] {
	try {
		return readdirSync(dir).filter((name) => /^\d+$/.test(name));
	} catch {
		return [];
	}
}

function linkOf(path: string): string {
	try {
		return readlinkSync(path);
	} catch {
		return "";
	}
}

function textOf(path: string): string {
	try {
		return readFileSync(path, "utf8");
	} catch {
		return "";
	}
}
