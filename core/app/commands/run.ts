import { isServiceTarget } from "../../contract/targets.ts";
import { type Command, type CommandInput, textOf, wrongUsage } from "./command.ts";
import { type Client, withEngine } from "./connect.ts";
import { tellConfidence, tellHistory, tellProbe, tellStatus } from "./run-history.ts";
import { tellMismatches } from "./run-mismatches.ts";
import { type PatchVerb, patchVerbs, performOnPatch } from "./run-patches.ts";

export const runCommand: Command = {
	usage:
		"run start|status|pause|resume|retry|cancel|history|mismatches|confidence|probe|waive|unwaive|allow|disallow|seal|patches|preview|accept|refuse|reopen|revert [PATCH] [--hunks 1,3] [--functions a,b] [--target typescript|spring-boot] [--policy demo|default] [--auto] [--branch ID] [--site ID] [--by NAME] [--why TEXT]",
	about: "Migrations of a running engine (`phoenix serve`).",
	options: {
		branch: "string",
		site: "string",
		by: "string",
		why: "string",
		functions: "string",
		hunks: "string",
		policy: "string",
		target: "string",
		auto: "boolean",
		state: "string",
	},
	async run(input) {
		const [verb = ""] = input.positionals;
		const isOfPatch = (name: string): name is PatchVerb => patchVerbs.some((one) => one === name);
		return withEngine(input, (client) => (isOfPatch(verb) ? performOnPatch(verb, client, input) : perform(verb, client, input)));
	},
};

async function perform(verb: string, client: Client, input: CommandInput): Promise<number> {
	const functions = textOf(input, "functions")?.split(",") ?? [];
	const [only] = functions;
	switch (verb) {
		case "start": {
			const policy = textOf(input, "policy") ?? "default";
			const target = textOf(input, "target") ?? "typescript";
			if (functions.length === 0 || !isServiceTarget(target) || (policy !== "demo" && policy !== "default")) wrongUsage();
			const started = await client.run.start({ functions, policy, target, ...(input.values.auto === true ? { autoAccept: true } : {}) });
			console.log(input.json ? JSON.stringify(started) : `started ${started.run}`);
			return 0;
		}
		case "status": {
			const snapshot = await client.state.snapshot({});
			if (input.json) console.log(JSON.stringify(snapshot));
			else for (const state of snapshot.migrations) tellStatus(state);
			return 0;
		}
		case "pause":
		case "resume":
		case "retry":
		case "cancel":
			await client.run[verb](only === undefined ? {} : { function: only });
			console.log(input.json ? "{}" : "done");
			return 0;
		case "history":
			tellHistory(await client.run.history(only === undefined ? {} : { function: only }), input.json);
			return 0;
		case "mismatches":
			await tellMismatches(client, only, input.json);
			return 0;
		case "confidence": {
			if (only === undefined) wrongUsage();
			tellConfidence(await client.run.confidence({ function: only }), input.json);
			return 0;
		}
		case "probe": {
			if (only === undefined) wrongUsage();
			tellProbe(await client.run.probe({ function: only }), input.json);
			return 0;
		}
		case "waive":
		case "unwaive": {
			const [branch, by, why] = [textOf(input, "branch"), textOf(input, "by"), textOf(input, "why")];
			if (only === undefined || branch === undefined || by === undefined || (verb === "waive" && why === undefined)) wrongUsage();
			if (verb === "unwaive") await client.run.unwaive({ function: only, branch, by });
			else await client.run.waive({ function: only, branch, by, why: why ?? "" });
			console.log(input.json ? "{}" : verb === "waive" ? `signed by ${by}` : `withdrawn by ${by}`);
			return 0;
		}
		case "allow":
		case "disallow": {
			const [site, by, why] = [textOf(input, "site"), textOf(input, "by"), textOf(input, "why")];
			if (only === undefined || site === undefined || by === undefined || (verb === "allow" && why === undefined)) wrongUsage();
			if (verb === "disallow") await client.run.disallow({ function: only, site, by });
			else await client.run.allow({ function: only, site, by, why: why ?? "" });
			console.log(input.json ? "{}" : verb === "allow" ? `accepted by ${by}; a new version is compared from zero` : `taken back by ${by}`);
			return 0;
		}
		case "seal": {
			const sealed = await client.run.seal({});
			console.log(input.json ? JSON.stringify(sealed) : `sealed in ${sealed.capsule}`);
			return 0;
		}
		default:
			return wrongUsage();
	}
}
