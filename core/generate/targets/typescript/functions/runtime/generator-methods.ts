import type { PyGenerator } from "./iterate.ts";
import type { Value } from "./values.ts";

export const generatorSend = (generator: PyGenerator, value: Value): Value => generator.send(value);
export function generatorClose(generator: PyGenerator): null {
	generator.close();
	return null;
}
