import { X } from "lucide-react";
import { Dialog } from "radix-ui";
import { type ReactNode, use, useEffect, useMemo, useState } from "react";
import type { CodeFile } from "../../../core/contract/api.ts";
import type { Blueprint } from "../../../core/contract/blueprint.ts";
import type { SourceSlice, Trace } from "../../../core/contract/plan.ts";
import { useApp, useEngine, useProject } from "../../app/context.tsx";
import { codeKey, loadBlueprint, loadCode, loadSlice, loadTrace } from "../../app/questions.ts";
import { Button, DialogCorner, onlyClose, plural, SplitPane, shortName } from "../../ui/index.ts";
import { BlueprintPane } from "./blueprint-pane.tsx";
import { CodePane } from "./code-pane.tsx";
import { itemsOf } from "./items.ts";
import { codeOf, itemAt, legacyOf, type Place, placeOf } from "./links.ts";
import { sourceMarks } from "./marks.ts";
import { Why } from "./why.tsx";
import styles from "./workbench.module.css";

type Props = { name: string; at: { file: string; line: number } | null; onClose(): void };

/** Covers the window until it is closed; beneath it everything stays as it is. */
export function Workbench({ name, at, onClose }: Props) {
	const app = useApp();
	const corner = use(DialogCorner);
	const version = useEngine((state) => state.snapshot?.migrations.find((one) => one.function === name)?.version ?? 0);
	const blueprint = useProject((state) => state.blueprints[name]);
	const slice = useProject((state) => state.slices[name]);
	const code = useProject((state) => state.code[codeKey(name, version)]);
	const trace = useProject((state) => state.traces[codeKey(name, version)]);
	const refused = blueprint !== undefined && blueprint.unsupported.length > 0;
	useEffect(() => {
		// Monaco comes while the core still slices; whether it came is the panes' to say.
		import("../../adapters/monaco-code.ts").catch(() => {});
		void loadBlueprint(app, name);
		void loadSlice(app, name);
	}, [app, name]);
	useEffect(() => {
		if (blueprint === undefined || refused) return;
		void loadCode(app, name, version);
		void loadTrace(app, name, version);
	}, [app, name, version, blueprint, refused]);
	return (
		<Dialog.Root open onOpenChange={(open) => !open && onClose()}>
			<Dialog.Portal>
				<Dialog.Content className={styles.workbench} aria-describedby={undefined} onEscapeKeyDown={onlyClose(onClose)}>
					<header className={styles.head}>
						<Dialog.Title>{shortName(name)}</Dialog.Title>
						<p>
							{blueprint === undefined
								? "Reading the slice…"
								: `${plural(blueprint.functions.length, "function")}, ${plural(blueprint.rules.length, "rule")}, ${
										version === 0 ? "first draft" : `version ${version}`
									} of the service`}
						</p>
						<Dialog.Close asChild>
							<Button look="quiet" aria-label="Close the workbench" icon={<X size={18} aria-hidden="true" />} />
						</Dialog.Close>
					</header>
					{blueprint === undefined || slice === undefined ? (
						<p className={styles.waiting}>Drawing the blueprint and slicing the source…</p>
					) : (
						<Panes blueprint={blueprint} slice={slice} code={refused ? [] : code} trace={trace ?? []} at={at} />
					)}
					{corner}
				</Dialog.Content>
			</Dialog.Portal>
		</Dialog.Root>
	);
}

type Chosen = { source: Place | null; code: Place | null; item: string | null; line: { file: string; line: number } };

