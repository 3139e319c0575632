import { Fault } from "../../../base/index.ts";
import type { Blueprint, Choices } from "../../../contract/blueprint.ts";
import { handlersOf } from "../../../contract/branches.ts";
import type { Expr, Handler, IrFunction, Span, Type } from "../../../contract/ir.ts";
import { homeOf } from "./helpers.ts";
import { camel, isReserved, type Names } from "./names.ts";
import type { Range } from "./ranges.ts";
import type { Repository } from "./repository-plan.ts";
import { createTypeWriter, type Shapes } from "./types.ts";

/** What the whole service shares while it is written. */
export type Service = {
	blueprint: Blueprint;
	choices: Choices;
	names: Names;
	shapes: Shapes;
	repository: Repository;
	/** Functions that reach a clock, a random source or the database opening, and so take the ports. */
	portUsers: ReadonlySet<string>;
	/** Constants that are written as a plain object. */
	plainObjects: ReadonlySet<string>;
	constants: ReadonlyMap<string, Expr>;
	functions: ReadonlyMap<string, IrFunction>;
	/** Numbers of the branches, by id. */
	branches: ReadonlyMap<string, number>;
	/** A build for the shadow says which branches each request takes. */
	isWatched: boolean;
};

/** One file that is being written: the imports it turns out to need. */
export type FileScope = {
	service: Service;
	path: string;
	/** Imports a runtime helper, or a type of the service by its own name; gives the name to write. */
	use(name: string): string;
	/** Imports a name from another file of the service. */
	from(file: string, name: string): string;
	imports(): string;
	/** The line that imports everything of a file under one name. */
	importAll(file: string, name: string): string;
	typeText(type: Type, hint: string): string;
};

/** One function that is being written. */
export type FunctionScope = FileScope & {
	fn: IrFunction;
	local(name: string): string;
	rangeOf(expr: Expr): Range;
	/** Name of the caught exception, innermost last. */
	caught: string[];
	/** Ids of the branches that its handlers are. */
	handlers: ReadonlyMap<Handler, string>;
	/** A name that no local of the function has. */
	fresh(wanted: string): string;
};

const typeHomes = new Map([
	["Repository", "repository.ts"],
	["Ports", "ports.ts"],
]);
const typesOnly = new Set(["Repository", "Ports", "EpochDay", "WallTime", "Comparable", "HttpRequest", "ReadRequest", "Answer"]);

export function createFileScope(service: Service, path: string): FileScope {
	const needed = new Map<string, Set<string>>();
	const from = (file: string, name: string): string => {
		if (file === path) return name;
		needed.set(file, (needed.get(file) ?? new Set()).add(name));
		return name;
	};
	const isShape = (name: string) => service.shapes.all().some((shape) => shape.name === name);
	const use = (name: string) => from(typeHomes.get(name) ?? (isShape(name) ? "records.ts" : homeOf(name)), name);
	const exceptionName = (id: string) => {
		const place = service.names.exceptions.get(id);
		return place ? from(place.file, place.name) : use(builtinException(id) ?? "PyError");
	};
	const writer = createTypeWriter(service.shapes, use, exceptionName);
	return {
		service,
		path,
		use,
		from,
		typeText: writer.text,
		importAll: (file, name) => `import * as ${name} from "${relative(path, file)}";\n`,
		imports: () =>
			[...needed]
				.sort(([a], [b]) => (a < b ? -1 : 1))
				.map(([file, names]) => importLine(relative(path, file), [...names], (name) => typesOnly.has(name) || isShape(name)))
				.join(""),
	};
}

export function createFunctionScope(
	file: FileScope,
	fn: IrFunction,
	localNames: readonly string[],
	outer: ReadonlySet<string>,
	rangeOf: FunctionScope["rangeOf"],
): FunctionScope {
	const spelled = new Map<string, string>();
	const taken = new Set<string>(outer);
	const fresh = (wanted: string): string => {
		let name = wanted;
		for (let count = 2; taken.has(name) || isReserved(name); count++) name = count === 2 ? `${wanted}Value` : `${wanted}${count - 1}`;
		taken.add(name);
		return name;
	};
	for (const name of localNames) spelled.set(name, fresh(camel(name)));
	return { ...file, fn, rangeOf, fresh, caught: [], handlers: handlersOf(fn), local: (name) => spelled.get(name) ?? camel(name) };
}

/** Stops the generation, with the name of what cannot be written exactly. */
export function refuse(
	scope: { fn?: IrFunction; service: Service },
	construct: string,
	span: Span,
	remedy = "Rewrite this line with simpler means in a copy of the source, or choose a function that does not need it.",
): never {
	throw new Fault("UNSUPPORTED", {
		function: scope.fn?.id ?? scope.service.blueprint.unit,
		construct,
		file: span.file,
		line: span.line,
		remedy,
	});
}

const builtins = new Map([
	["Exception", "PyError"],
	["BaseException", "PyError"],
	["TypeError", "PyTypeError"],
	["sqlite3.Error", "DatabaseError"],
	["sqlite3.DatabaseError", "DatabaseError"],
	["sqlite3.IntegrityError", "IntegrityError"],
	["sqlite3.OperationalError", "OperationalError"],
	["sqlite3.DataError", "DataError"],
	["sqlite3.InternalError", "InternalError"],
]);
const sameName = [
	"ArithmeticError",
	"AttributeError",
	"IndexError",
	"KeyError",
	"LookupError",
	"OverflowError",
	"RuntimeError",
	"ValueError",
	"ZeroDivisionError",
];

/** The runtime class of an exception of the legacy language, or undefined if there is none. */
export function builtinException(id: string): string | undefined {
	return builtins.get(id) ?? (sameName.includes(id) ? id : undefined);
}

function importLine(path: string, names: string[], isType: (name: string) => boolean): string {
	const sorted = names.sort();
	const allTypes = sorted.every(isType);
	const items = sorted.map((name) => (isType(name) && !allTypes ? `type ${name}` : name));
	const head = allTypes ? "import type" : "import";
	const flat = `${head} { ${items.join(", ")} } from "${path}";\n`;
	return flat.length <= 121 ? flat : `${head} {\n${items.map((item) => `\t${item},\n`).join("")}} from "${path}";\n`;
}

function relative(from: string, to: string): string {
	const source = from.split("/").slice(0, -1);
	const target = to.split("/");
	while (source.length > 0 && target.length > 1 && source[0] === target[0]) {
		source.shift();
		target.shift();
	}
	return source.length === 0 ? `./${target.join("/")}` : `${"../".repeat(source.length)}${target.join("/")}`;
}
