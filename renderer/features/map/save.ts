import type { MapView } from "../../adapters/map-view.ts";
import type { Context } from "../../app/commands/index.ts";
import { ask } from "../../app/commands/index.ts";
import { readLook } from "../../state/index.ts";

/** Downloads what is shown as PNG, or the whole map as SVG: the engine draws that from the same places. */
export async function saveMap(app: Context, map: MapView, format: "png" | "svg"): Promise<void> {
	const name = app.engine.getState().snapshot?.project?.name ?? "map";
	if (format === "png") {
		download(`${name}-map.png`, await map.toPng());
		app.screen.getState().say(`Saved ${name}-map.png`);
		return;
	}
	const theme = document.documentElement.dataset.theme === "dark" ? "dark" : "light";
	const { selected, details } = app.screen.getState();
	const graph = app.project.getState().graph;
	const off = new Set<string>(readLook(details.map).off);
	const focus =
		selected === null || graph === null
			? []
			: [selected, ...graph.edges.flatMap(({ from, to }) => (from === selected ? [to] : to === selected ? [from] : []))].slice(0, 2000);
	const hidden = (graph?.nodes ?? []).filter((node) => off.has(node.kind)).map((node) => node.id);
	const answer = await ask(app, (client) => client.map.picture({ theme, focus, hidden }));
	if (answer === undefined) return;
	download(`${name}-map.svg`, new Blob([answer.svg], { type: "image/svg+xml" }));
	app.screen.getState().say(`Saved ${name}-map.svg`);
}

function download(name: string, blob: Blob): void {
	const link = document.createElement("a");
	link.href = URL.createObjectURL(blob);
	link.download = name;
	link.click();
	setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
