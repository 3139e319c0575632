import { execFileSync, spawnSync } from "node:child_process";

/** Prometheus' own checker, installed from Debian where it is missing; null where that is not possible. */
export function findPromtool(): string | null {
	const env = { PATH: process.env.PATH ?? "", DEBIAN_FRONTEND: "noninteractive" };
	const isThere = () => spawnSync("promtool", ["--version"], { cwd: "/", env }).status === 0;
	if (isThere()) return "promtool";
	try {
		execFileSync("apt-get", ["install", "-y", "--no-install-recommends", "prometheus"], {
			cwd: "/",
			env,
			stdio: "ignore",
			timeout: 90_000,
		});
	} catch {
		return null;
	}
	return isThere() ? "promtool" : null;
}

/** What promtool says of it; empty when it is content. */
export function promtool(tool: string, args: string[], input = ""): string {
	const { status, stdout, stderr } = spawnSync(tool, args, { cwd: "/", env: { PATH: process.env.PATH ?? "" }, input, encoding: "utf8" });
	return status === 0 ? "" : `${stdout}${stderr}`;
}
