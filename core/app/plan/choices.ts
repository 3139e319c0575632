import type { Blueprint, Choices, ServiceFiles } from "../../contract/blueprint.ts";

/** The choices that a written service was made with; null when it was made from another blueprint than this one. */
export function choicesOf(files: ServiceFiles | null, blueprint: Blueprint): Choices | null {
	if (files === null) return {};
	const manifest = JSON.parse(files["service.json"] ?? "{}") as { blueprint?: string; choices?: Choices };
	return manifest.blueprint === blueprint.hash ? (manifest.choices ?? {}) : null;
}
