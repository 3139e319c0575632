import { type Place, places, type ScreenStore } from "../state/index.ts";

/** `#/run` -> `run`; whatever else is the map. */
export function placeOf(hash: string): Place {
	return places.find((place) => hash === `#/${place}`) ?? "map";
}

/** Keeps the address of the window and the place in step, so that back, forward and a bookmark work. */
export function startAddress(screen: ScreenStore): void {
	addEventListener("hashchange", () => screen.getState().go(placeOf(location.hash)));
	screen.subscribe(({ place }) => {
		if (placeOf(location.hash) !== place) location.hash = `#/${place}`;
	});
}
