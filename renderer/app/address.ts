import {
	type Details,
	type EngineStore,
	type Place,
	type ProjectStore,
	places,
	type ScreenState,
	type ScreenStore,
} from "../state/index.ts";

/** Where one is. `selected` and `patch` have a field of their own in the screen; what else a place notes is in its `details`. */
export type Address = { place: Place } & Partial<Pick<ScreenState, "selected" | "patch" | "mapView" | "details">>;

const KEY = "phoenix.address";
const MAX_LENGTH = 2000;
/** Names in the address that are fields of the screen, by place. */
const own: Partial<Record<Place, readonly string[]>> = { map: ["select", "view"], patches: ["patch"] };

/** `#/map?select=function:scoring.credit_score`, `#/patches?patch=p-3`, `#/evidence?question=dropped`. Null: no address of this screen. */
export function readAddress(hash: string): Address | null {
	if (hash.length > MAX_LENGTH) return null;
	const [path = "", query = ""] = hash.replace(/^#/, "").split("?", 2);
	const place = places.find((one) => path === `/${one}`);
	if (place === undefined) return null;
	const found = new URLSearchParams(query);
	const details: Details = Object.fromEntries([...found].filter(([name]) => own[place]?.includes(name) !== true));
	const rest = { place, details: { [place]: details } };
	if (place === "map") return { ...rest, selected: found.get("select"), mapView: found.get("view") === "table" ? "table" : "bubbles" };
	return place === "patches" ? { ...rest, patch: found.get("patch") } : rest;
}

export function writeAddress({
	place,
	selected,
	patch,
	mapView,
	details,
}: Pick<ScreenState, "place" | "selected" | "patch" | "mapView" | "details">): string {
	const query = new URLSearchParams(details[place]);
	if (place === "map" && selected !== null) query.set("select", selected);
	if (place === "map" && mapView === "table") query.set("view", "table");
	if (place === "patches" && patch !== null) query.set("patch", patch);
	// A colon, a slash and a comma need no escape behind the `#`; addresses are read by people.
	const text = query.toString().replaceAll("%3A", ":").replaceAll("%2F", "/").replaceAll("%2C", ",");
	return `#/${place}${text === "" ? "" : `?${text}`}`;
}

/**
 * Keeps the address of the window and the screen in step: another place, selection, patch or view of the map is a step of back and forward; the other
 * details only change the address. The last address of each project is remembered, so that a window that comes back without one,
 * because its process was killed, finds its place again.
 */
export function startAddress({ screen, engine, project }: { screen: ScreenStore; engine: EngineStore; project: ProjectStore }): void {
	const isNamed = readAddress(location.hash) !== null;
	addEventListener("hashchange", () => {
		const address = readAddress(location.hash);
		if (address === null || location.hash === writeAddress(screen.getState())) return;
		const { details, ...fields } = address;
		screen.setState({ ...fields, details: { ...screen.getState().details, ...details } });
	});
	screen.subscribe((now, before) => {
		const hash = writeAddress(now);
		// Also what came from the address itself: by back, by a link, by hand.
		if (hash !== writeAddress(before)) remember(engine.getState().snapshot?.project?.dir, hash);
		if (location.hash === hash) return;
		const isStep =
			now.place !== before.place || now.selected !== before.selected || now.patch !== before.patch || now.mapView !== before.mapView;
		if (isStep) location.hash = hash;
		else if (hash !== writeAddress(before)) history.replaceState(null, "", hash);
	});
	engine.subscribe(({ snapshot }, { snapshot: former }) => {
		if (snapshot === null || former !== null) return;
		const dir = snapshot.project?.dir;
		if (isNamed) return remember(dir, writeAddress(screen.getState()));
		const hash = remembered(dir);
		if (readAddress(hash) === null) return;
		history.replaceState(null, "", hash);
		dispatchEvent(new HashChangeEvent("hashchange"));
	});
	// What an address or an older graph named and this one has not cannot stay selected.
	project.subscribe(({ graph }, { graph: former }) => {
		const { selected, select } = screen.getState();
		if (graph !== null && graph !== former && selected !== null && !graph.nodes.some((node) => node.id === selected)) select(null);
	});
}

function remember(dir: string | undefined, hash: string): void {
	if (dir === undefined) return;
	try {
		localStorage.setItem(KEY, JSON.stringify({ dir, hash }));
	} catch {
		// Without storage a window that lost its address begins at the map.
	}
}

function remembered(dir: string | undefined): string {
	try {
		const kept = JSON.parse(localStorage.getItem(KEY) ?? "null") as { dir?: unknown; hash?: unknown } | null;
		return dir !== undefined && kept?.dir === dir && typeof kept.hash === "string" ? kept.hash : "";
	} catch {
		return "";
	}
}
