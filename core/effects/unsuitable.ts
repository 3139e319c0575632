import { Fault } from "../base/index.ts";

export function unsuitable(file: string, reason: string, remedy = "Begin anew from its present state.", cause?: unknown): Fault {
	return new Fault("DATABASE_UNSUITABLE", { file, reason, remedy }, cause === undefined ? {} : { cause });
}
