import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { createServer } from "node:net";

/** Who listens on a TCP port, as `name (process pid)`; "another process" where the system does not tell. */
export function ownerOf(port: number): string {
	const inode = listeningInode(port);
	if (inode === null) return "another process";
	for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
		try {
			const isOwner = readdirSync(`/proc/${pid}/fd`).some((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`) === `socket:[${inode}]`);
			if (isOwner) return `${readFileSync(`/proc/${pid}/comm`, "utf8").trim()} (process ${pid})`;
		} catch {
			// Another user's process, or one that has just ended.
		}
	}
	return "another process";
}

/** The first port from `from` on that can be listened on. */
export async function nextFreePort(from: number): Promise<number> {
	for (let port = from; port < from + 200 && port < 65_536; port++) if (await isFree(port)) return port;
	return 0;
}

function isFree(port: number): Promise<boolean> {
	return new Promise((resolve) => {
		const server = createServer();
		server.once("error", () => resolve(false));
		server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
	});
}

/** /proc/net/tcp holds one line a socket: local address and port in hex, state 0A is listening, the tenth field is the inode. */
function listeningInode(port: number): string | null {
	const suffix = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
	for (const file of ["/proc/net/tcp", "/proc/net/tcp6"]) {
		try {
			const fields = readFileSync(file, "utf8").split("\n").map((line) => line.trim().split(/\s+/));
			const found = fields.find((line) => line[1]?.endsWith(suffix) && line[3] === "0A");
			if (found?.[9]) return found[9];
		} catch {
			return null;
		}
	}
	return null;
}
