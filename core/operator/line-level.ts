import type { OutputLine } from "../contract/runtime.ts";

const BAD = /\b(?:error|exception|traceback|fatal|panic|critical|segmentation fault|unhandled)\b/i;
const WARN = /\b(?:warn(?:ing)?|deprecated|retry|retrying|timeout|timed out)\b/i;
const NAMED = /"(?:level|severity)"\s*:\s*(?:"(\w+)"|(\d+))/;

/** How loud a line is: by the level that it names itself in JSON, else by its words. Only for the eye; nothing is decided by it. */
export function levelOf(stream: OutputLine["stream"], text: string): OutputLine["level"] {
	if (stream === "note") return "warn";
	const named = text.startsWith("{") ? NAMED.exec(text) : null;
	if (named) {
		const [, word = "", number] = named;
		if (/^(?:error|fatal|critical)$/i.test(word) || Number(number) >= 50) return "bad";
		return /^warn(?:ing)?$/i.test(word) || Number(number) === 40 ? "warn" : "plain";
	}
	if (BAD.test(text) || text.startsWith("***")) return "bad";
	return WARN.test(text) ? "warn" : "plain";
}
