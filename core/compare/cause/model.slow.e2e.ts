import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { modelCard } from "./training/model-card.ts";
import { modelText } from "./training/model-text.ts";
import { fullTraining, trainCause } from "./training/train.ts";

it("[C57] the model and its card are those of the training run, byte for byte", () => {
	const trained = trainCause(fullTraining);
	const text = modelText(trained.model);
	const read = (name: string) => readFileSync(new URL(name, import.meta.url), "utf8");
	expect(text).toBe(read("model.json"));
	expect(modelCard(trained, text.length)).toBe(read("MODEL.md"));
}, 300_000);
