import type { Client } from "./connect.ts";

/** The groups of differences, the largest first, each with what its examples say of the cause. `only`: of this function. */
export async function tellMismatches(client: Client, only: string | undefined, json: boolean): Promise<void> {
	const { groups } = await client.state.snapshot({});
	const own = groups.filter((group) => only === undefined || group.function === only || group.function.endsWith(`.${only}`));
	const told = await Promise.all(
		own
			.sort((a, b) => b.count - a.count)
			.map(async (group) => ({ ...group, reading: (await client.run.examples({ group: group.id })).reading })),
	);
	if (json) {
		console.log(JSON.stringify(told));
		return;
	}
	if (told.length === 0) console.log("No difference was found so far.");
	for (const { function: name, cause, field, where, count, state, reading } of told) {
		console.log(`${String(count).padStart(6)} ${state.padEnd(8)} ${name}: ${cause}, ${field}${where === null ? "" : `, ${where}`}`);
		if (reading !== null && reading.cause !== "unknown") {
			const sure = reading.probability === 1 ? "" : ` (${Math.round(100 * reading.probability)} %)`;
			console.log(`${" ".repeat(16)}from the values: ${reading.cause}${sure}; ${reading.evidence.join("; ")}`);
		}
	}
}
