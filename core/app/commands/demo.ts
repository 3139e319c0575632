import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { isServiceTarget } from "../../contract/targets.ts";
import { nextFreePort } from "../../gateway/control/index.ts";
import type { Core } from "../core.ts";
import { createCore } from "../create-core.ts";
import { createDemo, type Demo, type DemoOptions, isRight } from "../sample/demo.ts";
import { removeSampleHomes } from "../sample/home.ts";
import { type Command, numberOf, textOf, wrongUsage } from "./command.ts";
import { tellProgress } from "./progress-line.ts";

export const demoCommand: Command = {
	usage:
		"demo [--rate 100] [--seed N] [--functions a,b] [--target typescript|spring-boot] [--policy demo|default] [--guided] [--repeat N] [--state DIR]",
	about: "The whole story on the sample bank, headless.",
	options: {
		rate: "string",
		seed: "string",
		functions: "string",
		target: "string",
		policy: "string",
		state: "string",
		"gateway-port": "string",
		guided: "boolean",
		repeat: "string",
	},
	async run(input) {
		const policy = textOf(input, "policy") ?? "demo";
		if (policy !== "demo" && policy !== "default") wrongUsage();
		const target = textOf(input, "target") ?? "typescript";
		if (!isServiceTarget(target)) wrongUsage();
		const given = textOf(input, "state");
		const dir = given ?? mkdtempSync(join(tmpdir(), "phoenix-demo-"));
		const core = await createCore({ dir, resume: false });
		const endTelling = tellProgress(core);
		const say = (text: string) => (input.json ? console.error(text) : console.log(text));
		core.onLog((line) =>
			say(`${new Date(line.at).toISOString().slice(11, 23)} ${line.function === null ? "" : `[${line.function}] `}${line.text}`),
		);
		const [rate, seed] = [numberOf(input, "rate"), numberOf(input, "seed")];
		const options: DemoOptions = {
			policy,
			target,
			guided: input.values.guided === true,
			gatewayPort: numberOf(input, "gateway-port") ?? (await nextFreePort("127.0.0.1", 7460)),
			...(rate === undefined ? {} : { rate }),
			...(seed === undefined ? {} : { seed }),
			...(textOf(input, "functions") === undefined ? {} : { functions: textOf(input, "functions")?.split(",") ?? [] }),
		};
		const rounds = Math.max(1, numberOf(input, "repeat") ?? 1);
		let allRight = true;
		try {
			for (let round = 1; round <= rounds; round++) {
				const demo = createDemo(core, options);
				for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => demo.cancel());
				const presenter = options.guided ? present(core, demo, say) : null;
				const report = await demo.run().finally(() => presenter?.end());
				if (!input.json)
					for (const [name, value] of Object.entries(report))
						say(`${name.padEnd(22)}${typeof value === "object" ? JSON.stringify(value) : value}`);
				console.log(JSON.stringify(report));
				allRight &&= isRight(report);
			}
			return allRight ? 0 : 1;
		} finally {
			endTelling();
			await core.close({ reason: "the demo ended" });
			if (given === undefined && process.env.PHOENIX_KEEP === undefined) removeSampleHomes(dir);
		}
	},
};

/** Says each chapter and where the demo waits; Enter goes on. Where nobody can press it, nobody is waited for. */
function present(core: Core, demo: Demo, say: (text: string) => void): { end(): void } {
	let told = "";
	let isOver = false;
	const goOn = () => {
		if (core.snapshot().demo?.gate != null) demo.next();
	};
	const unsubscribe = core.onChange(() => {
		const now = core.snapshot().demo;
		if (now === null) return;
		const chapter = now.chapters[now.index];
		const words =
			now.gate === null ? `\n${now.index + 1}. ${chapter?.title}\n   ${chapter?.plan}` : `\n   Next: ${now.gate}\n   Press Enter.`;
		if (words === told) return;
		told = words;
		if (now.gate !== null) for (const { name, value } of chapter?.facts ?? []) say(`   ${name}: ${value}`);
		say(words);
		if (isOver) goOn();
	});
	const lines = createInterface({ input: process.stdin });
	lines.on("line", goOn);
	lines.on("close", () => {
		isOver = true;
		goOn();
	});
	return {
		end() {
			unsubscribe();
			lines.removeAllListeners();
			lines.close();
		},
	};
}
