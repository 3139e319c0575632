import type { DetailedPeerCertificate, TLSSocket } from "node:tls";

/** Longer chains are left out: the head for the upstream stays bounded. The certificate itself is never left out. */
const CHAIN_LIMIT = 24 * 1024;
const CERTIFICATE_LIMIT = 16 * 1024;

/**
 * What a client has shown and the handshake has verified, as whole header lines for the upstream (RFC 9440): `Client-Cert`, and
 * `Client-Cert-Chain` without the trust anchor. Empty where it showed nothing; null where its certificate is too long to be passed on.
 */
export function clientCertificateLines(socket: TLSSocket): string | null {
	if (!socket.authorized) return "";
	const shown = socket.getPeerCertificate(true);
	if (shown?.raw === undefined) return "";
	const own = byteSequence(shown.raw);
	if (own.length > CERTIFICATE_LIMIT) return null;
	const chain: string[] = [];
	for (let at: DetailedPeerCertificate = shown; ; at = at.issuerCertificate) {
		const issuer = at.issuerCertificate;
		// A root signs itself and is known to whoever trusts it.
		if (issuer?.raw === undefined || issuer === at || issuer.issuerCertificate === issuer) break;
		chain.push(byteSequence(issuer.raw));
	}
	const line = `Client-Cert: ${own}\r\n`;
	const further = chain.join(", ");
	return further === "" || further.length > CHAIN_LIMIT ? line : `${line}Client-Cert-Chain: ${further}\r\n`;
}

/** RFC 8941, 3.3.5. */
const byteSequence = (der: Buffer): string => `:${der.toString("base64")}:`;
