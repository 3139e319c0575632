import { mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** Programs that are built for the bench only; outside the project. */
export function cacheDir(): string {
	const dir = join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "phoenix-bench");
	mkdirSync(dir, { recursive: true });
	return dir;
}
