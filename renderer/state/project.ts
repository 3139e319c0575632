import { createStore } from "zustand/vanilla";
import type { CodeFile } from "../../core/contract/api.ts";
import type { Blueprint } from "../../core/contract/blueprint.ts";
import type { Graph, Inspection } from "../../core/contract/graph.ts";
import type { CutPlan, RankedCut, SourceSlice, Trace } from "../../core/contract/plan.ts";
import { share } from "./share.ts";

/** The open code base and what has been asked about its functions. A new graph forgets the answers. */
export type ProjectState = {
	graph: Graph | null;
	inspections: Record<string, Inspection>;
	blueprints: Record<string, Blueprint>;
	/** Generated files by `function@version`. */
	code: Record<string, CodeFile[]>;
	plans: Record<string, CutPlan>;
	slices: Record<string, SourceSlice>;
	/** Generated lines by `function@version`. */
	traces: Record<string, Trace[]>;
	/** Ranked cuts by module or package; `""`: of everything. */
	cuts: Record<string, RankedCut[]>;
	setGraph(graph: Graph | null): void;
	keep<K extends "plans" | "slices" | "traces" | "cuts">(kind: K, key: string, answer: ProjectState[K][string]): void;
	setInspection(name: string, inspection: Inspection): void;
	setBlueprint(name: string, blueprint: Blueprint): void;
	setCode(key: string, files: CodeFile[]): void;
};

export function createProjectStore() {
	return createStore<ProjectState>((set, get) => ({
		graph: null,
		inspections: {},
		blueprints: {},
		code: {},
		plans: {},
		slices: {},
		traces: {},
		cuts: {},
		setGraph(next) {
			// The same graph told twice, by the call that opened it and by the feed, must not draw the map twice.
			const graph = share(get().graph, next);
			if (graph !== get().graph) set({ graph, inspections: {}, blueprints: {}, code: {}, plans: {}, slices: {}, traces: {}, cuts: {} });
		},
		keep: (kind, key, answer) => set({ [kind]: { ...get()[kind], [key]: answer } }),
		setInspection: (name, inspection) => set({ inspections: { ...get().inspections, [name]: inspection } }),
		setBlueprint: (name, blueprint) => set({ blueprints: { ...get().blueprints, [name]: blueprint } }),
		setCode: (key, files) => set({ code: { ...get().code, [key]: files } }),
	}));
}

export type ProjectStore = ReturnType<typeof createProjectStore>;
