type JsonValue = string | { [name: string]: JsonValue | JsonValue[] };

/** Whether the client ranks JSON above XML. A list without JSON, or with nothing but wildcards, does not. */
export function prefersJson(accept: string): boolean {
	const weights = new Map<string, number>();
	for (const item of accept.toLowerCase().split(",")) {
		const [type = "", ...parameters] = item.split(";").map((part) => part.trim());
		const quality = parameters.find((part) => part.startsWith("q="));
		weights.set(type, quality === undefined ? 1 : Number(quality.slice(2)));
	}
	const json = weights.get("application/json") ?? 0;
	return json > 0 && json >= Math.max(weights.get("text/xml") ?? 0, weights.get("application/xml") ?? 0);
}

/**
 * An XML answer as JSON: elements become members, texts stay texts (so no digit is lost), attributes are written `@name`,
 * and repeated elements become lists.
 */
export function xmlToJson(xml: string): string {
	const tokens = xml.replace(/^<\?.*?\?>/, "").match(/<[^>]+>|[^<]+/g) ?? [];
	const root: { [name: string]: JsonValue | JsonValue[] } = {};
	const open: { name: string; members: { [name: string]: JsonValue | JsonValue[] }; text: string }[] = [
		{ name: "", members: root, text: "" },
	];
	for (const token of tokens) {
		const top = open.at(-1);
		if (top === undefined) break;
		if (!token.startsWith("<")) top.text += unescapeXml(token);
		else if (token.startsWith("</")) {
			open.pop();
			add(open.at(-1)?.members ?? root, top.name, Object.keys(top.members).length === 0 ? top.text : top.members);
		} else {
			const empty = token.endsWith("/>");
			const [, name = "", attributes = ""] = /^<([^\s/>]+)([\s\S]*?)\/?>$/.exec(token) ?? [];
			const members: { [name: string]: JsonValue | JsonValue[] } = {};
			for (const [, key = "", value = ""] of attributes.matchAll(/([^\s=]+)="([^"]*)"/g)) members[`@${key}`] = unescapeXml(value);
			if (empty) add(top.members, name, Object.keys(members).length === 0 ? "" : members);
			else open.push({ name, members, text: "" });
		}
	}
	return JSON.stringify(root);
}

function add(members: { [name: string]: JsonValue | JsonValue[] }, name: string, value: JsonValue): void {
	const before = members[name];
	if (before === undefined) members[name] = value;
	else members[name] = Array.isArray(before) ? [...before, value] : [before, value];
}

function unescapeXml(text: string): string {
	return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"').replaceAll("&apos;", "'").replaceAll("&amp;", "&");
}
