import type { RowChange } from "../../contract/effects.ts";
import type { Case } from "../lockstep/history.ts";

/** A request that the engine makes up, on rows that are set for it alone. Each is run from the same state, whatever came before. */
export type Probe = {
	/** `POST /transfer`. */
	route: string;
	request: Case["request"];
	/** Put on before the request and taken back after it. */
	rows: RowChange[];
};

/** One that the search has run on the new service: the branches that it took there, as places in the blueprint's list. */
export type TakenProbe = Probe & { branches: number[] };

/** `query-or-form` and header fields of a request, as the blueprint names them. */
export type FieldPlace = { name: string; in: "query-or-form" | "header" };

/** The value of a field; null when the request does not carry it. */
export function fieldOf(request: Case["request"], { name, in: place }: FieldPlace): string | null {
	if (place === "header") return request.headers.find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1] ?? null;
	return formOf(request).get(name);
}

/** The request with another value of a field, or without the field. */
export function withField(request: Case["request"], { name, in: place }: FieldPlace, value: string | null): Case["request"] {
	if (place === "header") {
		const others = request.headers.filter(([key]) => key.toLowerCase() !== name.toLowerCase());
		// Blanks around a value are no part of it (RFC 9110, 5.5), and what no header line can carry is no request.
		return { ...request, headers: value === null ? others : [...others, [name, value.replace(/[^\t\x20-\x7e\x80-\xff]/g, "").trim()]] };
	}
	const form = formOf(request);
	if (value === null) form.delete(name);
	else form.set(name, value);
	if (hasForm(request)) return { ...request, body: Buffer.from(form.toString()).toString("base64") };
	const [path = "/"] = request.target.split("?");
	return { ...request, target: form.size === 0 ? path : `${path}?${form}` };
}

const hasForm = ({ method }: Case["request"]) => method !== "GET" && method !== "HEAD";

function formOf(request: Case["request"]): URLSearchParams {
	if (hasForm(request)) return new URLSearchParams(Buffer.from(request.body, "base64").toString());
	return new URLSearchParams(request.target.split("?")[1] ?? "");
}
