import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
	type ComparisonReport,
	type ComparisonRules,
	type ComparisonSettings,
	comparisonReportShape,
	comparisonSettingsShape,
} from "../../contract/comparison.ts";
import type { Listener } from "../../contract/listeners.ts";

const reportFile = (gatewayDir: string) => join(gatewayDir, "comparisons.json");
const settingsFile = (gatewayDir: string) => join(gatewayDir, "comparison-settings.json");

/** Examples hold what clients sent: for the owner's eyes alone, whole or not at all. */
function write(file: string, value: unknown): void {
	const beside = `${file}.${process.pid}`;
	writeFileSync(beside, JSON.stringify(value), { mode: 0o600 });
	renameSync(beside, file);
}

export const writeReport = (gatewayDir: string, report: ComparisonReport): void => write(reportFile(gatewayDir), report);
export const writeSettings = (gatewayDir: string, settings: ComparisonSettings): void => write(settingsFile(gatewayDir), settings);

/** The rules of a configuration, and how its TCP listeners read; those of a gateway that runs already (`open`) stay as they are. */
export function settingsOf(
	rules: ComparisonRules,
	listeners: readonly Listener[],
	open: ComparisonSettings["listeners"],
): ComparisonSettings {
	const read = listeners.flatMap((one) => (one.kind === "tcp" ? [[one.id, { framing: one.framing, pairing: one.pairing }] as const] : []));
	return { rules, listeners: { ...Object.fromEntries(read), ...open } };
}

/** What was last written; null: nothing was compared here. A process that ended without a word does not compare any more. */
export function readReport(gatewayDir: string): ComparisonReport | null {
	const report = comparisonReportShape.safeParse(read(reportFile(gatewayDir))).data;
	return report === undefined ? null : { ...report, isRunning: report.isRunning && Date.now() - report.at < 10_000 };
}

export function readSettings(gatewayDir: string): ComparisonSettings {
	return comparisonSettingsShape.safeParse(read(settingsFile(gatewayDir))).data ?? { rules: {}, listeners: {} };
}

function read(file: string): unknown {
	try {
		return JSON.parse(readFileSync(file, "utf8"));
	} catch {
		return null;
	}
}
