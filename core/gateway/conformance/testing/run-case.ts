import type { Case } from "../case.ts";
import { plainAnswer, type Recorded, type RecordingBackend } from "./recording-backend.ts";
import { readFinalAnswer } from "./strict-reader.ts";
import { type Heard, talk } from "./talk.ts";

export type Observed = { heard: Heard; recorded: Recorded };

const piecesOf = ({ send }: Case) => (typeof send === "string" ? [send] : send);
const methodOf = (specimen: Case) => /^[^ ]*/.exec(piecesOf(specimen)[0] ?? "")?.[0] ?? "";

/** One case against a proxy before this backend. `quietMs`: silence that ends it where the end is not told by what came. */
export async function runCase(specimen: Case, port: number, backend: RecordingBackend, quietMs: number, isOwn: boolean): Promise<Observed> {
	await backend.begin(specimen);
	const expected = isOwn ? expectedClient(specimen) : null;
	const isCoded = (bytes: string) => bytes.startsWith("HTTP/1.1 502 ") && readFinalAnswer(bytes, "GET", false)?.isWhole === true;
	const heard = await talk(port, piecesOf(specimen), {
		halfCloses: specimen.halfCloses === true,
		isDone: (bytes) => (expected === null ? isOwn && isCoded(bytes) : bytes === expected),
		quietMs,
	});
	return { heard, recorded: backend.recorded() };
}

/** All that the client is to get while its connection stays open; null where the connection's end tells. */
function expectedClient({ expect }: Case): string | null {
	return expect.kind === "passed" && !expect.closes ? (expect.client ?? plainAnswers(expect.upstream, false)) : null;
}

function plainAnswers(upstream: readonly string[], closes: boolean): string {
	const answers = upstream.map((request, index) => {
		const [method = "", target = ""] = request.split(" ");
		return plainAnswer(method, target, closes && index === upstream.length - 1 ? "Connection: close\r\n" : "");
	});
	return answers.join("");
}

/** How the gateway failed the case; empty when it did as expected. */
export function failuresOf(specimen: Case, { heard, recorded }: Observed): string[] {
	const { expect } = specimen;
	const failures: string[] = [];
	const check = (isSo: boolean, what: string) => {
		if (!isSo) failures.push(what);
	};
	const shown = (text: string) => JSON.stringify(text.length > 600 ? `${text.slice(0, 600)}(${text.length} bytes)` : text);
	const isCoded = (status: number, code: string) => {
		check(
			new RegExp(`^HTTP/1\\.1 ${status} `).test(heard.bytes) && heard.bytes.includes(`"code":"${code}"`),
			`expected ${status} ${code}, got ${shown(heard.bytes)}`,
		);
		check(heard.bytes.split("HTTP/1.1 ").length === 2, `expected one answer, got ${shown(heard.bytes)}`);
	};
	check(recorded.faults.length === 0, `the upstream reads no HTTP: ${recorded.faults.join(", ")}`);
	switch (expect.kind) {
		case "passed": {
			const got = recorded.requests.map(({ raw }) => raw);
			check(
				got.length === expect.upstream.length && got.every((raw, index) => raw === expect.upstream[index]),
				`upstream got ${shown(got.join("|"))}, expected ${shown(expect.upstream.join("|"))}`,
			);
			const [client = "", refusal] = (expect.client ?? plainAnswers(expect.upstream, expect.closes)).split("{refused ");
			if (refusal === undefined) check(heard.bytes === client, `client got ${shown(heard.bytes)}, expected ${shown(client)}`);
			else check(heard.bytes.startsWith(`${client}HTTP/1.1 ${refusal.slice(0, 3)} `), `client got ${shown(heard.bytes)}`);
			check(heard.end === (expect.closes ? "closed" : "open"), `connection ${heard.end}`);
			break;
		}
		case "refused":
			isCoded(expect.status, "REQUEST_REFUSED");
			check(heard.end === "closed", `connection ${heard.end}`);
			check(recorded.connections.length === 0, `upstream got ${shown(recorded.connections.join("|"))}`);
			break;
		case "broken":
			isCoded(expect.status, "REQUEST_BROKEN");
			check(heard.end === "closed", `connection ${heard.end}`);
			check(recorded.requests.length === 0, `upstream got a whole request ${shown(recorded.requests[0]?.raw ?? "")}`);
			break;
		case "left":
			check(recorded.requests.length === 0, `upstream got a whole request ${shown(recorded.requests[0]?.raw ?? "")}`);
			check(heard.bytes === "" && heard.end !== "open", `client got ${shown(heard.bytes)}, connection ${heard.end}`);
			break;
		case "badAnswer":
			isCoded(502, "UPSTREAM_LOST");
			check(heard.end === "open", `connection ${heard.end}`);
			break;
		case "cut":
			if (heard.bytes.startsWith("HTTP/1.1 502 ")) {
				isCoded(502, "UPSTREAM_LOST");
				break;
			}
			check(expect.client.startsWith(heard.bytes), `client got ${shown(heard.bytes)}`);
			check(heard.end === "reset", `connection ${heard.end}`);
			break;
	}
	return failures;
}

/** What a proxy did, in words for the table; the first word decides whether it let the message through. */
export function verdictOf(specimen: Case, { heard, recorded }: Observed): string {
	const isEnded = heard.end !== "open";
	const final = readFinalAnswer(heard.bytes, methodOf(specimen), isEnded);
	const status = final?.status ?? null;
	if (
		specimen.expect.kind === "badAnswer" ||
		specimen.expect.kind === "cut" ||
		(specimen.answer !== undefined && recorded.requests.length > 0)
	) {
		if (status === null) return isEnded ? "closed" : "no answer";
		if (status >= 500 && heard.bytes.indexOf(" 599 ") === -1) return `refused ${status}`;
		return final?.isWhole ? "passed" : "cut";
	}
	const meant = specimen.expect.kind === "passed" ? specimen.expect.upstream.length : 0;
	const count = recorded.requests.length;
	const isPlanted = recorded.requests.some(({ target }) => target === "/smuggled");
	if (count > 0)
		return `passed${count === meant || (meant === 0 && count === 1) ? "" : ` ${count}`}${isPlanted ? ", the planted one too" : ""}${recorded.faults.length > 0 ? `, then noise` : ""}`;
	const kind = recorded.connections.length > 0 ? "broken off" : "refused";
	if (status !== null) return status < 400 ? `answered ${status}` : `${kind} ${status}`;
	return isEnded ? (heard.bytes === "" ? "closed" : `refused, not in HTTP/1.1`) : "waits";
}

export const letsThrough = (verdict: string): boolean => /^(passed|answered)/.test(verdict);
