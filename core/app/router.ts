import { join } from "node:path";
import { implement, ORPCError } from "@orpc/server";
import { policies } from "../arbiter/index.ts";
import { Fault, systemClock } from "../base/index.ts";
import { api, type Snapshot } from "../contract/api.ts";
import type { LogLine } from "../contract/log.ts";
import { mapPicture } from "../graph/index.ts";
import { createProjector, verifyJournal } from "../journal/index.ts";
import type { Core } from "./core.ts";
import { followOutput } from "./follow-output.ts";
import { edgeEvidence, packagesOf } from "./map/evidence-lines.ts";
import { createViews } from "./map/views.ts";
import { readReport } from "./mirror-comparison/index.ts";
import { choicesOf } from "./plan/choices.ts";
import { createQueue } from "./queue.ts";
import { confidenceOf, createQuestions, historyOf } from "./report/index.ts";
import { type AcceptedWord, acceptanceEvent } from "./run/acceptances.ts";
import { previewOf } from "./run/preview.ts";
import { readCause } from "./run/read-cause.ts";
import { type SignedWord, waiverEvent } from "./run/waivers.ts";
import { createDemo, type Demo } from "./sample/demo.ts";
import { switchLog } from "./switch-log.ts";
import { upstreamOf } from "./system.ts";
import { createConversions } from "./traffic/conversions.ts";
import { createRecordings } from "./traffic/recordings.ts";
import { createReplays } from "./traffic/replays.ts";
import { writeReport } from "./write-report.ts";

export type Router = ReturnType<typeof createRouter>;

