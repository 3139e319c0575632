import { walkForm } from "./fields/form.ts";
import { walkJson } from "./fields/json.ts";
import { walkMultipart } from "./fields/multipart.ts";
import type { Visit, Walk } from "./fields/visit.ts";
import { walkXml } from "./fields/xml.ts";
import { kinds, maskKinds } from "./kinds/index.ts";
import { phone } from "./kinds/phone.ts";
import type { Permute } from "./permute.ts";
import { createFieldMatcher, type MaskRules } from "./rules.ts";
import { maskValue } from "./value-mask.ts";

/** Texts within texts (JSON in a form, XML in a CDATA) are opened this far. */
const DEPTH = 4;
/** Shorter ones stand in other words by chance. */
const TELLING_LENGTH = 6;
/** Of one exchange. More would make the search for them grow with the square of a body that is full of them. */
const MOST_SECRETS = 200;

/** Masks of short texts are remembered: sessions and users come again and again. */
const KNOWN = 20_000;
const KNOWN_LENGTH = 200;

/** What one exchange has shown so far; values that a rule named are looked for in all of it. */
export type Secrets = Map<string, string>;

/** `keep`: values that stay as they are. */
export type TextMask = {
	/** A value that a rule names, or a text that nobody can read: all of it. */
	whole(text: string, secrets: Secrets | null, isNumber?: boolean): string;
	/** A text of no notation: what shows itself by its form. */
	plain(text: string, secrets: Secrets): string;
	/** By the media type, else by how it begins. */
	body(contentType: string, text: string, secrets: Secrets): string;
	query(text: string, secrets: Secrets): string;
	named(name: string, text: string, secrets: Secrets): string;
	/** Puts the masks of the secrets wherever else they stand. */
	sweep(text: string, secrets: Secrets): string;
};

export function createTextMask(options: {
	rules: MaskRules;
	permute: Permute;
	count(kind: string): void;
	keep?: (value: string) => boolean;
}): TextMask {
	const { rules, permute, count, keep = () => false } = options;
	const known = new Map<string, string>();
	const wanted = kinds.filter(({ name }) => rules.kinds.some((kind) => kind === name));
	const isSecret = createFieldMatcher(rules.fields);
	const isPhone = createFieldMatcher(rules.phones);

	function whole(text: string, secrets: Secrets | null, isNumber = false): string {
		if (text === "" || keep(text)) return text;
		const masked = (isNumber ? undefined : known.get(text)) ?? maskWhole(text, isNumber);
		if (secrets !== null && secrets.size < MOST_SECRETS && text.length >= TELLING_LENGTH && /[\p{L}\p{N}]/u.test(text))
			secrets.set(text, masked);
		return masked;
	}

	function maskWhole(text: string, isNumber: boolean): string {
		let masked: string | null = null;
		for (const kind of kinds) masked ??= kind === phone || !kind.hint.test(text) ? null : kind.maskWhole(text, permute);
		masked ??= maskValue(text, permute, "value", isNumber);
		if (isNumber || text.length > KNOWN_LENGTH) return masked;
		if (known.size >= KNOWN) known.delete(known.keys().next().value as string);
		known.set(text, masked);
		return masked;
	}

	function plain(text: string, secrets: Secrets): string {
		return maskKinds(sweep(text, secrets), wanted, permute, count, keep);
	}

	function sweep(text: string, secrets: Secrets): string {
		let swept = text;
		for (const [secret, mask] of secrets) if (swept.includes(secret)) swept = swept.replaceAll(secret, mask);
		return swept;
	}

	function visitor(secrets: Secrets, depth: number): Visit {
		return (path, value, form) => {
			if (form === "name") return plain(value, secrets);
			if (path.length > 0 && isSecret(path)) {
				count("field");
				return whole(value, secrets, form === "number");
			}
			if (path.length > 0 && isPhone(path)) {
				const masked = keep(value) ? null : phone.maskWhole(value, permute);
				if (masked !== null) {
					count("phone");
					return masked;
				}
			}
			const inner = form === "text" && depth < DEPTH ? sniff(value) : null;
			return inner === null ? plain(value, secrets) : walk(inner, value, secrets, depth + 1, false);
		};
	}

	/** What breaks the rules of its notation cannot be looked into: all of it is masked, if it was said or has shown to be of that notation. */
	function walk(by: Walk, text: string, secrets: Secrets, depth: number, isDeclared: boolean): string {
		const { text: read, unread } = by(text, visitor(secrets, depth));
		if (unread === "") return read;
		if (!isDeclared && read === "") return plain(text, secrets);
		count("unreadable");
		return read + whole(unread, null);
	}

	return {
		whole,
		plain,
		sweep,
		body(contentType, text, secrets) {
			const declared = declaredWalk(contentType);
			if (declared !== null) return walk(declared, text, secrets, 0, true);
			const sniffed = /\bhtml\b/i.test(contentType) ? null : sniff(text);
			return sniffed === null ? plain(text, secrets) : walk(sniffed, text, secrets, 0, false);
		},
		query: (text, secrets) => walk(walkForm, text, secrets, 0, true),
		named: (name, text, secrets) => visitor(secrets, 0)([name], text, "text"),
	};
}

function declaredWalk(contentType: string): Walk | null {
	if (/[/+](?:json|x-ndjson|json-seq|x-json)\b/i.test(contentType)) return walkJson;
	if (/[/+]xml\b/i.test(contentType) && !/xhtml/i.test(contentType)) return walkXml;
	if (/x-www-form-urlencoded/i.test(contentType)) return walkForm;
	const boundary = /^multipart\/.*\bboundary=(?:"([^"]+)"|([^\s;]+))/i.exec(contentType);
	return boundary === null ? null : walkMultipart(boundary[1] ?? boundary[2] ?? "");
}

function sniff(text: string): Walk | null {
	const first = /^[\ufeff\s]*(?:([{[])|<[?!A-Za-z])/.exec(text);
	if (first === null) return null;
	return first[1] === undefined ? walkXml : walkJson;
}
