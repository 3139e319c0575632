import { systemClock } from "../../../base/clock.ts";
import { headerValue, isNamedByConnection } from "../http1/head-lines.ts";
import { NO_BODY, type RequestHead } from "../http1/request-head.ts";
import { recordedHeadFor } from "../http1/rewrite-head.ts";
import type { Plane } from "../plane.ts";
import { type Arm, chooseArm } from "../routing/choose-arm.ts";
import { TRACE_PARENT } from "../tracing/trace.ts";
import { createVisit, type Visit } from "./visit.ts";

/** `isRepeatable`: asked a second time it has no second effect. */
export type Begun = { visit: Visit; arm: Arm; isRepeatable: boolean };

const idempotent = new Set(["GET", "HEAD", "OPTIONS", "PUT", "DELETE", "TRACE"]);
const noBytes = Buffer.alloc(0);
const { now } = systemClock;

/**
 * One request, whichever protocol it came by, enters the gateway: its route, its arm, its record. `client`: its address. `clientLines`: of its
 * certificate.
 */
export function beginVisit(plane: Plane, head: RequestHead, isLast: boolean, client: string, clientLines: string): Begun {
	const table = plane.table();
	const { method, target } = head;
	const headerOf = (lower: string) => headerValue(head.bytes, head.lines, lower);
	const route = table.match(method, target, headerOf);
	// A key that this hop must take away protects nobody behind it.
	const key = headerOf(table.idempotencyHeader);
	const isKeyed = key !== null && !isNamedByConnection(head.bytes, head.lines, table.idempotencyHeader);
	const arm = chooseArm(route, headerOf, table.idempotencyHeader);
	const mirror = arm.mirror ?? null;
	const isCaptured = mirror !== null || plane.isCapturing();
	const visit = createVisit(
		{
			startedAt: now(),
			method,
			target,
			client,
			minor: head.minor,
			route: route?.id ?? null,
			isCaptured,
			requestHead: isCaptured ? recordedHeadFor(head, clientLines) : noBytes,
			isKeyed,
			key: isKeyed ? key : null,
			mirror,
			awaitsContinue: head.expectsContinue && head.body !== NO_BODY,
			isLast,
			decision: arm.why,
			planVersion: table.version,
		},
		mirror !== null || plane.isKeepingBodies() ? plane.limits.bodyCap : 0,
		plane.spills,
	);
	if (plane.tracer.ratio() !== null) visit.trace = plane.tracer.begin(headerOf(TRACE_PARENT), head.minor);
	plane.onBegun(visit);
	return { visit, arm, isRepeatable: isKeyed || idempotent.has(method) };
}
