import type { SourceExpr } from "../program.ts";
import { writeElement } from "./containers.ts";
import { type Frame, instanceOf, objectOf, only } from "./engine.ts";
import { NOTHING, type Scope, union, type Values } from "./heap.ts";

const transparent = new Set(["Optional", "Union", "Annotated", "Final", "ClassVar", "Awaitable", "Coroutine", "Type"]);
const holding = new Set([
	"list",
	"List",
	"Sequence",
	"Iterable",
	"Iterator",
	"Set",
	"set",
	"FrozenSet",
	"frozenset",
	"Collection",
	"Generator",
	"AsyncIterator",
	"tuple",
	"Tuple",
]);

/** What an annotation says a value is: an instance of a class of the program, or a container of such. Texts are read as forward references. */
export function annotated(frame: Frame, expr: SourceExpr, scope: Scope): Values {
	const { heap } = frame.engine;
	const at: Frame = { ...frame, scope, flow: null };
	const of = (part: SourceExpr): Values => annotated(frame, part, scope);
	switch (expr.kind) {
		case "string":
			return /^[A-Za-z_][\w.]*$/.test(expr.value) ? of(dotted(expr.value, expr)) : NOTHING;
		case "name":
		case "attribute": {
			const found = [...frame.engine.evaluate(at, expr)].filter((value) => objectOf(frame, value).kind === "class");
			return new Set(found.map((value) => instanceOf(heap, value, true)));
		}
		case "binary":
			return expr.op === "|" ? union(of(expr.left), of(expr.right)) : NOTHING;
		case "subscript": {
			const name = expr.of.kind === "name" ? expr.of.name : expr.of.kind === "attribute" ? expr.of.name : "";
			const items = expr.index.kind === "tuple" ? expr.index.items : [expr.index];
			if (transparent.has(name)) return union(...items.map(of));
			if (!holding.has(name)) return NOTHING;
			const held = union(...items.map(of));
			if (held.size === 0) return NOTHING;
			const key = `annotation ${scope.module} ${expr.span.line}:${expr.span.column}`;
			const made = only(heap.intern(key, () => ({ kind: "container", type: "list", owner: key, length: null })));
			writeElement(at, made, null, held);
			return made;
		}
		default:
			return NOTHING;
	}
}

function dotted(text: string, at: SourceExpr): SourceExpr {
	const [head = "", ...rest] = text.split(".");
	return rest.reduce<SourceExpr>((of, name) => ({ kind: "attribute", of, name, span: at.span }), {
		kind: "name",
		name: head,
		span: at.span,
	});
}
