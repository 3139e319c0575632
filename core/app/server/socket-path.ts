import { createHash, randomBytes } from "node:crypto";
import { chmodSync, lstatSync, mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Fault } from "../../base/index.ts";

/** Names of unix sockets end at about 104 bytes. */
const longest = 100;

/**
 * Where the control socket of a state directory is: in a directory that only this user may enter. Windows has pipes instead, which
 * are named where nobody can look the name up but by the lease. Throws INPUT_INVALID when somebody else owns the directory.
 */
export function socketPath(stateDir: string): string {
	if (process.platform === "win32") return `\\\\.\\pipe\\phoenix-${randomBytes(16).toString("hex")}`;
	const inState = join(stateDir, "control", "core.sock");
	const short = createHash("sha256").update(stateDir).digest("hex").slice(0, 16);
	const path = Buffer.byteLength(inState) <= longest ? inState : join(tmpdir(), `phoenix-${process.getuid?.() ?? 0}-${short}`, "core.sock");
	makePrivate(join(path, ".."));
	return path;
}

function makePrivate(dir: string): void {
	mkdirSync(dir, { recursive: true, mode: 0o700 });
	const found = lstatSync(dir);
	// Anyone may have made it before in a directory for everyone.
	if (!found.isDirectory() || found.uid !== process.getuid?.())
		throw new Fault("INPUT_INVALID", { subject: `The directory ${dir}`, reason: "it belongs to somebody else" });
	chmodSync(dir, 0o700);
}
