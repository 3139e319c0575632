import { ValueError } from "./errors.ts";

export function squareRoot(value: number): number {
	if (value < 0) throw new ValueError("math domain error");
	return Math.sqrt(value);
}
