/** A request as it came over the line. */
export type HttpRequest = { method: string; target: string; headers: [string, string][]; body: Uint8Array | string };

/** The same as legacy's programs see it: parameters of address and form in one, header names in small letters. */
export type ReadRequest = { method: string; path: string; params: Map<string, string>; headers: Map<string, string> };

export function readRequest({ method, target, headers, body }: HttpRequest): ReadRequest {
	const bare = target.split("#", 1)[0] ?? "";
	const mark = bare.indexOf("?");
	const path = mark < 0 ? bare : bare.slice(0, mark);
	const query = mark < 0 ? "" : bare.slice(mark + 1);
	const form = method === "POST" ? decode(body) : "";
	return {
		method,
		path: path.replace(/;[^/]*$/, ""),
		params: new Map([...parsePairs(query), ...parsePairs(form)]),
		headers: new Map(headers.map(([name, value]) => [name.toLowerCase(), value])),
	};
}

/** `a=1&b=&c`: blank values are kept, the last of equal names counts. */
export function parsePairs(text: string): [string, string][] {
	return text.split("&").flatMap((pair): [string, string][] => {
		if (pair === "") return [];
		const at = pair.indexOf("=");
		return at < 0 ? [[unquote(pair), ""]] : [[unquote(pair.slice(0, at)), unquote(pair.slice(at + 1))]];
	});
}

/** Percent codes as UTF-8; what is no such code stays as it is. */
function unquote(text: string): string {
	return text.replaceAll("+", " ").replace(/(?:%[0-9a-f]{2}|[\0-$&-\x7f])+/gi, (run) => {
		if (!run.includes("%")) return run;
		const bytes: number[] = [];
		for (let at = 0; at < run.length; at++) {
			if (run[at] === "%") {
				bytes.push(Number.parseInt(run.slice(at + 1, at + 3), 16));
				at += 2;
			} else bytes.push(run.charCodeAt(at));
		}
		return decode(Uint8Array.from(bytes));
	});
}

function decode(body: Uint8Array | string): string {
	return typeof body === "string" ? body : new TextDecoder("utf-8", { ignoreBOM: true }).decode(body);
}
