import type { Type } from "../../../contract/ir.ts";
import { isIdentifier, pascal, propertyKey } from "./names.ts";

/** Names for the shapes of rows and records; one name per shape over the whole service. */
export type Shapes = {
	/** The name of a shape; a new one is called by the hint. */
	nameOf(shape: Shape, hint: string): string;
	all(): { name: string; shape: Shape }[];
};
export type Shape = Extract<Type, { kind: "row" | "record" }>;

export function createShapes(): Shapes {
	const byKey = new Map<string, { name: string; shape: Shape }>();
	const taken = new Set<string>();
	return {
		nameOf(shape, hint) {
			const key = JSON.stringify(shape);
			const known = byKey.get(key);
			if (known) return known.name;
			const base = isIdentifier(pascal(hint)) ? pascal(hint) : "Shape";
			let name = base;
			for (let count = 2; taken.has(name); count++) name = `${base}${count}`;
			taken.add(name);
			byKey.set(key, { name, shape });
			return name;
		},
		all: () => [...byKey.values()],
	};
}

export type TypeWriter = {
	/** TypeScript text of a type; names it needs are imported through `use`. */
	text(type: Type, hint: string): string;
};

export function createTypeWriter(shapes: Shapes, use: (name: string) => string, exceptionName: (id: string) => string): TypeWriter {
	function text(type: Type, hint: string): string {
		switch (type.kind) {
			case "int":
			case "float":
				return "number";
			case "bool":
				return "boolean";
			case "str":
				return "string";
			case "bytes":
				return "Uint8Array";
			case "none":
				return "null";
			case "any":
				return "unknown";
			case "date":
				return use("EpochDay");
			case "datetime":
				return use("WallTime");
			case "connection":
				return use("Repository");
			case "optional":
				return type.of.kind === "none" ? "null" : `${text(type.of, hint)} | null`;
			case "list":
				return bracketed(text(type.of, `${hint} item`));
			case "tuple":
				return `readonly [${type.items.map((item, index) => text(item, `${hint} ${index + 1}`)).join(", ")}]`;
			case "dict":
				return `Map<${text(type.key, hint)}, ${text(type.value, `${hint} value`)}>`;
			case "record":
			case "row":
				return use(shapes.nameOf(type, isRequest(type) ? "incoming request" : hint));
			case "exception":
				return exceptionName(type.id);
		}
	}
	return { text };
}

/** The interfaces of `records.ts`. */
export function shapeText({ name, shape }: { name: string; shape: Shape }, writer: TypeWriter): string {
	const members = shape.kind === "row" ? shape.columns : shape.fields;
	const lines = members.map((member) => `\t${propertyKey(member.name)}: ${writer.text(member.type, `${name} ${member.name}`)};`);
	return `export type ${name} = {\n${lines.join("\n")}\n};\n`;
}

function bracketed(item: string): string {
	return /[ |]/.test(item) ? `(${item})[]` : `${item}[]`;
}

/** The legacy program's own form of an HTTP request. */
function isRequest(type: Shape): boolean {
	return type.kind === "record" && ["params", "headers"].every((name) => type.fields.some((field) => field.name === name));
}

/** The type without `None`. */
export function plainType(type: Type): Type {
	return type.kind === "optional" ? plainType(type.of) : type;
}
