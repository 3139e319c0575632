// `npm run train:cause`: draws the groups, trains, and writes model.json and MODEL.md anew; `--json` prints the figures as one line.
import { writeFileSync } from "node:fs";
import { modelCard } from "../model-card.ts";
import { modelText } from "../model-text.ts";
import { fullTraining, trainCause } from "../train.ts";

const trained = trainCause(fullTraining);
const folder = new URL("../../", import.meta.url);
const text = modelText(trained.model);
const card = modelCard(trained, text.length);
writeFileSync(new URL("model.json", folder), text);
writeFileSync(new URL("MODEL.md", folder), card);
const { model: _, ...figures } = trained;
process.stdout.write(process.argv.includes("--json") ? `${JSON.stringify(figures)}\n` : card);
