/** Centre and radius in model units: one unit is one pixel at zoom 1, y grows downwards. */
export type MapSpot = readonly [x: number, y: number, r: number];
export type MapBox = { left: number; top: number; right: number; bottom: number };

/** A folder of modules, drawn as one bubble around them. `id` is `package:<dotted prefix>`; the root folder's prefix is empty. */
export type MapPackage = { id: string; name: string; modules: string[] };

/** Routes or tables of one package that stand together where there are too many for one column. */
export type MapBlock = { id: string; kind: "route" | "table"; name: string; members: string[]; box: MapBox };

/**
 * Where everything of one graph stands. Computed once in the engine and kept, so the same code gives the same map, and a
 * rescan leaves what did not change where it was.
 */
export type MapLayout = {
	version: 1;
	/** How many parts of a dotted name make its package. */
	depth: number;
	/** By node id, and by package id. */
	spots: Record<string, MapSpot>;
	/** Empty when all modules share one folder: then modules are the outermost bubbles. */
	packages: MapPackage[];
	/** Empty when routes and tables stand in one column each. */
	blocks: MapBlock[];
	/** Around modules and packages alone, without the columns of routes and tables. */
	core: MapBox;
	box: MapBox;
};
