import type { DemoChapter } from "../../contract/demo.ts";

/** The story of the stage. What happens in it is the engine's doing; nothing of it is prepared. */
export const chapters: readonly Omit<DemoChapter, "startedAt" | "endedAt" | "facts">[] = [
	{
		id: "map",
		title: "The system map",
		plan: "A fresh sample bank is started and its source is read. Nothing is changed, everything is answered by legacy.",
	},
	{
		id: "mirror",
		title: "The mirror",
		plan: "A load of requests begins. Three functions are cut out, written anew and started beside legacy; they get a copy of every request and answer nobody.",
	},
	{
		id: "remediation",
		title: "Remediation",
		plan: "Every difference is named with its cause and line. A patch must pass the failing requests and all clean ones before the service is swapped.",
	},
	{
		id: "switch",
		title: "Auto-switch",
		plan: "The evidence decides: 1, 5, 10, 50 and 100 % of the clients, each step guarded by errors, latency and drift.",
	},
	{
		id: "seal",
		title: "Kill switch and seal",
		plan: "The rest of the bank follows. The kill switch is pressed on purpose; then legacy, needed by nobody, is stopped and sealed with all evidence.",
	},
];
