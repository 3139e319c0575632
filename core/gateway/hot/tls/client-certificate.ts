import type { X509Certificate } from "node:crypto";
import type { TLSSocket } from "node:tls";

/** Longer chains are left out: the head for the upstream stays bounded. The certificate itself is never left out. */
const CHAIN_LIMIT = 24 * 1024;
const CERTIFICATE_LIMIT = 16 * 1024;
const CHAIN_MOST = 8;

/**
 * What a client has shown and the handshake has verified, as whole header lines for the upstream (RFC 9440): `Client-Cert`, and
 * `Client-Cert-Chain` without the trust anchor. Empty where it showed nothing; null where its certificate is too long to be passed on.
 * `authorities`: of the listener. Node 24 does not say which further certificates a client sent, so the chain is of those that are known.
 */
export function clientCertificateLines(socket: TLSSocket, authorities: readonly X509Certificate[]): string | null {
	if (!socket.authorized) return "";
	const shown = socket.getPeerX509Certificate();
	if (shown === undefined) return "";
	const own = byteSequence(shown.raw);
	if (own.length > CERTIFICATE_LIMIT) return null;
	const chain: string[] = [];
	for (let at = shown; chain.length < CHAIN_MOST; ) {
		const issuer = at.issuerCertificate ?? authorities.find((known) => isIssuedBy(at, known));
		// A root signs itself and is known to whoever trusts it.
		if (issuer === undefined || isIssuedBy(issuer, issuer)) break;
		chain.push(byteSequence(issuer.raw));
		at = issuer;
	}
	const line = `Client-Cert: ${own}\r\n`;
	const further = chain.join(", ");
	return further === "" || further.length > CHAIN_LIMIT ? line : `${line}Client-Cert-Chain: ${further}\r\n`;
}

/** RFC 8941, 3.3.5. */
const byteSequence = (der: Buffer): string => `:${der.toString("base64")}:`;

const isIssuedBy = (certificate: X509Certificate, by: X509Certificate): boolean =>
	certificate.checkIssued(by) && certificate.verify(by.publicKey);
