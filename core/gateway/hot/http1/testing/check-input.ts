import { judge } from "./judge.ts";
import { knownDifferences } from "./known-differences.ts";
import { readAnswersAsNode, readRequestsAsNode } from "./node-reading.ts";
import { answerPairsOnward, requestPairsOnward } from "./onward.ts";
import { type OwnReading, readAnswersAsOwn, readRequestsAsOwn, rewrite } from "./own-reading.ts";
import { firstDifference, isSame, type Reading, type ReadMessage } from "./reading.ts";

/** How the bytes are to be taken: as requests, or as answers to requests by this method. */
export type InputKind = "requests" | { answersTo: string; isLenient: boolean };

export type Checked = {
	/** What happened in a word, for telling new behaviour from old. */
	signature: string;
	/** The class of the difference to node, if there is one. */
	known: string | null;
	/** What must never happen. */
	fault: string | null;
};

/**
 * The laws of the parsers, on one input: every cut of the bytes gives the same reading; node reads it the same or for a known reason not;
 * what is passed on is read by node as exactly the message that was meant.
 */
export function checkInput(kind: InputKind, bytes: Buffer, cuts: readonly number[]): Checked {
	const isRequest = kind === "requests";
	const readOwn = (at: readonly number[]) =>
		isRequest ? readRequestsAsOwn(bytes, at) : readAnswersAsOwn(bytes, kind.answersTo, kind.isLenient, at);
	const own = readOwn([]);
	const node = isRequest ? readRequestsAsNode(bytes) : readAnswersAsNode(bytes, kind.answersTo);
	const signature = `${isRequest ? "q" : `a${kind.isLenient}`}|${outlineOf(own)}|${outlineOf(node)}`;
	const fault = cutFault(own, readOwn(cuts)) ?? onwardFault(kind, own);
	if (fault !== null || (!isRequest && kind.isLenient)) return { signature, known: null, fault };
	const verdict = judge(bytes, own, node);
	if (verdict.kind === "same") return { signature, known: null, fault: null };
	if (verdict.kind === "misread") return { signature, known: null, fault: `read differently by node: ${verdict.what}` };
	const { parting } = verdict;
	const known = knownDifferences.find(({ holds }) => holds(parting));
	if (known !== undefined) return { signature, known: known.reason, fault: null };
	const { stopped, part, end, why } = parting;
	return { signature, known: null, fault: `only ${stopped} stops in the ${part}: ${end} ${why}` };
}

function outlineOf({ messages, end, why }: Reading): string {
	const last = messages.at(-1);
	const shape =
		last === undefined
			? ""
			: `${last.isWhole} ${last.minor} ${last.body.length > 0} ${last.trailers.length > 0} ${Math.min(last.pairs.length, 8)}`;
	return `${Math.min(messages.length, 4)} ${shape} ${end} ${why}`;
}

function cutFault(whole: OwnReading, cut: OwnReading): string | null {
	if (whole.end !== cut.end || whole.why !== cut.why) return `cut in pieces: ${whole.end} ${whole.why} / ${cut.end} ${cut.why}`;
	if (whole.messages.length !== cut.messages.length) return "cut in pieces: another number of messages";
	for (let index = 0; index < whole.messages.length; index++) {
		const [left, right] = [whole.messages[index] as ReadMessage, cut.messages[index] as ReadMessage];
		if (left.isWhole !== right.isWhole) return "cut in pieces: whole or not";
		const difference = firstDifference(left, right);
		if (difference !== null) return `cut in pieces: ${difference}`;
		const [one, other] = [whole.passedOn[index], cut.passedOn[index]];
		if (one !== undefined && other !== undefined && !one.equals(other)) return "cut in pieces: passed on differently";
	}
	return null;
}

/** Node must read of what is passed on one message, the whole of it, and nothing behind it. */
function onwardFault(kind: InputKind, own: OwnReading): string | null {
	for (let index = 0; index < own.passedOn.length; index++) {
		const meant = own.messages[index] as ReadMessage;
		const bytes = own.passedOn[index] as Buffer;
		const read = kind === "requests" ? readRequestsAsNode(bytes) : readAnswersAsNode(bytes, kind.answersTo);
		const [got] = read.messages;
		if (got === undefined && read.end === "refused" && isKnownToBeRefused(meant, read.why)) continue;
		const told = JSON.stringify(bytes.toString("latin1"));
		if (got === undefined || read.messages.length !== 1 || !got.isWhole)
			return `passed on, but not one message (${read.end} ${read.why}): ${told}`;
		if (got.first !== meant.first || got.body !== meant.body || !isSame(got.trailers, meant.trailers))
			return `passed on, but another message: ${told}`;
		const pairs = kind === "requests" ? requestPairsOnward(meant, rewrite.address, rewrite.scheme) : answerPairsOnward(meant);
		const isLenient = kind !== "requests" && kind.isLenient;
		if (!isLenient && !isSame(got.pairs, pairs)) return `passed on, but with other lines: ${told}`;
	}
	return null;
}

/** The reasons for which node refuses a whole request are the known ones: its method, or its target. */
function isKnownToBeRefused(meant: ReadMessage, why: string): boolean {
	const bytes = Buffer.from(`${meant.first} HTTP/1.1\r\nHost: a\r\n\r\n`, "latin1");
	return readRequestsAsNode(bytes).why === why;
}
