import { useEffect, useMemo, useRef, useState } from "react";
import type { MapMark } from "../../adapters/cytoscape.ts";
import type { Focus, Scene, Sieve } from "../../adapters/map-scene.ts";
import { createMapView, type MapView } from "../../adapters/map-view.ts";
import { onTheme, token } from "../../adapters/tokens.ts";
import { perform } from "../../app/commands/index.ts";
import { useApp, useEngine, useScreen } from "../../app/context.tsx";
import { openMenu } from "../../app/context-menu.tsx";
import { type MapLook, readLook, writeLook } from "../../state/index.ts";
import { stageTone, stageWord } from "../stage-strip/index.ts";
import { neighbourhood } from "./focus.ts";
import styles from "./map.module.css";
import { menuOf } from "./menus.ts";
import { wordsOf } from "./words.ts";

type Props = {
	scene: Scene;
	look: MapLook;
	sieve: Sieve;
	focus: Focus | null;
	ask(field: "find" | "path" | "view"): void;
	arrange(): Promise<void>;
	onView(view: MapView | null): void;
	onMove(): void;
};

/** Above for the tools and the first names, below for the legend; at the sides for the names of routes and tables. */
function marginFor(scene: Scene) {
	const room = (kind: "route" | "table") => {
		const letters = scene.nodes.reduce((most, node) => (node.kind === kind ? Math.max(most, node.label.length) : most), 0);
		return letters === 0 ? 24 : 26 + Math.min(22, letters) * 6.7;
	};
	return { left: room("route"), right: room("table"), top: 82, bottom: 60 };
}
/** At scale routes and tables stand in blocks, and names beside them show only once one is near. */
const BLOCK_MARGIN = { left: 24, right: 24, top: 84, bottom: 62 };

/** The canvas of the map, with the keyboard's place on it. What it shows comes from the stores; what is done on it goes there. */
export function Bubbles({ scene, look, sieve, focus, ask, arrange, onView, onMove }: Props) {
	const app = useApp();
	const { screen } = app;
	const host = useRef<HTMLDivElement>(null);
	const [view, setView] = useState<MapView | null>(null);
	const selected = useScreen((state) => state.selected);
	const allEdges = useScreen((state) => state.allEdges);
	const migrations = useEngine((state) => state.snapshot?.migrations);
	const moved = useRef(onMove);
	moved.current = onMove;
	const asks = useRef({ ask, arrange });
	asks.current = { ask, arrange };

	// The view lives as long as its scene.
	// biome-ignore lint/correctness/useExhaustiveDependencies: see above
	useEffect(() => {
		const element = host.current;
		if (element === null) return;
		const note = (part: Partial<MapLook>) => screen.getState().detail("map", writeLook(part));
		const now = () => readLook(screen.getState().details.map);
		let hovering: ReturnType<typeof setTimeout> | undefined;
		/** The camera that the address has from here, so that its own echo moves nothing. */
		let written = JSON.stringify(now().camera);
		let home = "";
		const map = createMapView({
			host: element,
			scene,
			margin: scene.blocks.length > 0 ? BLOCK_MARGIN : marginFor(scene),
			token,
			start: now().camera,
			onSelect(id) {
				clearTimeout(hovering);
				const isPackage = id?.startsWith("package:") === true;
				note({ bubble: isPackage ? id : null, lines: null });
				screen.getState().select(isPackage ? null : id);
			},
			// A pointer that only passes over a mark does not make the picture flicker.
			onHover(id) {
				clearTimeout(hovering);
				const isTaken = () => screen.getState().selected !== null || now().path !== null;
				if (isTaken()) return;
				const show = () => isTaken() || map.focus(id === null ? null : neighbourhood(scene, id, 1));
				hovering = setTimeout(show, id === null ? 160 : 90);
			},
			onOpen: (id) => (id === null ? map.fit() : void (/^(package|module):/.test(id) ? perform(app, "map.enter", id) : map.flyTo(id))),
			onLine: (from, to) => note({ lines: { from, to } }),
			onMenu(about, x, y) {
				openMenu(app, { x, y, ...menuOf(scene, about) });
			},
			onMove(camera, isSettled) {
				moved.current();
				if (!isSettled) return;
				const rounded = readLook({ at: writeLook({ camera }).at ?? "" }).camera;
				const text = JSON.stringify(rounded);
				if (home === "") home = text;
				if (text === written) return;
				written = text === home ? "null" : text;
				note({ camera: text === home ? null : rounded });
			},
			onReady: () => performance.mark("map-interactive"),
		});
		screen.getState().set({
			map: {
				fit: map.fit,
				zoomBy: map.zoomBy,
				flyTo: map.flyTo,
				flyInto: map.flyInto,
				isOpen: map.isOpen,
				neighbour: map.neighbour,
				hasFocus: () => document.activeElement === element,
				ask: (field) => asks.current.ask(field),
				save: async (format) => (await import("./save.ts")).saveMap(app, map, format),
				arrange: () => asks.current.arrange(),
			},
		});
		// Back, forward and saved views move the map.
		const stopAddress = screen.subscribe(({ details }, before) => {
			if (details.map === before.details.map) return;
			const { camera } = readLook(details.map);
			const text = JSON.stringify(camera);
			if (text === written) return;
			written = text;
			if (camera === null) map.fit();
			else map.setCamera(camera);
		});
		const stopTheme = onTheme(map.restyle);
		// Letters measured before their file has come are measured again.
		void document.fonts?.ready.then(() => map.restyle());
		setView(map);
		onView(map);
		return () => {
			clearTimeout(hovering);
			stopAddress();
			stopTheme();
			screen.getState().set({ map: null });
			setView(null);
			onView(null);
			map.destroy();
		};
	}, [scene, app, screen]);

	useEffect(() => view?.sift(sieve), [view, sieve]);
	useEffect(() => view?.focus(focus), [view, focus]);
	useEffect(() => view?.showAllEdges(allEdges), [view, allEdges]);
	const marks = useMemo(
		() =>
			new Map<string, MapMark>(
				(migrations ?? []).map((one) => [`function:${one.function}`, { tone: stageTone(one), word: stageWord(one) }]),
			),
		[migrations],
	);
	const signature = [...marks].map(([id, mark]) => `${id} ${mark.tone} ${mark.word}`).join();
	// The signature, not the map: ten snapshots a second must not draw ten times.
	// biome-ignore lint/correctness/useExhaustiveDependencies: see above
	useEffect(() => view?.setMarks(marks), [view, signature]);

	const said = wordsOf(scene, look.bubble ?? selected);
	return (
		<>
			<div
				ref={host}
				className={styles.bubbles}
				role="application"
				// biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys move the selection on it
				tabIndex={0}
				aria-label={`Map of ${scene.nodes.length} nodes`}
				aria-describedby="map-help"
			/>
			<p id="map-help" className="sr-only">
				Arrow keys select the next mark in their direction, Enter opens a bubble, Escape clears the selection. The button Table shows the
				same as a table.
			</p>
			<p className="sr-only" role="status" aria-label="Selection on the map">
				{said}
			</p>
		</>
	);
}
