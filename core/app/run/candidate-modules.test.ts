import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createCandidateModules, type ServiceModule } from "./candidate-modules.ts";

let dir: string;
beforeEach(() => {
	dir = mkdtempSync(join(tmpdir(), "phoenix-modules-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** A service whose answer tells what its parts say; `order.ts` and `names.ts` import each other. */
const filesOf = (rate: number, count = "const") => ({
	"service.ts": `import { fee } from "./service/fees.ts";
import { next } from "./runtime/count.ts";
export function createService() { return { handle: () => ({ status: 200, contentType: "", body: fee() + " " + next() }) }; }`,
	"service/fees.ts": `import { rate } from "../runtime/rate.ts";\nimport { name } from "../runtime/names.ts";\nexport const fee = (): string => name() + rate;`,
	"runtime/rate.ts": `export const rate: number = ${rate};`,
	"runtime/names.ts": `import { order } from "./order.ts";\nexport const name = (): string => order() + "from \\"./none.ts\\"";\nexport const plain = "n";`,
	"runtime/order.ts": `import { plain } from "./names.ts";\nexport const order = (): string => plain + " ";`,
	"runtime/count.ts":
		count === "let" ? "let count = 0;\nexport const next = (): number => ++count;" : "export const next = (): number => 1;",
	"main.ts": "throw new Error('is not for here');",
	"service.json": "{}",
});
const say = (module: ServiceModule) => module.createService({} as never).handle({} as never).body;
const written = () => readdirSync(dir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).length;

it("writes a file that many candidates share once, and what differs with all that imports it anew", async () => {
	const moduleOf = createCandidateModules(dir);
	const [one, two] = [await moduleOf(filesOf(1)), await moduleOf(filesOf(2))];
	expect([say(one), say(two)]).toEqual(['n from "./none.ts"1 1', 'n from "./none.ts"2 1']);
	// Of the second only the rate, the fees and the service.
	expect(written()).toBe(6 + 3);
	expect(await moduleOf(filesOf(1))).toBe(one);
	expect(written()).toBe(6 + 3);
});

it("shares no module that may remember what it did", async () => {
	const moduleOf = createCandidateModules(dir);
	const [one, two] = [await moduleOf(filesOf(1, "let")), await moduleOf(filesOf(2, "let"))];
	expect([say(one), say(one), say(two)].map((text) => text.at(-1))).toEqual(["1", "2", "1"]);
});
