import { readFileSync } from "node:fs";
import { Fault } from "../../../base/fault.ts";
import type { Listener } from "../../../contract/listeners.ts";
import type { RoutePlan, Upstream } from "../../../contract/traffic.ts";

/**
 * What stands in the files that listeners and plan name, by path. It is read once and handed from process to process in memory, so that a
 * worker that is started anew does not depend on a file that somebody is just replacing. It is never stored and never logged.
 */
export type PemFiles = Readonly<Record<string, string>>;

/** Fault CERTIFICATE_UNUSABLE where there is no such file. */
export type ReadPem = (file: string) => Buffer;

/** What a TLS listener is opened with. `secret`: of its sessions, shared by all workers. */
export type TlsKeys = { secret: Buffer; read: ReadPem };

export function readPem(file: string): Buffer {
	try {
		return readFileSync(file);
	} catch (error) {
		throw unusable(file, (error as NodeJS.ErrnoException).code ?? "it cannot be read", error);
	}
}

export const readFrom =
	(files: PemFiles): ReadPem =>
	(file) => {
		const text = files[file];
		if (text === undefined) throw unusable(file, "it was not read");
		return Buffer.from(text, "latin1");
	};

export function unusable(file: string, reason: string, cause?: unknown): Fault {
	return new Fault("CERTIFICATE_UNUSABLE", { file, reason }, { cause });
}

/** `onMissing`: what becomes of the fault of a file that cannot be read. */
export function readAll(paths: Iterable<string>, onMissing: (fault: Fault) => void): PemFiles {
	const files: Record<string, string> = {};
	for (const path of new Set(paths)) {
		try {
			files[path] = readPem(path).toString("latin1");
		} catch (error) {
			onMissing(error as Fault);
		}
	}
	return files;
}

export function* filesOfListeners(listeners: readonly Listener[]): Generator<string> {
	for (const { tls } of listeners) {
		if (tls === undefined) continue;
		for (const { certFile, keyFile } of tls.certificates) yield* [certFile, keyFile];
		if (tls.clientCaFile !== undefined) yield tls.clientCaFile;
	}
}

export function* filesOfPlan(plan: RoutePlan): Generator<string> {
	for (const { tls } of upstreamsIn(plan)) {
		for (const file of [tls?.caFile, tls?.certFile, tls?.keyFile]) if (file !== undefined) yield file;
	}
}

/** Everybody that the plan names, whoever they answer. */
export function* upstreamsIn({ legacy, routes, streams }: RoutePlan): Generator<Upstream> {
	if (legacy !== null) yield legacy;
	for (const { mode } of [...routes, ...(streams ?? [])]) {
		if ("upstream" in mode) yield mode.upstream;
		if ("mirror" in mode && mode.mirror !== undefined) yield mode.mirror.upstream;
	}
	for (const stream of streams ?? []) yield stream.legacy;
}
