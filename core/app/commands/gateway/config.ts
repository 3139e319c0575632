import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { Fault } from "../../../base/fault.ts";
import { type GatewayConfig, gatewayConfigShape } from "../../../contract/gateway-config.ts";

/** Fields that name a file, wherever they stand. */
const fileFields = new Set(["certFile", "keyFile", "caFile", "clientCaFile"]);

/** The configuration of a gateway, its paths made absolute. Faults SOURCE_UNREADABLE, INPUT_INVALID with the field. */
export function readGatewayConfig(file: string): GatewayConfig {
	const path = resolve(file);
	let text: string;
	try {
		text = readFileSync(path, "utf8");
	} catch (error) {
		throw new Fault("SOURCE_UNREADABLE", { file, reason: (error as NodeJS.ErrnoException).code ?? String(error) });
	}
	const invalid = (reason: string) => new Fault("INPUT_INVALID", { subject: `The gateway's configuration ${file}`, reason });
	let value: unknown;
	try {
		const folder = dirname(path);
		value = JSON.parse(text, (name, given: unknown) =>
			fileFields.has(name) && typeof given === "string" ? resolve(folder, given) : given,
		);
	} catch (error) {
		throw invalid((error as Error).message);
	}
	const read = gatewayConfigShape.safeParse(value);
	if (!read.success) throw invalid(read.error.issues.map(({ path: at, message }) => `${at.join(".") || "it"}: ${message}`).join("; "));
	return read.data;
}
