import type { GraphEdge } from "./graph.ts";

/** The source lines that cause the lines of the map between two ends. */
export type EdgeEvidence = {
	/** How many connections there are; `edges` may hold fewer. */
	total: number;
	edges: { from: string; to: string; kind: GraphEdge["kind"]; file: string; lines: { line: number; text: string }[] }[];
};
