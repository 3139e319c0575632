import { createRecording, loadAnswers, type OutboundMode, openOutbound, openRecording, type RecordingWriter } from "../../replay/index.ts";
import { maskerOfRecording } from "../traffic/masking.ts";
import { type Command, type CommandInput, numberOf, stateDir, textOf, wrongUsage } from "./command.ts";
import { countsText, maskerFrom, maskOptions, maskUsage } from "./traffic-words.ts";

export const outboundCommand: Command = {
	usage: `outbound --record FILE | --answer-from FILE [--ignore-body] | --refuse [--port 7465] ${maskUsage}`,
	about:
		"A forward proxy for the calls a service makes itself: recorded, answered from a recording, or refused. It sees what a service sends to it " +
		"(HTTP_PROXY=http://127.0.0.1:PORT; Node heeds that with NODE_USE_ENV_PROXY=1 only): plain HTTP whole, HTTPS as tunnels with address and size.",
	options: { ...maskOptions, record: "string", "answer-from": "string", "ignore-body": "boolean", refuse: "boolean", port: "string" },
	async run(input) {
		const [record, answerFrom] = [textOf(input, "record"), textOf(input, "answer-from")];
		const ways = [record !== undefined, answerFrom !== undefined, input.values.refuse === true].filter(Boolean);
		if (ways.length !== 1) wrongUsage();
		const writer = record === undefined ? null : await writerOf(record, input);
		const proxy = await openOutbound({ port: numberOf(input, "port") ?? 7465, mode: await modeOf(writer, answerFrom, input) }).catch(
			async (error: unknown) => {
				await writer?.end();
				throw error;
			},
		);
		console.log(input.json ? JSON.stringify({ port: proxy.port, pid: process.pid }) : `HTTP_PROXY=http://127.0.0.1:${proxy.port}`);
		await new Promise<void>((resolve) => {
			for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => resolve());
		});
		await proxy.close();
		const written = await writer?.end();
		const { counts, refusedCalls } = proxy;
		if (input.json) console.log(JSON.stringify({ ...counts, refusedCalls, ...(written === undefined ? {} : { written }) }));
		else {
			console.log(countsText(Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0))) || "no calls");
			for (const [call, count] of Object.entries(refusedCalls)) console.log(`  refused: ${call} (${count})`);
			if (written !== undefined)
				console.log(`${record}: ${written.records} calls${countsText(written.missing) && `; missing: ${countsText(written.missing)}`}`);
		}
		return counts.unknown === 0 ? 0 : 1;
	},
};

function writerOf(file: string, input: CommandInput): Promise<RecordingWriter> {
	return createRecording({ file, header: { source: { kind: "outbound", name: "outbound" }, routes: null }, masker: maskerFrom(input) });
}

async function modeOf(writer: RecordingWriter | null, answerFrom: string | undefined, input: CommandInput): Promise<OutboundMode> {
	if (writer !== null)
		return { kind: "record", onExchange: (record) => void writer.write(record), onTunnel: (tunnel) => void writer.writeTunnel(tunnel) };
	if (answerFrom === undefined) return { kind: "refuse" };
	const recording = await openRecording(answerFrom);
	const masker = maskerOfRecording(recording.header, stateDir(input), textOf(input, "mask-key"));
	return { kind: "answer", answers: await loadAnswers(recording.entries(), { masker, ignoreBody: input.values["ignore-body"] === true }) };
}
