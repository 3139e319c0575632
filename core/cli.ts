import { parseArgs } from "node:util";
import { commands, usage } from "./app/commands/index.ts";
import { faultOf } from "./base/index.ts";

/** Exit codes: 0 done, 1 failed with a coded error, 2 wrong usage, 3 refused by name. */
const REFUSALS = new Set(["UNSUPPORTED", "EVIDENCE_SHORT", "REPLAY_REFUSED"]);

async function main(argv: string[]): Promise<number> {
	const [name = "", ...rest] = argv;
	if (name === "" || name === "help" || name === "--help" || name === "-h") {
		console.log(await usage());
		return name === "" ? 2 : 0;
	}
	const load = commands[name];
	if (load === undefined) {
		console.error(`There is no command '${name}'.\n\n${await usage()}`);
		return 2;
	}
	const command = await load();
	let parsed: ReturnType<typeof parse>;
	try {
		parsed = parse(rest, command.options);
	} catch (error) {
		console.error(`${error instanceof Error ? error.message : error}\n\nusage: phoenix ${command.usage}`);
		return 2;
	}
	const json = parsed.values.json === true;
	if (parsed.values.help === true) {
		console.log(command.help?.(parsed.positionals) ?? `usage: phoenix ${command.usage}\n${command.about}`);
		return 0;
	}
	try {
		return (await command.run({ positionals: parsed.positionals, values: parsed.values, json })) ?? 0;
	} catch (error) {
		if (error instanceof RangeError && error.message.startsWith("usage")) {
			console.error(`usage: phoenix ${command.usage}`);
			return 2;
		}
		const fault = faultOf(error, name);
		if (fault.code === "INTERNAL") console.error(error);
		const { code, what, safe, todo } = fault.toJSON();
		console.error(json ? JSON.stringify(fault.toJSON()) : `${code}: ${what}\n${safe}\n${todo}`);
		return REFUSALS.has(code) ? 3 : 1;
	}
}

function parse(args: string[], options: Record<string, "string" | "boolean">) {
	const all: Record<string, { type: "string" | "boolean" }> = { json: { type: "boolean" }, help: { type: "boolean" } };
	for (const [name, type] of Object.entries(options)) all[name] = { type };
	return parseArgs({ args, options: all, allowPositionals: true, strict: true });
}

process.exitCode = await main(process.argv.slice(2));
