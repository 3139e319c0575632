import { Braces, FileSpreadsheet, Play, Save, ShieldCheck, Trash2 } from "lucide-react";
import { useCallback, useEffect, useRef, useState } from "react";
import type { Question } from "../../../core/contract/history.ts";
import { csvOf, jsonOf } from "../../../core/contract/table-text.ts";
import { CommandButton } from "../../app/command-button.tsx";
import { ask } from "../../app/commands/index.ts";
import { useApp, useEngine, useScreen } from "../../app/context.tsx";
import { saveFile } from "../../app/save-file.ts";
import { Badge, Button, count, duration, Keys, plural, SplitPane } from "../../ui/index.ts";
import { askJournal, entrySql, type Outcome, questionOf, type Schema, schemaOf, schemaSql } from "./asking.ts";
import styles from "./evidence.module.css";
import { Result } from "./result.tsx";
import { Side } from "./side.tsx";

type Check = { entries: number; ok: boolean; brokenAt: number | null };

/** The journal by question: named or free SQL over its projection, and the check of its chain of hashes. */
export function EvidencePlace() {
	const app = useApp();
	const isOpen = useEngine((state) => state.connection === "open");
	const named = useScreen((state) => state.details.evidence?.question ?? null);
	const entry = useScreen((state) => state.details.evidence?.entry ?? null);
	const [questions, setQuestions] = useState<readonly Question[]>([]);
	const [schema, setSchema] = useState<Schema>([]);
	const [sql, setSql] = useState("");
	const [outcome, setOutcome] = useState<Outcome | null>(null);
	const [check, setCheck] = useState<Check | null>(null);
	const [busy, setBusy] = useState<"ask" | "verify" | null>(null);
	const [saving, setSaving] = useState(false);
	const editor = useRef<HTMLTextAreaElement>(null);
	const shown = questionOf(sql, questions);
	const answer = outcome?.kind === "answer" ? outcome.answer : null;

	const query = useCallback(
		async (text: string) => {
			if (text.trim() === "") return;
			setBusy("ask");
			setOutcome(await askJournal(app, text));
			setBusy(null);
		},
		[app],
	);

	useEffect(() => {
		if (!isOpen) return;
		void ask(app, async (client) => {
			setQuestions(await client.evidence.questions({}));
			const { rows, ...rest } = await client.journal.query({ sql: schemaSql });
			setSchema(schemaOf({ rows, ...rest }));
		});
	}, [app, isOpen]);

	// The address names a question or an entry; whoever comes by it sees the answer at once.
	useEffect(() => {
		const wanted = entry !== null ? entrySql(entry) : questions.find((one) => one.title === named)?.sql;
		const text = wanted ?? (named === null && entry === null ? questions[0]?.sql : undefined);
		if (text === undefined) return;
		setSql(text);
		if (wanted !== undefined) void query(text);
	}, [named, entry, questions, query]);

	useEffect(() => {
		const { screen } = app;
		const handle = {
			ask: () => query(sql),
			save: () => setSaving(true),
			async remove() {
				const title = shown?.title;
				if (title !== undefined) await ask(app, async (client) => setQuestions(await client.evidence.remove({ title })));
			},
			async verify() {
				setBusy("verify");
				await ask(app, async (client) => setCheck(await client.journal.verify({})));
				setBusy(null);
			},
			export(format: "csv" | "json") {
				if (answer === null) return;
				const name = `${(shown?.title ?? "answer").toLowerCase().replace(/\W+/g, "-")}.${format}`;
				saveFile(name, format === "csv" ? "text/csv" : "application/json", format === "csv" ? csvOf(answer) : jsonOf(answer));
			},
			hasAnswer: answer !== null,
			isOwn: shown?.own === true,
			busy: busy !== null,
		};
		screen.getState().set({ evidence: handle });
		return () => {
			if (screen.getState().evidence === handle) screen.getState().set({ evidence: null });
		};
	}, [app, sql, shown, answer, busy, query]);

	const insert = (word: string) => {
		const field = editor.current;
		if (field === null) return;
		field.focus();
		field.setRangeText(word, field.selectionStart, field.selectionEnd, "end");
		setSql(field.value);
	};
	const icon = { size: 15, "aria-hidden": true } as const;
	return (
		<SplitPane
			id="evidence"
			sideFirst
			label="Width of the list of questions"
			initial="16rem"
			min="12rem"
			max="40%"
			side={<Side questions={questions} shown={shown} schema={schema} insert={insert} />}
		>
			<div className={styles.place}>
				<header className={styles.head}>
					<div>
						<h1>Evidence</h1>
						<p>Everything that happened stands in the journal, each entry with the hash of the one before.</p>
					</div>
					<div className={styles.verify}>
						<div role="status">{check === null ? null : <CheckWords check={check} />}</div>
						<CommandButton id="evidence.verify" icon={<ShieldCheck {...icon} />}>
							{busy === "verify" ? "Verifying…" : "Verify the chain"}
						</CommandButton>
					</div>
				</header>
				<div className={styles.editor}>
					<label htmlFor="sql">{shown?.about ?? "SQL over the journal, read only"}</label>
					<textarea
						id="sql"
						ref={editor}
						value={sql}
						rows={Math.min(12, Math.max(4, sql.split("\n").length))}
						spellCheck={false}
						aria-invalid={outcome?.kind === "fault"}
						aria-describedby={outcome?.kind === "fault" ? "sql-fault" : undefined}
						onChange={(event) => setSql(event.target.value)}
					/>
					<div className={styles.bar}>
						<CommandButton id="evidence.ask" look="primary" icon={<Play {...icon} />}>
							{busy === "ask" ? "Asking…" : "Ask"}
						</CommandButton>
						<Keys of="Ctrl+Enter" />
						<span role="status">{answer === null ? "" : told(answer.rows.length, answer.ms, answer.truncated)}</span>
						<CommandButton id="evidence.csv" look="quiet" icon={<FileSpreadsheet {...icon} />}>
							CSV
						</CommandButton>
						<CommandButton id="evidence.json" look="quiet" icon={<Braces {...icon} />}>
							JSON
						</CommandButton>
						{shown?.own === true ? (
							<CommandButton id="evidence.remove" look="quiet" icon={<Trash2 {...icon} />}>
								Remove
							</CommandButton>
						) : (
							<CommandButton id="evidence.save" look="quiet" icon={<Save {...icon} />}>
								Save
							</CommandButton>
						)}
					</div>
					{saving ? (
						<SaveForm
							sql={sql}
							onClose={() => {
								setSaving(false);
								editor.current?.focus();
							}}
							onSaved={setQuestions}
						/>
					) : null}
					{outcome?.kind === "fault" ? (
						<p id="sql-fault" role="alert" className={styles.fault}>
							{outcome.fault.what} <span>{outcome.fault.safe}</span>
						</p>
					) : null}
				</div>
				{answer === null ? (
					<p className={styles.none}>{outcome === null ? "Choose a question, or write one." : ""}</p>
				) : (
					<Result key={`${answer.ms} ${answer.rows.length}`} answer={answer} />
				)}
			</div>
		</SplitPane>
	);
}

