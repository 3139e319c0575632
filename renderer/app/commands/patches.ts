import { Fault } from "../../../core/base/index.ts";
import { whyNotReopened, whyNotReverted } from "../../../core/contract/patch-rules.ts";
import type { PatchInfo } from "../../../core/contract/run.ts";
import { acceptedOf, draftOf, hunkAt, type Mark, type ReviewDraft, shownPatch } from "../../state/index.ts";
import { faultFrom } from "../trouble.ts";
import { ask, done } from "./asking.ts";
import { type Action, type Context, type Seen, seenBy } from "./command.ts";

/** The patch on the screen, while nothing covers it. */
function shown({ engine, screen }: Seen): PatchInfo | undefined {
	if (screen.place !== "patches" || screen.details.patches?.case !== undefined) return undefined;
	return shownPatch(engine.snapshot?.patches ?? [], screen.patch);
}

function waiting(seen: Seen): PatchInfo | undefined {
	const patch = shown(seen);
	return patch?.state === "proposed" ? patch : undefined;
}

const isWaiting = (seen: Seen) => waiting(seen) !== undefined;
const hasHunks = (seen: Seen) => (shown(seen)?.hunks.length ?? 0) > 0;
const draft = (seen: Seen, patch: PatchInfo) => draftOf(seen.screen.reviews, patch.id);
const migrationOf = ({ engine }: Seen, patch: PatchInfo) => engine.snapshot?.migrations.find((one) => one.function === patch.function);
const notWaiting = (seen: Seen) => {
	if (seen.screen.place !== "patches") return "Patches are decided in the place Patches.";
	const patch = shown(seen);
	return patch === undefined ? "There is no patch yet." : `This patch is ${patch.state}.`;
};
const noHunks = (seen: Seen) => (shown(seen) === undefined ? "There is no patch yet." : "This patch has no hunks.");
const nothingAccepted = "No hunk is accepted. Accept one, or refuse all of them.";

export const patchesActions = {
	"patch.nextHunk": { when: hasHunks, why: noHunks, run: (context) => step(context, 1) },
	"patch.previousHunk": { when: hasHunks, why: noHunks, run: (context) => step(context, -1) },
	"patch.showHunk": { when: hasHunks, run: (context, id) => show(context, id ?? null) },
	"patch.acceptHunk": { when: isWaiting, why: notWaiting, run: (context, id) => mark(context, "accepted", id) },
	"patch.refuseHunk": { when: isWaiting, why: notWaiting, run: (context, id) => mark(context, "refused", id) },
	"patch.acceptAll": { when: isWaiting, why: notWaiting, run: (context) => markAll(context, "accepted") },
	"patch.refuseAll": { when: isWaiting, why: notWaiting, run: (context) => markAll(context, "refused") },
	"patch.preview": {
		when: (seen) => isWaiting(seen) && canAccept(seen),
		why: (seen) => (isWaiting(seen) ? nothingAccepted : notWaiting(seen)),
		run: tryOut,
	},
	"patch.decide": {
		when: (seen) => isWaiting(seen) && (canAccept(seen) || allRefused(seen)),
		why: (seen) => (isWaiting(seen) ? nothingAccepted : notWaiting(seen)),
		words: (seen) => (isWaiting(seen) && allRefused(seen) ? "Refuse the patch" : wordsOfAccept(seen)),
		run: (context) => (allRefused(seenBy(context)) ? refuse(context) : accept(context)),
	},
	"patch.accept": {
		when: (seen) => isWaiting(seen) && canAccept(seen),
		why: (seen) => (isWaiting(seen) ? nothingAccepted : notWaiting(seen)),
		words: wordsOfAccept,
		run: accept,
	},
	"patch.refuse": { when: isWaiting, why: notWaiting, run: refuse },
	"patch.reopen": {
		when: (seen) => reasonAgainst(seen, "reopen") === null,
		why: (seen) => sentence(reasonAgainst(seen, "reopen")),
		run: async (context) => {
			const patch = shown(seenBy(context));
			if (patch !== undefined) await ask(context, (client) => client.patch.reopen({ patch: patch.id }));
		},
	},
	"patch.revert": {
		when: (seen) => reasonAgainst(seen, "revert") === null,
		why: (seen) => sentence(reasonAgainst(seen, "revert")),
		run: async (context) => {
			const patch = shown(seenBy(context));
			if (patch !== undefined) await ask(context, (client) => client.patch.revert({ patch: patch.id }));
		},
	},
	/** The failing case of this number, or the first that needs the current hunk. */
	"patch.case": {
		when: (seen, seq) => shown(seen) !== undefined && (seq !== undefined || firstCase(seen) !== undefined),
		why: () => "No failing case belongs to this hunk alone.",
		run: (context, seq) => {
			const wanted = seq ?? firstCase(seenBy(context));
			if (wanted !== undefined) context.screen.getState().detail("patches", { case: String(wanted) });
		},
	},
	"patch.next": { when: hasSeveral, why: () => "There is no other patch.", run: (context) => stepPatch(context, 1) },
	"patch.previous": { when: hasSeveral, why: () => "There is no other patch.", run: (context) => stepPatch(context, -1) },
	"patch.inline": {
		when: ({ screen }) => screen.place === "patches",
		why: () => "Differences are shown in the place Patches.",
		run: ({ screen }) =>
			screen.getState().detail("patches", { view: isInline(screen.getState().details.patches?.view) ? "side" : "inline" }),
	},
} satisfies Record<string, Action>;

