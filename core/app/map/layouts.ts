import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { z } from "zod";
import { sha256 } from "../../base/index.ts";
import type { Graph, GraphEdge, GraphNode } from "../../contract/graph.ts";
import type { MapLayout } from "../../contract/layout.ts";

/** What the thread of the layout gets. */
export type LayoutInput = {
	nodes: Pick<GraphNode, "id" | "kind" | "parent" | "complexity">[];
	edges: Pick<GraphEdge, "from" | "to" | "kind">[];
	previous: MapLayout | null;
};

export type Layouts = {
	/** The layout of a graph: computed once, in a thread of its own, beginning from where things stood after the last scan. */
	layoutOf(graph: Graph, signal?: AbortSignal): Promise<MapLayout>;
	/** Packs everything anew and forgets where things stood. */
	arrange(graph: Graph): Promise<MapLayout>;
	/** Ends what is being computed, and waits until nothing is being written any more. */
	close(): Promise<void>;
};

/** Layouts of the code bases that were opened, kept in `<dir>/maps` by the path of each. `dir` null: kept nowhere. */
export function createLayouts({ dir }: { dir: string | null }): Layouts {
	const known = new WeakMap<Graph, Promise<MapLayout>>();
	const running = new Set<Promise<MapLayout>>();
	const closing = new AbortController();
	const fileOf = (graph: Graph) => (dir === null ? null : join(dir, "maps", `${sha256(graph.root).slice(0, 16)}.json`));

	async function compute(graph: Graph, isFresh: boolean, signal?: AbortSignal): Promise<MapLayout> {
		const file = fileOf(graph);
		const previous = isFresh || file === null ? null : await readLayout(file);
		const ended = signal === undefined ? closing.signal : AbortSignal.any([closing.signal, signal]);
		const layout = await inThread(graph, previous, ended);
		ended.throwIfAborted();
		if (file !== null) await keepLayout(file, layout);
		return layout;
	}
	function remember(graph: Graph, isFresh: boolean, signal?: AbortSignal): Promise<MapLayout> {
		const work = compute(graph, isFresh, signal);
		known.set(graph, work);
		// One that failed is tried again when it is next asked for.
		work.catch(() => known.delete(graph)).finally(() => running.delete(work));
		running.add(work);
		return work;
	}
	return {
		layoutOf: (graph, signal) => known.get(graph) ?? remember(graph, false, signal),
		arrange: (graph) => remember(graph, true),
		async close() {
			closing.abort();
			await Promise.allSettled(running);
		},
	};
}

async function inThread(graph: Graph, previous: MapLayout | null, signal?: AbortSignal): Promise<MapLayout> {
	signal?.throwIfAborted();
	const input: LayoutInput = {
		nodes: graph.nodes.map(({ id, kind, parent, complexity }) => ({ id, kind, parent, complexity })),
		edges: graph.edges.map(({ from, to, kind }) => ({ from, to, kind })),
		previous,
	};
	const worker = new Worker(new URL("./layout-worker.ts", import.meta.url), { workerData: input });
	const cancel = () => void worker.terminate();
	signal?.addEventListener("abort", cancel, { once: true });
	try {
		return await new Promise<MapLayout>((resolve, reject) => {
			worker.once("message", resolve);
			worker.once("error", reject);
			worker.once("exit", (code) => reject(new Error(`the layout ended with code ${code}`)));
		});
	} finally {
		signal?.removeEventListener("abort", cancel);
		await worker.terminate();
	}
}

const box = z.object({ left: z.number(), top: z.number(), right: z.number(), bottom: z.number() });
const stored = z.object({
	version: z.literal(1),
	depth: z.number().int(),
	spots: z.record(z.string(), z.tuple([z.number(), z.number(), z.number()])),
	packages: z.array(z.object({ id: z.string(), name: z.string(), modules: z.array(z.string()) })),
	blocks: z.array(z.object({ id: z.string(), kind: z.enum(["route", "table"]), name: z.string(), members: z.array(z.string()), box })),
	core: box,
	box,
});

/** A layout that is missing or cannot be read only means that everything is placed anew. */
async function readLayout(file: string): Promise<MapLayout | null> {
	try {
		return stored.parse(JSON.parse(await readFile(file, "utf8")));
	} catch {
		return null;
	}
}

let written = 0;

async function keepLayout(file: string, layout: MapLayout): Promise<void> {
	await mkdir(join(file, ".."), { recursive: true });
	const fresh = `${file}.${process.pid}-${++written}.new`;
	await writeFile(fresh, JSON.stringify(layout));
	await rename(fresh, file);
}
