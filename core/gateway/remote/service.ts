import type { MethodDefinition } from "@grpc/grpc-js";
import {
	type Message,
	message,
	type Nothing,
	nothing,
	type PanicAnswer,
	type PanicRequest,
	panicAnswer,
	panicRequest,
	type StatsAnswer,
	statsAnswer,
} from "./wire.ts";

type Side<Value> = { encode(value: Value): Buffer; decode(bytes: Buffer): Value };

function method<Request, Answer>(
	name: string,
	isStream: boolean,
	request: Side<Request>,
	answer: Side<Answer>,
): MethodDefinition<Request, Answer> {
	return {
		path: `/phoenix.gateway.v1.GatewayControl/${name}`,
		requestStream: isStream,
		responseStream: isStream,
		requestSerialize: request.encode,
		requestDeserialize: request.decode,
		responseSerialize: answer.encode,
		responseDeserialize: answer.decode,
	};
}

/** `gateway-control.proto` for both sides. */
export const gatewayControl = {
	converse: method<Message, Message>("Converse", true, message, message),
	panic: method<PanicRequest, PanicAnswer>("Panic", false, panicRequest, panicAnswer),
	clearPanic: method<Nothing, Nothing>("ClearPanic", false, nothing, nothing),
	stats: method<Nothing, StatsAnswer>("Stats", false, nothing, statsAnswer),
} as const;

/** A fault of the gateway's side travels whole, in the trailers. */
export const faultKey = "phoenix-fault";

/** Above what a supervisor would send at once; a message is one batch. */
export const messageLimit = 256 * 1024 * 1024;
/** What may be under way to a reader that is slower, for each conversation. */
export const windowBytes = 4 * 1024 * 1024;
/** A line that died without a word is noticed within this and `keepAliveTimeoutMs`. */
export const keepAliveMs = 5_000;
export const keepAliveTimeoutMs = 3_000;
/** The agent is there, but no gateway. */
export const absent = "no gateway answers on that host";
