// Completes package-lock.json after a change of packages. A registry mirror may not serve the binaries of other platforms;
// npm then leaves them out of the lock file, and `npm ci` refuses that file everywhere. Their parents name their exact
// versions and their names say the platform, so the entries are written here. `npm run lock` runs both steps.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./runtime.mjs";

const file = join(root, "package-lock.json");
const lock = JSON.parse(readFileSync(file, "utf8"));
const systems = ["aix", "android", "darwin", "freebsd", "linux", "netbsd", "openbsd", "openharmony", "sunos", "win32"];
const processors = ["arm", "arm64", "ia32", "loong64", "mips64el", "ppc64", "riscv64", "s390x", "x64"];
const added = [];

for (const [path, { optionalDependencies = {}, dev }] of Object.entries(lock.packages)) {
	for (const [name, version] of Object.entries(optionalDependencies)) {
		const own = `${path === "" ? "" : `${path}/`}node_modules/${name}`;
		if (lock.packages[own] || lock.packages[`node_modules/${name}`]) continue;
		if (!/^\d+\.\d+\.\d+$/.test(version)) throw new Error(`${name} has no exact version in ${path}: ${version}`);
		const words = name.split(/[-/]/);
		const os = systems.filter((system) => words.includes(system));
		const cpu = processors.filter((processor) => words.includes(processor));
		if (words.includes("arm") || words.some((word) => word.startsWith("gnueabi"))) cpu.push("arm");
		if (os.length !== 1 || cpu.length === 0) throw new Error(`The platform of ${name} is not clear from its name`);
		const libc = words.includes("musl") ? ["musl"] : words.some((word) => word.startsWith("gnu")) ? ["glibc"] : undefined;
		lock.packages[`node_modules/${name}`] = {
			version,
			cpu: [...new Set(cpu)],
			...(dev && { dev }),
			...(libc && { libc }),
			optional: true,
			os,
		};
		added.push(name);
	}
}

lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(file, `${JSON.stringify(lock, null, "\t")}\n`);
console.log(added.length === 0 ? "package-lock.json is complete" : `added to package-lock.json: ${added.join(", ")}`);
