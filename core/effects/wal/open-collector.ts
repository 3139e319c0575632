import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { dirname, extname } from "node:path";
import { fileURLToPath } from "node:url";
import { childEnvironment, createEmitter, Fault } from "../../base/index.ts";
import type { Commit, EffectSource } from "../../contract/effects.ts";
import { unsuitable } from "../unsuitable.ts";
import type { FromCollector, TailOptions, ToCollector } from "./messages.ts";
import type { SchemaChange } from "./wal-tail.ts";

export type WalSource = EffectSource & {
	/** Rowid tables that are followed, as of the opening. */
	readonly tables: readonly string[];
	/** CREATE, ALTER and DROP TABLE by the writer. The commits go on; a copy made earlier no longer has the same columns. */
	onSchema(listener: (change: SchemaChange) => void): () => void;
};

export type Collector = {
	readonly pid: number;
	/**
	 * Follows one SQLite database in WAL mode from its present state on, or by triggers one in rollback-journal mode. Commits that arrive before the first subscriber
	 * are kept for it. Throws SOURCE_UNREADABLE, DATABASE_UNSUITABLE, DATABASE_LOCKED or INPUT_INVALID (followed already).
	 */
	tail(path: string, options?: TailOptions): Promise<WalSource>;
	stop(): Promise<void>;
};

type Tail = { receive(message: FromCollector): void; die(reason: string): void };

/** Starts the process that reads database files as bytes. `log` gets what it writes to stderr. */
export async function openCollector(log: (line: string) => void = () => {}): Promise<Collector> {
	const program = new URL(`./collector${extname(import.meta.url)}`, import.meta.url);
	const child = fork(program, [], {
		cwd: dirname(fileURLToPath(program)),
		env: childEnvironment(process.env),
		serialization: "advanced",
		execArgv: [],
		stdio: ["ignore", "ignore", "pipe", "ipc"],
	});
	child.stderr?.setEncoding("utf8").on("data", (text: string) => log(text.trimEnd()));
	await once(child, "spawn");
	// A killed one that is told to end in the same moment: its exit follows.
	child.on("error", (error) => log(String(error)));
	const tails = new Map<number, Tail>();
	let nextId = 1;
	let isStopping = false;
	child.on("message", (message: FromCollector) => tails.get(message.id)?.receive(message));
	child.on("exit", (code, signal) => {
		for (const tail of tails.values()) tail.die(isStopping ? "it was stopped" : `its collector ended (${signal ?? code})`);
		tails.clear();
	});
	return {
		pid: child.pid as number,
		tail(path, options = {}) {
			const id = nextId++;
			return openSource(child, id, path, options, tails);
		},
		async stop() {
			isStopping = true;
			if (child.exitCode !== null || child.signalCode !== null) return;
			const ended = new Promise((resolve) => child.once("exit", resolve));
			if (child.connected) child.disconnect();
			await ended;
		},
	};
}

/** One database with a collector of its own; `stop` ends both. */
export async function openWalTail({
	path,
	log,
	...options
}: TailOptions & { path: string; log?: (line: string) => void }): Promise<WalSource> {
	const collector = await openCollector(log);
	try {
		const source = await collector.tail(path, options);
		return Object.defineProperties(
			{
				...source,
				async stop() {
					try {
						await source.stop();
					} finally {
						await collector.stop();
					}
				},
			},
			{ index: { get: () => source.index, enumerable: true } },
		) as WalSource;
	} catch (error) {
		await collector.stop();
		throw error;
	}
}

function openSource(child: ChildProcess, id: number, path: string, options: TailOptions, tails: Map<number, Tail>): Promise<WalSource> {
	const send = (message: ToCollector) => child.connected && child.send(message);
	const commits = createEmitter<Commit>();
	const schemas = createEmitter<SchemaChange>();
	const losses = createEmitter<Fault>();
	const drains = new Map<number, PromiseWithResolvers<void>>();
	const stopped = Promise.withResolvers<void>();
	const opened = Promise.withResolvers<WalSource>();
	let kept: Commit[] | null = [];
	let index = 0;
	let nextCall = 1;
	let lost: Fault | null = null;

	const deliver = (commit: Commit) => {
		index = commit.index;
		if (kept === null) commits.emit(commit);
		else kept.push(commit);
	};
	const lose = (fault: Fault) => {
		if (lost !== null) return;
		lost = fault;
		for (const drain of drains.values()) drain.reject(fault);
		drains.clear();
		losses.emit(fault);
	};
	const source: WalSource = {
		tables: [],
		get index() {
			return index;
		},
		drain() {
			if (lost !== null) return Promise.reject(lost);
			const call = nextCall++;
			const drain = Promise.withResolvers<void>();
			drains.set(call, drain);
			send({ kind: "drain", id, call });
			return drain.promise;
		},
		subscribe(listener) {
			const end = commits.subscribe(listener);
			const early = kept ?? [];
			kept = null;
			for (const commit of early) listener(commit);
			return end;
		},
		onLost(listener) {
			if (lost !== null) listener(lost);
			return losses.subscribe(listener);
		},
		onSchema: schemas.subscribe,
		async stop() {
			if (!tails.has(id)) return;
			send({ kind: "stop", id });
			await stopped.promise;
		},
	};
	const finish = () => {
		tails.delete(id);
		stopped.resolve();
	};

	tails.set(id, {
		receive(message) {
			switch (message.kind) {
				case "opened":
					return opened.resolve(Object.defineProperty(source, "tables", { value: message.tables, enumerable: true }));
				case "refused":
					opened.reject(new Fault(message.code, message.data));
					return finish();
				case "commits":
					return message.commits.forEach(deliver);
				case "schema":
					return schemas.emit({ after: message.after, tables: message.tables, renamed: message.renamed });
				case "drained":
					drains.get(message.call)?.resolve();
					return void drains.delete(message.call);
				case "undrained":
					drains.get(message.call)?.reject(new Fault(message.code, message.data));
					return void drains.delete(message.call);
				case "lost":
					return lose(new Fault(message.code, message.data));
				case "stopped":
					lose(unsuitable(path, "it was stopped"));
					if (message.left === true) stopped.reject(new Fault("TRIGGERS_LEFT", { file: path }));
					return finish();
				default:
					return message satisfies never;
			}
		},
		die(reason) {
			opened.reject(unsuitable(path, reason));
			lose(unsuitable(path, reason));
			stopped.resolve();
		},
	});
	const { pollMs = 5, lockTimeoutMs = 3000, method = "log", keepEntries = 50_000 } = options;
	send({ kind: "tail", id, path, options: { pollMs, lockTimeoutMs, method, keepEntries } });
	return opened.promise;
}
