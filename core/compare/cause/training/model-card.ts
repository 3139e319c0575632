import { families } from "./families.ts";
import { fullTraining, type Trained } from "./train.ts";

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** MODEL.md, from the figures of the run that made the model. `bytes`: of model.json. */
export function modelCard({ model, drawn, tooFew, explained, samples, heldOut }: Trained, bytes: number): string {
	const named = (use: string) =>
		families
			.filter((one) => one.use === use)
			.map(({ name }) => name)
			.join(", ");
	const told = model.causes.filter((cause) => Object.values(heldOut.confusion).some((row) => row[cause] !== undefined));
	return `# The classifier of causes: model card

Written by \`npm run train:cause\`, which makes \`model.json\` again bit for bit; do not edit.

**What it is.** Boosted stumps: for each of ${model.causes.length} causes a sum of one-step functions of the figures in \`signals.ts\` (${(bytes / 1000).toFixed(0)} kB in
all). It sees numbers of a group of differences, never names of fields, routes or people. Shares become probabilities by an isotonic
table from families that it was not trained on: three kept for it, and those of training left out by four folds. It is asked last ([C56]): only where no recomputation explains every case.

**What it must not be used for.** It names a likely cause for a person who looks for the place in the code. It never makes a verdict: a
difference stays a difference whatever it says. It knows numbers of amounts alone: no dates, no texts, no missing rows. It was trained on
calculations written for it, not on a customer's program; a cause that is none of its words is named wrongly or \`unknown\`.

**Data.** Seed ${fullTraining.seed}, ${fullTraining.groups} groups of each of ${families.length} calculations (\`training/families.ts\`), one step of each changed
(\`training/arithmetic.ts\`), ${drawn} groups drawn: ${tooFew} showed it in fewer than three transactions, ${explained} are explained by a recomputation or
by a sure rounding and left out. Trained on ${samples.training}, calibrated on ${samples.calibration}, measured on ${samples.heldOut}, of families apart by name:

- trained: ${named("training")}
- calibrated: ${named("calibration")}
- held out: ${named("heldOut")}

## On held-out families

Right: ${percent(heldOut.accuracy)} of ${samples.heldOut}. Named (probability at least ${heldOut.named.from}): ${percent(heldOut.named.share)}, of these right: ${percent(heldOut.named.accuracy)}.
Expected calibration error: ${percent(heldOut.calibrationError)}.

| planted cause | groups | error |
|---|---|---|
${heldOut.perCause.map(({ cause, count, error }) => `| ${cause} | ${count} | ${percent(error)} |`).join("\n")}

| family | groups | right |
|---|---|---|
${heldOut.perFamily.map(({ family, count, accuracy }) => `| ${family} | ${count} | ${percent(accuracy)} |`).join("\n")}

Confusion (rows: planted; columns: told):

| | ${told.join(" | ")} |
|---|${told.map(() => "---").join("|")}|
${Object.entries(heldOut.confusion)
	.sort(([a], [b]) => (a < b ? -1 : 1))
	.map(([cause, row]) => `| **${cause}** | ${told.map((one) => row[one] ?? 0).join(" | ")} |`)
	.join("\n")}

Reliability:

| probability | groups | mean probability | right |
|---|---|---|---|
${heldOut.reliability.map(({ from, count, probability, right }) => `| ${from.toFixed(1)} to ${(from + 0.1).toFixed(1)} | ${count} | ${percent(probability)} | ${percent(right)} |`).join("\n")}
`;
}
