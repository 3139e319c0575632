import type { FTarget } from "../../contract/function-ir.ts";
import type { SourceExpr } from "../../graph/index.ts";
import { type Frame, need, refuse } from "./draft.ts";
import { lowerSlice } from "./parts.ts";
import { lookUp } from "./scopes.ts";

/** Where a value goes. */
export function lowerTarget(frame: Frame, target: SourceExpr): FTarget {
	switch (target.kind) {
		case "name":
			return nameTarget(frame, target.name);
		case "attribute":
			return { kind: "attribute", of: frame.lower(frame, target.of), name: target.name };
		case "subscript": {
			const of = frame.lower(frame, target.of);
			if (target.index.kind === "slice") return { kind: "slice", of, ...lowerSlice(frame, target.index) };
			return { kind: "index", of, index: frame.lower(frame, target.index) };
		}
		case "tuple":
		case "list": {
			const star = target.items.findIndex((item) => item.kind === "star");
			return {
				kind: "unpack",
				items: target.items.map((item) => lowerTarget(frame, item.kind === "star" ? item.of : item)),
				star: star < 0 ? null : star,
			};
		}
		default:
			refuse(
				frame,
				`an assignment to ${target.kind}`,
				"it is no place for a value",
				"Assign to a name, an item or an attribute.",
				target.span,
			);
			return { kind: "name", name: "_", scope: "local" };
	}
}

export function nameTarget(frame: Frame, name: string): FTarget & { kind: "name" } {
	const found = lookUp(frame.scope, name);
	if (found.kind === "variable") return { kind: "name", name: found.name, scope: found.scope };
	return { kind: "name", name: need(frame.draft, frame.module.module.name, name), scope: "module" };
}
