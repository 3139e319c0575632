import { dictOf } from "./dict.ts";
import { fail } from "./exceptions.ts";
import { PyTuple } from "./tuple.ts";
import { type Callable, type Keywords, NotTranslated, PyObject, typeName, type Value } from "./values.ts";

/**
 * How a function takes its arguments, in the notation of the source: `a b= / c= *rest d= **more`. The JavaScript function takes them in
 * this order, `rest` as a tuple and `more` as a dict, and undefined for a default.
 */
type Signature = {
	name: string;
	positional: { name: string; required: boolean; byName: boolean }[];
	rest: boolean;
	keywordOnly: { name: string; required: boolean }[];
	more: boolean;
	builtin: boolean;
	/** A method: the value itself comes first and is not counted. */
	self: boolean;
};
const signatures = new WeakMap<Callable, Signature>();

function parseSignature(name: string, text: string, builtin: boolean): Signature {
	const made: Signature = { name, positional: [], rest: false, keywordOnly: [], more: false, builtin, self: false };
	let keywordOnly = false;
	for (const token of text.split(" ").filter((part) => part !== "")) {
		if (token === "/") for (const param of made.positional) param.byName = false;
		else if (token.startsWith("**")) made.more = true;
		else if (token.startsWith("*")) {
			keywordOnly = true;
			made.rest = token !== "*";
		} else {
			const param = { name: token.replace("=", ""), required: !token.endsWith("=") };
			if (keywordOnly) made.keywordOnly.push(param);
			else made.positional.push({ ...param, byName: true });
		}
	}
	return made;
}

/** Says how `fn` takes its arguments, so that `call` can bind them; gives it back. */
export function signature<T extends Callable>(fn: T, name: string, parameters: string): T {
	signatures.set(fn, parseSignature(name, parameters, false));
	return fn;
}

/** The same for a function of the language; `name` as its messages have it. */
export function builtin<T extends Callable>(fn: T, name: string, parameters: string): T {
	const made = ((...args: never[]) => fn(...args)) as T;
	signatures.set(made, parseSignature(name, parameters, true));
	return Object.assign(made, { builtinName: name });
}

/** A method of a builtin type, which takes the value first. */
export function builtinMethod<T extends Callable>(fn: T, name: string, parameters: string): T {
	const made = builtin(fn, name, parameters);
	signatures.set(made, { ...parseSignature(name, parameters, true), self: true });
	return made;
}

/** callee(*args, **keywords), whatever the callee is. */
export function call(callee: Value, args: readonly Value[], keywords: Keywords = {}): Value {
	if (typeof callee === "function") return (callee as (...args: (Value | undefined)[]) => Value)(...bind(callee, args, keywords));
	if (callee instanceof PyObject && callee.call) return callee.call(args, keywords);
	return fail("TypeError", `'${typeName(callee)}' object is not callable`);
}

/** The arguments in the order of the JavaScript function. */
function bind(fn: Callable, args: readonly Value[], keywords: Keywords): (Value | undefined)[] {
	const known = signatures.get(fn);
	if (!known) throw new NotTranslated("a call of a function whose parameters are not known");
	if (!known.self) return fitArguments(known, args, keywords);
	if (args.length === 0) return fail("TypeError", `unbound method ${known.name}() needs an argument`);
	return [args[0], ...fitArguments(known, args.slice(1), keywords)];
}

