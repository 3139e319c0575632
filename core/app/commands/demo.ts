import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { nextFreePort } from "../../gateway/control/index.ts";
import { createCore } from "../core.ts";
import { createDemo } from "../sample/demo.ts";
import { type Command, numberOf, textOf, wrongUsage } from "./command.ts";
import { tellProgress } from "./progress-line.ts";

export const demoCommand: Command = {
	usage: "demo [--rate 100] [--seed N] [--functions a,b] [--policy demo|default] [--state DIR]",
	about: "The whole story on the sample bank, headless.",
	options: { rate: "string", seed: "string", functions: "string", policy: "string", state: "string", "gateway-port": "string" },
	async run(input) {
		const policy = textOf(input, "policy") ?? "demo";
		if (policy !== "demo" && policy !== "default") wrongUsage();
		const given = textOf(input, "state");
		const dir = given ?? mkdtempSync(join(tmpdir(), "phoenix-demo-"));
		const core = await createCore({ dir, resume: false });
		const endTelling = tellProgress(core);
		const say = (text: string) => (input.json ? console.error(text) : console.log(text));
		core.onLog((line) =>
			say(`${new Date(line.at).toISOString().slice(11, 23)} ${line.function === null ? "" : `[${line.function}] `}${line.text}`),
		);
		const [rate, seed] = [numberOf(input, "rate"), numberOf(input, "seed")];
		const demo = createDemo(core, {
			policy,
			gatewayPort: numberOf(input, "gateway-port") ?? (await nextFreePort("127.0.0.1", 7460)),
			...(rate === undefined ? {} : { rate }),
			...(seed === undefined ? {} : { seed }),
			...(textOf(input, "functions") === undefined ? {} : { functions: textOf(input, "functions")?.split(",") ?? [] }),
		});
		for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => demo.cancel());
		try {
			const report = await demo.run();
			if (!input.json)
				for (const [name, value] of Object.entries(report))
					say(`${name.padEnd(22)}${typeof value === "object" ? JSON.stringify(value) : value}`);
			console.log(JSON.stringify(report));
			const isRight =
				report.clientErrors === 0 &&
				report.wrongBeforePromotion === 0 &&
				report.doubledEffects === 0 &&
				report.mirrored === report.compared + report.dropped;
			return isRight ? 0 : 1;
		} finally {
			endTelling();
			await core.close({ reason: "the demo ended" });
			if (given === undefined && process.env.PHOENIX_KEEP === undefined) rmSync(join(dir, "sample"), { recursive: true, force: true });
		}
	},
};
