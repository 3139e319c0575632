import type { MismatchExample } from "../../../core/contract/verdict.ts";

/** The request as one shell command against the gateway. Everything that came over the wire stands in single quotes. */
export function curlOf({ method, target, headers, body }: MismatchExample["request"], port: number | null): string {
	const quote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
	const skipped = new Set(["host", "connection", "content-length", "transfer-encoding"]);
	const lines = [`curl -i -X ${quote(method)} ${quote(`http://127.0.0.1:${port ?? 8080}${target}`)}`];
	for (const [name, value] of headers) if (!skipped.has(name.toLowerCase())) lines.push(`-H ${quote(`${name}: ${value}`)}`);
	if (body !== "") lines.push(`--data-raw ${quote(body)}`);
	return lines.join(" \\\n  ");
}
