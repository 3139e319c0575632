import { least, most, ratio } from "./figures.ts";
import type { Machine } from "./machine.ts";
import type { Growth } from "./parts/growth.ts";
import type { KillSwitch } from "./parts/kill-switch.ts";
import type { RateTable } from "./parts/rates.ts";
import type { Trouble } from "./parts/trouble.ts";
import { peerNames } from "./peers/index.ts";
import type { Row } from "./row.ts";

export type Results = {
	machine: Machine;
	rates: RateTable[];
	absent: Record<string, string>;
	trouble: Trouble | null;
	growth: Growth | null;
	kill: KillSwitch | null;
};

const loads = ["get100", "post1k", "post64k"] as const;
const small = ["get100", "post1k"] as const;
type Load = (typeof loads)[number];

/** The verdict: the figures that have a limit, in words and as data. Of several loads the worst counts; null: not measured, or void. */
export function summaryOf(results: Results): { words: string[]; json: Record<string, unknown> } {
	const { rates, trouble, kill, absent } = results;
	const row = (load: Load, connections: number, peer: string): Row | undefined =>
		rates.find((one) => one.load === load && one.connections === connections)?.rows.find((one) => one.peer === peer);
	const rate = (load: Load, peer: string) => row(load, 64, peer)?.perSecond;
	const compared = (which: readonly Load[], of: string, to: string) => which.map((load) => ratio(rate(load, of), rate(load, to)));
	const added = (load: Load, peer: string): number | null => {
		const [own, direct] = [row(load, 1, peer), row(load, 1, peerNames.direct)];
		return own && direct ? own.p50 - direct.p50 : null;
	};
	const { ours, shadowing, copying, nginx, mirror, skipper } = peerNames;
	const ourAdded = loads.map((load) => added(load, ours));
	const more = loads.map((load, index) => {
		const [shadowed, own] = [added(load, shadowing), ourAdded[index] ?? null];
		return shadowed === null || own === null ? null : Math.round((shadowed - own) * 1_000);
	});
	const figures = {
		proxyOnlyVsNginx: least(compared(small, ours, nginx)),
		proxyOnlyVsNginx64K: least(compared(["post64k"], ours, nginx)),
		shadowVsNginxMirror: least(compared(loads, shadowing, mirror)),
		ownMirrorVsNginxMirror: least(compared(loads, copying, mirror)),
		shadowVsOwnProxy: least(compared(loads, shadowing, ours)),
		shadowHungVsOff: trouble?.hungVsOff ?? null,
		shadowDownVsOff: trouble?.downVsOff ?? null,
		addedP50VsNginx: most(loads.map((load, index) => ratio(ourAdded[index], added(load, nginx)))),
		addedP50ByShadowUs: most(more),
		killSwitchP99Ms: kill && kill.errors === 0 ? Math.round(kill.p99Ms * 10) / 10 : null,
		skipperTee: least(compared(loads, shadowing, skipper)),
	};
	const limits: [keyof typeof figures, string, (value: number) => boolean, string][] = [
		["proxyOnlyVsNginx", "proxy only against nginx, small requests", (value) => value >= 0.9, ">= 0.9 x"],
		["proxyOnlyVsNginx64K", "proxy only against nginx, 64 KiB", (value) => value >= 0.7, ">= 0.7 x"],
		["shadowVsNginxMirror", "shadowing against nginx + mirror", (value) => value >= 2, ">= 2.0 x"],
		["ownMirrorVsNginxMirror", "own mirror on the same core, nginx + mirror", () => true, "shown"],
		["shadowVsOwnProxy", "shadowing against our own proxy only", (value) => value >= 0.55, ">= 0.55 x"],
		["shadowHungVsOff", "shadow hung against shadow off", (value) => value >= 0.95, ">= 0.95 x"],
		["shadowDownVsOff", "shadow gone against shadow off", (value) => value >= 0.95, ">= 0.95 x"],
		["addedP50VsNginx", "added p50 at one connection against nginx's", (value) => value <= 1.2, "<= 1.2 x"],
		["addedP50ByShadowUs", "added p50 by shadowing", (value) => value <= 30, "<= 30 us"],
		["killSwitchP99Ms", "kill switch, p99 to the last request", (value) => value <= 20, "<= 20 ms"],
		["skipperTee", "shadowing against Skipper with tee", () => true, "shown"],
	];
	const words = limits.map(([key, name, isMet, limit]) => {
		const value = figures[key];
		const verdict = value === null ? "-" : isMet(value) ? "met" : "NOT met";
		return `${name.padEnd(46)} ${(value === null ? "not measured" : String(value)).padStart(12)}  ${limit.padEnd(9)} ${verdict}`;
	});
	const json = {
		...figures,
		skipperTee: figures.skipperTee ?? absent[skipper] ?? null,
		machine: results.machine,
		absent,
		rates,
		trouble,
		growth: results.growth,
		killSwitch: kill,
	};
	return { words: ["", "Of several loads the worst counts.", ...words], json };
}