const narrow = "(max-width: 1180px)";

/** One text over the other: as chosen, else where two would be too narrow to read. */
export function isInline(view: string | undefined): boolean {
	return view === undefined ? matchMedia(narrow).matches : view === "inline";
}

function canAccept(seen: Seen): boolean {
	const patch = waiting(seen);
	return patch !== undefined && (patch.hunks.length === 0 || acceptedOf(patch, draft(seen, patch)).length > 0);
}

function allRefused(seen: Seen): boolean {
	const patch = waiting(seen);
	if (patch === undefined || patch.hunks.length === 0) return false;
	const { marks } = draft(seen, patch);
	return patch.hunks.every((hunk) => marks[hunk.id] === "refused");
}

function wordsOfAccept(seen: Seen): string | null {
	const patch = waiting(seen);
	if (patch === undefined) return null;
	const chosen = acceptedOf(patch, draft(seen, patch)).length;
	return chosen === patch.hunks.length || chosen === 0 ? "Accept the patch" : `Accept ${chosen} of ${patch.hunks.length} hunks`;
}

function reasonAgainst(seen: Seen, what: "reopen" | "revert"): string | null {
	const patch = shown(seen);
	if (patch === undefined) return "there is no patch on the screen";
	const migration = migrationOf(seen, patch);
	return what === "reopen" ? whyNotReopened(patch, migration) : whyNotReverted(patch, migration, seen.engine.snapshot?.patches ?? []);
}

const sentence = (half: string | null) => (half === null ? null : `${half.charAt(0).toUpperCase()}${half.slice(1)}.`);

function firstCase(seen: Seen): number | undefined {
	const patch = shown(seen);
	return patch === undefined ? undefined : hunkAt(patch, draft(seen, patch).current)?.hunk.explains.requests[0];
}

function hasSeveral({ engine, screen }: Seen): boolean {
	return screen.place === "patches" && (engine.snapshot?.patches.length ?? 0) > 1;
}

/** Newest first, as the list shows them. */
function stepPatch(context: Context, by: number): void {
	const { engine, screen } = seenBy(context);
	const all = [...(engine.snapshot?.patches ?? [])].reverse();
	const at = all.findIndex((patch) => patch.id === shownPatch(engine.snapshot?.patches ?? [], screen.patch)?.id);
	const next = all[(at + by + all.length) % all.length];
	if (next !== undefined) screen.set({ patch: next.id });
}

function change(context: Context, patch: PatchInfo, part: Partial<ReviewDraft>): void {
	const { screen } = seenBy(context);
	screen.set({ reviews: { ...screen.reviews, [patch.id]: { ...draftOf(screen.reviews, patch.id), ...part } } });
}

function show(context: Context, id: string | null, said?: string): void {
	const patch = shown(seenBy(context));
	if (patch === undefined) return;
	const found = hunkAt(patch, id);
	if (found === null) return;
	const { hunk, index } = found;
	const words =
		said ??
		`Hunk ${index + 1} of ${patch.hunks.length}, ${hunk.file}: ${markWords(draft(seenBy(context), patch), hunk.id)}. ${hunk.hypothesis}`;
	change(context, patch, { current: hunk.id, said: words });
}

const markWords = ({ marks }: ReviewDraft, id: string) => marks[id] ?? "undecided";

function step(context: Context, by: number): void {
	const patch = shown(seenBy(context));
	if (patch === undefined) return;
	const at = hunkAt(patch, draft(seenBy(context), patch).current)?.index ?? 0;
	show(context, patch.hunks[(at + by + patch.hunks.length) % patch.hunks.length]?.id ?? null);
}

/** Marks and goes on to the next undecided one, so that a patch is reviewed by one key after the other. */
function mark(context: Context, wanted: Mark, id?: string): void {
	const patch = waiting(seenBy(context));
	if (patch === undefined) return;
	const before = draft(seenBy(context), patch);
	const found = hunkAt(patch, id ?? before.current);
	if (found === null) return;
	const marks = { ...before.marks, [found.hunk.id]: wanted };
	const rest = [...patch.hunks.slice(found.index + 1), ...patch.hunks.slice(0, found.index)];
	const next = rest.find((hunk) => marks[hunk.id] === undefined) ?? found.hunk;
	const left = patch.hunks.filter((hunk) => marks[hunk.id] === undefined).length;
	const said = `Hunk ${found.index + 1} of ${patch.hunks.length} ${wanted}. ${left === 0 ? "All are decided; Enter applies it." : `${left} undecided.`}`;
	change(context, patch, { marks, current: next.id, said });
}

