import type { EventEmitter } from "node:events";
import {
	Client,
	type ClientDuplexStream,
	type ClientReadableStream,
	type ClientUnaryCall,
	type ClientWritableStream,
	credentials,
	type handleBidiStreamingCall,
	type handleClientStreamingCall,
	type handleServerStreamingCall,
	type handleUnaryCall,
	Metadata,
	type MethodDefinition,
	Server,
	ServerCredentials,
	type ServiceError,
	type StatusObject,
} from "@grpc/grpc-js";
import type { Upstream } from "../../contract/traffic.ts";
import { freePort } from "./upstream.ts";

// A gRPC service by hand: its messages are what the test makes them.

type Bytes = Buffer;
const asIs = (bytes: Bytes): Bytes => bytes;

const method = (name: string, requestStream: boolean, responseStream: boolean): MethodDefinition<Bytes, Bytes> => ({
	path: `/bank.Ledger/${name}`,
	requestStream,
	responseStream,
	requestSerialize: asIs,
	requestDeserialize: asIs,
	responseSerialize: asIs,
	responseDeserialize: asIs,
});

export const ledger = {
	post: method("Post", false, false),
	watch: method("Watch", false, true),
	bring: method("Import", true, false),
	talk: method("Talk", true, true),
};

export type LedgerHandlers = {
	post?: handleUnaryCall<Bytes, Bytes>;
	watch?: handleServerStreamingCall<Bytes, Bytes>;
	bring?: handleClientStreamingCall<Bytes, Bytes>;
	talk?: handleBidiStreamingCall<Bytes, Bytes>;
};

export type LedgerServer = { address: Upstream; calls: string[]; close(): Promise<void> };

/** Its own name stands before every answer; what a test gives takes the place of that. */
export async function startLedger(name: string, handlers: LedgerHandlers = {}, port?: number): Promise<LedgerServer> {
	const server = new Server();
	const calls: string[] = [];
	const said = (bytes: Bytes) => Buffer.from(`${name}:${bytes}`);
	const service: Required<LedgerHandlers> = {
		post: (call, done) => {
			calls.push(`Post ${call.request}`);
			if (handlers.post) return handlers.post(call, done);
			const trailers = new Metadata();
			trailers.set("x-entry", "7");
			done(null, said(call.request), trailers);
		},
		watch: (call) => {
			calls.push(`Watch ${call.request}`);
			if (handlers.watch) return handlers.watch(call);
			for (const step of [1, 2, 3]) call.write(said(Buffer.from(String(step))));
			call.end();
		},
		bring: (call, done) => {
			calls.push("Import");
			if (handlers.bring) return handlers.bring(call, done);
			const all: Bytes[] = [];
			call.on("data", (bytes: Bytes) => all.push(bytes));
			call.on("end", () => done(null, said(Buffer.concat(all))));
		},
		talk: (call) => {
			calls.push("Talk");
			if (handlers.talk) return handlers.talk(call);
			call.on("data", (bytes: Bytes) => call.write(said(bytes)));
			call.on("end", () => call.end());
		},
	};
	server.addService(ledger, service);
	const chosen = port ?? (await freePort());
	await new Promise<void>((resolve, reject) =>
		server.bindAsync(`127.0.0.1:${chosen}`, ServerCredentials.createInsecure(), (error) => (error ? reject(error) : resolve())),
	);
	return {
		address: { host: "127.0.0.1", port: chosen, protocol: "h2" },
		calls,
		close: async () => server.forceShutdown(),
	};
}

export type Outcome = { messages: string[]; code: number; details: string; trailers: Record<string, unknown> };

export type LedgerClient = {
	post(text: string, deadlineMs?: number): Promise<Outcome>;
	watch(text: string): Promise<Outcome>;
	bring(...texts: string[]): Promise<Outcome>;
	/** Each text is sent when the answer to the one before has come. */
	talk(...texts: string[]): Promise<Outcome>;
	raw: Client;
	close(): Promise<void>;
};

export function connectLedger(port: number, ca?: string): LedgerClient {
	const secure = ca === undefined ? credentials.createInsecure() : credentials.createSsl(Buffer.from(ca));
	const client = new Client(`127.0.0.1:${port}`, secure, ca === undefined ? {} : { "grpc.ssl_target_name_override": "bank.test" });
	const options = (deadlineMs?: number) => (deadlineMs === undefined ? {} : { deadline: Date.now() + deadlineMs });
	const ignored = () => {};
	return {
		post: (text, deadlineMs) =>
			outcomeOf((done) =>
				client.makeUnaryRequest(ledger.post.path, asIs, asIs, Buffer.from(text), new Metadata(), options(deadlineMs), done),
			),
		watch: (text) => outcomeOf(() => client.makeServerStreamRequest(ledger.watch.path, asIs, asIs, Buffer.from(text), new Metadata())),
		bring: (...texts) =>
			outcomeOf((done) => {
				const call = client.makeClientStreamRequest(ledger.bring.path, asIs, asIs, new Metadata(), done);
				for (const text of texts) call.write(Buffer.from(text));
				call.end();
				return call;
			}),
		talk: (...texts) =>
			outcomeOf(() => {
				const call = client.makeBidiStreamRequest(ledger.talk.path, asIs, asIs, new Metadata());
				const next = () => {
					const text = texts.shift();
					if (text === undefined) call.end();
					else call.write(Buffer.from(text));
				};
				call.on("data", next);
				call.on("error", ignored);
				next();
				return call;
			}),
		raw: client,
		close: async () => client.close(),
	};
}

type AnyCall = ClientUnaryCall | ClientReadableStream<Bytes> | ClientWritableStream<Bytes> | ClientDuplexStream<Bytes, Bytes>;

function outcomeOf(start: (done: (error: ServiceError | null, value?: Bytes) => void) => AnyCall): Promise<Outcome> {
	return new Promise((resolve) => {
		const messages: string[] = [];
		const call = start((_error, value) => {
			if (value !== undefined) messages.push(String(value));
		});
		if ("read" in call) call.on("data", (bytes: Bytes) => messages.push(String(bytes)));
		(call as EventEmitter).on("error", () => {});
		// The value of a unary call comes right behind its status.
		call.on("status", ({ code, details, metadata }: StatusObject) =>
			setImmediate(() => resolve({ messages, code, details, trailers: metadata.getMap() })),
		);
	});
}
