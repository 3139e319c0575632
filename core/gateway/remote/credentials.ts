import { readFileSync } from "node:fs";
import { createSecureContext } from "node:tls";
import { Fault } from "../../base/fault.ts";

/** PEM files: who this side is, and the authority that the other side's certificate must be signed by. */
export type TlsFiles = { certFile: string; keyFile: string; caFile: string };
export type TlsMaterial = { cert: Buffer; key: Buffer; ca: Buffer };

/** Fault CERTIFICATE_UNUSABLE. */
export function readTlsFiles({ certFile, keyFile, caFile }: TlsFiles): TlsMaterial {
	const [cert, key, ca] = [read(certFile), read(keyFile), read(caFile)];
	refuseUnusable(certFile, () => createSecureContext({ cert, key }));
	refuseUnusable(caFile, () => createSecureContext({ ca }));
	if (!ca.includes("-----BEGIN CERTIFICATE-----")) throw unusable(caFile, "there is no certificate in it");
	return { cert, key, ca };
}

function read(file: string): Buffer {
	try {
		return readFileSync(file);
	} catch (error) {
		throw unusable(file, error instanceof Error ? error.message : String(error));
	}
}

function refuseUnusable(file: string, use: () => unknown): void {
	try {
		use();
	} catch (error) {
		throw unusable(file, error instanceof Error ? error.message : String(error));
	}
}

const unusable = (file: string, reason: string) => new Fault("CERTIFICATE_UNUSABLE", { file, reason });
