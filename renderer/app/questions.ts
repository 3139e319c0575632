import { ask, type Context } from "./commands/index.ts";

// Answers are kept in the project store until another graph is opened; a failed question shows its card and may be asked again.

export async function loadInspection(context: Context, name: string): Promise<void> {
	if (context.project.getState().inspections[name] !== undefined) return;
	await ask(context, async (client) => context.project.getState().setInspection(name, await client.function.inspect({ function: name })));
}

export async function loadBlueprint(context: Context, name: string): Promise<void> {
	if (context.project.getState().blueprints[name] !== undefined) return;
	await ask(context, async (client) => context.project.getState().setBlueprint(name, await client.function.blueprint({ function: name })));
}

/** Another version of the service is another answer. */
export const codeKey = (name: string, version: number) => `${name}@${version}`;

export async function loadCode(context: Context, name: string, version: number): Promise<void> {
	const key = codeKey(name, version);
	if (context.project.getState().code[key] !== undefined) return;
	await ask(context, async (client) => context.project.getState().setCode(key, await client.function.code({ function: name })));
}

export async function loadPlan(context: Context, name: string): Promise<void> {
	const { plans, keep } = context.project.getState();
	if (plans[name] !== undefined) return;
	await ask(context, async (client) => keep("plans", name, await client.function.plan({ function: name })));
}

export async function loadSlice(context: Context, name: string): Promise<void> {
	const { slices, keep } = context.project.getState();
	if (slices[name] !== undefined) return;
	await ask(context, async (client) => keep("slices", name, await client.function.slice({ function: name })));
}

export async function loadTrace(context: Context, name: string, version: number): Promise<void> {
	const key = codeKey(name, version);
	const { traces, keep } = context.project.getState();
	if (traces[key] !== undefined) return;
	await ask(context, async (client) => keep("traces", key, await client.function.trace({ function: name })));
}

/** `within`: the node of a module or a package, or `""` for everything. */
export async function loadCuts(context: Context, within: string): Promise<void> {
	const { cuts, keep } = context.project.getState();
	if (cuts[within] !== undefined) return;
	await ask(context, async (client) => keep("cuts", within, await client.project.cuts(within === "" ? {} : { within })));
}
