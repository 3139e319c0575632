import { availableParallelism } from "node:os";
import { workersMost } from "../../../contract/gateway-config.ts";
import { type CommandInput, textOf, wrongUsage } from "../command.ts";

/** The number that an option names: 1 to 64, or `auto`. undefined: it is not there. */
export function workersOf(input: CommandInput, option: string): number | undefined {
	const text = textOf(input, option);
	if (text === undefined) return undefined;
	if (text === "auto") return workerCount(text);
	return /^\d{1,2}$/.test(text) && Number(text) >= 1 && Number(text) <= workersMost ? Number(text) : wrongUsage();
}

/** `auto` leaves one processor to the supervisor, to the shadow's threads and to whatever else the machine does. */
export function workerCount(workers: number | "auto"): number {
	return workers === "auto" ? Math.min(workersMost, Math.max(1, availableParallelism() - 1)) : workers;
}
