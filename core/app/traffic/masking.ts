import { join } from "node:path";
import { Fault } from "../../base/index.ts";
import { addRule, createMasker, defaultRules, type Masker, openMaskKey, type RecordingHeader } from "../../replay/index.ts";

/** The usual rules and these beside them; INPUT_INVALID names the one that is none. */
export function maskerOf(stateDir: string, options: { rules: readonly string[]; keyFile?: string | undefined }): Masker {
	const rules = options.rules.reduce((known, text) => {
		const more = addRule(known, text);
		if (more === null) {
			const reason = "a rule is `header:NAME`, `field:PATH`, `phone:PATH` or `no-kind:card|iban|email|phone|jwt`";
			throw new Fault("INPUT_INVALID", { subject: `The masking rule '${text}'`, reason });
		}
		return more;
	}, defaultRules);
	return createMasker(openMaskKey(keyFileOf(stateDir, options.keyFile)), rules);
}

/** The masker that made this recording, to mask what is held against it; null: it is not masked. INPUT_INVALID without its key. */
export function maskerOfRecording(header: RecordingHeader, stateDir: string, keyFile: string | undefined): Masker | null {
	if (header.masking === null) return null;
	const { key, kinds, headers, fields } = header.masking;
	const rules = { ...defaultRules, kinds: defaultRules.kinds.filter((kind) => kinds.includes(kind)), headers };
	const own = fields.filter((field) => !defaultRules.phones.includes(field));
	const masker = createMasker(openMaskKey(keyFileOf(stateDir, keyFile)), { ...rules, fields: own });
	if (masker.about.key !== key) {
		const subject = `The mask key ${keyFileOf(stateDir, keyFile)}`;
		throw new Fault("INPUT_INVALID", {
			subject,
			reason: `the recording was masked with another one (${key}); name its file with --mask-key`,
		});
	}
	return masker;
}

const keyFileOf = (stateDir: string, keyFile: string | undefined): string => keyFile ?? join(stateDir, "mask.key");