function fitArguments(known: Signature, args: readonly Value[], keywords: Keywords): (Value | undefined)[] {
	const names = Object.keys(keywords);
	const { positional, keywordOnly } = known;
	if (names.length === 0 && args.length === positional.length && !known.rest && keywordOnly.length === 0 && !known.more) return [...args];
	const fitting: (Value | undefined)[] = positional.map((_, at) => args[at]);
	const only: (Value | undefined)[] = keywordOnly.map(() => undefined);
	const more: [Value, Value][] = [];
	for (const name of names) {
		const value = keywords[name] ?? null;
		const at = positional.findIndex((param) => param.name === name && param.byName);
		const atOnly = keywordOnly.findIndex((param) => param.name === name);
		if (at >= 0) {
			if (at < args.length) fail("TypeError", multiple(known, name, at));
			fitting[at] = value;
		} else if (atOnly >= 0) only[atOnly] = value;
		else if (known.more) more.push([name, value]);
		else fail("TypeError", unexpected(known, name, names));
	}
	if (args.length > positional.length && !known.rest) fail("TypeError", tooMany(known, args.length, only));
	const missing = positional.filter((param, at) => param.required && fitting[at] === undefined).map((param) => param.name);
	if (missing.length > 0) fail("TypeError", tooFew(known, args.length, missing, "positional"));
	const missingOnly = keywordOnly.filter((param, at) => param.required && only[at] === undefined).map((param) => param.name);
	if (missingOnly.length > 0) fail("TypeError", tooFew(known, args.length, missingOnly, "keyword-only"));
	const rest = args.slice(positional.length);
	if (known.builtin && known.rest)
		return keywordOnly.length + Number(known.more) === 0
			? [...fitting, ...rest]
			: [...fitting, [...rest], ...only, ...(known.more ? [dictOf(...more)] : [])];
	return [...fitting, ...(known.rest ? [new PyTuple(rest)] : []), ...only, ...(known.more ? [dictOf(...more)] : [])];
}

const plural = (count: number): string => (count === 1 ? "" : "s");
const shortName = (name: string): string => name.split(".").at(-1) ?? name;

function multiple({ name, builtin: isBuiltin }: Signature, argument: string, at: number): string {
	if (isBuiltin) return `argument for ${shortName(name)}() given by name ('${argument}') and position (${at + 1})`;
	return `${name}() got multiple values for argument '${argument}'`;
}

function unexpected({ name, builtin: isBuiltin, positional, keywordOnly }: Signature, argument: string, names: readonly string[]): string {
	if (isBuiltin) {
		const takesNone = keywordOnly.length === 0 && !positional.some((param) => param.byName);
		if (takesNone) return `${name}() takes no keyword arguments`;
		return `'${argument}' is an invalid keyword argument for ${shortName(name)}()`;
	}
	const fixed = positional.filter((param) => !param.byName && names.includes(param.name)).map((param) => param.name);
	if (fixed.length > 0) return `${name}() got some positional-only arguments passed as keyword arguments: '${fixed.join(", ")}'`;
	return `${name}() got an unexpected keyword argument '${argument}'`;
}

function tooMany({ name, builtin: isBuiltin, positional }: Signature, given: number, only: readonly (Value | undefined)[]): string {
	const max = positional.length;
	const min = positional.filter((param) => param.required).length;
	if (isBuiltin) return builtinCount(name, min, max, given);
	const takes = min === max ? String(max) : `from ${min} to ${max}`;
	const named = only.filter((value) => value !== undefined).length;
	const and = `positional argument${plural(given)} (and ${named} keyword-only argument${plural(named)}) were`;
	const were = named > 0 ? and : given === 1 ? "was" : "were";
	return `${name}() takes ${takes} positional argument${min === max ? plural(max) : "s"} but ${given} ${were} given`;
}

function tooFew({ name, builtin: isBuiltin, positional }: Signature, given: number, missing: readonly string[], kind: string): string {
	if (isBuiltin) return builtinCount(name, positional.filter((param) => param.required).length, positional.length, given);
	const quoted = missing.map((one) => `'${one}'`);
	const last = quoted.at(-1) ?? "";
	const list = quoted.length < 3 ? quoted.join(" and ") : `${quoted.slice(0, -1).join(", ")}, and ${last}`;
	return `${name}() missing ${missing.length} required ${kind} argument${plural(missing.length)}: ${list}`;
}

function builtinCount(name: string, min: number, max: number, given: number): string {
	if (min === max && max === 0) return `${name}() takes no arguments (${given} given)`;
	if (min === max && max === 1) return `${name}() takes exactly one argument (${given} given)`;
	const bound = min === max ? min : given < min ? min : max;
	const least = min === max ? "" : given < min ? "at least " : "at most ";
	return `${shortName(name)} expected ${least}${bound} argument${plural(bound)}, got ${given}`;
}

/** The keywords of a call with `**value`. */
export function keywordsOf(name: string, ...parts: (readonly [Value, Value])[]): Keywords {
	const made: Record<string, Value> = {};
	for (const [key, value] of parts) {
		if (typeof key !== "string") return fail("TypeError", "keywords must be strings");
		if (key in made) return fail("TypeError", `${name}() got multiple values for keyword argument '${key}'`);
		made[key] = value;
	}
	return made;
}
