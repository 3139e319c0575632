import { execFileSync } from "node:child_process";
import { cpus, release, totalmem } from "node:os";

export type Machine = { cpu: string; cores: number; memoryGb: number; kernel: string; versions: Record<string, string> };

/** What a peer needs to take part: the program, where to read its version, and what installs it. */
const programs: Record<string, { command: string; args: string[]; debian: string; needed: boolean }> = {
	wrk: { command: "wrk", args: ["-v"], debian: "wrk", needed: true },
	cc: { command: "cc", args: ["--version"], debian: "gcc libc6-dev", needed: true },
	taskset: { command: "taskset", args: ["--version"], debian: "util-linux", needed: true },
	nginx: { command: "nginx", args: ["-v"], debian: "nginx-light", needed: false },
	haproxy: { command: "haproxy", args: ["-v"], debian: "haproxy", needed: false },
	go: { command: "go", args: ["version"], debian: "golang", needed: false },
};

export type Missing = { name: string; install: string; needed: boolean };

export function missingPrograms(): Missing[] {
	return Object.entries(programs)
		.filter(([name]) => versionOf(name) === null)
		.map(([name, { debian, needed }]) => ({ name, install: `apt-get install -y ${debian}`, needed }));
}

export function installPrograms(missing: readonly Missing[]): void {
	execFileSync("apt-get", ["update", "-qq"], { stdio: ["ignore", 2, 2] });
	for (const { name } of missing) {
		const packages = programs[name]?.debian.split(" ") ?? [];
		execFileSync("apt-get", ["install", "-y", "-qq", ...packages], { stdio: ["ignore", 2, 2] });
	}
}

/** The first line that the program says of itself; null: it is not there. */
function versionOf(name: string): string | null {
	const { command, args } = programs[name] ?? { command: name, args: ["--version"] };
	try {
		// Some tell it on stderr, and wrk ends with a failure after telling it.
		const text = execFileSync("sh", ["-c", `command -v ${command} >/dev/null || exit 127; ${command} ${args.join(" ")} 2>&1 || true`]);
		return /\d+\.\d+(\.\d+)?/.exec(text.toString())?.[0] ?? "present";
	} catch {
		return null;
	}
}

export function machine(): Machine {
	const versions: Record<string, string> = { node: process.versions.node };
	for (const name of ["nginx", "haproxy", "wrk", "go"]) {
		const version = versionOf(name);
		if (version !== null) versions[name] = version;
	}
	const [cpu] = cpus();
	return {
		cpu: cpu?.model ?? "unknown",
		cores: cpus().length,
		memoryGb: Math.round(totalmem() / 2 ** 30),
		kernel: release(),
		versions,
	};
}
