import type { Span, Type } from "../../../contract/ir.ts";
import { camel, type Names } from "../typescript/names.ts";
import type { Repository } from "../typescript/repository-plan.ts";
import { refuse, type Service } from "../typescript/scope.ts";
import type { Shapes } from "../typescript/types.ts";

export type JavaService = {
	service: Service;
	names: Names;
	shapes: Shapes;
	repository: Repository;
};

const keywords = new Set(
	(
		"abstract assert boolean break byte case catch char class const continue default do double else enum extends final finally float for " +
		"goto if implements import instanceof int interface long native new package private protected public return short static strictfp " +
		"super switch synchronized this throw throws transient try void volatile while true false null var record yield ports"
	).split(" "),
);

export function javaName(words: string): string {
	const name = camel(words);
	return keywords.has(name) ? `${name}Value` : name;
}

const taken = new Set(
	"Branches Hashes BigDecimal RoundingMode Errors Numbers Texts Dates Values Wire Application ServiceController Repository Ports Object String Long Double Boolean Math".split(
		" ",
	),
);

/** `service/accounts.ts` -> `Accounts`. */
export function classOf(file: string): string {
	const words = file.replace(/^service\//, "").replace(/\.ts$/, "");
	const name = camel(words);
	const pascal = name.slice(0, 1).toUpperCase() + name.slice(1);
	return taken.has(pascal) ? `${pascal}Module` : pascal;
}

/** The Java type; `boxed` where a type argument needs an object. */
export function typeText(type: Type, java: JavaService, span: Span, hint: string, boxed = false): string {
	const inner = (of: Type) => typeText(of, java, span, hint, true);
	switch (type.kind) {
		case "int":
			return boxed ? "Long" : "long";
		case "float":
			return boxed ? "Double" : "double";
		case "bool":
			return boxed ? "Boolean" : "boolean";
		case "str":
			return "String";
		case "none":
			return "Void";
		case "date":
			return "LocalDate";
		case "datetime":
			return "LocalDateTime";
		case "connection":
			return "Repository";
		case "optional":
			return inner(type.of);
		case "list":
			return `List<${inner(type.of)}>`;
		case "tuple":
			if (type.items.length === 2) return `Values.Pair<${type.items.map(inner).join(", ")}>`;
			if (type.items.length === 3) return `Values.Triple<${type.items.map(inner).join(", ")}>`;
			return refuse(java, `a tuple of ${type.items.length} values in Java`, span);
		case "dict":
			return `Map<${inner(type.key)}, ${inner(type.value)}>`;
		case "row":
			return java.shapes.nameOf(type, hint);
		case "record":
			if (!isRequest(type)) return refuse(java, "a record that is not the request, in Java", span);
			return "Wire.IncomingRequest";
		case "exception":
		case "bytes":
		case "any":
			return refuse(java, `a variable of type ${type.kind} in Java`, span);
	}
}

/** The legacy program's own form of an HTTP request. */
export function isRequest(type: Extract<Type, { kind: "record" }>): boolean {
	return type.fields.every((field) => ["method", "path", "params", "headers"].includes(field.name));
}
