import { z } from "zod";
import { type CommandId, commandTable } from "../core/contract/commands.ts";

/** A command that only shows something. */
export type Navigation = { command: CommandId; argument?: string };

export const linkScheme = "phoenix";

const places = new Map(commandTable.flatMap(({ id }) => (id.startsWith("go.") ? [[id.slice("go.".length), id] as const] : [])));

/**
 * `phoenix://run` shows a place, `phoenix://map/scoring.credit_score` a function on the map. Anyone can make somebody click a
 * link, so there is none that acts.
 */
export const linkShape = z
	.string()
	.max(500)
	.transform((text, context): Navigation => {
		const [, place = "", name] = /^phoenix:\/\/([a-z]+)\/?(?:(?<=\/)([\w.$-]{1,300}))?$/.exec(text) ?? [];
		const command = places.get(place);
		if (name !== undefined && place === "map") return { command: "map.show", argument: `function:${name}` };
		if (name === undefined && command !== undefined) return { command };
		context.addIssue("not a link of Phoenix Engine");
		return z.NEVER;
	});
