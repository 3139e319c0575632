/**
 * Leaves of the runtime's classes only what is needed. It knows their shape: members stand one tab deep with a blank line between them, a
 * member that is `static` goes by its name, every other belongs to the class.
 */
type Member = { name: string | null; text: string; code: string };
type JavaClass = { imports: string[]; head: string; members: Member[] };

const memberHead =
	/^\t(?:@\w+(?:\([^)]*\))?\s+)*(?:(?:public|private|protected) )?static (?:final )?(?:<T> )?(?:abstract )?(?:class|interface|record|[\w<>[\],.? ]+?) (\w+)(?=[\s(={;<])/m;

function parseClass(text: string): JavaClass {
	const lines = text.split("\n");
	const open = lines.findIndex((line) => /^(?:public )?(?:final |abstract )*(?:class|interface|record) .*\{$/.test(line));
	const imports = lines.filter((line) => line.startsWith("import "));
	const first = lines.findIndex((line, at) => at > 0 && !line.startsWith("import ") && line !== "" && !line.startsWith("package "));
	const body = lines.slice(open + 1, lines.lastIndexOf("}")).join("\n");
	const members = body
		.split(/\n\n(?=\t[^\t\n}])/)
		.filter((part) => part.trim() !== "")
		.flatMap(fields)
		.map((part): Member => {
			const code = part.replace(/\/\*\*[\s\S]*?\*\//g, "").replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)'/g, '""');
			const own = code.replace(/^(?:\t\/\/.*\n)+/, "");
			return { name: memberHead.exec(own.replace(/^\n+/, "").split("\n\t\t")[0] ?? "")?.[1] ?? null, text: part, code };
		});
	return { imports, head: lines.slice(first, open + 1).join("\n"), members };
}

/** Fields stand below each other without a blank line between them. */
function fields(part: string): string[] {
	const made: string[] = [];
	for (const line of part.split("\n")) {
		const before = made.at(-1);
		const isNext =
			before === undefined ||
			(/^\t[^\t}]/.test(line) &&
				before.endsWith(";") &&
				!/\{\n/.test(before) &&
				!/^\s*(?:\/\*\*|\*|\/\/)/.test(before.split("\n").at(-1) ?? ""));
		if (isNext) made.push(line);
		else made[made.length - 1] = `${before}\n${line}`;
	}
	return made;
}

/** Of all classes, those and their members that `texts` name, directly or not; path-less: name to text. */
export function shakeClasses(sources: Readonly<Record<string, string>>, texts: readonly string[]): Record<string, string> {
	const classes = new Map(Object.entries(sources).map(([name, text]) => [name, parseClass(text)]));
	const kept = new Map<string, Set<Member>>();
	const waiting: { code: string; home: string | null }[] = texts.map((code) => ({ code, home: null }));
	const keepMember = (home: string, member: Member): void => {
		const own = kept.get(home);
		if (own === undefined || own.has(member)) return;
		own.add(member);
		waiting.push({ code: member.code, home });
	};
	const keepClass = (name: string): void => {
		const known = classes.get(name);
		if (known === undefined || kept.has(name)) return;
		kept.set(name, new Set());
		waiting.push({ code: known.head, home: null });
		for (const member of known.members) if (member.name === null) keepMember(name, member);
	};
	for (let next = waiting.pop(); next; next = waiting.pop()) {
		const { code, home } = next;
		for (const [word] of code.matchAll(/\b[A-Z]\w*\b/g)) keepClass(word);
		for (const [, name = "", member = ""] of code.matchAll(/\b([A-Z]\w*)(?:\.|::)(\w+)/g))
			for (const one of classes.get(name)?.members ?? []) if (one.name === member) keepMember(name, one);
		if (home === null) continue;
		const words = new Set([...code.matchAll(/\b\w+\b/g)].map(([word]) => word));
		for (const one of classes.get(home)?.members ?? []) if (one.name !== null && words.has(one.name)) keepMember(home, one);
	}
	return Object.fromEntries(
		[...kept].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, members]) => [name, classText(classes.get(name) as JavaClass, members)]),
	);
}

function classText({ imports, head, members }: JavaClass, kept: ReadonlySet<Member>): string {
	const parts = members.filter((member) => kept.has(member));
	const body = parts
		.map(({ text }, at) => (at > 0 && !(isField(text) && isField(parts[at - 1]?.text ?? "")) ? `\n${text}` : text))
		.join("\n");
	const code = `${head}\n${body}`;
	const needed = imports.filter((line) => new RegExp(`\\b${/(\w+);$/.exec(line)?.[1] ?? ""}\\b`).test(code));
	return `package python;\n\n${needed.length > 0 ? `${needed.join("\n")}\n\n` : ""}${code}\n}\n`;
}

const isField = (text: string): boolean => text.trimEnd().endsWith(";") && !/\{\n/.test(text);
