import { join, resolve } from "node:path";

/** Where a state directory keeps the trees of files that were read, for every code base; deleting it costs only the next scan's time. */
export const treesIn = (state: string): string => join(resolve(state), "maps", "trees");
