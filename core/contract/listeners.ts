import { z } from "zod";

/** A certificate with its key, in PEM files; read when the gateway starts and again at every `reload`. */
export const certificateShape = z.object({
	/** The names it is shown for: exact, or `*.example.org` for one label. `*`: for whoever asks for none of the others. */
	names: z.array(z.string()).min(1),
	certFile: z.string(),
	keyFile: z.string(),
});
export type Certificate = z.infer<typeof certificateShape>;

/** The gateway as a TLS server. */
export const serverTlsShape = z.object({
	certificates: z.array(certificateShape).min(1),
	minVersion: z.enum(["TLSv1.2", "TLSv1.3"]).optional(),
	/** `optional` and `required` need `clientCaFile`; what a client shows is passed on in `Client-Cert` (RFC 9440). */
	clientCertificate: z.enum(["none", "optional", "required"]).optional(),
	clientCaFile: z.string().optional(),
});
export type ServerTls = z.infer<typeof serverTlsShape>;

/** The gateway as a TLS client of an upstream. An upstream is verified unless the plan says, by name, that it is not. */
export const clientTlsShape = z.object({
	/** For SNI and verification; without it the upstream's host. */
	serverName: z.string().optional(),
	caFile: z.string().optional(),
	/** The gateway's own certificate, for an upstream that asks for one. */
	certFile: z.string().optional(),
	keyFile: z.string().optional(),
	unverified: z.boolean().optional(),
});
export type ClientTls = z.infer<typeof clientTlsShape>;

/** How messages are told apart in a byte stream. All sizes in bytes; `limit`: a longer message ends the pairing, never the stream. */
export const framingShape = z.discriminatedUnion("kind", [
	/** A binary length at `at`, `size` bytes long; it counts what follows it, or (`whole`) itself and what is before it too. */
	z.object({
		kind: z.literal("length"),
		at: z.number().int().min(0).max(64),
		size: z.union([z.literal(1), z.literal(2), z.literal(4)]),
		order: z.enum(["big", "little"]),
		counts: z.enum(["rest", "whole"]),
		limit: z.number().int().min(1),
	}),
	/** `hex`: the bytes that end a message. */
	z.object({ kind: z.literal("delimiter"), hex: z.string().regex(/^([0-9a-fA-F]{2}){1,16}$/), limit: z.number().int().min(1) }),
	z.object({ kind: z.literal("fixed"), size: z.number().int().min(1) }),
]);
export type Framing = z.infer<typeof framingShape>;

/**
 * Which answer belongs to which request on one connection: the next one (`order`), or the one with the same bytes in a field (`field`,
 * counted from the first byte behind the frame's own head), or the same ISO 8583 trace number (`iso8583`: field 11, with the message type;
 * `skip`: bytes between the frame's own head and the message type, 5 for a TPDU).
 */
export const pairingShape = z.discriminatedUnion("kind", [
	z.object({ kind: z.literal("order") }),
	z.object({ kind: z.literal("field"), at: z.number().int().min(0), size: z.number().int().min(1).max(64) }),
	z.object({ kind: z.literal("iso8583"), encoding: z.enum(["ascii", "bcd"]), skip: z.number().int().min(0).max(64).optional() }),
]);
export type Pairing = z.infer<typeof pairingShape>;

/** An address that the gateway takes connections on. Fixed while it runs, unlike the plan. */
export const listenerShape = z.discriminatedUnion("kind", [
	/** HTTP/1.1, WebSocket, and HTTP/2: by ALPN under TLS, by prior knowledge without. */
	z.object({
		kind: z.literal("http"),
		id: z.string(),
		host: z.string(),
		port: z.number().int().min(0).max(65535),
		tls: serverTlsShape.optional(),
	}),
	/** Any protocol over TCP; the plan's route of the same `listener` says where its connections go. */
	z.object({
		kind: z.literal("tcp"),
		id: z.string(),
		host: z.string(),
		port: z.number().int().min(0).max(65535),
		tls: serverTlsShape.optional(),
		framing: framingShape,
		pairing: pairingShape,
	}),
]);
export type Listener = z.infer<typeof listenerShape>;