/** The contract, implemented by one core. The same router serves a WebSocket, plain HTTP and a MessagePort. */
export function createRouter(core: Core) {
	const os = implement(api).use(async ({ next }) => {
		try {
			return await next();
		} catch (error) {
			if (error instanceof ORPCError) throw error;
			// What somebody cancelled is no failure: only who waited for it is told.
			const fault = error instanceof Fault && error.code === "CANCELLED" ? error.toJSON() : core.alert(error);
			throw new ORPCError(fault.code, { status: 422, message: fault.what, data: fault });
		}
	});
	const projector = createProjector({ file: core.journal.file });
	const questions = createQuestions(core.dir);
	const views = createViews(core);
	const conversions = createConversions(core);
	const recordings = createRecordings(core);
	const replays = createReplays(core);
	let demo: Demo | null = null;
	const playing = () => {
		if (demo?.isRunning() !== true)
			throw new Fault("RUN_STATE", { verb: "This", reason: "no demo is under way", remedy: "Start the demo first." });
		return demo;
	};
	const project = () => {
		if (core.project === null)
			throw new Fault("RUN_STATE", { verb: "This", reason: "no project is open", remedy: "Open a folder or the sample bank." });
		return core.project;
	};
	/** A decision is answered for when it can no longer be lost. */
	const durably = async <T>(decide: () => T | Promise<T>): Promise<T> => {
		const answer = await decide();
		await core.journal.durable();
		return answer;
	};
	const migrations = () => {
		if (core.migrations === null)
			throw new Fault("RUN_STATE", { verb: "This", reason: "no run was started", remedy: "Start a run first." });
		return core.migrations;
	};
	const started = (functionName: string) => {
		const name = project().resolve(functionName);
		const state = migrations()
			.states()
			.find((one) => one.function === name);
		const policy = migrations().policyOf(name);
		if (state === undefined || policy === null) throw new Fault("FUNCTION_UNKNOWN", { name, near: "none was started" });
		return { name, state, policy };
	};
	const sign = (functionName: string, word: SignedWord) => {
		const { name, state } = started(functionName);
		migrations().dispatch(name, waiverEvent(state, word, systemClock.now()));
	};
	const accept = (functionName: string, word: AcceptedWord) => {
		const { name, state } = started(functionName);
		migrations().dispatch(name, acceptanceEvent(state, migrations().blueprint(name), word, systemClock.now()));
	};
	const named = (functionName: string | undefined) => (functionName === undefined ? undefined : project().resolve(functionName));

	return os.router({
		project: {
			open: os.project.open.handler(async ({ input }) => (await core.open(input.dir)).graph),
			openSample: os.project.openSample.handler(async () => (await core.openSample()).graph),
			graph: os.project.graph.handler(() => core.project?.graph ?? null),
			cuts: os.project.cuts.handler(({ input }) => project().cuts(input.within, input.limit ?? 50)),
		},
		map: {
			layout: os.map.layout.handler(({ input }) => {
				if (core.project === null) return null;
				return input.arrange === true ? core.layouts.arrange(core.project.graph) : core.layouts.layoutOf(core.project.graph);
			}),
			evidence: os.map.evidence.handler(async ({ input }) => {
				const { graph } = project();
				return edgeEvidence(graph, input, packagesOf(await core.layouts.layoutOf(graph)));
			}),
			picture: os.map.picture.handler(async ({ input }) => {
				const { graph, name } = project();
				const { theme, focus = [], hidden = [] } = input;
				const svg = mapPicture(graph, await core.layouts.layoutOf(graph), { theme, focus, hidden: new Set(hidden), title: name });
				return { svg };
			}),
			views: os.map.views.handler(() => views.list(project().dir)),
			keepViews: os.map.keepViews.handler(({ input }) => views.keep(project().dir, input.views)),
			scan: os.map.scan.handler(({ signal }) => core.scans.watch(signal)),
		},
		system: {
			attach: os.system.attach.handler(async ({ input }) => {
				const { legacy, triggers = false, ...rest } = input;
				const { gateway } = await core.attach({ ...rest, legacy: upstreamOf(legacy), triggers });
				return { port: gateway.port, adopted: gateway.adopted };
			}),
			switchLog: os.system.switchLog.handler(() => switchLog(core)),
			panic: os.system.panic.handler(({ input }) => core.panic(input.reason, "architect")),
			clearPanic: os.system.clearPanic.handler(() => core.clearPanic("architect")),
		},
		gateway: {
			comparisons: os.gateway.comparisons.handler(() => core.system?.mirrors.report() ?? readReport(join(core.dir, "gateway"))),
		},
		recording: {
			start: os.recording.start.handler(({ input }) => recordings.start(input)),
			stop: os.recording.stop.handler(() => recordings.stop()),
			state: os.recording.state.handler(() => recordings.state()),
			import: os.recording.import.handler(({ input }) => conversions.import(input)),
			export: os.recording.export.handler(({ input }) => conversions.export(input)),
		},
		replay: {
			start: os.replay.start.handler(({ input }) => replays.start(input)),
			stop: os.replay.stop.handler(() => replays.stop()),
			state: os.replay.state.handler(() => replays.state()),
		},
		function: {
			inspect: os.function.inspect.handler(({ input }) => project().inspect(input.function)),
			blueprint: os.function.blueprint.handler(({ input }) => project().blueprint(input.function)),
			code: os.function.code.handler(({ input }) => {
				const blueprint = project().blueprint(input.function);
				const files = core.migrations?.files(blueprint.unit) ?? project().generate(blueprint, {}, input.target);
				return Object.entries(files).map(([path, text]) => ({ path, text }));
			}),
			plan: os.function.plan.handler(({ input }) => project().plan(input.function)),
			slice: os.function.slice.handler(({ input }) => project().slice(input.function)),
			trace: os.function.trace.handler(({ input }) => {
				const blueprint = project().blueprint(input.function);
				const choices = choicesOf(core.migrations?.files(blueprint.unit) ?? null, blueprint);
				return choices === null ? [] : project().trace(blueprint, choices, core.migrations?.targetOf(blueprint.unit) ?? input.target);
			}),
		},
		run: {
			start: os.run.start.handler(({ input }) => {
				const policy = policies[input.policy];
				const autoAccept = input.autoAccept ?? policy.heal.autoAccept;
				return { run: core.start(input.functions, { ...policy, heal: { ...policy.heal, autoAccept } }, input.target) };
			}),
			policies: os.run.policies.handler(() => policies),
			pause: os.run.pause.handler(({ input }) => core.steer("pause", named(input.function))),
			resume: os.run.resume.handler(async ({ input }) => {
				await core.retryJournal();
				core.steer("resume", named(input.function));
			}),
			cancel: os.run.cancel.handler(({ input }) => core.steer("cancel", named(input.function))),
			retry: os.run.retry.handler(({ input }) => core.steer("retry", named(input.function))),
			history: os.run.history.handler(({ input }) => historyOf(core.chronicle, input)),
			confidence: os.run.confidence.handler(({ input }) => {
				const { name, state, policy } = started(input.function);
				return confidenceOf(state, policy, core.chronicle.tale(name), systemClock.now());
			}),
			waive: os.run.waive.handler(({ input }) => durably(() => sign(input.function, input))),
			unwaive: os.run.unwaive.handler(({ input }) => durably(() => sign(input.function, { ...input, why: null }))),
			allow: os.run.allow.handler(({ input }) => durably(() => accept(input.function, input))),
			disallow: os.run.disallow.handler(({ input }) => durably(() => accept(input.function, { ...input, why: null }))),
			probe: os.run.probe.handler(({ input }) => durably(() => migrations().probe(started(input.function).name))),
			examples: os.run.examples.handler(({ input: { group: id } }) => {
				const group = core.groups.list().find((one) => one.id === id);
				const examples = core.groups.examples(id);
				const cases = group === undefined ? [] : (core.system?.history.cases(group.function) ?? []);
				return { group: id, examples, reading: readCause(group, examples, cases) };
			}),
			seal: os.run.seal.handler(async () => ({ capsule: await core.seal() })),
		},
		patch: {
			preview: os.patch.preview.handler(({ input, signal }) => previewOf(migrations().review, input.patch, input.hunks, signal)),
			accept: os.patch.accept.handler(({ input }) => durably(() => migrations().review.accept(input.patch, input.hunks))),
			refuse: os.patch.refuse.handler(({ input }) => durably(() => migrations().review.refuse(input.patch))),
			files: os.patch.files.handler(({ input }) => migrations().review.files(input.patch)),
			reopen: os.patch.reopen.handler(({ input }) => durably(() => migrations().review.reopen(input.patch))),
			revert: os.patch.revert.handler(({ input }) => durably(() => migrations().review.revert(input.patch))),
			case: os.patch.case.handler(({ input, signal }) => migrations().review.showCase(input.patch, input.seq, signal)),
		},
		demo: {
			start: os.demo.start.handler(({ input }) => {
				if (demo?.isRunning())
					throw new Fault("RUN_STATE", { verb: "The demo", reason: "it is already running", remedy: "Wait for its end or cancel it." });
				demo = createDemo(core, input);
				core.hold(demo.run().catch((error) => core.alert(error)));
			}),
			pause: os.demo.pause.handler(() => playing().pause()),
			resume: os.demo.resume.handler(() => playing().resume()),
			next: os.demo.next.handler(() => playing().next()),
			cancel: os.demo.cancel.handler(() => demo?.cancel()),
		},
		runtime: {
			list: os.runtime.list.handler(() => core.watch.state()),
			watch: os.runtime.watch.handler(async function* ({ signal }) {
				yield core.watch.state();
				const wakes = createQueue<true>(1);
				const end = core.watch.onSample(() => wakes.push(true));
				try {
					for await (const _ of wakes.values(signal)) yield core.watch.state();
				} finally {
					end();
				}
			}),
			output: os.runtime.output.handler(({ input, signal }) => followOutput(core.watch.output, input, signal)),
			lines: os.runtime.lines.handler(({ input }) => core.watch.output.before(input.before, input.limit, input.source)),
			search: os.runtime.search.handler(({ input, signal }) => core.watch.output.search(input, signal)),
			follow: os.runtime.follow.handler(({ input }) => core.watch.followLegacyLog(input.file)),
		},
		journal: {
			query: os.journal.query.handler(async ({ input, signal }) => {
				const started = performance.now();
				await core.journal.durable();
				const { columns, rows, truncated } = await projector.query(input.sql, [], signal).catch(asked);
				return { columns, rows, truncated, ms: performance.now() - started };
			}),
			verify: os.journal.verify.handler(async () => {
				await core.journal.durable();
				const { entries, ok, brokenAt } = await verifyJournal(core.journal.file);
				return { entries, ok, brokenAt: brokenAt ?? null };
			}),
		},
		evidence: {
			questions: os.evidence.questions.handler(() => questions.list()),
			save: os.evidence.save.handler(({ input }) => questions.save(input)),
			remove: os.evidence.remove.handler(({ input }) => questions.remove(input.title)),
		},
		report: {
			write: os.report.write.handler(({ input }) => writeReport(core, { ...input, function: named(input.function) })),
		},
		settings: {
			key: os.settings.key.handler(() => core.modelKey.state()),
			putKey: os.settings.putKey.handler(({ input }) => {
				core.modelKey.put(input.key, "entered");
				return core.modelKey.state();
			}),
			forgetKey: os.settings.forgetKey.handler(() => {
				core.modelKey.forget();
				return core.modelKey.state();
			}),
		},
		state: {
			snapshot: os.state.snapshot.handler(() => core.snapshot()),
			cancelWork: os.state.cancelWork.handler(({ input }) => core.progress.cancel(input.id)),
			watch: os.state.watch.handler(async function* ({ signal }): AsyncGenerator<Snapshot> {
				yield core.snapshot();
				const wakes = createQueue<true>(1);
				const end = core.onChange(() => wakes.push(true));
				try {
					for await (const _ of wakes.values(signal)) yield core.snapshot();
				} finally {
					end();
				}
			}),
			log: os.state.log.handler(async function* ({ input, signal }): AsyncGenerator<LogLine[]> {
				const lines = createQueue<LogLine>(10_000);
				const end = core.onLog((line) => lines.push(line));
				try {
					const past = core.logSince(input.since);
					yield past.slice(-2_000);
					const seen = past.at(-1)?.seq ?? input.since;
					for await (const batch of lines.batches(signal)) {
						const fresh = batch.filter((line) => line.seq > seen);
						if (fresh.length > 0) yield fresh;
					}
				} finally {
					end();
				}
			}),
		},
	});
}

/** A question that SQLite does not understand is its asker's: said where it was asked, and no alarm for everybody else. */
function asked(error: unknown): never {
	if (error instanceof Fault && error.code === "INPUT_INVALID")
		throw new ORPCError(error.code, { status: 422, message: error.message, data: error.toJSON() });
	throw error;
}
