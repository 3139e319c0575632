import type { GatewayStats, ShadowAnswer } from "../../contract/traffic.ts";
import type { GatewayOptions } from "../control/index.ts";
import { startGateway, type TestGateway, until } from "./gateway.ts";

export type MirroringGateway = TestGateway & { answers: ShadowAnswer[]; textOf(seq: number): string | undefined };

/** A whole gateway with everything that its mirror got in `answers`. */
export async function startMirroring(
	legacy: { host: string; port: number },
	options: Partial<GatewayOptions> = {},
): Promise<MirroringGateway> {
	const gate = await startGateway(legacy, options);
	const answers: ShadowAnswer[] = [];
	gate.gateway.onShadowAnswers((more) => answers.push(...more));
	const textOf = (seq: number) => {
		const found = answers.find((answer) => answer.seq === seq);
		return found && Buffer.from(found.response.body, "base64").toString();
	};
	return { ...gate, answers, textOf };
}

export const sum = (counts: Record<string, number> = {}): number => Object.values(counts).reduce((total, count) => total + count, 0);

/** Waits until no copy is under way; the book must then balance exactly. */
export async function settled({ gateway, answers }: MirroringGateway, taken: number): Promise<NonNullable<GatewayStats["copies"]>> {
	let copies: GatewayStats["copies"];
	await until(async () => {
		copies = (await gateway.stats()).copies;
		return copies !== undefined && copies.taken === taken && copies.delivered + sum(copies.dropped) === taken;
	}, 15_000);
	if (copies === undefined || answers.length < copies.delivered)
		throw new Error(`${answers.length} answers, ${copies?.delivered} delivered`);
	return copies;
}
