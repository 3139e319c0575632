import { createHmac, X509Certificate } from "node:crypto";
import { createSecureContext, type SecureContext, type SecureContextOptions } from "node:tls";
import type { Certificate, ServerTls } from "../../../contract/listeners.ts";
import { type ReadPem, type TlsKeys, unusable } from "./pem-files.ts";

/** All certificates of one listener, read and found to be usable. Key material lives here and in OpenSSL, nowhere else. */
export type ServerContexts = {
	/** Of the certificate for whoever asks for none of the others. */
	readonly fallback: SecureContextOptions;
	/** For the name that a client asks for. */
	contextFor(serverName: string): SecureContext;
	/** Who signs client certificates. */
	readonly authorities: readonly X509Certificate[];
};

/** Forward secrecy and authenticated encryption only (RFC 9325, 4.2); what HTTP/2 forbids (RFC 9113, appendix A) is not among them. */
export const ciphers = [
	"TLS_AES_256_GCM_SHA384",
	"TLS_CHACHA20_POLY1305_SHA256",
	"TLS_AES_128_GCM_SHA256",
	"ECDHE-ECDSA-AES256-GCM-SHA384",
	"ECDHE-RSA-AES256-GCM-SHA384",
	"ECDHE-ECDSA-CHACHA20-POLY1305",
	"ECDHE-RSA-CHACHA20-POLY1305",
	"ECDHE-ECDSA-AES128-GCM-SHA256",
	"ECDHE-RSA-AES128-GCM-SHA256",
].join(":");

/** All of a listener's TLS. Fault CERTIFICATE_UNUSABLE: nothing is opened, and what was open before stays as it is. */
export function readServerContexts(listener: string, tls: ServerTls, { secret, read }: TlsKeys): ServerContexts {
	const asksClient = tls.clientCertificate === "optional" || tls.clientCertificate === "required";
	if (asksClient && tls.clientCaFile === undefined)
		throw unusable(`of listener ${listener}`, "client certificates are asked for, and no clientCaFile says who signs them");
	const ca = asksClient ? read(tls.clientCaFile as string) : noBytes;
	const shared: SecureContextOptions = {
		ciphers,
		honorCipherOrder: true,
		minVersion: tls.minVersion ?? "TLSv1.2",
		// A ticket of one listener says nothing at another, whose clients may have to prove more.
		sessionIdContext: derived(secret, `id ${listener}`).toString("hex").slice(0, 32),
		ticketKeys: Buffer.concat([derived(secret, `ticket ${listener}`), derived(secret, `name ${listener}`).subarray(0, 16)]),
		...(asksClient ? { ca } : {}),
	};
	const exact = new Map<string, SecureContext>();
	const wildcards = new Map<string, SecureContext>();
	let fallback: { options: SecureContextOptions; context: SecureContext } | null = null;
	let first: { options: SecureContextOptions; context: SecureContext } | null = null;
	for (const certificate of tls.certificates) {
		const options = { ...shared, ...readCertificate(certificate, read) };
		const context = contextOf(certificate.certFile, options);
		first ??= { options, context };
		for (const name of certificate.names) {
			const lower = name.toLowerCase();
			if (lower === "*") fallback ??= { options, context };
			else if (lower.startsWith("*.")) wildcards.set(lower.slice(2), context);
			else exact.set(lower, context);
		}
	}
	const chosen = fallback ?? first;
	if (chosen === null) throw unusable(`of listener ${listener}`, "none is named");
	return {
		fallback: chosen.options,
		authorities: certificatesIn(tls.clientCaFile ?? "", ca),
		contextFor(serverName) {
			const lower = serverName.toLowerCase();
			return exact.get(lower) ?? wildcards.get(lower.slice(lower.indexOf(".") + 1)) ?? chosen.context;
		},
	};
}

function readCertificate({ certFile, keyFile }: Certificate, read: ReadPem): { cert: Buffer; key: Buffer } {
	return { cert: read(certFile), key: read(keyFile) };
}

function certificatesIn(file: string, pem: Buffer): X509Certificate[] {
	const found = pem.toString("latin1").match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
	try {
		return found.map((one) => new X509Certificate(one));
	} catch (error) {
		throw unusable(file, error instanceof Error ? error.message : String(error), error);
	}
}

/** Fault CERTIFICATE_UNUSABLE where certificate and key are none or do not belong together. */
export function contextOf(file: string, options: SecureContextOptions): SecureContext {
	try {
		return createSecureContext(options);
	} catch (error) {
		throw unusable(file, error instanceof Error ? error.message : String(error), error);
	}
}

const noBytes = Buffer.alloc(0);

const derived = (secret: Buffer, purpose: string): Buffer => createHmac("sha256", secret).update(purpose).digest();
