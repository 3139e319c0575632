import { text } from "node:stream/consumers";
import { type Command, wrongUsage } from "./command.ts";
import { withEngine } from "./connect.ts";

export const keyCommand: Command = {
	usage: "key [--enter | --forget]",
	about: "The model key of a running engine: shows its last four characters; --enter reads one from stdin. No agent calls a model yet.",
	options: { enter: "boolean", forget: "boolean", state: "string" },
	async run(input) {
		const { enter, forget } = input.values;
		if (enter === true && forget === true) wrongUsage();
		// Never as an argument: those stand in the list of processes and in the shell's history.
		const key = enter === true ? (await text(process.stdin)).trim() : null;
		const state = await withEngine(input, ({ settings }) => {
			if (key !== null) return settings.putKey({ key });
			return forget === true ? settings.forgetKey({}) : settings.key({});
		});
		const { lastFour, source } = state;
		console.log(input.json ? JSON.stringify(state) : lastFour === null ? "no key" : `a key that ends in ${lastFour} (${source})`);
		return 0;
	},
};
