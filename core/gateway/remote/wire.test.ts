import { fileURLToPath } from "node:url";
import { loadSync, type MethodDefinition, type ServiceDefinition } from "@grpc/proto-loader";
import fc from "fast-check";
import { expect, test } from "vitest";
import { gatewayControl } from "./service.ts";
import { message, panicAnswer, panicRequest, statsAnswer } from "./wire.ts";

const file = fileURLToPath(new URL("./gateway-control.proto", import.meta.url));
const published = loadSync(file, { oneofs: true, defaults: true })["phoenix.gateway.v1.GatewayControl"] as ServiceDefinition;
const theirs = (name: string) => published[name] as MethodDefinition<object, object>;

test("[K1] the service is the one of the published proto: names, paths, streams", () => {
	const shape = (method: { path: string; requestStream: boolean; responseStream: boolean }) => [
		method.path,
		method.requestStream,
		method.responseStream,
	];
	expect(Object.values(gatewayControl).map(shape)).toEqual(Object.values(published).map(shape));
});

test("[K1] what is written here is read by another implementation of the proto, and the other way round", () => {
	const converse = theirs("Converse");
	const content = fc.oneof(
		fc.string({ unit: "grapheme" }).map((line) => ({ line })),
		fc.uint8Array({ maxLength: 400 }).map((bytes) => ({ batch: Buffer.from(bytes) })),
	);
	fc.assert(
		fc.property(content, (value) => {
			expect(converse.requestDeserialize(message.encode(value))).toMatchObject(value);
			expect(message.decode(converse.requestSerialize(value))).toEqual(value);
		}),
	);
	const number = fc.double({ noNaN: true });
	fc.assert(
		fc.property(fc.string({ unit: "grapheme" }), number, number, (reason, at, ms) => {
			expect(theirs("Panic").requestDeserialize(panicRequest.encode({ reason }))).toEqual({ reason });
			expect(panicRequest.decode(theirs("Panic").requestSerialize({ reason }))).toEqual({ reason });
			expect(theirs("Panic").responseDeserialize(panicAnswer.encode({ at, ms }))).toEqual({ at, ms });
			expect(panicAnswer.decode(theirs("Panic").responseSerialize({ at, ms }))).toEqual({ at, ms });
			expect(theirs("Stats").responseDeserialize(statsAnswer.encode({ json: reason }))).toEqual({ json: reason });
			expect(statsAnswer.decode(theirs("Stats").responseSerialize({ json: reason }))).toEqual({ json: reason });
		}),
	);
});

test("[K1] a batch above what one byte of length can say, fields of a later version, and bytes that are no message", () => {
	const batch = Buffer.alloc(3_000_000, 7);
	expect(theirs("Converse").requestDeserialize(message.encode({ batch }))).toMatchObject({ batch });
	// Fields 15: a number, a double, bytes, a float; and then a line.
	const later = Buffer.from([0x78, 0xac, 0x02, 0x79, ...Array(8).fill(0), 0x7a, 2, 1, 2, 0x7d, 0, 0, 0, 0]);
	expect(message.decode(Buffer.concat([later, message.encode({ line: "a" })]))).toEqual({ line: "a" });
	for (const broken of [[], [0x0a, 5, 1], [0x0a, 0xff], [0x0b], [0x0c], Array(12).fill(0xff)])
		expect(() => message.decode(Buffer.from(broken))).toThrow(RangeError);
	fc.assert(
		fc.property(fc.uint8Array({ maxLength: 30 }), (bytes) => {
			try {
				message.decode(Buffer.from(bytes));
			} catch (error) {
				expect(error).toBeInstanceOf(RangeError);
			}
		}),
	);
});
