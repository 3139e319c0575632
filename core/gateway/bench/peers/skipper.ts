import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../../testing/upstream.ts";
import { cacheDir } from "../cache.ts";
import { end, familyOf, proxyCore, startOn, untilListening } from "../processes.ts";
import type { Backends, Peer } from "./peer.ts";

export const skipperVersion = "v0.21.0";

const program = () => join(cacheDir(), `skipper-${skipperVersion}`);

/** Built once, from the Go module; a few minutes on two cores. Throws with the reason when it cannot be. */
export function buildSkipper(say: (line: string) => void, isGoMissing: boolean): string {
	const file = program();
	if (existsSync(file)) return file;
	if (isGoMissing) throw new Error("it is built from its Go module, and go is not installed");
	say(`Building Skipper ${skipperVersion} from its Go module, once; this takes some minutes.`);
	const dir = mkdtempSync(join(tmpdir(), "phoenix-skipper-"));
	try {
		writeFileSync(join(dir, "go.mod"), `module phoenix.local/peer\n\ngo 1.22\n\nrequire github.com/zalando/skipper ${skipperVersion}\n`);
		const built = join(dir, "skipper");
		const args = ["build", "-mod=mod", "-o", built, "github.com/zalando/skipper/cmd/skipper"];
		execFileSync("go", args, { cwd: dir, stdio: ["ignore", "ignore", "pipe"], timeout: 30 * 60_000 });
		// The cache may be on another disk.
		execFileSync("cp", [built, `${file}.new`]);
		renameSync(`${file}.new`, file);
		return file;
	} catch (error) {
		const stderr = error instanceof Error && "stderr" in error ? String(error.stderr).trim().split("\n").at(-1) : String(error);
		throw new Error(`it could not be built: ${stderr}`);
	} finally {
		rmSync(dir, { recursive: true, force: true });
	}
}

/** Its `tee` sends the copy in the background and throws the answer away. */
export async function startSkipper(file: string, { legacy, shadow }: Backends): Promise<Peer> {
	const port = await freePort();
	const support = await freePort();
	const route = `all: * -> tee("http://127.0.0.1:${shadow}") -> "http://127.0.0.1:${legacy}";`;
	const quiet = ["-access-log-disabled", "-application-log-level", "ERROR", "-support-listener", `127.0.0.1:${support}`];
	const kept = ["-idle-conns-num", "256", "-close-idle-conns-period", "120s"];
	const child = startOn(proxyCore, file, ["-address", `127.0.0.1:${port}`, "-inline-routes", route, ...quiet, ...kept]);
	await untilListening(port, "Skipper");
	return { name: "skipper + tee", port, pids: () => familyOf(child.pid ?? 0), end: () => end(child) };
}
