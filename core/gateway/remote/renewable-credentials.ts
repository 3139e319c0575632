import { experimental, type ServerCredentials } from "@grpc/grpc-js";
import type { TlsMaterial } from "./credentials.ts";

export type RenewableCredentials = {
	readonly credentials: ServerCredentials;
	/** For connections from here on; those that are open keep what they began with. */
	renew(material: TlsMaterial): void;
};

/** A server's own certificate and its clients' authority, both of which may be followed by others while it serves. */
export function createRenewableCredentials(first: TlsMaterial): RenewableCredentials {
	let material = first;
	const authority = createSource(() => ({ caCertificate: material.ca }));
	const identity = createSource(() => ({ certificate: material.cert, privateKey: material.key }));
	const provider: experimental.CertificateProvider = {
		addCaCertificateListener: authority.add,
		removeCaCertificateListener: authority.remove,
		addIdentityCertificateListener: identity.add,
		removeIdentityCertificateListener: identity.remove,
	};
	return {
		credentials: experimental.createCertificateProviderServerCredentials(provider, provider, true),
		renew(next) {
			material = next;
			authority.tell();
			identity.tell();
		},
	};
}

function createSource<Update>(read: () => Update) {
	const listeners = new Set<(update: Update | null) => void>();
	return {
		add(listener: (update: Update | null) => void): void {
			listeners.add(listener);
			// The server that asks has its own ears open only after this call.
			process.nextTick(() => listener(read()));
		},
		remove(listener: (update: Update | null) => void): void {
			listeners.delete(listener);
		},
		tell(): void {
			for (const listener of listeners) listener(read());
		},
	};
}
