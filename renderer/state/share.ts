/**
 * The next value with every part that did not change replaced by the part of `previous`, so that `===` tells
 * a screen what to draw again. Values are plain JSON data.
 */
export function share<T>(previous: unknown, next: T): T {
	if (Object.is(previous, next)) return next;
	if (Array.isArray(previous) && Array.isArray(next)) {
		const merged = next.map((item, index) => share(previous[index], item));
		return same(merged.length === previous.length, merged, previous) as T;
	}
	if (isRecord(previous) && isRecord(next)) {
		const names = Object.keys(next);
		const merged = Object.fromEntries(names.map((name) => [name, share(previous[name], next[name])]));
		return same(names.length === Object.keys(previous).length, merged, previous) as T;
	}
	return next;
}

function same(equalSize: boolean, merged: object, previous: object): object {
	const before = previous as Record<string, unknown>;
	return equalSize && Object.entries(merged).every(([name, value]) => Object.is(value, before[name]) && name in before) ? previous : merged;
}

function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}
