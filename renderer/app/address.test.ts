import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { bank } from "../fixtures/memory-core.ts";
import { snapshotAt } from "../fixtures/moments.ts";
import { createEngineStore, createProjectStore, createScreenStore, places } from "../state/index.ts";
import { readAddress, startAddress, writeAddress } from "./address.ts";

describe("an address", () => {
	it("is readable, and names what is looked at", () => {
		const screen = createScreenStore({ selected: "function:scoring.credit_score", mapView: "table" });
		expect(writeAddress(screen.getState())).toBe("#/map?select=function:scoring.credit_score&view=table");
		screen.getState().go("evidence");
		screen.getState().detail("evidence", { question: "What was dropped?" });
		expect(writeAddress(screen.getState())).toBe("#/evidence?question=What+was+dropped%3F".replace("%3F", "%3F"));
	});

	it("brings back what was written, whatever the names and values are", () => {
		const text = fc.string({ minLength: 1, maxLength: 40 });
		fc.assert(
			fc.property(
				fc.constantFrom(...places),
				fc.option(text),
				fc.option(text),
				fc.dictionary(text, text, { maxKeys: 4 }),
				(place, selected, patch, details) => {
					const own = new Set(["select", "view", "patch"]);
					const free = Object.fromEntries(Object.entries(details).filter(([name]) => !own.has(name)));
					const screen = createScreenStore({ place, selected, patch, details: { [place]: free } });
					const hash = writeAddress(screen.getState());
					fc.pre(hash.length <= 2000);
					const read = readAddress(hash);
					expect(read).toMatchObject({ place, details: { [place]: free } });
					if (place === "map") expect(read?.selected ?? null).toBe(selected);
					if (place === "patches") expect(read?.patch ?? null).toBe(patch);
				},
			),
		);
	});

	it.each(["", "#", "#token=abc", "#/nowhere", "#/map/more", `#/map?select=${"x".repeat(3000)}`])("is none of this screen: %s", (hash) => {
		expect(readAddress(hash)).toBeNull();
	});
});

describe("a window", () => {
	const stores = () => ({
		screen: createScreenStore(readAddress(location.hash) ?? {}),
		engine: createEngineStore(),
		project: createProjectStore(),
	});
	beforeEach(() => {
		localStorage.clear();
		location.hash = "";
	});
	afterEach(() => {
		location.hash = "";
	});

	it("that lost its address finds the place of this project again, and of no other", () => {
		const first = stores();
		startAddress(first);
		first.engine.getState().takeSnapshot(snapshotAt("shadowing", bank));
		first.screen.getState().go("run");
		first.screen.getState().detail("run", { function: "transfers.transfer" });
		expect(location.hash).toBe("#/run?function=transfers.transfer");

		history.replaceState(null, "", "/");
		const next = stores();
		startAddress(next);
		next.engine.getState().takeSnapshot(snapshotAt("shadowing", bank));
		expect(next.screen.getState()).toMatchObject({ place: "run", details: { run: { function: "transfers.transfer" } } });

		history.replaceState(null, "", "/");
		const other = stores();
		startAddress(other);
		const elsewhere = snapshotAt("shadowing", bank);
		other.engine.getState().takeSnapshot({ ...elsewhere, project: elsewhere.project && { ...elsewhere.project, dir: "/srv/other" } });
		expect(other.screen.getState().place).toBe("map");
	});

	it("remembers also where a link or the way back led", () => {
		location.hash = "#/patches?patch=p-1";
		const linked = stores();
		startAddress(linked);
		linked.engine.getState().takeSnapshot(snapshotAt("shadowing", bank));
		history.replaceState(null, "", "/");
		const next = stores();
		startAddress(next);
		next.engine.getState().takeSnapshot(snapshotAt("shadowing", bank));
		expect(next.screen.getState()).toMatchObject({ place: "patches", patch: "p-1" });
	});

	it("does not keep a selection that the open graph has not", () => {
		location.hash = "#/map?select=function:nowhere.nothing";
		const window = stores();
		startAddress(window);
		expect(window.screen.getState().selected).toBe("function:nowhere.nothing");
		window.project.getState().setGraph(bank);
		expect(window.screen.getState().selected).toBeNull();
	});
});
