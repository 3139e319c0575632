import { createSplicer, DEPTH_LIMIT, type Walk } from "./visit.ts";

const name = /[^\s/>=<"']+/y;
const attribute = /\s+([^\s/>=<"']+)\s*=\s*("[^"<]*"|'[^'<]*')/y;
const tagEnd = /\s*(\/?)>/y;

/** XML: texts, attributes (as `@name`), CDATA, and what stands in comments and instructions. Names without their prefixes. */
export const walkXml: Walk = (text, visit) => {
	const splice = createSplicer(text);
	const path: string[] = [];
	let at = 0;

	function show(from: number, to: number, isEscaped: boolean, extra: readonly string[] = []): void {
		const raw = text.slice(from, to);
		if (raw.trim() === "") return;
		const value = isEscaped ? unescapeXml(raw) : raw;
		const next = visit(extra.length === 0 ? path : [...path, ...extra], value, "text");
		if (next !== value) splice.replace(from, to, isEscaped ? escapeXml(next) : next);
	}

	/** Up to and behind `end`, which must come. */
	function block(open: number, end: string): boolean {
		const to = text.indexOf(end, at + open);
		if (to === -1) return false;
		show(at + open, to, false);
		at = to + end.length;
		return true;
	}

	function openTag(): boolean {
		name.lastIndex = at + 1;
		const tag = name.exec(text)?.[0];
		if (tag === undefined || path.length === DEPTH_LIMIT) return false;
		path.push(localName(tag));
		at += 1 + tag.length;
		while (true) {
			attribute.lastIndex = at;
			const found = attribute.exec(text);
			if (found === null) break;
			const [whole, key = "", quoted = ""] = found;
			at += whole.length;
			show(at - quoted.length + 1, at - 1, true, [`@${localName(key)}`]);
		}
		tagEnd.lastIndex = at;
		const end = tagEnd.exec(text);
		if (end === null) return false;
		at += end[0].length;
		if (end[1] === "/") path.pop();
		return true;
	}

	function closeTag(): boolean {
		const to = text.indexOf(">", at);
		if (to === -1 || localName(text.slice(at + 2, to).trim()) !== path.pop()) return false;
		at = to + 1;
		return true;
	}

	function markup(): boolean {
		if (text.startsWith("<!--", at)) return block(4, "-->");
		if (text.startsWith("<![CDATA[", at)) return block(9, "]]>");
		if (text.startsWith("<?", at)) return block(2, "?>");
		// A document type may hold entities, which hold anything: nobody is asked, so nobody is trusted.
		if (text.startsWith("<!", at)) return /^<!DOCTYPE[^[<>]*>/i.test(text.slice(at, at + 500)) && block(2, ">");
		return text.startsWith("</", at) ? closeTag() : openTag();
	}

	while (at < text.length) {
		const next = text.indexOf("<", at);
		const to = next === -1 ? text.length : next;
		if (to > at) show(at, to, true);
		at = to;
		if (next === -1) break;
		if (!markup()) {
			const { text: done, unread } = splice.finish(next);
			return { text: done, unread };
		}
	}
	return splice.finish();
};

export const localName = (tag: string): string => tag.slice(tag.indexOf(":") + 1);

const entities: Record<string, string> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

function unescapeXml(raw: string): string {
	if (!raw.includes("&")) return raw;
	return raw.replace(/&(?:#x([\da-f]{1,6})|#(\d{1,7})|(\w+));/gi, (whole, hex?: string, decimal?: string, named?: string) => {
		if (named !== undefined) return entities[named] ?? whole;
		const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
		return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
	});
}

const escapes: Record<string, string> = { "<": "&lt;", ">": "&gt;", "&": "&amp;", '"': "&quot;", "'": "&apos;" };
const escapeXml = (text: string): string => text.replace(/[<>&"']/g, (one) => escapes[one] as string);
