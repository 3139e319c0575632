import fc from "fast-check";
import { expect, test } from "vitest";
import { readExposition } from "../testing/exposition-text.ts";
import { exposition, type Family, formatFor } from "./exposition.ts";

const labels = fc.dictionary(fc.stringMatching(/^[a-z][a-z_]{0,6}$/), fc.string({ unit: "grapheme" }), {
	maxKeys: 3,
	noNullPrototype: true,
});
const name = fc.stringMatching(/^[a-z][a-z_]{2,10}$/);
const count = fc.nat({ max: 1_000 });

const family: fc.Arbitrary<Family> = fc.oneof(
	fc.record({
		kind: fc.constantFrom("counter" as const, "gauge" as const),
		name,
		help: fc.string(),
		samples: fc.array(fc.record({ labels, value: fc.oneof(count, fc.double({ min: 0, noNaN: true })) }), { maxLength: 4 }),
	}),
	fc.record({
		kind: fc.constant("histogram" as const),
		name,
		help: fc.string(),
		bounds: fc.constant([0.001, 0.25, 1, 10]),
		samples: fc.array(fc.record({ labels, counts: fc.array(count, { minLength: 5, maxLength: 5 }), sum: count }), { maxLength: 3 }),
	}),
);
const families = fc.uniqueArray(family, { selector: ({ name: own }) => own, maxLength: 5 }).map((all) =>
	all.map((one) => {
		const seen = new Set<string>();
		const isNew = ({ labels: own }: { labels: object }) => {
			const key = JSON.stringify(Object.entries(own).sort());
			const { size } = seen;
			return !("le" in own) && seen.add(key).size > size;
		};
		return { ...one, samples: (one.samples as { labels: object }[]).filter(isNew) } as Family;
	}),
);

test("[O2] whatever the labels hold, both texts are read back to the same samples", () => {
	fc.assert(
		fc.property(families, fc.constantFrom("prometheus" as const, "openmetrics" as const), (all, format) => {
			const { samples } = readExposition([...exposition(all, format)].join(""), format);
			const expected = all.flatMap((one) =>
				one.kind === "histogram"
					? one.samples.map(({ labels: own, counts }) => [`${one.name}_count`, own, counts.reduce((sum, value) => sum + value, 0)])
					: one.samples.map(({ labels: own, value }) => [one.kind === "counter" ? `${one.name}_total` : one.name, own, value]),
			);
			const read = samples.filter(({ name: own }) => !/_(bucket|sum)$/.test(own) || all.some((one) => one.name === own));
			expect(read.filter(({ labels: own }) => !("le" in own)).map(({ name: own, labels: its, value }) => [own, its, value])).toEqual(
				expected,
			);
		}),
	);
});

test("[O2] the scraper's preference decides the format, and who has none gets the older one", () => {
	const prometheus =
		"application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1";
	expect(formatFor(prometheus)).toBe("openmetrics");
	expect(formatFor("text/plain;version=0.0.4;q=0.5,application/openmetrics-text;q=0.4")).toBe("prometheus");
	for (const accept of [undefined, "", "*/*", "text/html", "application/json", "application/openmetrics-text;q=0"])
		expect(formatFor(accept)).toBe("prometheus");
});
