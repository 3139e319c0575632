/** Takes secrets out of whatever is about to be written or shown. */
export type Redactor = {
	/** From now on this text is taken out. */
	hide(secret: string): void;
	/** The same value with every secret in its texts replaced; itself when it holds none. */
	clean<T>(value: T): T;
};

const mark = "[secret]";

export function createRedactor(): Redactor {
	const secrets = new Set<string>();

	function cleanText(text: string): string {
		let clean = text;
		for (const secret of secrets) clean = clean.replaceAll(secret, mark);
		return clean;
	}

	function cleanValue(value: unknown): unknown {
		if (typeof value === "string") return cleanText(value);
		if (typeof value !== "object" || value === null) return value;
		if (Array.isArray(value)) return unlessSame(value, value.map(cleanValue));
		const entries = Object.entries(value);
		const cleaned = entries.map(([name, held]) => [cleanText(name), cleanValue(held)] as const);
		return cleaned.every(([name, held], at) => name === entries[at]?.[0] && held === entries[at]?.[1])
			? value
			: Object.fromEntries(cleaned);
	}

	return {
		// Shorter ones would blacken words that are none.
		hide: (secret) => void (secret.length >= 8 && secrets.add(secret)),
		clean: <T>(value: T) => (secrets.size === 0 ? value : (cleanValue(value) as T)),
	};
}

function unlessSame<T>(before: readonly T[], after: readonly T[]): readonly T[] {
	return after.every((value, at) => value === before[at]) ? before : after;
}
