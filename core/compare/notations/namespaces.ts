/** What prefixes mean at a place, and the namespace of the element there; "" is none. Namespaces in XML 1.0. */
export type Scope = { uri: string; prefixes: ReadonlyMap<string, string>; isInValues(prefix: string): boolean };

/** Around the root. A prefix that a value may use (`xsi:type="x:T"`, a SOAP fault code) means something there: its declaration counts. */
export function outermost(document: string): Scope {
	const isInValues = (prefix: string): boolean => {
		const used = `(?<![A-Za-z0-9_])${prefix.replace(/[.-]/g, "\\$&")}:`;
		return new RegExp(`>[^<]*${used}|CDATA\\[[^\\]]*${used}|=\\s*"[^"]*${used}|=\\s*'[^']*${used}`).test(document);
	};
	return { uri: "", prefixes: new Map(), isInValues };
}

/** An element's name and attributes without prefixes. What an undeclared prefix means nobody knows: it stays part of the name. */
export function scopeOf(
	written: string,
	attributes: readonly [string, string][],
	outer: Scope,
): { name: string; attributes: [string, string][]; scope: Scope } {
	const declared = attributes.filter(([name]) => name === "xmlns" || name.startsWith("xmlns:"));
	if (declared.length === 0 && outer.prefixes.size === 0) return { name: written, attributes: [...attributes], scope: outer };
	const prefixes = new Map(outer.prefixes);
	for (const [name, uri] of declared) prefixes.set(name.slice(6), uri);
	const { name, uri } = resolve(written, prefixes, prefixes.get("") ?? "");
	const own = attributes.flatMap((attribute): [string, string][] => {
		if (declared.includes(attribute)) return attribute[0] !== "xmlns" && outer.isInValues(attribute[0].slice(6)) ? [attribute] : [];
		const found = resolve(attribute[0], prefixes, "");
		return [
			[
				found.uri === "" ? found.name : `{${found.uri}}${found.name}`,
				found.uri === xsi && found.name === "nil" ? truthOf(attribute[1]) : attribute[1],
			],
		];
	});
	return { name, attributes: uri === outer.uri ? own : [["xmlns", uri], ...own], scope: { uri, prefixes, isInValues: outer.isInValues } };
}

const xsi = "http://www.w3.org/2001/XMLSchema-instance";

/** XML Schema writes a truth value as a word or a digit. */
const truthOf = (text: string): string => ({ "1": "true", "0": "false" })[text.trim()] ?? text.trim();

function resolve(written: string, prefixes: ReadonlyMap<string, string>, without: string): { name: string; uri: string } {
	const at = written.indexOf(":");
	if (at < 0) return { name: written, uri: without };
	const uri = prefixes.get(written.slice(0, at));
	return uri === undefined ? { name: written, uri: "" } : { name: written.slice(at + 1), uri };
}
