import type { JournalEntry, JournalRecord } from "../contract/journal.ts";
import type { LogLine } from "../contract/log.ts";
import type { GateResult } from "../contract/run.ts";

type Words = { level: LogLine["level"]; function: string | null; text: string };

/** What an entry of the journal says to a person; null for those that only machines need. */
export function logLine(entry: JournalEntry): LogLine | null {
	const words = wordsOf(entry);
	return words === null ? null : { seq: entry.seq, at: entry.at, ...words };
}

function wordsOf(entry: JournalRecord): Words | null {
	const say = (level: LogLine["level"], functionName: string | null, text: string): Words => ({ level, function: functionName, text });
	switch (entry.kind) {
		case "core.started":
			return say(
				"info",
				null,
				entry.data.resumed ? `Engine resumed (process ${entry.data.pid}).` : `Engine started (process ${entry.data.pid}).`,
			);
		case "core.stopped":
			return say("info", null, `Engine stopped: ${entry.data.reason}.`);
		case "project.opened":
			return say(
				"info",
				null,
				`Mapped ${entry.data.functions} functions, ${entry.data.routes} routes and ${entry.data.tables} tables in ${Math.round(entry.data.scanMs)} ms.`,
			);
		case "sample.renewed":
			return say("info", null, "A fresh sample bank: what was before stays in the journal.");
		case "system.attached":
			return say(
				"info",
				null,
				`Gateway on port ${entry.data.gatewayPort} in front of ${entry.data.legacy}${entry.data.adopted ? " (taken over)" : ""}.`,
			);
		case "run.started":
			return say("info", null, `Run ${entry.data.run}: ${entry.data.functions.join(", ")} under policy ${entry.data.policy.name}.`);
		case "run.ended":
			return say(entry.data.outcome === "done" ? "good" : "warn", null, `Run ${entry.data.run} ended: ${entry.data.outcome}.`);
		case "run.state": {
			const { stage, canary, reason } = entry.data.migration;
			const where = stage === "canary" && canary && canary.weight > 0 ? `canary ${canary.weight} %` : stage;
			return say(
				stage === "held" || stage === "refused" ? "bad" : stage === "promoted" ? "good" : "info",
				entry.data.function,
				reason === "" ? `${where}.` : `${where}: ${reason}`,
			);
		}
		case "blueprint.made":
			return say(
				"info",
				entry.data.function,
				`Blueprint ${entry.data.hash.slice(0, 12)}: ${entry.data.rules} rules, ${entry.data.statements} statements from ${entry.data.lines} lines.`,
			);
		case "service.generated":
			return say(
				"info",
				entry.data.function,
				`Version ${entry.data.version} generated: ${Object.keys(entry.data.files).length} files, ${entry.data.exact.length} places exact.`,
			);
		case "service.started":
			return say(
				"info",
				entry.data.function,
				`Version ${entry.data.version} runs as ${entry.data.role} (process ${entry.data.pid}, port ${entry.data.port}).`,
			);
		case "service.stopped":
			return say("info", entry.data.function, `Version ${entry.data.version} (${entry.data.role}) stopped: ${entry.data.reason}.`);
		case "shadow.cloned":
			return say("info", null, `Shadow database cloned: ${(entry.data.bytes / 1e6).toFixed(1)} MB in ${entry.data.ms} ms.`);
		case "tolerated":
			return say("info", entry.data.function, `Let pass: ${entry.data.field}, ${entry.data.check}.`);
		case "shadow.checked":
			return say("info", null, `Shadow equals legacy: ${entry.data.rows.toLocaleString("en")} rows of ${entry.data.tables} tables.`);
		case "dropped":
			return say(
				"warn",
				entry.data.function || null,
				`${entry.data.count} mirrored request${entry.data.count === 1 ? "" : "s"} not compared: ${entry.data.reason}.`,
			);
		case "mismatch.group":
			if (entry.data.state !== "open" || (entry.data.where !== null && entry.data.count === 0)) return null;
			return say(
				"bad",
				entry.data.function,
				`Mismatch: ${entry.data.cause} in ${entry.data.field}${entry.data.rowsOnly ? " (rows only)" : ""}${entry.data.where === null ? "" : `, from ${entry.data.where}`}.`,
			);
		case "patch.proposed":
			return say("good", entry.data.function, `Patch ${entry.data.id}: ${entry.data.explanation}`);
		case "patch.decided":
			return say(
				entry.data.decision === "accepted" ? "good" : "warn",
				entry.data.function,
				`Patch ${entry.data.patch} ${entry.data.decision} by ${entry.data.by}${partOf(entry.data.gate ?? null)}.`,
			);
		case "patch.taken-back":
			return say("warn", entry.data.function, `Patch ${entry.data.patch} ${takenBack(entry.data.state, entry.data.version)}.`);
		case "canary.step": {
			const { weight, requests, errors, outcome, reason } = entry.data;
			if (outcome === "advanced" || outcome === "promoted") return null;
			const figures = `${requests} answered by the new service, ${errors} errors`;
			return say("bad", entry.data.function, `Rolled back from ${weight} %: ${reason} (${figures}).`);
		}
		case "panic":
			return say(
				"bad",
				null,
				`All traffic to legacy (${entry.data.reason})${entry.data.ms === null ? "" : `, in force after ${entry.data.ms.toFixed(1)} ms`}.`,
			);
		case "panic.cleared":
			return say("info", null, `Kill switch cleared by ${entry.data.by}.`);
		case "function.promoted":
			return say(
				"good",
				entry.data.function,
				`Promoted: version ${entry.data.version} after ${entry.data.clean} clean requests, mismatch rate at most ${(entry.data.bound * 100).toFixed(2)} %.`,
			);
		case "legacy.retired":
			return say("good", null, `Legacy stopped after ${(entry.data.quietMs / 1000).toFixed(1)} s without a request for it.`);
		case "capsule.written":
			return say("good", null, `Capsule with ${entry.data.files} files sealed (${entry.data.sha256.slice(0, 12)}).`);
		case "fault":
			return say("bad", null, `${entry.data.code}: ${entry.data.what} ${entry.data.safe}`);
		case "note":
			return say("info", entry.data.function, entry.data.text);
		case "run.event":
		case "compared":
		case "plan.set":
		case "mismatch.example":
			return null;
	}
}

function partOf(gate: GateResult | null): string {
	if (gate === null) return "";
	const { hunks, failing, clean } = gate;
	return `: ${hunks.length} places exact, ${failing.passed} of ${failing.total} failing and ${clean.passed} of ${clean.total} clean cases agree`;
}

function takenBack(state: "proposed" | "reverted" | "withdrawn", version: number | undefined): string {
	if (state === "proposed") return "put up for review again by the architect";
	if (state === "withdrawn") return "fell away: its version runs no more";
	return `reverted by the architect: version ${version ?? "?"} has the former choices, evidence starts at zero`;
}
