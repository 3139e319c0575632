/**
 * Leaves of a folder of modules only the declarations that are needed: files, path to text, in; the same, smaller, out.
 * It knows the shape of the runtime: declarations begin in the first column, imports name what they take.
 */
type Declaration = { name: string; text: string; words: ReadonlySet<string> };
type Module = {
	imports: ReadonlyMap<string, { from: string; name: string; isType: boolean }>;
	declarations: ReadonlyMap<string, Declaration>;
};

const start = /^(?:export )?(?:abstract )?(?:function\*?|const|let|class|type) ([A-Za-z_$][\w$]*)/;
const words = /[A-Za-z_$][\w$]*/g;

function parseModule(text: string): Module {
	const imports = new Map<string, { from: string; name: string; isType: boolean }>();
	const rest = text.replace(/^import (type )?\{([^}]*)\} from "([^"]+)";\n/gm, (_, allTypes, names: string, from: string) => {
		for (const part of names.split(",")) {
			const [, isType, name = ""] = /^\s*(type )?(\w+)\s*$/.exec(part) ?? [];
			if (name !== "") imports.set(name, { from, name, isType: (allTypes ?? isType) !== undefined });
		}
		return "";
	});
	const declarations = new Map<string, Declaration>();
	let name = "";
	let lines: string[] = [];
	let comment: string[] = [];
	const close = () => {
		if (name === "") return;
		const body = lines.join("\n").trimEnd();
		const code = body.replace(/^\s*(?:\/\*\*?[\s\S]*?\*\/|\/\/.*)\n/gm, "");
		declarations.set(name, { name, text: body, words: new Set(code.match(words) ?? []) });
	};
	for (const line of rest.split("\n")) {
		const found = start.exec(line);
		if (found) {
			close();
			name = found[1] ?? "";
			lines = [...comment, line];
			comment = [];
		} else if (/^(?:\/\*\*|\/\/| \*)/.test(line)) comment.push(line);
		else lines.push(line);
	}
	close();
	return { imports, declarations };
}

/** `needed`: the names that are used, by module path such as `./compare.ts`. */
export function shakeModules(sources: Readonly<Record<string, string>>, needed: ReadonlyMap<string, string>): Record<string, string> {
	const modules = new Map(Object.entries(sources).map(([path, text]) => [path, parseModule(text)]));
	const kept = new Map<string, Set<string>>();
	const keep = (path: string, name: string): void => {
		const module = modules.get(path);
		const declaration = module?.declarations.get(name);
		if (!module || !declaration) throw new Error(`the runtime has no ${name} in ${path}`);
		const names = kept.get(path) ?? new Set();
		kept.set(path, names);
		if (names.has(name)) return;
		names.add(name);
		for (const word of declaration.words) {
			if (module.declarations.has(word)) keep(path, word);
			else {
				const imported = module.imports.get(word);
				if (imported?.from.startsWith("./")) keep(imported.from, imported.name);
			}
		}
	};
	for (const [name, path] of needed) keep(path, name);
	return Object.fromEntries([...kept].map(([path, names]) => [path, moduleText(modules.get(path) as Module, names)]));
}

function moduleText(module: Module, names: ReadonlySet<string>): string {
	const declarations = [...module.declarations.values()].filter((declaration) => names.has(declaration.name));
	const used = new Map<string, string[]>();
	for (const [name, { from, isType }] of module.imports) {
		if (!declarations.some((declaration) => declaration.words.has(name))) continue;
		used.set(from, [...(used.get(from) ?? []), isType ? `type ${name}` : name]);
	}
	const imports = [...used].map(([from, items]) => `import { ${items.join(", ")} } from "${from}";\n`);
	const head = imports.length > 0 ? `${imports.join("")}\n` : "";
	return `${head}${declarations.map((declaration) => declaration.text).join("\n\n")}\n`;
}

/** Which module declares each exported name. */
export function exportsOf(sources: Readonly<Record<string, string>>): Map<string, { path: string; isType: boolean }> {
	const found = new Map<string, { path: string; isType: boolean }>();
	for (const [path, text] of Object.entries(sources))
		for (const [, kind, name = ""] of text.matchAll(/^export (?:abstract )?(function\*?|const|let|class|type) ([A-Za-z_$][\w$]*)/gm))
			found.set(name, { path, isType: kind === "type" });
	return found;
}
