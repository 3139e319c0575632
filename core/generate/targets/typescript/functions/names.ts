const reserved = new Set(
	`break case catch class const continue debugger default delete do else enum export extends false finally for function if import in
	instanceof new null return super switch this throw true try typeof var void while with implements interface let package private protected
	public static yield await async arguments eval undefined NaN Infinity Array Object String Number Boolean BigInt Math Generator process py
	constructor any bigint boolean never number object string symbol type unknown declare module namespace`.split(/\s+/),
);

/** Names of the source as they are written: what the language keeps for itself gets an underscore. */
export function createNames(): (name: string) => string {
	const made = new Map<string, string>();
	const taken = new Set<string>();
	return (name) => {
		const known = made.get(name);
		if (known !== undefined) return known;
		let fresh = name.normalize("NFKC");
		while (reserved.has(fresh) || taken.has(fresh)) fresh += "_";
		made.set(name, fresh);
		taken.add(fresh);
		return fresh;
	};
}