function markAll(context: Context, wanted: Mark): void {
	const patch = waiting(seenBy(context));
	if (patch === undefined) return;
	const marks = Object.fromEntries(patch.hunks.map((hunk) => [hunk.id, wanted]));
	change(context, patch, { marks, said: `All ${patch.hunks.length} hunks ${wanted}. Enter applies it.` });
}

let running: AbortController | null = null;

/** The gate for the accepted hunks. Another run, a decision or leaving the place ends it. */
async function tryOut(context: Context): Promise<void> {
	const patch = waiting(seenBy(context));
	const client = context.client();
	if (patch === undefined || client === null) return;
	endTrial();
	const own = new AbortController();
	running = own;
	const hunks = acceptedOf(patch, draft(seenBy(context), patch));
	const set = (done: number, total: number, gate: NonNullable<ReviewDraft["trial"]>["gate"]) => {
		if (!own.signal.aborted) change(context, patch, { trial: { hunks, done, total, gate } });
	};
	set(0, 0, null);
	try {
		for await (const event of await client.patch.preview({ patch: patch.id, hunks }, { signal: own.signal })) {
			if (event.kind === "progress") set(event.done, event.total, null);
			else set(0, 0, event.gate);
		}
	} catch (error) {
		if (own.signal.aborted) return;
		change(context, patch, { trial: null });
		if (waiting(seenBy(context))?.id === patch.id) context.screen.getState().raise(faultFrom(error));
	} finally {
		if (running === own) running = null;
	}
}

export function endTrial(): void {
	running?.abort();
	running = null;
}

async function accept(context: Context): Promise<void> {
	const patch = waiting(seenBy(context));
	if (patch === undefined) return;
	endTrial();
	const chosen = acceptedOf(patch, draft(seenBy(context), patch));
	const isWhole = chosen.length === patch.hunks.length;
	context.screen
		.getState()
		.set({ busy: `The gate runs again for ${isWhole ? "the whole patch" : `${chosen.length} of ${patch.hunks.length} places`}.` });
	const gate = await ask(context, (client) =>
		client.patch.accept(isWhole ? { patch: patch.id } : { patch: patch.id, hunks: chosen }),
	).finally(() => context.screen.getState().set({ busy: null }));
	if (gate === undefined) return;
	change(context, patch, { marks: {}, trial: null, said: "" });
	const open =
		gate.open.length === 0 ? "" : ` ${gate.open.length} of ${gate.failing.total} cases stay different and go on being collected.`;
	done(context, {
		name: `Accept ${patch.id}`,
		said: `${isWhole ? "Patch" : `${chosen.length} of ${patch.hunks.length} places`} accepted: version ${patch.to} is put in place.${open}`,
		undo: () => call(context, (client) => client.patch.revert({ patch: patch.id })),
		blocked: () => {
			const seen = seenBy(context);
			const now = seen.engine.snapshot?.patches.find((one) => one.id === patch.id);
			return now === undefined
				? "The patch is gone."
				: sentence(whyNotReverted(now, migrationOf(seen, now), seen.engine.snapshot?.patches ?? []));
		},
	});
}

async function refuse(context: Context): Promise<void> {
	const patch = waiting(seenBy(context));
	if (patch === undefined) return;
	endTrial();
	const isDone = await ask(context, async (client) => {
		await client.patch.refuse({ patch: patch.id });
		return true;
	});
	if (isDone !== true) return;
	change(context, patch, { trial: null, said: "Patch refused." });
	done(context, {
		name: `Refuse ${patch.id}`,
		said: "Patch refused. The function is held; legacy serves.",
		undo: () => call(context, (client) => client.patch.reopen({ patch: patch.id })),
		redo: () => call(context, (client) => client.patch.refuse({ patch: patch.id })),
		blocked: () => {
			const seen = seenBy(context);
			const now = seen.engine.snapshot?.patches.find((one) => one.id === patch.id);
			return now === undefined ? "The patch is gone." : sentence(whyNotReopened(now, migrationOf(seen, now)));
		},
	});
}

/** Rejects with what went wrong, as the undo stack wants it. */
async function call(context: Context, verb: (client: NonNullable<ReturnType<Context["client"]>>) => Promise<void>): Promise<void> {
	const client = context.client();
	if (client === null) throw new Fault("CORE_ABSENT", { address: location.host });
	await verb(client);
}
