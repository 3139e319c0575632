import { createHash } from "node:crypto";

/** What a server is told to do with one request, by its own header. Every server of the soak sees all of them and heeds its own. */
export const faults = [
	"none",
	"slow",
	"hung",
	"reset",
	"cut",
	"short",
	"garbage",
	"two-lengths",
	"huge",
	"half-close",
	"surplus",
	"error",
] as const;
export type Fault = (typeof faults)[number];

export type Role = "legacy" | "modern" | "shadow";
export const headerOf = (role: Role): string => `x-fault-${role}`;

/** What the client must get of legacy alone. `cut`: its connection breaks off inside the answer. */
export type Outcome = { kind: "whole"; status: number } | { kind: "coded"; status: number } | { kind: "cut" };

export const legacyOutcomes: Record<Fault, Outcome> = {
	none: { kind: "whole", status: 200 },
	slow: { kind: "whole", status: 200 },
	hung: { kind: "coded", status: 504 },
	reset: { kind: "coded", status: 502 },
	cut: { kind: "cut" },
	short: { kind: "cut" },
	garbage: { kind: "coded", status: 502 },
	"two-lengths": { kind: "coded", status: 502 },
	huge: { kind: "whole", status: 200 },
	"half-close": { kind: "whole", status: 200 },
	surplus: { kind: "whole", status: 200 },
	error: { kind: "whole", status: 500 },
};

export const hugeBytes = 4 * 1024 * 1024;

/** The body that belongs to a request: nobody else's would do. Its length is told by the request. */
export function bodyFor(id: string, bytes: number): Buffer {
	const seed = createHash("sha256").update(id).digest();
	const body = Buffer.alloc(bytes);
	for (let at = 0; at < bytes; at += seed.length) seed.copy(body, at);
	return body;
}
