const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

/** 18204 -> `18,204`. */
export const count = (value: number) => whole.format(value);

/** A share of 1 in percent with two significant digits: 0.0123 -> `1.2 %`, which never breaks over two lines. */
export function percent(share: number): string {
	const value = share * 100;
	return value === 0 ? "0\u00a0%" : `${value.toFixed(digitsFor(value))}\u00a0%`;
}

/** The same, never rounded down: what stands after `≤` must not promise more than was proved. 0.0123 -> `1.3 %`. */
export function percentAtMost(share: number): string {
	const value = share * 100;
	if (value === 0) return "0\u00a0%";
	const scale = 10 ** digitsFor(value);
	// A hair off, so that 1.2 stays 1.2 although its double is a little larger.
	return `${(Math.ceil(value * scale - 1e-9) / scale).toFixed(digitsFor(value))}\u00a0%`;
}

function digitsFor(value: number): number {
	return value >= 10 ? 0 : Math.min(6, 1 - Math.floor(Math.log10(value)));
}

/** Milliseconds for people: `340 ms`, `4.2 s`, `2 min 5 s`. */
export function duration(ms: number): string {
	if (ms < 10) return `${ms.toFixed(1)} ms`;
	if (ms < 1000) return `${Math.round(ms)} ms`;
	if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
	return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`;
}

let isUtc = false;

/** Of every time on the screen, from the next drawing on. */
export function setTimeZone(zone: "local" | "utc"): void {
	isUtc = zone === "utc";
}

/** The zone of `clock` in words: `UTC`, or `UTC+2` for this machine's. */
export function timeZoneWords(at: number): string {
	const minutes = isUtc ? 0 : -new Date(at).getTimezoneOffset();
	if (minutes === 0) return "UTC";
	const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
	return `UTC${minutes < 0 ? "-" : "+"}${hours}${rest === 0 ? "" : `:${String(rest).padStart(2, "0")}`}`;
}

/** The time of day to the millisecond, in the zone of the settings. */
export function clock(at: number): string {
	const date = new Date(isUtc ? at : at - new Date(at).getTimezoneOffset() * 60_000);
	return date.toISOString().slice(11, 23);
}

/** `Ctrl+Alt+ArrowLeft` -> `Ctrl Alt ←`. */
export function keyWords(keys: string): string {
	if (keys.length === 1) return keys;
	return keys
		.split("+")
		.map((key) => arrows[key] ?? key)
		.join(" ");
}

const arrows: Record<string, string> = { ArrowLeft: "←", ArrowRight: "→", ArrowUp: "↑", ArrowDown: "↓", Escape: "Esc" };

export function plural(amount: number, one: string, many = `${one}s`): string {
	return `${count(amount)} ${amount === 1 ? one : many}`;
}

/** `bank.credit.credit_score` -> `credit_score`. */
export const shortName = (dotted: string) => dotted.slice(dotted.lastIndexOf(".") + 1);

/** A node's id or a bare name -> the bare name. */
export const bareName = (id: string) => id.replace(/^(function|table|module|route):/, "");

/** The bound in honest words. `alpha` is the policy's. */
export function boundWords(bound: number, alpha: number | null): string {
	if (bound >= 1) return "no evidence yet";
	const confidence = alpha === null ? "" : ` (${Number(((1 - alpha) * 100).toFixed(6))}\u00a0%, sequential)`;
	return `mismatch rate ≤ ${percentAtMost(bound)}${confidence}`;
}

/** `40 kB`, `120 MB`, `1.5 GB`. */
export const bytes = (value: number): string =>
	value < 1e6 ? `${(value / 1e3).toFixed(0)} kB` : value < 1e9 ? `${(value / 1e6).toFixed(0)} MB` : `${(value / 1e9).toFixed(1)} GB`;
