import { createSplicer, type Walk } from "./visit.ts";

/** `multipart/form-data`: each part under its `name`, also a file; the lines above it are a text of their own. */
export function walkMultipart(boundary: string): Walk {
	return (text, visit) => {
		const splice = createSplicer(text);
		const mark = `--${boundary}`;

		function show(from: number, to: number, path: string[]): void {
			const value = text.slice(from, to);
			const changed = value === "" ? "" : visit(path, value, "text");
			if (changed !== value) splice.replace(from, to, changed);
		}

		for (let at = text.indexOf(mark); at !== -1; ) {
			const head = at + mark.length;
			if (text.startsWith("--", head)) return splice.finish();
			const body = text.indexOf("\r\n\r\n", head);
			const next = body === -1 ? -1 : text.indexOf(`\r\n${mark}`, body + 2);
			if (next === -1) return splice.finish(at);
			const name = /\bname="([^"]*)"/i.exec(text.slice(head, body))?.[1] ?? "";
			show(head, body, []);
			show(body + 4, Math.max(body + 4, next), [name]);
			at = next + 2;
		}
		return splice.finish(0);
	};
}
