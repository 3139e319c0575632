import { describe, expect, it } from "vitest";
import { commandTable } from "../../contract/commands.ts";
import { commands, usage } from "./index.ts";

const onCommandLine = commandTable.flatMap((info: { id: string; cli?: string }) =>
	info.cli === undefined ? [] : [[info.id, info.cli] as const],
);

describe("the table of commands", () => {
	it.each(onCommandLine)("names for %s what `phoenix help` knows: phoenix %s", async (_id, cli) => {
		const [name = "", ...words] = cli.replace(/"[^"]*"/g, "TEXT").split(" ");
		const load = commands[name];
		expect(load, `phoenix ${name}`).toBeDefined();
		const command = await load?.();
		expect(await usage()).toContain(`phoenix ${command?.usage}`);
		const known = new Set(command?.usage.match(/[\w-]+/g));
		for (const word of words) {
			if (word.startsWith("--")) expect(["json", ...Object.keys(command?.options ?? {})], cli).toContain(word.slice(2));
			// A verb is written small; what stands in capitals is to be filled in.
			else if (/^[a-z]+$/.test(word) && !isValue(words, word)) expect(known, cli).toContain(word);
		}
	});

	it("names most of what changes traffic, so that a screen is never the only way", () => {
		const named = new Set(onCommandLine.map(([id]) => id));
		for (const id of [
			"function.isolate",
			"run.pause",
			"run.resume",
			"run.cancel",
			"run.seal",
			"system.panic",
			"system.clearPanic",
			"patch.accept",
			"patch.refuse",
		])
			expect(named, id).toContain(id);
	});
});

/** `--format html`: the word after an option is its value. */
function isValue(words: readonly string[], word: string): boolean {
	return words[words.indexOf(word) - 1]?.startsWith("--") ?? false;
}
