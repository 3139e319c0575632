import { ValueError } from "./errors.ts";

/** The number that was read, or an error where there was none. */
export function requiredNumber(value: number, text: string): number {
	if (Number.isNaN(value)) throw new ValueError(`not a number: '${text}'`);
	return value;
}
