import { lookup } from "node:dns/promises";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { Fault } from "../../base/index.ts";
import { readLease, readStoredPlan, stateFiles } from "../../gateway/hot/index.ts";
import { hostOf, type Target } from "../../replay/index.ts";

/** `http://host:port`, nothing behind it. null: it is none. */
export function targetOf(text: string): Target | null {
	const parts = /^(https?:)\/\/(\[[\da-f:]+\]|[\w.-]+)(?::(\d{1,5}))?\/?$/i.exec(text);
	if (parts === null) return null;
	const protocol = parts[1]?.toLowerCase() === "https:" ? "https:" : "http:";
	const port = Number(parts[3] ?? (protocol === "https:" ? 443 : 80));
	if (port < 1 || port > 65_535) return null;
	return { protocol, host: (parts[2] ?? "").replace(/^\[|\]$/g, ""), port };
}

/**
 * REPLAY_REFUSED when the target is the legacy of the system attached in this state directory, or the gateway in front of it: recorded
 * requests would be carried out on it a second time. By the gateway's own files, so it needs no running engine.
 */
export async function refuseAttached(target: Target, dir: string): Promise<void> {
	const files = stateFiles(join(dir, "gateway"));
	const legacy = readStoredPlan(files.plan)?.plan.legacy ?? null;
	const gateway = readLease(files.lease);
	const places = [
		{ what: "it is the legacy system that is attached here", at: legacy },
		{ what: "it is the gateway in front of the attached legacy system", at: gateway },
	];
	for (const { what, at } of places) {
		if (at === null || at.port !== target.port || !(await isSameHost(at.host, target.host))) continue;
		throw new Fault("REPLAY_REFUSED", {
			target: hostOf(target),
			reason: `${what}, and recorded requests would be carried out there again`,
			remedy: "Name another target, or say --i-know if that is what you want.",
		});
	}
}

async function isSameHost(one: string, other: string): Promise<boolean> {
	const [left, right] = await Promise.all([addressesOf(one), addressesOf(other)]);
	return left.some((address) => right.includes(address));
}

/** Every address of this machine is one place. A name that cannot be resolved is itself. */
async function addressesOf(host: string): Promise<string[]> {
	const own = new Set(
		Object.values(networkInterfaces())
			.flat()
			.map((one) => one?.address),
	);
	const found = await lookup(host, { all: true }).catch(() => [{ address: host }]);
	return found.map(({ address }) => (own.has(address) || /^(?:127\.|::1$|::ffff:127\.|0\.0\.0\.0$|::$)/.test(address) ? "here" : address));
}
