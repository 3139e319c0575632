import { runtimeSources } from "./runtime-sources.ts";

/** Which runtime file exports a name. */
const homes = new Map<string, string>();
for (const [path, text] of Object.entries(runtimeSources)) {
	for (const match of text.matchAll(/^export (?:function|class|const|type) (\w+)/gm)) if (match[1]) homes.set(match[1], path);
}

export const helperNames: ReadonlySet<string> = new Set(homes.keys());

/** The runtime file that exports `name`; asking for an unknown one is a bug of the generator. */
export function homeOf(name: string): string {
	const home = homes.get(name);
	if (home === undefined) throw new Error(`no runtime file exports ${name}`);
	return home;
}

/** The files of the runtime that `roots` need, with those that they import in turn. */
export function runtimeFiles(roots: Iterable<string>): Record<string, string> {
	const needed = new Set<string>();
	const visit = (path: string): void => {
		const text = runtimeSources[path];
		if (needed.has(path) || text === undefined) return;
		needed.add(path);
		for (const match of text.matchAll(/from "\.\/([\w-]+\.ts)"/g)) visit(`runtime/${match[1]}`);
	};
	for (const root of roots) visit(root);
	return Object.fromEntries([...needed].sort().map((path) => [path, runtimeSources[path] as string]));
}
