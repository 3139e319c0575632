import { Play, ShieldCheck } from "lucide-react";
import { type KeyboardEvent, useState } from "react";
import { ask } from "../../app/commands/index.ts";
import { useApp } from "../../app/context.tsx";
import { Badge, Button, count, duration, Keys, plural } from "../../ui/index.ts";
import styles from "./evidence.module.css";
import { questions } from "./questions.ts";
import { Result } from "./result.tsx";

type Answer = { columns: string[]; rows: unknown[][]; ms: number };
type Check = { entries: number; ok: boolean; brokenAt: number | null };

export function EvidencePlace() {
	const app = useApp();
	const [sql, setSql] = useState(questions[0]?.sql ?? "");
	const [answer, setAnswer] = useState<Answer | null>(null);
	const [check, setCheck] = useState<Check | null>(null);
	const [busy, setBusy] = useState<"query" | "verify" | null>(null);

	const query = async (text: string) => {
		setBusy("query");
		await ask(app, async (client) => setAnswer(await client.journal.query({ sql: text })));
		setBusy(null);
	};
	const verify = async () => {
		setBusy("verify");
		await ask(app, async (client) => setCheck(await client.journal.verify({})));
		setBusy(null);
	};
	const onKeyDown = (event: KeyboardEvent) => {
		if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
		event.preventDefault();
		void query(sql);
	};
	return (
		<div className={styles.place}>
			<header className={styles.head}>
				<div>
					<h1>Evidence</h1>
					<p>Everything that happened stands in the journal, each entry with the hash of the one before.</p>
				</div>
				<div className={styles.verify}>
					<div role="status">{check === null ? null : <CheckWords check={check} />}</div>
					<Button icon={<ShieldCheck size={16} aria-hidden="true" />} disabled={busy !== null} onClick={() => void verify()}>
						{busy === "verify" ? "Verifying…" : "Verify the chain"}
					</Button>
				</div>
			</header>
			<div className={styles.ask}>
				<nav aria-label="Saved questions">
					<h2>Saved questions</h2>
					<ul>
						{questions.map((question) => (
							<li key={question.title}>
								<button
									type="button"
									aria-current={question.sql === sql ? "true" : undefined}
									onClick={() => {
										setSql(question.sql);
										void query(question.sql);
									}}
								>
									{question.title}
								</button>
							</li>
						))}
					</ul>
				</nav>
				<div className={styles.editor}>
					<label htmlFor="sql">SQL over the journal, read only</label>
					<textarea id="sql" value={sql} spellCheck={false} onChange={(event) => setSql(event.target.value)} onKeyDown={onKeyDown} />
					<div className={styles.row}>
						<Button
							look="primary"
							icon={<Play size={15} aria-hidden="true" />}
							disabled={busy !== null || sql.trim() === ""}
							onClick={() => void query(sql)}
						>
							{busy === "query" ? "Asking…" : "Ask"}
						</Button>
						<Keys of="Ctrl+Enter" />
						<span role="status">{answer === null ? "" : `${plural(answer.rows.length, "row")} in ${duration(answer.ms)}`}</span>
					</div>
				</div>
			</div>
			{answer === null ? (
				<p className={styles.none}>Choose a question, or write one.</p>
			) : (
				<Result columns={answer.columns} rows={answer.rows} />
			)}
		</div>
	);
}

function CheckWords({ check }: { check: Check }) {
	if (check.ok) return <Badge tone="good">{count(check.entries)} entries, the chain holds</Badge>;
	return <Badge tone="bad">The chain breaks at entry {check.brokenAt ?? "unknown"}</Badge>;
}
