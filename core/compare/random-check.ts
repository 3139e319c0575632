/** Narrowest first; each names all its characters. Separators such as `-` must stand at the same places on both sides. */
const alphabets: { name: string; characters: RegExp; size: number }[] = [
	{ name: "digits", characters: /^[0-9]*$/, size: 10 },
	{ name: "lower-case hex", characters: /^[0-9a-f]*$/, size: 16 },
	{ name: "upper-case hex", characters: /^[0-9A-F]*$/, size: 16 },
	{ name: "lower-case letters", characters: /^[a-z]*$/, size: 26 },
	{ name: "upper-case letters", characters: /^[A-Z]*$/, size: 26 },
	{ name: "lower-case letters and digits", characters: /^[0-9a-z]*$/, size: 36 },
	{ name: "upper-case letters and digits", characters: /^[0-9A-Z]*$/, size: 36 },
	{ name: "letters", characters: /^[A-Za-z]*$/, size: 52 },
	{ name: "letters and digits", characters: /^[0-9A-Za-z]*$/, size: 62 },
];
type Alphabet = (typeof alphabets)[number];

/** A narrower alphabet may be an accident of one short value; below this chance it is a difference. */
const leastChance = 1e-4;

/** Both values must have the same length, separators and alphabet. Gives the check for people, or the reason against. */
export function checkRandom(legacy: string, modern: string): { ok: true; check: string } | { ok: false; reason: string } {
	if (legacy.length !== modern.length) return { ok: false, reason: `length ${legacy.length} against ${modern.length}` };
	if (separators(legacy) !== separators(modern)) return { ok: false, reason: "separators at other places" };
	const [left, right] = [legacy.replace(/[^0-9A-Za-z]/g, ""), modern.replace(/[^0-9A-Za-z]/g, "")];
	const [a, b] = [alphabetOf(left), alphabetOf(right)];
	const wide = a.size >= b.size ? a : b;
	const narrow = wide === a ? right : left;
	const chance = (alphabetOf(narrow).size / wide.size) ** narrow.length;
	if (!wide.characters.test(narrow) || chance < leastChance) return { ok: false, reason: `${a.name} against ${b.name}` };
	return { ok: true, check: `random: ${legacy.length} characters, ${wide.name}` };
}

function alphabetOf(text: string): Alphabet {
	return alphabets.find((alphabet) => alphabet.characters.test(text)) as Alphabet;
}

const separators = (text: string): string => text.replace(/[0-9A-Za-z]/g, "_");

/** Which random value of one side stands for which of the other: one to one within a transaction. */
export type Twins = {
	/** False when either value already has another partner. */
	pair(legacy: string, modern: string): boolean;
	/** True when the two are known partners and long enough not to agree by accident. */
	arePaired(legacy: string, modern: string): boolean;
};

export function createTwins(): Twins {
	const toModern = new Map<string, string>();
	const toLegacy = new Map<string, string>();
	return {
		pair(legacy, modern) {
			if ((toModern.get(legacy) ?? modern) !== modern || (toLegacy.get(modern) ?? legacy) !== legacy) return false;
			toModern.set(legacy, modern);
			toLegacy.set(modern, legacy);
			return true;
		},
		arePaired: (legacy, modern) => legacy.length >= 8 && toModern.get(legacy) === modern,
	};
}
