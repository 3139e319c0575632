import type { TypedValue } from "../../../contract/function-ir.ts";
import { createRandom } from "../../../generate/testing/oracle.ts";

/** Random values of every kind, as typed values; the same for the same seed. */
export function createValues(seed: number) {
	const random = createRandom(seed);
	const below = (limit: number) => Math.floor(random() * limit);
	const pick = <T>(items: readonly T[]): T => items[below(items.length)] as T;
	const many = <T>(make: () => T, most: number): T[] => Array.from({ length: below(most + 1) }, make);
	const sign = () => (random() < 0.3 ? "-" : "");
	const whole = (): TypedValue => {
		const size = pick([3, 3, 10, 200, 70_000]);
		const digits =
			random() < 0.1 ? pick(["9007199254740993", "18446744073709551616", "123456789012345678901234567890"]) : String(below(size));
		return { int: digits === "0" ? "0" : sign() + digits };
	};
	const bits = (): number => {
		const view = new DataView(new ArrayBuffer(8));
		view.setUint32(0, below(2 ** 32));
		view.setUint32(4, below(2 ** 32));
		return view.getFloat64(0);
	};
	const special = ["nan", "inf", "-inf", "-0.0", "0.0", "0.5", "2.5", "1e+16", "1e-05", "1.0", "3.0", "2.675", "9007199254740992.0"];
	const float = (): TypedValue => {
		const value = pick([() => below(1000) / 8, () => below(100_000) / 100, () => random() * 10 ** (below(30) - 12), bits])();
		if (random() < 0.2 || !Number.isFinite(value)) return { float: pick(special) };
		return { float: String(random() < 0.3 ? -value : value) };
	};
	const texts = [
		"",
		"a",
		"b",
		"ab",
		"A",
		"Hello World",
		"  x ",
		"1",
		"-12",
		"3.5",
		"ß",
		"é",
		"\u{1f600}",
		"a\u{1f600}b",
		"\n",
		"'",
		'"',
		"\\",
		"a,b,,c",
		"Z",
	];
	const text = (): TypedValue => (random() < 0.5 ? pick(texts) : many(() => pick([..."abcAB 12,.-\u{1f600}é"]), 6).join(""));
	const scalar = (): TypedValue => pick([whole, whole, float, text, () => null, () => random() < 0.5])();
	const key = (depth = 1): TypedValue => (depth > 0 && random() < 0.15 ? { tuple: many(() => key(depth - 1), 3) } : scalar());
	const numeric = (): TypedValue => pick([whole, whole, float, () => random() < 0.5])();
	/** Elements of one kind, so that sums, joins and sorts get somewhere. */
	const alike = (): TypedValue[] => many(pick([whole, numeric, text]), 7);
	/** Sets hold numbers and tuples of them: their order is the same in every process. */
	const member = (): TypedValue => (random() < 0.2 ? { tuple: many(whole, 2) } : numeric());
	const noNan = (value: TypedValue): boolean => !JSON.stringify(value).includes('"nan"');
	const set = (): TypedValue => ({ set: many(member, 9).filter(noNan) });
	const any = (depth = 2): TypedValue => {
		if (depth === 0) return scalar();
		const inner = () => any(depth - 1);
		return pick([
			scalar,
			scalar,
			scalar,
			() => ({ list: random() < 0.5 ? alike() : many(inner, 4) }),
			() => ({ tuple: random() < 0.5 ? alike() : many(inner, 4) }),
			() => ({ dict: many((): [TypedValue, TypedValue] => [pick([text, whole, key])(), inner()], 4).filter(([own]) => noNan(own)) }),
			set,
		])();
	};
	const list = (): TypedValue => ({ list: random() < 0.7 ? alike() : many(() => any(1), 5) });
	const dict = (): TypedValue => ({
		dict: many((): [TypedValue, TypedValue] => [pick([text, whole, key])(), any(1)], 5).filter(([own]) => noNan(own)),
	});
	const index = (): TypedValue => (random() < 0.2 ? pick<TypedValue>([null, { float: "1.0" }, "x", true]) : { int: String(below(11) - 5) });
	const small = (): TypedValue => ({ int: String(below(9) - 3) });
	return { any: () => any(), whole, float, text, numeric, list, dict, set, index, small, scalar, pick, below };
}

export type Values = ReturnType<typeof createValues>;
export type Kind = Exclude<keyof Values, "pick" | "below">;
