const reserved = new Set(
	`abstract assert boolean break byte case catch char class const continue default do double else enum extends false final finally float for
	goto if implements import instanceof int interface long native new null package private protected public return short static strictfp super
	switch synchronized this throw throws transient true try void volatile while var record yield sealed permits args args2 args3 args4 outlet outlet2 outlet3
	clone equals finalize getClass hashCode notify notifyAll toString wait main _`.split(/\s+/),
);

/** Names of the source as they are written: what the language keeps for itself, or the runtime's classes have, gets an underscore. */
export function createNames(classes: Iterable<string>): (name: string) => string {
	const taken = new Set([...reserved, ...classes, "Object", "String", "Double", "Boolean", "Long", "Math", "ArrayList", "BigInteger"]);
	const made = new Map<string, string>();
	return (name) => {
		const known = made.get(name);
		if (known !== undefined) return known;
		let fresh = name.normalize("NFKC");
		while (taken.has(fresh)) fresh += "_";
		made.set(name, fresh);
		taken.add(fresh);
		return fresh;
	};
}

/** `has_close_elements` -> `HasCloseElements`. */
export function className(entry: string, classes: ReadonlySet<string>): string {
	const words = entry.split("_").filter((word) => word !== "");
	const joined = words.map((word) => word.slice(0, 1).toUpperCase() + word.slice(1)).join("") || "Translated";
	const safe = /^[A-Za-z]/.test(joined) ? joined : `F${joined}`;
	return classes.has(safe) || ["Object", "String", "Math", "RunVectors", "Long", "Double", "System"].includes(safe)
		? `${safe}Function`
		: safe;
}
