import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, statSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";

export const hasProgram = (name: string) => spawnSync("sh", ["-c", `command -v ${name}`]).status === 0;

export type Answer = { code: number | null; output: string };

/** Runs a program to its end; what it prints on both channels is its output. */
export function run(command: string, args: string[], options: { env?: NodeJS.ProcessEnv; cwd?: string; uid?: number; gid?: number } = {}) {
	const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: "utf8", ...options });
	return { code: status, output: `${stdout ?? ""}${stderr ?? ""}${error === undefined ? "" : error.message}` } satisfies Answer;
}

/** The same without holding up this process, whose clients go on meanwhile. */
export function runBeside(command: string, args: string[]): Promise<Answer> {
	const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"] });
	let output = "";
	for (const stream of [child.stdout, child.stderr])
		stream.on("data", (text) => {
			output += text;
		});
	return new Promise((resolve, reject) => {
		child.once("error", reject).once("close", (code) => resolve({ code, output }));
	});
}

/** Somebody who works on this machine: a name, an empty home, and the usual PATH with nothing of ours in it. */
export type Person = {
	name: string;
	home: string;
	spawn(command: string, args: string[]): ChildProcess;
	run(command: string, args: string[]): Answer;
	/** Ends what the person still runs, and takes the account and the home away. */
	remove(): Promise<void>;
};

/** As root a new user of the system; else oneself with another home. */
export function createPerson(home: string): Person {
	const isRoot = process.getuid?.() === 0;
	const name = isRoot ? `phoenix-test-${process.pid}` : (process.env.USER ?? "oneself");
	let ids: { uid?: number; gid?: number } = {};
	if (isRoot) {
		const made = run("useradd", ["--create-home", "--home-dir", home, "--shell", "/bin/sh", name]);
		if (made.code !== 0) throw new Error(made.output);
		const [, , uid, gid] = readFileSync("/etc/passwd", "utf8").match(new RegExp(`^(${name}):[^:]*:(\\d+):(\\d+):`, "m")) ?? [];
		ids = { uid: Number(uid), gid: Number(gid) };
	} else mkdirSync(home, { recursive: true });
	const options = { cwd: home, env: { HOME: home, PATH: "/usr/bin:/bin", LANG: "C.UTF-8" }, ...ids };
	return {
		name,
		home,
		spawn: (command, args) => spawn(command, args, { ...options, detached: true, stdio: ["ignore", "pipe", "pipe"] }),
		run: (command, args) => run(command, args, options),
		async remove() {
			if (ids.uid === undefined) return;
			// An account with a running process is not removed.
			for (const pid of processesOf(ids.uid)) process.kill(pid, "SIGKILL");
			await until(() => processesOf(ids.uid).length === 0);
			const removed = run("userdel", ["--remove", name]);
			if (readFileSync("/etc/passwd", "utf8").includes(`${name}:`)) throw new Error(removed.output);
		},
	};
}

/** The first line of a program's output that is JSON; throws what it complained about when it ends before. */
export function firstJsonLine(child: ChildProcess, limitMs = 30_000): Promise<unknown> {
	let told = "";
	child.stderr?.on("data", (text) => {
		told += text;
	});
	return new Promise((resolve, reject) => {
		const late = setTimeout(() => reject(new Error(`No line within ${limitMs} ms. ${told}`)), limitMs);
		child.once("exit", (code) => reject(new Error(`It ended with code ${code}. ${told}`)));
		createInterface({ input: child.stdout as Readable }).on("line", (line) => {
			if (!line.startsWith("{")) return;
			clearTimeout(late);
			resolve(JSON.parse(line));
		});
	});
}

/** Ids of a user's processes. */
function processesOf(uid: number | undefined): number[] {
	const ids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
	return ids.map(Number).filter((pid) => statSync(`/proc/${pid}`, { throwIfNoEntry: false })?.uid === uid);
}

/** Processes whose program stands below a folder, also when its file has been replaced since: id and words. */
export function processesBelow(folder: string): { pid: number; words: string }[] {
	return readdirSync("/proc")
		.filter((name) => /^\d+$/.test(name))
		.flatMap((pid) => {
			try {
				if (!readlinkSync(`/proc/${pid}/exe`).startsWith(`${folder}/`)) return [];
				return [{ pid: Number(pid), words: readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim() }];
			} catch {
				return [];
			}
		});
}

/** Waits until `condition` holds; fails the test after `limitMs`. */
export async function until(condition: () => boolean | Promise<boolean>, limitMs = 15_000): Promise<void> {
	const limit = performance.now() + limitMs;
	while (!(await condition())) {
		if (performance.now() > limit) throw new Error(`Not within ${limitMs} ms: ${condition}`);
		await delay(50);
	}
}

/** A port that nobody listens on, below those that the system gives out by itself. */
export async function freePort(): Promise<number> {
	for (;;) {
		const port = 20_000 + Math.floor(Math.random() * 12_000);
		const isFree = await new Promise<boolean>((resolve) => {
			const server = createServer()
				.once("error", () => resolve(false))
				.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
		});
		if (isFree) return port;
	}
}

/** Paths of this machine that carry the product's name, apart from the logs of the package manager. */
export function traces(): string[] {
	const places = ["/opt", "/usr", "/etc", "/var", "/lib", "/run"].filter((path) => existsSync(path));
	const { output } = run("find", [...places, "-xdev", "-name", "*phoenix*", "-not", "-path", "/var/log/*"]);
	return output.split("\n").filter((line) => line.startsWith("/") && !line.includes("Permission denied"));
}

/** Names of a tree's files that hold a text. */
export function holding(folder: string, text: string): string[] {
	const { output } = run("grep", ["-rlF", "--", text, folder]);
	return output
		.split("\n")
		.filter(Boolean)
		.map((path) => path.slice(join(folder, "/").length));
}
