import type { ConfidencePoint } from "../../contract/history.ts";
import { atMost, utcTime } from "./words.ts";

type Box = { width: number; height: number; font: string };

/** The bound over time on a logarithmic scale, with the policy's limit; a new version begins a new line at 100 %. */
export function confidenceSvg(points: readonly ConfidencePoint[], limit: number | null, { width, height, font }: Box): string {
	const left = 58;
	const [right, top, bottom] = [14, 12, 26];
	const from = points[0]?.at ?? 0;
	const to = Math.max(points.at(-1)?.at ?? 1, from + 1);
	const lowest = Math.min(0.01, limit ?? 1, ...points.map((point) => point.bound)) * 0.7;
	const x = (at: number) => left + ((at - from) / (to - from)) * (width - left - right);
	const y = (share: number) => top + (Math.log10(share) / Math.log10(lowest)) * (height - top - bottom);
	const text = (at: [number, number], words: string, anchor: string) =>
		`<text x="${round(at[0])}" y="${round(at[1])}" text-anchor="${anchor}" font-family="${font}" font-size="10" fill="#5c6176">${words}</text>`;
	const parts: string[] = [];
	for (const share of [1, 0.1, 0.01, 0.001, 0.0001, 0.00001].filter((one) => one >= lowest)) {
		parts.push(`<path d="M${left} ${round(y(share))}H${width - right}" stroke="#dedfe8" stroke-width="1"/>`);
		parts.push(text([left - 8, y(share) + 3.5], `${Number((share * 100).toPrecision(3))} %`, "end"));
	}
	if (limit !== null) {
		parts.push(`<path d="M${left} ${round(y(limit))}H${width - right}" stroke="#1c7a4b" stroke-width="1.2" stroke-dasharray="5 4"/>`);
		parts.push(text([width - right, y(limit) - 4], `limit ${atMost(limit)}`, "end"));
	}
	const versions = [...new Set(points.map((point) => point.version))];
	for (const version of versions) {
		const own = points.filter((point) => point.version === version);
		const line = own.map((point, index) => `${index === 0 ? "M" : "L"}${round(x(point.at))} ${round(y(point.bound))}`).join("");
		parts.push(`<path d="${line}" fill="none" stroke="#5746c9" stroke-width="1.8" stroke-linejoin="round"/>`);
		const first = own[0];
		if (first) parts.push(text([x(first.at) + 4, top + 10], `v${version}`, "start"));
	}
	parts.push(text([left, height - 8], utcTime(from), "start"), text([width - right, height - 8], `${utcTime(to)} UTC`, "end"));
	return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="Upper bound of the mismatch rate over time">${parts.join("")}</svg>`;
}

const round = (value: number): number => Math.round(value * 10) / 10;