function told(rows: number, ms: number, truncated: boolean): string {
	return truncated
		? `the first ${plural(rows, "row")} in ${duration(ms)}; narrow the question to see the rest`
		: `${plural(rows, "row")} in ${duration(ms)}`;
}

/** Kept in the state directory beside the journal, so that everybody who works on it has it, and the command line too. */
function SaveForm({ sql, onClose, onSaved }: { sql: string; onClose(): void; onSaved(questions: Question[]): void }) {
	const app = useApp();
	const [title, setTitle] = useState("");
	const [about, setAbout] = useState("");
	const save = async () => {
		const saved = await ask(app, (client) => client.evidence.save({ title, about, sql }));
		if (saved === undefined) return;
		onSaved(saved);
		app.screen.getState().say("Question saved in the state directory");
		onClose();
	};
	return (
		<form
			className={styles.saving}
			onKeyDown={(event) => event.key === "Escape" && onClose()}
			onSubmit={(event) => {
				event.preventDefault();
				if (title.trim() !== "") void save();
			}}
		>
			<label>
				Title
				{/* biome-ignore lint/a11y/noAutofocus: the form was opened to be filled in */}
				<input autoFocus value={title} maxLength={120} onChange={(event) => setTitle(event.target.value)} />
			</label>
			<label>
				What it tells
				<input value={about} maxLength={400} onChange={(event) => setAbout(event.target.value)} />
			</label>
			<Button look="primary" type="submit" disabled={title.trim() === ""}>
				Save the question
			</Button>
			<Button onClick={onClose}>Not now</Button>
		</form>
	);
}

function CheckWords({ check }: { check: Check }) {
	if (check.ok) return <Badge tone="good">{count(check.entries)} entries, the chain holds</Badge>;
	return <Badge tone="bad">The chain breaks at entry {check.brokenAt ?? "unknown"}</Badge>;
}
