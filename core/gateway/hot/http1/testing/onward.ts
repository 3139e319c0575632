import type { ReadMessage } from "./reading.ts";

// What the other side must read of a message, told a second time and without the gateway's own code.

const ownOfTheHop = new Set(["connection", "keep-alive", "proxy-connection", "te", "upgrade"]);
const neverLeftOut = new Set(["host", "content-length", "transfer-encoding", "x-forwarded-for", "x-forwarded-proto", "expect"]);

function withoutHop(pairs: readonly string[]): [string, string][] {
	const all: [string, string][] = [];
	for (let index = 0; index < pairs.length; index += 2) all.push([pairs[index] ?? "", pairs[index + 1] ?? ""]);
	const named = all.filter(([name]) => name.toLowerCase() === "connection").flatMap(([, value]) => value.split(","));
	const names = new Set(named.map((name) => name.replace(/^[ \t]+|[ \t]+$/g, "").toLowerCase()));
	return all.filter(([name]) => {
		const lower = name.toLowerCase();
		return !ownOfTheHop.has(lower) && (!names.has(lower) || neverLeftOut.has(lower));
	});
}

/** Lines of a request as the upstream must read them (SPEC F1). */
export function requestPairsOnward({ pairs, minor }: ReadMessage, address: string, scheme: string): string[] {
	const kept = withoutHop(pairs);
	const is = (lower: string) => (pair: [string, string]) => pair[0].toLowerCase() === lower;
	const last = kept.findLastIndex(is("x-forwarded-for"));
	const [name, value] = last === -1 ? ["X-Forwarded-For", ""] : (kept.splice(last, 1)[0] as [string, string]);
	const onward = [...kept, [name, value === "" ? address : `${value}, ${address}`]];
	if (!kept.some(is("x-forwarded-proto"))) onward.push(["X-Forwarded-Proto", scheme]);
	if (!kept.some(is("host")) && minor === 0) onward.push(["Connection", "close"]);
	return onward.flat();
}

/** Lines of an answer as the client must read them, without those of its connection (SPEC F2). */
export function answerPairsOnward({ pairs, first }: ReadMessage): string[] {
	const kept = withoutHop(pairs);
	const isUnframed = Number(first) < 200 || first === "204";
	return kept.filter(([name]) => !isUnframed || !/^(content-length|transfer-encoding)$/i.test(name)).flat();
}
