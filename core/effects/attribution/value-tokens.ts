import type { Commit, RowChange, SqlValue } from "../../contract/effects.ts";
import type { Exchange } from "../../contract/traffic.ts";

/** What a commit says: each token with the places (`table.column`) where it stands, and the kind of its changes. */
export type CommitValues = { tokens: string[]; places: string[][]; signature: string };

const maxText = 65_536;
const maxTokens = 400;

/** The values in a request and its answer. Headers of the answer say nothing about rows but their date, which all share. */
export function exchangeTokens({ request, response }: Exchange): Set<string> {
	const tokens = new Set<string>();
	addTokens(unescaped(request.target), tokens);
	for (const [, value] of request.headers) addTokens(value, tokens);
	addTokens(unescaped(decode(request.body)), tokens);
	addTokens(decode(response.body), tokens);
	return tokens;
}

/** The values of the rows as they became, their keys, and by how much numbers changed. */
export function commitValues({ changes }: Commit): CommitValues {
	const found = new Map<string, Set<string>>();
	const add = (text: string, place: string) => {
		for (const token of splitTokens(text)) {
			const places = found.get(token) ?? (found.size < maxTokens ? new Set<string>() : null);
			if (places !== null) found.set(token, places.add(place));
		}
	};
	for (const change of changes) {
		add(change.key, `${change.table}#`);
		for (const [column, value] of Object.entries(change.after ?? change.before ?? {})) {
			add(textOf(value), `${change.table}.${column}`);
			const delta = deltaOf(change.before?.[column], change.after?.[column]);
			if (delta !== null) add(delta, `${change.table}.${column} by`);
		}
	}
	const places = [...found.values()].map((set) => [...set]);
	return { tokens: [...found.keys()], places, signature: signatureOf(changes) };
}

/** Which tables were changed in which way; how often does not matter. */
function signatureOf(changes: readonly RowChange[]): string {
	return [...new Set(changes.map(({ table, kind }) => `${table} ${kind}`))].sort().join(", ");
}

function addTokens(text: string, tokens: Set<string>): void {
	for (const token of splitTokens(text)) {
		tokens.add(token);
		// Rows often hold cents where people write 12.50, or 12.
		const cents = /^(\d{1,7})(?:\.(\d\d?))?$/.exec(token);
		if (cents) tokens.add(canonicalToken(`${cents[1]}${(cents[2] ?? "").padEnd(2, "0")}`));
	}
}

function splitTokens(text: string): string[] {
	const tokens: string[] = [];
	for (const part of text.slice(0, maxText).split(/[^\p{L}\p{N}_.:-]+/u)) {
		const token = canonicalToken(part);
		if (token.length >= 2) tokens.push(token);
	}
	return tokens;
}

/** Numbers by their magnitude: `000123` and 123, -250.00 and 250 are the same. Texts in lower case, without marks at their ends. */
export function canonicalToken(part: string): string {
	const number = /^[-+]?0*(\d+)(?:\.(\d*))?$/.exec(part);
	if (number === null) return part.replace(/^[.:-]+|[.:-]+$/g, "").toLowerCase();
	const fraction = (number[2] ?? "").replace(/0+$/, "");
	return fraction === "" ? (number[1] as string) : `${number[1]}.${fraction}`;
}

function textOf(value: SqlValue): string {
	if (value === null) return "";
	if ("i" in value) return value.i;
	if ("r" in value) return String(Number(value.r.toPrecision(12)));
	return "t" in value ? value.t : "";
}

function deltaOf(before: SqlValue | undefined, after: SqlValue | undefined): string | null {
	if (!before || !after) return null;
	if ("i" in before && "i" in after) return before.i === after.i ? null : String(BigInt(after.i) - BigInt(before.i));
	const [from, to] = [numberOf(before), numberOf(after)];
	// Sixth decimal: below it a difference of two floats is noise.
	return from === null || to === null || from === to ? null : String(Math.round((to - from) * 1e6) / 1e6);
}

function numberOf(value: SqlValue): number | null {
	if (value === null) return null;
	return "r" in value ? value.r : "i" in value ? Number(value.i) : null;
}

function decode(body: string): string {
	return Buffer.from(body, "base64").toString("utf8");
}

function unescaped(text: string): string {
	if (!text.includes("%")) return text;
	try {
		return decodeURIComponent(text.replaceAll("+", " "));
	} catch {
		// A percent sign that is no escape: the text as it stands is one reading of it.
		return text;
	}
}
