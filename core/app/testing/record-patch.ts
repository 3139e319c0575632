// Records a real patch over the sample bank for the pictures and tests of the screen: renderer/fixtures/bank-patch.json.
//   node core/app/testing/record-patch.ts
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { newMigration } from "../../arbiter/index.ts";
import type { PatchCase } from "../../contract/run.ts";
import { type Job, proposePatch } from "../run/job.ts";
import { runRepair } from "../run/repair.ts";
import { createPast } from "./past.ts";

const amounts = [
	"150.00",
	"370.00",
	"250.00 EUR",
	"100EUR",
	"0.29",
	"1210.00",
	"81.35",
	"17.45",
	"20",
	"64.10",
	"500.00",
	"12.30",
	"33.33",
];
/** Full coordinates with their two check digits by 97, as the bank's own arithmetic makes them. */
const body = `0399001990${"1000021".padStart(12, "0")}`;
const coordinates = body + String(98n - (BigInt(`${body}00`) % 97n)).padStart(2, "0");
const accounts = ["000001000021", "1000021", coordinates, " 1000021 ", "1_000_021", "1000021.0", "10000-21", "1000021x"];

const past = await createPast("transfers.transfer");
const bodies = accounts.flatMap((from) =>
	amounts.map((amount) => `from=${encodeURIComponent(from)}&to=000001000030&amount=${amount}&reason=RENT`),
);
const cases = await past.compared(bodies, {}, { firstSeq: 401 });
const options = { blueprint: past.blueprint, choices: {}, history: past.history, cases, suspicions: {}, dir: join(past.dir, "search") };
const outcome = await runRepair(options, { kind: "search" });
const job = { state: { ...newMigration("transfers.transfer", 0), version: 1 }, choices: {} } as unknown as Job;
const patch = proposePatch(job, past.blueprint, outcome, {
	project: past.project,
	taken: new Map(),
	at: Date.UTC(2026, 10, 22, 14, 30, 40),
});
const examples: Record<string, PatchCase> = {};
for (const hunk of patch.hunks) {
	for (const seq of hunk.explains.requests.slice(0, 2)) {
		const shown = await runRepair(options, { kind: "case", sites: outcome.sites, seq });
		if (shown !== null) examples[seq] = shown;
	}
}
const rows = Object.fromEntries(cases.map((entry) => [entry.seq, entry.legacy.changes.length]));
const clean = cases.filter((entry) => entry.clean).map((entry) => entry.seq);
past.end();
writeFileSync(
	join(import.meta.dirname, "../../../renderer/fixtures/bank-patch.json"),
	`${JSON.stringify({ patch, examples, rows, clean })}\n`,
);
process.stdout.write(`${patch.hunks.map((hunk) => `${hunk.id} ${hunk.explains.count}`).join("\n")}\n`);
