import { ChevronRight } from "lucide-react";
import type { Question } from "../../../core/contract/history.ts";
import { perform } from "../../app/commands/index.ts";
import { useApp } from "../../app/context.tsx";
import type { Schema } from "./asking.ts";
import styles from "./evidence.module.css";

type Props = { questions: readonly Question[]; shown: Question | null; schema: Schema; insert(word: string): void };

/** Questions that have a name, and what can be asked for. */
export function Side({ questions, shown, schema, insert }: Props) {
	const own = questions.filter((question) => question.own);
	return (
		<div className={styles.side}>
			<nav aria-label="Saved questions">
				<List title="Questions" questions={questions.filter((question) => !question.own)} shown={shown} />
				{own.length === 0 ? null : <List title="Your questions" questions={own} shown={shown} />}
			</nav>
			<section aria-label="Tables and views">
				<h2>Tables and views</h2>
				{schema.map(({ name, columns }) => (
					<details key={name}>
						<summary>
							<ChevronRight size={13} aria-hidden="true" />
							{name}
						</summary>
						<ul>
							{columns.map((column) => (
								<li key={column}>
									<button type="button" title={`Put ${column} into the question`} onClick={() => insert(column)}>
										{column}
									</button>
								</li>
							))}
						</ul>
					</details>
				))}
			</section>
		</div>
	);
}

function List({ title, questions, shown }: { title: string; questions: readonly Question[]; shown: Question | null }) {
	const app = useApp();
	return (
		<>
			<h2>{title}</h2>
			<ul>
				{questions.map((question) => (
					<li key={question.title}>
						<button
							type="button"
							title={question.about}
							aria-current={question.title === shown?.title ? "true" : undefined}
							onClick={() => void perform(app, "evidence.question", question.title)}
						>
							{question.title}
						</button>
					</li>
				))}
			</ul>
		</>
	);
}