function Panes({
	blueprint,
	slice,
	code,
	trace,
	at,
}: {
	blueprint: Blueprint;
	slice: SourceSlice;
	code: readonly CodeFile[] | undefined;
	trace: readonly Trace[];
	at: Props["at"];
}) {
	const items = useMemo(() => itemsOf(blueprint), [blueprint]);
	const start = at ?? startOf(blueprint);
	const [chosen, setChosen] = useState<Chosen>({
		source: { file: start.file, from: start.line, to: start.line },
		code: null,
		item: null,
		line: start,
	});
	const [sourceFile, setSourceFile] = useState(start.file);
	const [codeFile, setCodeFile] = useState<string | null>(null);

	/** One choice for all three panes; a pane that has nothing for it keeps what it shows. */
	function choose(source: Place | null, target: Place | null, item: string | null) {
		setChosen((before) => ({ source, code: target, item, line: source === null ? before.line : { file: source.file, line: source.from } }));
		if (source !== null && slice.files.some((file) => file.path === source.file)) setSourceFile(source.file);
		if (target !== null) setCodeFile(target.file);
	}
	const goToLegacy = (file: string, line: number) => {
		const place = { file, from: line, to: line };
		choose(place, codeOf(trace, place), itemAt(items, file, line)?.id ?? null);
	};
	// The first choice is made when the trace is there to say what it became.
	// biome-ignore lint/correctness/useExhaustiveDependencies: only the arrival of the trace
	useEffect(() => {
		if (trace.length > 0) goToLegacy(chosen.line.file, chosen.line.line);
	}, [trace]);

	const source = slice.files.find((file) => file.path === sourceFile) ?? slice.files[0];
	const written = code?.find((file) => file.path === codeFile) ?? code?.find((file) => file.path.startsWith("service/")) ?? code?.[0];
	const marks = useMemo(() => (source === undefined ? [] : sourceMarks(source, items)), [source, items]);
	const codeMarks = useMemo(() => (written === undefined ? [] : marksOfCode(written.path, trace, items)), [written, trace, items]);
	const inSlice = source?.lines.filter((line) => line.role !== "left-out").length ?? 0;
	return (
		<SplitPane
			id="workbench.code"
			label="Width of the code"
			initial="36%"
			min="15rem"
			max="70%"
			side={
				<Pane
					title="Code"
					select={
						code === undefined || written === undefined ? null : (
							<FileSelect label="Generated file" paths={code.map((file) => file.path)} value={written.path} onChange={setCodeFile} />
						)
					}
				>
					{written === undefined ? (
						<p className={styles.waiting}>
							{blueprint.unsupported.length > 0 ? "No code is generated while something cannot be translated exactly." : "Generating…"}
						</p>
					) : (
						<CodePane
							label={`Generated ${written.path}`}
							file={written}
							marks={codeMarks}
							pointed={chosen.code?.file === written.path ? chosen.code : null}
							onLine={(line) => {
								const legacy = legacyOf(trace, written.path, line);
								const place = { file: written.path, from: line, to: line };
								if (legacy === null) setChosen((before) => ({ ...before, code: place }));
								else choose(legacy, codeOf(trace, legacy) ?? place, itemAt(items, legacy.file, legacy.from)?.id ?? null);
							}}
						/>
					)}
				</Pane>
			}
		>
			<SplitPane
				id="workbench.blueprint"
				label="Width of the blueprint"
				initial="38%"
				min="14rem"
				max="60%"
				side={
					<Pane title="Blueprint" select={<code className={styles.hash}>{blueprint.hash.slice(0, 12)}</code>}>
						<BlueprintPane
							items={items}
							chosen={chosen.item}
							onChoose={(item) => choose(placeOf(item.span), codeOf(trace, placeOf(item.span)), item.id)}
						/>
					</Pane>
				}
			>
				<Pane
					title="Source"
					select={
						source === undefined ? null : (
							<>
								<FileSelect label="Source file" paths={slice.files.map((file) => file.path)} value={source.path} onChange={setSourceFile} />
								<span className={styles.note}>{plural(inSlice, "line")} of it</span>
							</>
						)
					}
				>
					{source === undefined ? null : (
						<>
							<CodePane
								label={`Legacy ${source.path}`}
								file={source}
								marks={marks}
								pointed={chosen.source?.file === source.path ? chosen.source : null}
								onLine={(line) => goToLegacy(source.path, line)}
							/>
							<Why slice={slice} file={chosen.line.file} line={chosen.line.line} onGo={goToLegacy} />
						</>
					)}
				</Pane>
			</SplitPane>
		</SplitPane>
	);
}

function Pane({ title, select, children }: { title: string; select: ReactNode; children: ReactNode }) {
	return (
		<section className={styles.pane} aria-label={title}>
			<header>
				<h2>{title}</h2>
				{select}
			</header>
			<div className={styles.body}>{children}</div>
		</section>
	);
}

function FileSelect({
	label,
	paths,
	value,
	onChange,
}: {
	label: string;
	paths: readonly string[];
	value: string;
	onChange(path: string): void;
}) {
	return (
		<select aria-label={label} value={value} onChange={(event) => onChange(event.target.value)}>
			{paths.map((path) => (
				<option key={path}>{path}</option>
			))}
		</select>
	);
}

/** Lines of the code that a drift site or a rule became. */
function marksOfCode(path: string, trace: readonly Trace[], items: ReturnType<typeof itemsOf>) {
	return items.flatMap((item) => {
		const place = item.group === "Rules" || item.group === "Drift sites" ? codeOf(trace, placeOf(item.span)) : null;
		if (place === null || place.file !== path) return [];
		return [
			{
				from: place.from,
				to: place.to,
				tone: item.group === "Rules" ? ("rule" as const) : ("site" as const),
				words: [`${item.label}: ${item.text}`],
			},
		];
	});
}

function startOf(blueprint: Blueprint): { file: string; line: number } {
	const unit = blueprint.functions.find((fn) => fn.id === blueprint.unit) ?? blueprint.functions[0];
	return { file: unit?.span.file ?? "", line: unit?.span.line ?? 1 };
}
