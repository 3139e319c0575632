import { parseArgs } from "node:util";
import type { Pace } from "./pace.ts";

export const partNames = ["rates", "trouble", "growth", "kill"] as const;
export type PartName = (typeof partNames)[number];

export type Options = {
	json: boolean;
	install: boolean;
	parts: readonly PartName[];
	/** Empty: all of them. */
	peers: readonly string[];
	/** Ids of workloads; empty: all of them. */
	loads: readonly string[];
	connections: readonly number[];
	pace: Pace;
	presses: number;
	profile: string | null;
};

export const usage = `npm run bench:gateway -- [options]     (with npm run -s ... --json the last line is the result)

  --only PARTS         some of ${partNames.join(", ")}; comma-separated
  --peers NAMES        only proxies whose name begins so: ours, ours + shadowing, ours + own mirror, nginx, haproxy, http-proxy, skipper
  --loads IDS          some of get100, post1k, post64k
  --connections LIST   default 1,64
  --seconds N          of one measurement, default 3
  --rounds N           default 5; medians and least..most are of these
  --quick              one second, two rounds, five presses: for development, not for a verdict
  --profile DIR        also profiles our worker under each load and writes .cpuprofile files there
  --install            installs what is missing with apt-get; without it the missing are named
  --json               ends with one line of JSON`;

export function readOptions(args: string[]): Options | null {
	const { values } = parseArgs({
		args,
		options: {
			json: { type: "boolean", default: false },
			install: { type: "boolean", default: false },
			quick: { type: "boolean", default: false },
			help: { type: "boolean", default: false },
			only: { type: "string" },
			peers: { type: "string" },
			loads: { type: "string" },
			connections: { type: "string", default: "1,64" },
			seconds: { type: "string" },
			rounds: { type: "string" },
			profile: { type: "string" },
		},
	});
	if (values.help) return null;
	const list = (text: string | undefined): string[] => text?.split(",").map((part) => part.trim()) ?? [];
	const wanted = list(values.only);
	const unknown = wanted.filter((name) => !partNames.some((part) => part === name));
	if (unknown.length > 0) throw new Error(`There is no part '${unknown[0]}'; there are ${partNames.join(", ")}.`);
	const count = (text: string | undefined, fallback: number): number => {
		const number = text === undefined ? fallback : Number(text);
		if (!Number.isInteger(number) || number < 1) throw new Error(`'${text}' is no whole number from 1 on.`);
		return number;
	};
	return {
		json: values.json,
		install: values.install,
		parts: wanted.length === 0 ? partNames : partNames.filter((part) => wanted.includes(part)),
		peers: list(values.peers),
		loads: list(values.loads),
		connections: list(values.connections).map((text) => count(text, 1)),
		pace: {
			seconds: count(values.seconds, values.quick ? 1 : 3),
			rounds: count(values.rounds, values.quick ? 2 : 5),
			warmUp: values.quick ? 1 : 2,
		},
		presses: values.quick ? 5 : 24,
		profile: values.profile ?? null,
	};
}
