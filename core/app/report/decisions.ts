import type { Decision } from "../../contract/history.ts";
import type { JournalEntry } from "../../contract/journal.ts";
import type { Gate, Migration, RunEvent, Stage } from "../../contract/run.ts";

type Entry<K extends JournalEntry["kind"]> = Extract<JournalEntry, { kind: K }>;
type Words = Omit<Decision, "seq" | "at">;

/** Turns journal entries, in order, into decisions; null for those that decide nothing. */
export type DecisionReader = (entry: JournalEntry) => Decision | null;

/**
 * What an entry means depends on the ones right before it: a change of stage that follows a press of the architect is the
 * architect's, one that follows a broken guard is told by the guard already.
 */
export function createDecisionReader(): DecisionReader {
	const before = new Map<string, Migration>();
	let cause: { function: string; event: RunEvent["kind"]; seq: number } | null = null;
	let guarded: { function: string; seq: number } | null = null;

	function read(entry: JournalEntry): Words | null {
		switch (entry.kind) {
			case "run.event": {
				cause = { function: entry.data.function, event: entry.data.event.kind, seq: entry.seq };
				return eventWords(entry);
			}
			case "run.state": {
				const { migration } = entry.data;
				const former = before.get(migration.function);
				before.set(migration.function, migration);
				const told = guarded?.function === migration.function && entry.seq - guarded.seq === 1;
				if (told) return null;
				// A pause or an end of it is told by its event.
				if (former && former.stage === migration.stage && former.version === migration.version && weightOf(former) === weightOf(migration))
					return null;
				const isCaused = cause?.function === migration.function && entry.seq - cause.seq <= 2;
				return stageWords(migration, former ?? null, isCaused ? (cause?.event ?? null) : null);
			}
			case "canary.step": {
				if (entry.data.outcome === "rolled back") guarded = { function: entry.data.function, seq: entry.seq };
				return stepWords(entry);
			}
			default:
				return otherWords(entry);
		}
	}

	return (entry) => {
		const words = read(entry);
		return words === null ? null : { seq: entry.seq, at: entry.at, ...words };
	};
}

const weightOf = ({ canary }: Migration): number => canary?.weight ?? 0;
const words = (part: Pick<Words, "kind" | "who" | "what"> & Partial<Words>): Words => ({
	function: null,
	reason: "",
	figures: [],
	level: "info",
	...part,
});

const stageTitles: Record<Stage, string> = {
	waiting: "Waits for the start",
	extracting: "The slice is cut out",
	generating: "The service is written",
	deploying: "The service is started",
	shadowing: "Compared in shadow",
	healing: "A patch is searched",
	reviewing: "A patch waits for review",
	held: "Held",
	canary: "Canary begins",
	promoted: "Promoted",
	refused: "Refused",
	cancelled: "Cancelled",
};

const byArchitect = new Set<RunEvent["kind"]>([
	"start",
	"accept",
	"decline",
	"reopen",
	"revert",
	"pause",
	"resume",
	"cancel",
	"retry",
	"panic",
]);
const byPolicy = new Set<Stage>(["shadowing", "healing", "reviewing", "canary", "promoted", "held"]);
const levels: Partial<Record<Stage, Decision["level"]>> = {
	held: "bad",
	refused: "bad",
	promoted: "good",
	reviewing: "warn",
	cancelled: "warn",
};

function stageWords(migration: Migration, former: Migration | null, event: RunEvent["kind"] | null): Words {
	const { stage, canary, reason, evidence } = migration;
	const weight = canary?.weight ?? 0;
	const isStep = stage === "canary" && weight > 0;
	const fellBack = former !== null && (former.stage === "canary" || former.stage === "promoted") && stage === "shadowing";
	const who = event !== null && byArchitect.has(event) ? "architect" : fellBack ? "guard" : byPolicy.has(stage) ? "policy" : "engine";
	const counted: Gate[] =
		evidence.version > 0 && (stage === "canary" || stage === "promoted")
			? [
					{ name: "clean requests", value: String(evidence.clean), limit: "", open: true },
					{ name: "mismatch rate, upper bound", value: `${Number((evidence.bound * 100).toPrecision(3))} %`, limit: "", open: true },
				]
			: [];
	return words({
		function: migration.function,
		kind: isStep ? "canary" : fellBack ? "guard" : "stage",
		who,
		what: isStep ? `Canary ${weight} %` : fellBack ? "Back to legacy" : stageTitles[stage],
		// While it prepares, the reason says no more than the title.
		reason: who === "engine" && levels[stage] === undefined ? "" : reason,
		figures: counted,
		level: fellBack ? "bad" : (levels[stage] ?? "info"),
	});
}

function stepWords({ data }: Entry<"canary.step">): Words {
	const figures: Gate[] = [
		{ name: "answered by the new service", value: String(data.requests), limit: "", open: true },
		{ name: "errors", value: String(data.errors), limit: "", open: data.errors === 0 },
		...data.guards,
	];
	const broke = data.outcome === "rolled back";
	const ended = data.outcome === "ended";
	return words({
		function: data.function,
		kind: broke ? "guard" : "canary",
		who: broke ? "guard" : ended ? "architect" : "policy",
		what: broke ? `Rolled back from ${data.weight} %` : ended ? `${data.weight} % ended` : `${data.weight} % held`,
		reason: data.reason,
		figures,
		level: broke ? "bad" : "info",
	});
}

