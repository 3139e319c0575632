import { Fault, type FaultData } from "../../core/base/index.ts";

/** Whatever a call threw, as the four sentences of an error card. Coded errors arrive as the data of the failed call. */
export function faultFrom(error: unknown): FaultData {
	if (error instanceof Fault) return error.toJSON();
	const data = (error as { data?: unknown } | null)?.data;
	if (isFaultData(data)) return data;
	if (isLineLoss(error)) return new Fault("CORE_ABSENT", { address: location.host }).toJSON();
	const reference = error instanceof Error ? error.message : String(error);
	return new Fault("INTERNAL", { reference, log: "of the core" }).toJSON();
}

function isFaultData(value: unknown): value is FaultData {
	if (typeof value !== "object" || value === null) return false;
	const data = value as Partial<FaultData>;
	return [data.code, data.what, data.safe, data.todo].every((text) => typeof text === "string");
}

function isLineLoss(error: unknown): boolean {
	if (!(error instanceof Error)) return false;
	return error.name === "AbortError" || /closed|no answer|not open|aborted/i.test(error.message);
}

/** The card as text, for a report. */
export function detailsOf(fault: FaultData): string {
	const data = Object.entries(fault.data ?? {}).map(([name, value]) => `${name}: ${value}`);
	return [`${fault.code}`, `What happened: ${fault.what}`, `What is safe now: ${fault.safe}`, `What to do: ${fault.todo}`, ...data].join(
		"\n",
	);
}
