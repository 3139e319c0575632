import { KeyError } from "./errors.ts";

/** The value of `key`; a missing key is an error. */
export function lookUp<K, V>(map: ReadonlyMap<K, V>, key: K): V {
	const value = map.get(key);
	if (value === undefined && !map.has(key)) throw new KeyError(String(key));
	return value as V;
}

/** The value of `key` in a plain object; a missing key is an error. */
export function propertyOf<V>(table: Readonly<Record<string | number, V>>, key: string | number): V {
	if (!Object.hasOwn(table, key)) throw new KeyError(String(key));
	return table[key] as V;
}
