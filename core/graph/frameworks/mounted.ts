import type { Names } from "../names.ts";
import type { Program } from "../program.ts";
import { joinPaths, pathText } from "./found-route.ts";
import { argument, eachCall, type MadeObject, madeObject } from "./made-objects.ts";

/** How a framework puts one object under another: `app.register_blueprint(bp, url_prefix=...)`. */
export type Mounting = {
	methods: ReadonlySet<string>;
	/** Place and name of the arguments. */
	child: [number, string];
	prefix: [number, string];
	/** The constructor's own prefix, and whether a prefix where it is mounted replaces it. */
	own: string | null;
	replaces: boolean;
};

export type Prefixes = (object: MadeObject) => string[];

/**
 * Every prefix under which an object answers: one for each way from an application down to it. An object that nobody mounts answers under its
 * own prefix when it is an application, and nowhere else: it is listed all the same, since what mounts it may not be followed.
 */
export function prefixesOf(program: Program, names: Names, mounting: Mounting): Prefixes {
	const parents = new Map<string, { parent: MadeObject; prefix: string | null }[]>();
	eachCall(program, (call, place) => {
		if (call.callee.kind !== "attribute" || !mounting.methods.has(call.callee.name)) return;
		const parent = madeObject(call.callee.of, place, names);
		const given = argument(call, ...mounting.child);
		const child = given && madeObject(given, place, names);
		if (!parent || !child) return;
		const prefix = argument(call, ...mounting.prefix);
		parents.set(child.id, [...(parents.get(child.id) ?? []), { parent, prefix: prefix ? pathText(prefix, place, names) : null }]);
	});
	const prefixes = (object: MadeObject, depth = 0): string[] => {
		const value = mounting.own === null ? null : (object.call.keywords.find((keyword) => keyword.name === mounting.own)?.value ?? null);
		const own = value ? pathText(value, object.place, names) : "";
		const above = parents.get(object.id) ?? [];
		if (above.length === 0 || depth > 8) return [own];
		return above.flatMap(({ parent, prefix }) => {
			const at = prefix === null ? own : mounting.replaces ? prefix : joinedOr(prefix, own);
			return prefixes(parent, depth + 1).map((outer) => joinedOr(outer, at));
		});
	};
	return (object) => [...new Set(prefixes(object))];
}

const joinedOr = (outer: string, inner: string): string => (outer === "" ? inner : inner === "" ? outer : joinPaths(outer, inner));
