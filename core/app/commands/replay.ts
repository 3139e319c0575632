import type { AnswerComparison, Percentiles, ReplayFigures } from "../../contract/replay.ts";
import { createKeyOf, type HeaderLines, hostOf, type Pace } from "../../replay/index.ts";
import type { RouteNoise } from "../traffic/learned-noise.ts";
import { openReplay } from "../traffic/open-replay.ts";
import { targetOf } from "../traffic/replay-target.ts";
import { type Command, type CommandInput, numberOf, stateDir, textOf, wrongUsage } from "./command.ts";
import { withProgress } from "./progress-line.ts";
import { countsText, durationOf, listOf } from "./traffic-words.ts";

export const replayCommand: Command = {
	usage:
		"replay FILE --to http://HOST:PORT [--speed 2x|max | --rate N] [--concurrency 64] [--keep-order-by header:NAME|cookie:NAME] [--with-writes] [--i-know] [--keep-host] [--set-header 'NAME: VALUE'] [--timeout 30s] [--compare [--random FIELD,...] [--clock FIELD,...] [--learn] [--mask-key FILE]]",
	about:
		"A recording's requests to a target, at their own pace unless another is said, each marked with X-Phoenix-Replay. Without --with-writes only " +
		"GET and HEAD; never to the legacy system or gateway of --state without --i-know. --compare holds the answers against the recorded ones; " +
		"differences or missing answers give exit code 1. --learn, with a replica of legacy on the recording's data as target: which fields vary by " +
		"themselves, the largest bug that letting them pass would hide, and the rules for `compare` of a gateway's configuration.",
	options: {
		to: "string",
		speed: "string",
		rate: "string",
		concurrency: "string",
		"keep-order-by": "string",
		"with-writes": "boolean",
		"i-know": "boolean",
		"keep-host": "boolean",
		"set-header": "string",
		timeout: "string",
		compare: "boolean",
		random: "string",
		clock: "string",
		learn: "boolean",
		"mask-key": "string",
		state: "string",
	},
	async run(input) {
		const [file] = input.positionals;
		const target = targetOf(textOf(input, "to") ?? "");
		const concurrency = numberOf(input, "concurrency") ?? 64;
		if (file === undefined || target === null || !Number.isInteger(concurrency) || concurrency < 1) wrongUsage();
		const pace = paceOf(input);
		const keyOf = keyOfWords(textOf(input, "keep-order-by"));
		const setHeaders = headersOf(textOf(input, "set-header"));
		const learn = input.values.learn === true;
		if (learn && input.values.compare !== true) wrongUsage();
		const timeoutMs = durationOf(input, "timeout") ?? 30_000;
		const send = await openReplay({
			...{ file, target, pace, concurrency, keyOf, setHeaders, timeoutMs, stateDir: stateDir(input) },
			alsoAttached: input.values["i-know"] === true,
			withWrites: input.values["with-writes"] === true,
			keepHost: input.values["keep-host"] === true,
			compare:
				input.values.compare === true
					? { random: listOf(input, "random"), clock: listOf(input, "clock"), maskKey: textOf(input, "mask-key"), learn }
					: null,
		});
		const { figures, comparison, noise, cut } = await withProgress({ what: `Replaying to ${hostOf(target)}`, unit: "requests" }, send);
		if (input.json) console.log(JSON.stringify({ ...figures, comparison, ...(noise === null ? {} : { noise }), cut }));
		else tell(figures, comparison);
		if (!input.json && noise !== null) tellNoise(noise);
		if (cut !== null) console.error(cut);
		const isRight = !figures.cancelled && cut === null && Object.keys(figures.failed).length === 0 && (comparison?.different ?? 0) === 0;
		return isRight ? 0 : 1;
	},
};

function paceOf(input: CommandInput): Pace {
	const [speed, perSecond] = [textOf(input, "speed"), numberOf(input, "rate")];
	if (perSecond !== undefined) return speed === undefined && perSecond > 0 ? { kind: "rate", perSecond } : wrongUsage();
	if (speed === "max") return { kind: "max" };
	const factor = Number(/^(\d+(?:\.\d+)?)x?$/.exec(speed ?? "1x")?.[1]);
	return factor > 0 ? { kind: "scaled", speed: factor } : wrongUsage();
}

function keyOfWords(words: string | undefined) {
	if (words === undefined) return null;
	const [, kind, name = ""] = /^(header|cookie):(.+)$/.exec(words) ?? [];
	return kind === "header" || kind === "cookie" ? createKeyOf({ kind, name }) : wrongUsage();
}

/** Credentials of the target, above all: those in the recording are masks. */
function headersOf(line: string | undefined): HeaderLines {
	if (line === undefined) return [];
	const [, name, value] = /^([\w!#$%&'*+.^`|~-]+):\s*(.*)$/.exec(line) ?? [];
	return name === undefined || value === undefined ? wrongUsage() : [[name, value]];
}

function tell(result: ReplayFigures, comparison: AnswerComparison | null): void {
	const { read, sent, answered, skipped, failed, byStatus, latency, late, seconds, perSecond, cancelled } = result;
	if (cancelled) console.log("Cancelled.");
	console.log(`${answered} of ${sent} requests answered in ${seconds.toFixed(1)} s (${perSecond.toFixed(0)} a second); ${read} read`);
	if (answered > 0) console.log(`  status: ${countsText(byStatus).replace(/(\d+) (\d+)/g, "$2: $1")}`);
	console.log(`  latency: ${percentilesText(latency)}`);
	console.log(`  behind the pace: ${percentilesText(late)}`);
	for (const [what, counts] of Object.entries({ "not sent": skipped, failed }))
		if (Object.keys(counts).length > 0) console.log(`  ${what}: ${countsText(counts)}`);
	if (comparison === null) return;
	const { compared, same, different, byStatusOnly, notCompared, groups } = comparison;
	console.log(
		`${compared} compared: ${same} the same, ${different} different${byStatusOnly > 0 ? `; ${byStatusOnly} by status only` : ""}`,
	);
	if (Object.keys(notCompared).length > 0) console.log(`  not compared: ${countsText(notCompared)}`);
	for (const { cause, field, count, examples } of groups) {
		console.log(`  ${String(count).padStart(6)}  ${field}: ${cause}`);
		for (const { method, target, differences } of examples.slice(0, 1)) {
			const [first] = differences;
			console.log(`          ${method} ${target}: ${first?.legacy ?? ""} recorded, ${first?.modern ?? ""} now`);
		}
	}
}

function tellNoise(noise: readonly RouteNoise[]): void {
	if (noise.length === 0) console.log("No field varies by itself.");
	for (const { route, repeats, fields } of noise) {
		console.log(`${route}, ${repeats} asked again:`);
		for (const { field, kind, varied, kept, hides } of fields)
			console.log(`  ${field}: ${kind} in ${varied}; kept ${kept}; letting it pass hides ${hides}`);
	}
	const rules = Object.fromEntries(noise.filter(({ rule }) => Object.keys(rule).length > 0).map(({ route, rule }) => [route, rule]));
	if (Object.keys(rules).length > 0) console.log(`"compare": ${JSON.stringify(rules, null, "\t")}`);
}

const percentilesText = ({ p50, p90, p99, max }: Percentiles): string =>
	[`p50 ${p50.toFixed(2)}`, `p90 ${p90.toFixed(2)}`, `p99 ${p99.toFixed(2)}`, `max ${max.toFixed(2)} ms`].join(", ");
