/** A way to look at the map that somebody gave a name: viewport, filters and selection as they stand in the address. */
export type SavedView = { name: string; details: Record<string, string> };

/** What a scan found since the last part; drawn while the rest is still read. */
export type ScanPart = {
	/** Changes with every scan. */
	scan: number;
	done: number;
	total: number;
	modules: { id: string; functions: number; lines: number }[];
	/** The last part of this scan. */
	ended: boolean;
};
