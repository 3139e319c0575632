// Sees to it that the tests find PostgreSQL's programs: those that are there, or Debian's package where that needs no one's leave.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { delimiter, join } from "node:path";
import { say } from "./runtime.mjs";

const inPath = () => (process.env.PATH ?? "").split(delimiter).some((folder) => existsSync(join(folder, "initdb")));
/** Where Debian puts them, one folder for each version. */
const ofDebian = "/usr/lib/postgresql";
const versions = () => (existsSync(ofDebian) ? readdirSync(ofDebian) : []);
const isThere = () => inPath() || versions().some((version) => existsSync(join(ofDebian, version, "bin/initdb")));

/** Installs the package as root. Where that is not possible the tests that need a server fail, and say what is missing. */
export function providePostgres() {
	if (isThere() || process.platform !== "linux" || !existsSync("/usr/bin/apt-get") || process.getuid?.() !== 0) return;
	say("Installing PostgreSQL (apt-get install postgresql): once, for the tests on a real server.");
	const options = {
		stdio: /** @type {["ignore", number, number]} */ (["ignore", 2, 2]),
		env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
	};
	spawnSync("apt-get", ["update", "-qq"], options);
	spawnSync("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "postgresql"], options);
	// The package starts a cluster of its own; the tests start theirs.
	spawnSync("service", ["postgresql", "stop"], options);
}
