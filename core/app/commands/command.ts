export type CommandInput = { positionals: string[]; values: Record<string, string | boolean | undefined>; json: boolean };

export type Command = {
	usage: string;
	about: string;
	options: Record<string, "string" | "boolean">;
	/** What `--help` shows, where it depends on the words before it. */
	help?(positionals: readonly string[]): string;
	/** Prints, and gives the exit code when it is not 0. */
	run(input: CommandInput): Promise<number | undefined>;
};

/** Ends the command with its usage line and exit code 2. */
export function wrongUsage(): never {
	throw new RangeError("usage");
}

export function textOf(input: CommandInput, name: string): string | undefined {
	const value = input.values[name];
	return typeof value === "string" ? value : undefined;
}

export function numberOf(input: CommandInput, name: string): number | undefined {
	const text = textOf(input, name);
	if (text === undefined) return undefined;
	const value = Number(text);
	return Number.isFinite(value) ? value : wrongUsage();
}

export function stateDir(input: CommandInput): string {
	return textOf(input, "state") ?? process.env.PHOENIX_STATE ?? ".phoenix";
}
