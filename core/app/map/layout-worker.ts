import { parentPort, workerData } from "node:worker_threads";
import type { MapLayout } from "../../contract/layout.ts";
import { layOutGraph } from "../../graph/index.ts";
import type { LayoutInput } from "./layouts.ts";

const { nodes, edges, previous } = workerData as LayoutInput;
parentPort?.postMessage(layOutGraph({ nodes, edges }, previous) satisfies MapLayout);
