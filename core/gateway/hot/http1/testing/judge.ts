import type { OwnReading } from "./own-reading.ts";
import { firstDifference, type Reading, type ReadMessage } from "./reading.ts";

/** Where two readings of the same bytes part: one of them went on, the other stopped. */
export type Parting = {
	/** Who stopped, and in what: a head that the other one accepted, its body, or what comes after the last common message. */
	stopped: "gateway" | "node";
	part: "head" | "body" | "rest";
	end: Reading["end"];
	why: string;
	/** As the one read it that went on; the last common one for `rest`. */
	message: ReadMessage | null;
	own: OwnReading;
	node: Reading;
	bytes: Buffer;
};

/** The same, or where they part, or (never allowed) how both read a message differently. */
export type Verdict = { kind: "same" } | { kind: "parting"; parting: Parting } | { kind: "misread"; what: string };

const same: Verdict = { kind: "same" };

/**
 * Compares what the gateway made of a stream of bytes with what node made of it. Messages that both accepted must be equal in every part.
 * What comes after the gateway closed or gave the connection away reaches nobody, so it is not compared.
 */
export function judge(bytes: Buffer, own: OwnReading, node: Reading): Verdict {
	const parting = (stopped: Parting["stopped"], part: Parting["part"], message: ReadMessage | null): Verdict => {
		const { end, why } = stopped === "gateway" ? own : node;
		return { kind: "parting", parting: { stopped, part, end, why, message, own, node, bytes } };
	};
	let last: ReadMessage | null = null;
	for (let index = 0; index < own.messages.length; index++) {
		const ours = own.messages[index] as ReadMessage;
		const theirs = node.messages[index];
		if (theirs === undefined) return parting("node", "head", ours);
		const what = firstDifference(ours, theirs);
		if (what !== null) return { kind: "misread", what };
		if (own.end === "upgraded" && index === own.messages.length - 1) return same;
		if (ours.isWhole && !theirs.isWhole) return parting("node", "body", ours);
		if (!ours.isWhole && theirs.isWhole) return parting("gateway", "body", theirs);
		last = theirs;
	}
	if (own.end === "closed") return same;
	const next = node.messages[own.messages.length];
	if (next !== undefined) return parting("gateway", "head", next);
	if (own.end === node.end) return same;
	// One of them waits for more, or stopped for another reason, before either had a whole head.
	return own.end === "refused" ? parting("gateway", "rest", last) : parting("node", "rest", last);
}
