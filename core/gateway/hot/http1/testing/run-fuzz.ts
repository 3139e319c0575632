// `npm run fuzz:http1 -- --inputs 10000000 --seed 7`: heads and chunks against node's own parser; see `fuzz.ts`.
// The work is done in a thread of its own. If it stands still, the input it stands at is printed.
import { parseArgs } from "node:util";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { watchBlocks } from "./block-coverage.ts";
import { type FuzzReport, fuzz, shown } from "./fuzz.ts";
import { INPUT_LIMIT } from "./mutate.ts";

type Task = { inputs: number; seed: number; isCovered: boolean; current: SharedArrayBuffer; state: SharedArrayBuffer };
type Done = FuzzReport & { blocks: { reached: number; known: number } | null };

const hangMs = 20_000;
const progressMs = 10_000;
/** Of the shared state: inputs done, and the length of the one in work. */
const [DONE, LENGTH] = [0, 1];
const print = (line: string) => process.stdout.write(`${line}\n`);

if (isMainThread) await watch();
else work(workerData as Task);

function work({ inputs, seed, isCovered, current, state }: Task): void {
	// Node's parser makes an error object for every refusal.
	Error.stackTraceLimit = 0;
	const room = Buffer.from(current);
	const numbers = new Int32Array(state);
	const coverage = isCovered ? watchBlocks((url) => url.includes("/hot/http1/") && !url.includes("/testing/")) : undefined;
	const report = fuzz({
		inputs,
		seed,
		...(coverage === undefined ? {} : { coverage }),
		onInput(_kind, bytes) {
			Atomics.store(numbers, LENGTH, bytes.copy(room));
			Atomics.add(numbers, DONE, 1);
		},
	});
	const done: Done = { ...report, blocks: coverage?.totals() ?? null };
	coverage?.stop();
	parentPort?.postMessage(done);
}

async function watch(): Promise<void> {
	const { values } = parseArgs({
		options: {
			inputs: { type: "string", default: "1000000" },
			seed: { type: "string", default: "1" },
			"no-coverage": { type: "boolean", default: false },
		},
	});
	const inputs = Number(values.inputs);
	const seed = Number(values.seed);
	const current = new SharedArrayBuffer(INPUT_LIMIT);
	const state = new SharedArrayBuffer(8);
	const numbers = new Int32Array(state);
	const task: Task = { inputs, seed, isCovered: !values["no-coverage"], current, state };
	const began = performance.now();
	const seconds = () => (performance.now() - began) / 1_000;
	const worker = new Worker(new URL(import.meta.url), { workerData: task });
	let [last, movedAt, toldAt] = [-1, began, began];
	const timer = setInterval(() => {
		const done = Atomics.load(numbers, DONE);
		const now = performance.now();
		if (done !== last) [last, movedAt] = [done, now];
		else if (now - movedAt > hangMs) {
			const input = shown(Buffer.from(current, 0, Atomics.load(numbers, LENGTH)));
			print(`No progress for ${hangMs / 1_000} s at input ${done}: ${JSON.stringify(input)}`);
			process.exit(1);
		}
		if (now - toldAt < progressMs) return;
		toldAt = now;
		print(`${done} of ${inputs} inputs, ${Math.round(done / seconds())} a second`);
	}, 1_000);
	const done = await new Promise<Done>((resolve, reject) => worker.once("message", resolve).once("error", reject)).finally(() =>
		clearInterval(timer),
	);

	for (const [reason, count] of [...done.known].sort((a, b) => b[1] - a[1])) print(`${String(count).padStart(9)}  ${reason}`);
	for (const { what, kind, input } of done.faults) print(`FAULT ${what}\n      ${JSON.stringify(kind)} ${JSON.stringify(input)}`);
	const blocks = done.blocks === null ? "" : `, ${done.blocks.reached} of ${done.blocks.known} blocks of hot/http1 reached`;
	print(
		`${done.inputs} inputs in ${seconds().toFixed(0)} s, seed ${seed}: ${done.signatures} behaviours, ${done.kept} inputs kept${blocks}`,
	);
	print(`${done.known.size} known classes of difference to node ${process.version}, ${done.faults.length} faults`);
	process.exitCode = done.faults.length > 0 ? 1 : 0;
}
