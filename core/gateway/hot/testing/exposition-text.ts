export type ReadSample = { name: string; labels: Record<string, string>; value: number };
export type ReadExposition = { types: Map<string, string>; samples: ReadSample[] };

const namePattern = /^[a-zA-Z_:][a-zA-Z0-9_:]*/;
const escapes: Record<string, string> = { "\\": "\\", n: "\n", '"': '"' };

/**
 * Both text formats, strictly: every line is a comment of a known kind or a sample, a family stands in one piece under its own type, no
 * series comes twice, buckets grow and end with `+Inf` equal to the count. Throws with the line otherwise.
 */
export function readExposition(text: string, format: "prometheus" | "openmetrics"): ReadExposition {
	const types = new Map<string, string>();
	const samples: ReadSample[] = [];
	const seen = new Set<string>();
	let family = "";
	if (text === "" && format === "prometheus") return { types, samples };
	if (!text.endsWith("\n")) throw new Error("the text does not end with a line end");
	const lines = text.slice(0, -1).split("\n");
	if (format === "openmetrics" && lines.pop() !== "# EOF") throw new Error("no # EOF at the end");
	for (const line of lines) {
		if (line.startsWith("# HELP ")) continue;
		const [, typed, type] = /^# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge|histogram)$/.exec(line) ?? [];
		if (typed !== undefined && type !== undefined) {
			if (types.has(typed)) throw new Error(`a second type: ${line}`);
			types.set(typed, type);
			family = typed;
			continue;
		}
		const sample = readSample(line);
		const type_ = types.get(family) ?? "";
		const suffixes =
			type_ === "histogram" ? ["_bucket", "_sum", "_count"] : type_ === "counter" && format === "openmetrics" ? ["_total"] : [""];
		if (!suffixes.some((suffix) => sample.name === family + suffix)) throw new Error(`a sample outside of its family ${family}: ${line}`);
		if (type_ === "counter" && !sample.name.endsWith("_total")) throw new Error(`a counter without _total: ${line}`);
		if (type_ !== "gauge" && !(sample.value >= 0)) throw new Error(`below zero: ${line}`);
		const series = JSON.stringify([sample.name, Object.entries(sample.labels).sort()]);
		if (seen.has(series)) throw new Error(`a second time: ${line}`);
		seen.add(series);
		samples.push(sample);
	}
	checkBuckets(types, samples);
	return { types, samples };
}

function readSample(line: string): ReadSample {
	const [name = ""] = namePattern.exec(line) ?? [];
	if (name === "") throw new Error(`neither a comment nor a sample: ${line}`);
	const labels: Record<string, string> = {};
	let at = name.length;
	if (line[at] === "{") {
		at++;
		while (line[at] !== "}") {
			const [label = ""] = namePattern.exec(line.slice(at)) ?? [];
			at += label.length;
			if (label === "" || line.slice(at, at + 2) !== '="') throw new Error(`a label is malformed: ${line}`);
			at += 2;
			let value = "";
			for (; line[at] !== '"'; at++) {
				if (at >= line.length) throw new Error(`a label has no end: ${line}`);
				if (line[at] !== "\\") value += line[at];
				else value += escapes[line[++at] ?? ""] ?? fail(line);
			}
			if (label in labels) throw new Error(`a label comes twice: ${line}`);
			labels[label] = value;
			at++;
			if (line[at] === ",") at++;
			else if (line[at] !== "}") throw new Error(`a label is not followed by , or }: ${line}`);
		}
		at++;
	}
	const [, number] = /^ (\S+)$/.exec(line.slice(at)) ?? [];
	const value = number === "+Inf" ? Number.POSITIVE_INFINITY : Number(number);
	if (number === undefined || (Number.isNaN(value) && number !== "NaN")) throw new Error(`no number: ${line}`);
	return { name, labels, value };
}

function fail(line: string): never {
	throw new Error(`an unknown escape: ${line}`);
}

function checkBuckets(types: Map<string, string>, samples: ReadSample[]): void {
	for (const [family, type] of types) {
		if (type !== "histogram") continue;
		const series = new Map<string, ReadSample[]>();
		for (const sample of samples) {
			if (sample.name !== `${family}_bucket`) continue;
			const { le: _, ...labels } = sample.labels;
			const key = JSON.stringify(labels);
			series.set(key, [...(series.get(key) ?? []), sample]);
		}
		for (const [key, buckets] of series) {
			const count = samples.find(({ name, labels }) => name === `${family}_count` && JSON.stringify(labels) === key);
			const last = buckets.at(-1);
			if (last?.labels.le !== "+Inf" || last.value !== count?.value) throw new Error(`${family} ${key}: the last bucket is not the count`);
			for (const [index, bucket] of buckets.entries()) {
				const before = buckets[index - 1];
				if (before && (before.value > bucket.value || Number(before.labels.le) >= Number(bucket.labels.le?.replace("+Inf", "Infinity"))))
					throw new Error(`${family} ${key}: buckets fall at ${bucket.labels.le}`);
			}
		}
	}
}

/** The sum of all samples of this name with at least these labels. */
export function sumOf({ samples }: ReadExposition, name: string, labels: Record<string, string> = {}): number {
	return samples
		.filter((sample) => sample.name === name && Object.entries(labels).every(([key, value]) => sample.labels[key] === value))
		.reduce((sum, { value }) => sum + value, 0);
}
