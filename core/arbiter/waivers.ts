import type { Migration, RunEvent } from "../contract/run.ts";
import { isDeployed } from "./migration.ts";

type EventOf<K extends RunEvent["kind"]> = Extract<RunEvent, { kind: K }>;

/** [A66] One signed word for one branch of the version that runs; signed again, the later one stands. Anything else changes nothing. */
export function waive(migration: Migration, { branch, version, by, why, at }: EventOf<"waive">): Migration {
	if (!isOpenTo(migration, branch, version)) return migration;
	return { ...migration, waivers: [...without(migration, branch), { branch, by, why, at, version }] };
}

/** [A66] Taken back. */
export function unwaive(migration: Migration, { branch, version }: EventOf<"unwaive">): Migration {
	if (!isOpenTo(migration, branch, version)) return migration;
	return { ...migration, waivers: without(migration, branch) };
}

const without = ({ waivers = [] }: Migration, branch: string) => waivers.filter((waiver) => waiver.branch !== branch);

function isOpenTo(migration: Migration, branch: string, version: number): boolean {
	return (
		isDeployed(migration) &&
		migration.stage !== "promoted" &&
		version === migration.evidence.version &&
		migration.evidence.branches?.some(({ id }) => id === branch) === true
	);
}
