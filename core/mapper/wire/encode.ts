import type { Span } from "../../contract/ir.ts";
import { tag, type Words } from "./tags.ts";

/** Twice that and a sign is still exact. */
const LARGEST = 2 ** 51;

type Shape = { keys: string[]; order: number };

/** Any tree of plain objects, arrays, strings, booleans, null and integers. Throws TypeError on anything else. `file`: that of its spans. */
export function encode(value: unknown, file: string): Uint8Array<ArrayBuffer> {
	let bytes = new Uint8Array(1 << 16);
	let size = 0;
	const strings = new Map<string, number>();
	const shapes = new Map<string, number>();
	const known = new Map<object, number>();
	const lastShapes = new Map<unknown, Shape>();
	let lastLine = 0;

	function number(value: number): void {
		if (size + 10 > bytes.length) grow(size + 10);
		let rest = value;
		while (rest > 0x7f) {
			bytes[size++] = (rest % 0x80) | 0x80;
			rest = Math.floor(rest / 0x80);
		}
		bytes[size++] = rest;
	}
	function grow(least: number): void {
		const wider = new Uint8Array(Math.max(least, bytes.length * 2));
		wider.set(bytes.subarray(0, size));
		bytes = wider;
	}
	const numberOf = (map: Map<string, number>, key: string): number => {
		const given = map.get(key);
		if (given !== undefined) return given;
		map.set(key, map.size);
		return map.size - 1;
	};
	/** Objects of one kind mostly have the same keys: compared with those of the last one, no text has to be made. */
	function shapeOf(value: object): Shape {
		const kind = (value as { kind?: unknown }).kind;
		const last = lastShapes.get(kind);
		if (last !== undefined) {
			let at = 0;
			let isSame = true;
			for (const key in value) if (last.keys[at++] !== key) isSame = false;
			if (isSame && at === last.keys.length) return last;
		}
		const keys = Object.keys(value);
		const shape = { keys, order: numberOf(shapes, keys.join(",")) };
		lastShapes.set(kind, shape);
		return shape;
	}
	const signed = (value: number) => number(value < 0 ? -value * 2 - 1 : value * 2);

	function span({ line, column, endLine, endColumn }: Span): void {
		number(tag.span);
		signed(line - lastLine);
		number(column);
		signed(endLine - line);
		number(endColumn);
		lastLine = line;
	}
	function item(value: unknown): void {
		if (typeof value === "string") {
			number(tag.string);
			number(numberOf(strings, value));
		} else if (value === null) number(tag.null);
		else if (value === true || value === false) number(value ? tag.true : tag.false);
		else if (typeof value === "object") branch(value);
		else if (Number.isInteger(value) && Math.abs(value as number) < LARGEST) {
			number(tag.integer);
			signed(value as number);
		} else throw new TypeError(`no ${typeof value} may stand in a tree`);
	}
	function branch(value: object): void {
		const before = known.get(value);
		if (before !== undefined) {
			number(tag.known);
			number(before);
			return;
		}
		known.set(value, known.size);
		if (isSpan(value, file)) span(value);
		else if (Array.isArray(value)) {
			number(tag.array);
			number(value.length);
			for (const one of value) item(one);
		} else {
			const { keys, order } = shapeOf(value);
			number(tag.object + order);
			for (const key of keys) item((value as Record<string, unknown>)[key]);
		}
	}

	item(value);
	const words: Words = {
		strings: [...strings.keys()],
		shapes: [...shapes.keys()].map((keys) => (keys === "" ? [] : keys.split(","))),
		file,
	};
	const text = new TextEncoder().encode(JSON.stringify(words));
	const whole = new Uint8Array(4 + text.length + size);
	new DataView(whole.buffer).setUint32(0, text.length);
	whole.set(text, 4);
	whole.set(bytes.subarray(0, size), 4 + text.length);
	return whole;
}

function isSpan(value: object, file: string): value is Span {
	return "endColumn" in value && "column" in value && (value as Span).file === file && Object.keys(value).length === 5;
}
