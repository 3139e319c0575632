import fc from "fast-check";
import type { BlockCoverage } from "./block-coverage.ts";
import { checkInput, type InputKind } from "./check-input.ts";
import { answerStreams, requestStreams } from "./messages.ts";
import { mutate } from "./mutate.ts";
import { createRandom, type Random } from "./random.ts";

export type FuzzOptions = {
	inputs: number;
	seed: number;
	/** Of a batch that reached new blocks some inputs are kept and mutated further. */
	coverage?: BlockCoverage;
	/** Before each input: what hangs is what was told last. */
	onInput?(kind: InputKind, bytes: Buffer): void;
	onProgress?(done: number): void;
};

export type FuzzReport = {
	inputs: number;
	/** How often each known class of difference was met. */
	known: Map<string, number>;
	faults: { what: string; kind: InputKind; input: string }[];
	/** Inputs kept because they did something new. */
	kept: number;
	signatures: number;
};

const batch = 4_096;
/** Structured inputs at the start, and how many fresh ones each batch adds. */
const [firstSamples, freshSamples] = [2_000, 64];
const keptLimit = 40_000;
const faultLimit = 20;

type Corpus = { kind: "requests" | "answers"; texts: fc.Arbitrary<string>; inputs: Buffer[] };

/** Structured inputs, mutated bytes, and of both what behaved in a new way: the same seed gives the same run. */
export function fuzz({ inputs, seed, coverage, onInput, onProgress }: FuzzOptions): FuzzReport {
	const random = createRandom(seed);
	const report: FuzzReport = { inputs: 0, known: new Map(), faults: [], kept: 0, signatures: 0 };
	const signatures = new Set<string>();
	const corpora: Corpus[] = [
		{ kind: "requests", texts: requestStreams, inputs: [] },
		{ kind: "answers", texts: answerStreams, inputs: [] },
	];
	const addSamples = (count: number) => {
		for (const corpus of corpora) {
			const sampled = fc.sample(corpus.texts, { seed: random.below(0x7fffffff), numRuns: count });
			corpus.inputs.push(...sampled.map((text) => Buffer.from(text, "latin1")));
		}
	};
	const keep = (corpus: Corpus, bytes: Buffer) => {
		report.kept++;
		if (corpus.inputs.length < keptLimit) corpus.inputs.push(bytes);
		else corpus.inputs[random.below(keptLimit)] = bytes;
	};

	addSamples(Math.min(firstSamples, inputs));
	while (report.inputs < inputs && report.faults.length < faultLimit) {
		const tried: [Corpus, Buffer][] = [];
		for (let left = Math.min(batch, inputs - report.inputs); left > 0; left--) {
			const corpus = random.pick(corpora);
			const bytes = nextInput(corpus.inputs, random);
			const kind: InputKind =
				corpus.kind === "requests" ? "requests" : { answersTo: random.pick(["GET", "POST", "HEAD"]), isLenient: random.oneIn(4) };
			onInput?.(kind, bytes);
			const { signature, known, fault } = check(kind, bytes, cutsOf(bytes, random));
			report.inputs++;
			if (fault !== null) report.faults.push({ what: fault, kind, input: shown(bytes) });
			if (known !== null) report.known.set(known, (report.known.get(known) ?? 0) + 1);
			if (!signatures.has(signature)) {
				signatures.add(signature);
				keep(corpus, bytes);
			} else tried.push([corpus, bytes]);
		}
		// Which of the batch it was is not known: a share of it is kept.
		if (coverage !== undefined && coverage.newlyReached() > 0)
			for (const [corpus, bytes] of tried) if (random.oneIn(32)) keep(corpus, bytes);
		addSamples(freshSamples);
		for (const corpus of corpora) if (corpus.inputs.length > keptLimit) corpus.inputs.splice(0, corpus.inputs.length - keptLimit);
		onProgress?.(report.inputs);
	}
	report.signatures = signatures.size;
	return report;
}

/** Bytes as text; the middle of long ones is told by its length alone. */
export function shown(bytes: Buffer): string {
	const text = bytes.toString("latin1");
	return text.length <= 1_000 ? text : `${text.slice(0, 500)}(${text.length - 1_000} more)${text.slice(-500)}`;
}

function check(kind: InputKind, bytes: Buffer, cuts: number[]): ReturnType<typeof checkInput> {
	try {
		return checkInput(kind, bytes, cuts);
	} catch (error) {
		return { signature: "thrown", known: null, fault: `thrown: ${error instanceof Error ? error.message : String(error)}` };
	}
}

function nextInput(inputs: readonly Buffer[], random: Random): Buffer {
	const base = random.pick(inputs);
	return random.oneIn(8) ? base : mutate(base, random.pick(inputs), random);
}

/** Where the bytes are cut: at up to four places, at times at every byte. */
function cutsOf(bytes: Buffer, random: Random): number[] {
	// Every cut of a head reads it from its beginning again.
	if (bytes.length < 2_000 && random.oneIn(32)) return Array.from(bytes, (_, index) => index);
	return Array.from({ length: 1 + random.below(4) }, () => random.below(bytes.length + 1)).sort((a, b) => a - b);
}
