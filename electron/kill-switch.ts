import { execFile } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type PanicResult, panicResultShape } from "../core/contract/host.ts";
import { complaintIn, parseJson } from "./processes.ts";
import { engineEnvironment, type Settings } from "./settings.ts";
import { readTraffic } from "./traffic.ts";

const limitMs = 10_000;

/** Sends all traffic to legacy; resolves when the gateway has confirmed. Presses at the same time are one. */
export type KillSwitch = { press(reason: string): Promise<PanicResult> };

/**
 * Needs neither a core nor a page. The PANIC file comes first, because the gateway sees it within a tenth of a second, before a
 * process can even be started; the command `phoenix panic` then presses again by the control socket and brings the confirmation.
 */
export function createKillSwitch(settings: Settings): KillSwitch {
	let pressing: Promise<PanicResult> | null = null;
	return {
		press(reason) {
			pressing ??= press(settings, reason).finally(() => {
				pressing = null;
			});
			return pressing;
		},
	};
}

async function press(settings: Settings, reason: string): Promise<PanicResult> {
	const { stateDir } = settings;
	// With legacy retired the gateway refuses, and a file that nobody obeys must not wait for a later day.
	if (!readTraffic(stateDir).retired) leaveFile(join(stateDir, "gateway"), reason);
	const { root, node } = settings;
	const args = [join(root, "core/cli.ts"), "panic", "--json", "--reason", reason, "--state", stateDir];
	return await new Promise((resolve, reject) => {
		const environment = { cwd: root, env: engineEnvironment(process.env), timeout: limitMs, windowsHide: true };
		execFile(node, args, environment, (error, stdout, stderr) => {
			const pressed = panicResultShape.safeParse(parseJson(stdout));
			if (error === null && pressed.success) resolve(pressed.data);
			else reject(new Error(complaintIn(stderr) ?? `The gateway's confirmation could not be read. ${error?.message ?? stdout}`.trim()));
		});
	});
}

/** A directory that cannot be written must not keep the command from pressing. */
function leaveFile(dir: string, reason: string): void {
	try {
		mkdirSync(dir, { recursive: true, mode: 0o700 });
		writeFileSync(join(dir, "PANIC"), `${reason}\n`, { mode: 0o600 });
	} catch {
		// The command below reports what is wrong with the directory.
	}
}