function eventWords({ data: { function: name, event } }: Entry<"run.event">): Words | null {
	switch (event.kind) {
		case "pause":
			return words({ function: name, kind: "pause", who: "architect", what: "Paused", level: "warn" });
		case "resume":
			return words({ function: name, kind: "pause", who: "architect", what: "Resumed" });
		case "retry":
			return words({ function: name, kind: "pause", who: "architect", what: "Let go on after it was held" });
		case "noPatch":
			return words({ function: name, kind: "patch", who: "engine", what: "No patch found", reason: event.reason, level: "warn" });
		case "trouble":
			return words({ function: name, kind: "trouble", who: "engine", what: "Trouble", reason: event.reason, level: "bad" });
		case "waive":
			return words({
				...{ function: name, kind: "waiver", who: "architect", level: "warn" },
				what: `${event.by} signs for what branch ${event.branch} lacks in version ${event.version}`,
				reason: event.why,
			});
		case "unwaive":
			return words({
				...{ function: name, kind: "waiver", who: "architect" },
				what: `${event.by} takes back the waiver of branch ${event.branch}`,
			});
		case "allow":
			return words({
				...{ function: name, kind: "waiver", who: "architect", level: "warn" },
				what: `${event.by} accepts another rounding at ${event.place}`,
				reason: event.why,
			});
		case "disallow":
			return words({
				...{ function: name, kind: "waiver", who: "architect" },
				what: `${event.by} takes back what was accepted at ${event.site}`,
			});
		case "probed":
			return words({
				...{ function: name, kind: "probe", who: "engine", level: event.differing > 0 ? "bad" : "good" },
				what: `Generated requests on version ${event.version}: ${event.clean} clean, ${event.differing} differ`,
				reason: `Found for ${event.reached} of ${event.wanted} branches that no live request had taken; run on a replica of legacy.`,
			});
		// Stage, patch and kill switch tell the others.
		default:
			return null;
	}
}

function otherWords(entry: JournalEntry): Words | null {
	switch (entry.kind) {
		case "run.started": {
			const { run, functions, policy } = entry.data;
			const list = functions.length > 3 ? `${functions.length} functions` : functions.join(", ");
			return words({ kind: "run", who: "architect", what: `${run} started: ${list}`, reason: `Policy ${policy.name}.` });
		}
		case "run.ended":
			return words({
				kind: "run",
				who: entry.data.outcome === "done" ? "policy" : "architect",
				what: `${entry.data.run} ended: ${entry.data.outcome}`,
			});
		case "blueprint.made": {
			const { function: name, hash, rules, statements, lines } = entry.data;
			const reason = `${rules} rules and ${statements} statements from ${lines} lines.`;
			return words({ function: name, kind: "version", who: "engine", what: `Blueprint ${hash.slice(0, 12)}`, reason });
		}
		case "service.generated": {
			const { function: name, version, files, exact } = entry.data;
			const reason = `${Object.keys(files).length} files, ${exact.length} places keep legacy's exact meaning.`;
			return words({ function: name, kind: "version", who: "engine", what: `Version ${version} written`, reason });
		}
		case "patch.proposed": {
			const { data } = entry;
			const gate = (title: string, { passed, total }: { passed: number; total: number }): Gate => ({
				name: title,
				value: `${passed} of ${total}`,
				limit: "all",
				open: passed === total,
			});
			const figures = data.gate ? [gate("failing cases", data.gate.failing), gate("clean cases", data.gate.clean)] : [];
			return words({
				function: data.function,
				kind: "patch",
				who: "engine",
				what: `Patch ${data.id} proposed: ${data.cause}`,
				reason: data.explanation,
				figures,
				level: "good",
			});
		}
		case "patch.decided": {
			const { patch, function: name, decision, by } = entry.data;
			return words({
				function: name,
				kind: "patch",
				who: by,
				what: `Patch ${patch} ${decision}`,
				level: decision === "accepted" ? "good" : "warn",
			});
		}
		case "patch.taken-back": {
			const { patch, function: name, state, by } = entry.data;
			const what = { proposed: "put up again", reverted: "reverted", withdrawn: "fell away" }[state];
			return words({ function: name, kind: "patch", who: by, what: `Patch ${patch} ${what}`, level: "warn" });
		}
		case "plan.set": {
			const { version, reason, routes } = entry.data;
			const moved = routes.filter((route) => route.mode.kind !== "legacy").length;
			return words({
				kind: "routing",
				who: "engine",
				what: `Routing plan ${version}`,
				reason: `${reason}. ${moved} of ${routes.length} routes are not on legacy alone.`,
			});
		}
		case "panic":
			return words({
				kind: "panic",
				who: "architect",
				what: "Kill switch: all to legacy",
				reason: entry.data.reason,
				figures:
					entry.data.ms === null
						? []
						: [{ name: "in force after", value: `${entry.data.ms.toFixed(1)} ms`, limit: "≤ 500 ms", open: entry.data.ms <= 500 }],
				level: "bad",
			});
		case "panic.cleared":
			return words({ kind: "panic", who: "architect", what: "Kill switch cleared" });
		case "legacy.retired":
			return words({
				kind: "run",
				who: "architect",
				what: "Legacy stopped",
				reason: `${(entry.data.quietMs / 1000).toFixed(1)} s without a request for it.`,
				level: "good",
			});
		case "capsule.written":
			return words({
				kind: "run",
				who: "engine",
				what: "Time capsule sealed",
				reason: `${entry.data.files} files, ${entry.data.sha256}.`,
				level: "good",
			});
		case "fault":
			return words({ kind: "trouble", who: "engine", what: entry.data.what, reason: entry.data.safe, level: "bad" });
		default:
			return null;
	}
}
