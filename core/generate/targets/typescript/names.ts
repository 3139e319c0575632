import type { Blueprint } from "../../../contract/blueprint.ts";
import { helperNames } from "./helpers.ts";

/** Where a top-level name of the legacy program lives in the service. */
export type Place = { file: string; name: string };

export type Names = {
	functions: ReadonlyMap<string, Place>;
	constants: ReadonlyMap<string, Place>;
	exceptions: ReadonlyMap<string, Place>;
};

const reserved = new Set(
	(
		"arguments await break case catch class const continue debugger default delete do else enum eval export extends false finally for " +
		"function if implements import in instanceof interface let new null package private protected public return static string super " +
		"switch symbol this throw true try typeof undefined var void while with yield " +
		"Array BigInt Boolean Error Infinity Map Math NaN Number Object Set String Ports Repository ports"
	).split(" "),
);

/** What `service.ts` calls its own things: no function that it imports may be called so. */
const edgeNames = [
	"answer",
	"contentType",
	"createRepository",
	"createService",
	"database",
	"json",
	"now",
	"onFailure",
	"request",
	"route",
	"routes",
	"status",
	"text",
	"tokenHex",
];

/** Names that no local may take. */
export function isReserved(name: string): boolean {
	return reserved.has(name) || helperNames.has(name);
}

/** Functions, constants and exceptions keep their words; each name is unique over the whole service. */
export function nameService(blueprint: Blueprint): Names {
	const taken = new Set(edgeNames);
	const unique = (wanted: string, longer: string): string => {
		const free = (name: string) => !taken.has(name) && !isReserved(name);
		let name = free(wanted) ? wanted : longer;
		for (let count = 2; !free(name); count++) name = `${longer}${count}`;
		taken.add(name);
		return name;
	};
	const place = (id: string, sourceFile: string, spell: (words: string) => string): [string, Place] => {
		const module = moduleOf(sourceFile);
		const tail = tailOf(id, module);
		return [id, { file: `service/${kebab(module)}.ts`, name: unique(spell(tail), spell(`${module.replaceAll("/", "_")}_${tail}`)) }];
	};
	return {
		exceptions: new Map(
			blueprint.exceptions.map(({ id }) => [id, { file: "errors.ts", name: unique(pascal(lastOf(id)), pascal(id.replaceAll(".", "_"))) }]),
		),
		functions: new Map(blueprint.functions.map(({ id, span }) => place(id, span.file, camel))),
		constants: new Map(blueprint.constants.map(({ id, span }) => place(id, span.file, (words) => words.replace(/\W/g, "_")))),
	};
}

export function camel(words: string): string {
	const parts = words.split(/[^A-Za-z0-9]+/).filter((part) => part !== "");
	const text = parts.map((part, index) => (index === 0 ? lowerFirst(part) : upperFirst(part))).join("");
	return /^\d/.test(text) || text === "" ? `value${text}` : text;
}

export function pascal(words: string): string {
	return upperFirst(camel(words));
}

export function kebab(words: string): string {
	return words
		.replace(/([a-z0-9])([A-Z])/g, "$1-$2")
		.replaceAll("_", "-")
		.toLowerCase();
}

/** `{ name: ... }` or `{ "two words": ... }`. */
export function propertyKey(name: string): string {
	return isIdentifier(name) ? name : JSON.stringify(name);
}

export function isIdentifier(name: string): boolean {
	return /^[A-Za-z_$][\w$]*$/.test(name);
}

/** Path of a legacy source without its ending. */
function moduleOf(file: string): string {
	return file.replace(/\.\w+$/, "");
}

/** The part of a dotted id that stands inside its module. */
function tailOf(id: string, module: string): string {
	const dotted = `${module.replaceAll("/", ".")}.`;
	const last = `${module.split("/").at(-1)}.`;
	if (id.startsWith(dotted)) return id.slice(dotted.length);
	const at = id.lastIndexOf(`.${last}`);
	if (at >= 0) return id.slice(at + last.length + 1);
	return id.startsWith(last) ? id.slice(last.length) : lastOf(id);
}

function lastOf(id: string): string {
	return id.slice(id.lastIndexOf(".") + 1);
}

function lowerFirst(word: string): string {
	return word === word.toUpperCase() ? word.toLowerCase() : word.slice(0, 1).toLowerCase() + word.slice(1);
}

function upperFirst(word: string): string {
	const rest = word.length > 1 && word === word.toUpperCase() ? word.slice(1).toLowerCase() : word.slice(1);
	return word.slice(0, 1).toUpperCase() + rest;
}
