import type { ExportedHar, ImportedRecording } from "../../contract/recording.ts";
import type { Core } from "../core.ts";
import { exportHar } from "./export-har.ts";
import { importRecording } from "./import-recording.ts";
import { maskerOf } from "./masking.ts";

type ImportRequest = { from: string; to: string; format: string; host?: string | undefined; mask?: string[] | undefined };

/** Recordings made of other files, and other files of recordings, with their progress; each ends with the engine. */
export function createConversions({ dir, progress, closing }: Pick<Core, "dir" | "progress" | "closing">) {
	return {
		/** Always masked; a recording with everything as it was is made on the command line alone. */
		import({ mask = [], ...order }: ImportRequest): Promise<ImportedRecording> {
			const masker = maskerOf(dir, { rules: mask });
			const about = { what: `Reading ${order.from}`, unit: "requests" };
			return progress.run(about, (step, signal) => importRecording({ ...order, masker }, step, signal), closing);
		},
		export(order: { from: string; to: string }): Promise<ExportedHar> {
			const about = { what: `Writing ${order.to}`, unit: "entries" };
			return progress.run(about, (step, signal) => exportHar(order, step, signal), closing);
		},
	};
}
