import { z } from "zod";
import { Fault } from "../../base/fault.ts";
import { type AccessLogOrder, type ExpositionFormat, type MetricsAddress, stateFiles, type TracingOrder } from "../hot/index.ts";
import { askOnce } from "./ask-once.ts";
import type { ControlConnection } from "./control-connection.ts";

const endedLogShape = z.object({
	file: z.string(),
	written: z.number(),
	dropped: z.record(z.string(), z.number()),
	failure: z.string().nullable(),
});
const endedTracingShape = z.object({
	endpoint: z.string(),
	exported: z.number(),
	dropped: z.record(z.string(), z.number()),
	failure: z.string().nullable(),
});
const addressShape = z.object({ host: z.string(), port: z.number() });

export type EndedAccessLog = z.infer<typeof endedLogShape>;
export type EndedTracing = z.infer<typeof endedTracingShape>;

/** Faults: GATEWAY_LOST when no gateway answers, RUN_STATE with the reason why it could not be done. */
export type GatewayObserver = {
	/** All metrics as one text. */
	metrics(format?: ExpositionFormat): Promise<string>;
	/** Metrics over HTTP too, from now on; null ends that. Port 0: any; the answer says which. */
	serveMetrics(address: MetricsAddress | null): Promise<MetricsAddress | null>;
	/** One that is being written ends first. null ends it, and the answer says what came of it. */
	setAccessLog(log: AccessLogOrder | null): Promise<EndedAccessLog | null>;
	setTracing(tracing: TracingOrder | null): Promise<EndedTracing | null>;
};

type Ask = ControlConnection["ask"];

/** Of the gateway of this state directory, with a conversation for each question. */
export function openGatewayObserver(stateDir: string): GatewayObserver {
	return observerOf(async (request) => {
		const answered = await askOnce(stateDir, async (send) => ({ result: await send(request) }));
		if (!answered) throw new Fault("GATEWAY_LOST", { reason: "nobody listens", log: stateFiles(stateDir).log });
		return answered.result;
	});
}

export function observerOf(ask: Ask): GatewayObserver {
	return {
		metrics: async (format = "prometheus") => z.string().parse(await ask({ verb: "metrics", format })),
		serveMetrics: async (address) => addressShape.nullable().parse(await ask({ verb: "serveMetrics", address })),
		async setAccessLog(log) {
			const result = await ask({ verb: "setAccessLog", log });
			return log === null ? endedLogShape.nullable().parse(result) : null;
		},
		async setTracing(tracing) {
			const result = await ask({ verb: "setTracing", tracing });
			return tracing === null ? endedTracingShape.nullable().parse(result) : null;
		},
	};
}
