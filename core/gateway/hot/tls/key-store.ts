import { randomBytes } from "node:crypto";
import type { Fault } from "../../../base/fault.ts";
import type { Listener } from "../../../contract/listeners.ts";
import type { RoutePlan } from "../../../contract/traffic.ts";
import { readServerContexts } from "./certificates.ts";
import { filesOfListeners, filesOfPlan, type PemFiles, readAll, readFrom, upstreamsIn } from "./pem-files.ts";
import { createUpstreamTls } from "./upstream-tls.ts";

/**
 * What the supervisor knows of certificates and keys: it reads them, and proves each set before anybody serves with it. Only the mirror's
 * thread reads for itself; what it cannot read costs copies, never an answer.
 */
export type KeyStore = {
	/** Hex. */
	readonly secret: string;
	readonly files: PemFiles;
	/** The files of a plan to come, beside those of before. A fault: nothing has changed. */
	take(plan: RoutePlan): Fault | null;
	/** Everything anew, with another secret, so that no session of before is resumed. A fault: nothing has changed. */
	reload(plan: RoutePlan): Fault | null;
};

/** Fault CERTIFICATE_UNUSABLE of a listener. What a stored plan names and is gone leaves that upstream unreached, and no listener closed. */
export function createKeyStore(listeners: readonly Listener[], plan: RoutePlan, onMissing: (fault: Fault) => void): KeyStore {
	let secret = newSecret();
	let files = prove(listeners, secret);
	files = { ...readAll(filesOfPlan(plan), onMissing), ...files };

	return {
		get secret() {
			return secret;
		},
		get files() {
			return files;
		},
		take: (next) =>
			attempt(() => {
				const known = new Set(Object.keys(files));
				const added = readAll(
					[...filesOfPlan(next)].filter((file) => !known.has(file)),
					raise,
				);
				const all = { ...files, ...added };
				proveUpstreams(next, all);
				files = all;
			}),
		reload: (next) =>
			attempt(() => {
				const another = newSecret();
				const all = { ...readAll(filesOfPlan(next), raise), ...prove(listeners, another) };
				proveUpstreams(next, all);
				files = all;
				secret = another;
			}),
	};
}

const newSecret = (): string => randomBytes(48).toString("hex");

/** Every listener's files, once they have made contexts. */
function prove(listeners: readonly Listener[], secret: string): PemFiles {
	const files = readAll(filesOfListeners(listeners), raise);
	const keys = { secret: Buffer.from(secret, "hex"), read: readFrom(files) };
	for (const { id, tls } of listeners) if (tls !== undefined) readServerContexts(id, tls, keys);
	return files;
}

function proveUpstreams(plan: RoutePlan, files: PemFiles): void {
	const fault = createUpstreamTls(readFrom(files)).prepare(upstreamsIn(plan));
	if (fault !== null) throw fault;
}

function raise(fault: Fault): never {
	throw fault;
}

function attempt(change: () => void): Fault | null {
	try {
		change();
		return null;
	} catch (error) {
		return error as Fault;
	}
}
