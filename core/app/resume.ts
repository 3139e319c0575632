import { transition } from "../arbiter/index.ts";
import type { Choices } from "../contract/blueprint.ts";
import type { JournalEntry } from "../contract/journal.ts";
import type { ReplicaCommand } from "../contract/replica.ts";
import type { Migration, Patch, Policy } from "../contract/run.ts";
import type { ServiceTarget } from "../contract/targets.ts";
import type { MismatchExample, MismatchGroup } from "../contract/verdict.ts";
import { verdictEvent } from "./run/compared.ts";

/** What a journal says of the present: enough to go on after any end of the core. */
export type Resumed = {
	project: { dir: string } | null;
	system: { legacy: string; gatewayPort: number; database: string; triggers: boolean; replica: ReplicaCommand | null } | null;
	run: { id: string; policy: Policy; startedAt: number } | null;
	/** With the policy of the run that started each. */
	migrations: { migration: Migration; policy: Policy; target: ServiceTarget }[];
	choices: Map<string, Choices>;
	patches: Patch[];
	groups: MismatchGroup[];
	/** By group; the group's own is not among them. */
	examples: Map<string, MismatchExample[]>;
	compared: number;
	dropped: Record<string, number>;
	planVersion: number;
	retired: boolean;
};

/**
 * Folds the journal. A migration is its last recorded state, moved on by the events after it; the commands that those events
 * gave are not performed again: the state says what must be true, and whoever resumes makes it true.
 */
export function foldJournal(entries: Iterable<JournalEntry>): Resumed {
	const found: Resumed = {
		project: null,
		system: null,
		run: null,
		migrations: [],
		choices: new Map(),
		patches: [],
		groups: [],
		examples: new Map(),
		compared: 0,
		dropped: {},
		planVersion: 0,
		retired: false,
	};
	const states = new Map<string, Migration>();
	const groups = new Map<string, MismatchGroup>();
	const policies = new Map<string, Policy>();
	const targets = new Map<string, ServiceTarget>();
	const patches = new Map<string, Patch>();
	/** By function and version. */
	const generated = new Map<string, Choices>();
	for (const entry of entries) {
		switch (entry.kind) {
			case "sample.renewed":
				// What was before is history.
				for (const map of [states, groups, policies, targets, patches, generated, found.choices, found.examples]) map.clear();
				Object.assign(found, { project: null, system: null, run: null, compared: 0, dropped: {}, retired: false });
				break;
			case "project.opened":
				found.project = { dir: entry.data.dir };
				break;
			case "system.attached":
				found.system = {
					legacy: entry.data.legacy,
					gatewayPort: entry.data.gatewayPort,
					database: entry.data.database,
					triggers: entry.data.triggers === true,
					replica: entry.data.replica ?? null,
				};
				break;
			case "run.started":
				found.run = { id: entry.data.run, policy: entry.data.policy, startedAt: entry.at };
				for (const name of entry.data.functions) {
					policies.set(name, entry.data.policy);
					targets.set(name, entry.data.target ?? "typescript");
				}
				break;
			case "run.ended":
				if (found.run?.id === entry.data.run) found.run = null;
				break;
			case "run.state":
				states.set(entry.data.function, entry.data.migration);
				break;
			case "compared": {
				found.compared++;
				const group = groups.get(entry.data.group ?? "");
				if (group) group.count++;
				const state = states.get(entry.data.function);
				const policy = policies.get(entry.data.function);
				if (state && policy) states.set(entry.data.function, transition(state, verdictEvent(entry.at, entry.data), policy)[0]);
				break;
			}
			case "dropped":
				found.dropped[entry.data.reason] = (found.dropped[entry.data.reason] ?? 0) + entry.data.count;
				break;
			case "service.generated":
				found.choices.set(entry.data.function, Object.fromEntries(entry.data.exact.map((expr) => [expr, "exact" as const])));
				generated.set(`${entry.data.function} ${entry.data.version}`, found.choices.get(entry.data.function) ?? {});
				break;
			case "mismatch.group":
				groups.set(entry.data.id, { ...entry.data });
				break;
			case "mismatch.example":
				found.examples.set(entry.data.group, [...(found.examples.get(entry.data.group) ?? []), entry.data.example]);
				break;
			case "patch.proposed":
				patches.set(entry.data.id, { ...unread, ...entry.data });
				break;
			case "patch.decided": {
				const patch = patches.get(entry.data.patch);
				if (patch) decided(patch, entry);
				break;
			}
			case "patch.taken-back": {
				const patch = patches.get(entry.data.patch);
				if (patch === undefined) break;
				patch.state = entry.data.state;
				if (entry.data.state === "proposed") patch.decision = null;
				if (entry.data.version !== undefined) patch.revertedTo = entry.data.version;
				break;
			}
			case "plan.set":
				found.planVersion = Math.max(found.planVersion, entry.data.version);
				break;
			case "legacy.retired":
				found.retired = true;
				break;
			default:
				break;
		}
	}
	for (const [name, { version }] of states) {
		// A version that was written and never ran is not the present.
		const choices = generated.get(`${name} ${version}`);
		if (choices !== undefined) found.choices.set(name, choices);
	}
	for (const patch of patches.values()) {
		const state = states.get(patch.function);
		if (patch.state === "applied" && state && patch.to > state.version && state.patch !== patch.id) patch.state = "withdrawn";
	}
	found.patches = [...patches.values()];
	found.groups = [...groups.values()].filter((group) => group.count > 0);
	found.migrations = [...states.values()].flatMap((migration) => {
		const policy = policies.get(migration.function);
		return policy === undefined ? [] : [{ migration, policy, target: targets.get(migration.function) ?? "typescript" }];
	});
	return found;
}

/** What a patch in a journal of an earlier version does not say. */
const unread = {
	hunks: [],
	decision: null,
	provenance: { method: "search", at: 0, failing: [], explained: [], blueprint: "", code: { before: "", after: "" } },
} satisfies Partial<Patch>;

function decided(patch: Patch, { at, data }: Extract<JournalEntry, { kind: "patch.decided" }>): void {
	const accepted = data.decision === "accepted";
	patch.state = accepted ? "applied" : "refused";
	const hunks = accepted ? (data.hunks ?? patch.sites.map((site) => site.expr)) : [];
	patch.decision = { by: data.by, at, accepted, hunks, gate: data.gate ?? null };
}
