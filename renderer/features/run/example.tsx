import { Copy, FileDiff, MapPin, SkipForward } from "lucide-react";
import { useEffect, useMemo, useState } from "react";
import type { CauseFinding } from "../../../core/contract/cause.ts";
import type { MismatchExample, MismatchGroup } from "../../../core/contract/verdict.ts";
import { CommandButton } from "../../app/command-button.tsx";
import { useApp, useEngine, useScreen } from "../../app/context.tsx";
import { Badge, count, plural, shortName } from "../../ui/index.ts";
import { Answers } from "./answers.tsx";
import { useAsked } from "./asked.ts";
import { answerTo, causeWords } from "./causes.ts";
import { curlOf } from "./curl.ts";
import styles from "./mismatch.module.css";
import { Rows } from "./rows.tsx";

/** One transaction of a cause: what it means, where it comes from, both answers, both row changes. */
export function Example({ group }: { group: MismatchGroup }) {
	const app = useApp();
	const patches = useEngine((state) => state.snapshot?.patches);
	const port = useEngine((state) => state.snapshot?.system?.gateway.port ?? null);
	const index = Number(useScreen((state) => state.details.run?.example ?? "0")) || 0;
	const [copied, setCopied] = useState(false);
	const told = useAsked(`examples ${group.id}`, Math.min(group.count, 6), (client) => client.run.examples({ group: group.id }));
	const examples = told === null || told.examples.length === 0 ? [group.example] : told.examples;
	const example = examples[index % examples.length] ?? group.example;
	const answer = useMemo(() => answerTo(group, patches ?? []), [group, patches]);

	useEffect(() => {
		const { screen } = app;
		const handle = {
			count: examples.length,
			next: () => {
				screen.getState().detail("run", { example: String((index + 1) % examples.length) });
				setCopied(false);
			},
			copyCurl: async () => {
				await navigator.clipboard.writeText(curlOf(example.request, port));
				setCopied(true);
				screen.getState().say("Copied as curl");
			},
		};
		screen.getState().set({ example: handle });
		return () => {
			if (screen.getState().example === handle) screen.getState().set({ example: null });
		};
	}, [app, example, examples.length, index, port]);

	return (
		<article className={styles.example} aria-label={`Example of ${group.cause}`}>
			<header>
				<div>
					<h3>{group.cause}</h3>
					<p className={styles.where}>
						{shortName(group.function)} · <code>{group.field}</code>, {plural(group.count, "request")}
					</p>
				</div>
				{group.where === null ? (
					<Badge>not located yet</Badge>
				) : (
					<CommandButton id="mismatch.source" argument={group.where} icon={<MapPin size={14} aria-hidden="true" />}>
						{group.where}
					</CommandButton>
				)}
				{answer === null ? null : (
					<CommandButton id="mismatch.patch" argument={answer.patch.id} icon={<FileDiff size={14} aria-hidden="true" />}>
						{answer.patch.state === "applied" ? "Healed by" : "Patch"} {shortName(answer.patch.id)}
					</CommandButton>
				)}
			</header>
			{causeWords(group.cause, answer?.site ?? null).map((words) => (
				<p key={words} className={styles.words}>
					{words}
				</p>
			))}
			{told?.reading == null ? null : <Reading finding={told.reading} />}
			<div className={styles.request}>
				<code>
					{example.request.method} {example.request.target}
				</code>
				<span>
					{example.seq < 0 ? "generated request" : `request ${count(example.seq)}`}
					{examples.length > 1 ? `, example ${(index % examples.length) + 1} of ${examples.length}` : ""}
				</span>
				<CommandButton id="mismatch.next" look="quiet" icon={<SkipForward size={14} aria-hidden="true" />}>
					Next example
				</CommandButton>
				<CommandButton id="mismatch.curl" look="quiet" icon={<Copy size={14} aria-hidden="true" />}>
					{copied ? "Copied" : "Copy as curl"}
				</CommandButton>
			</div>
			{example.request.body === "" ? null : <code className={styles.payload}>{example.request.body}</code>}
			{example.set === undefined ? null : (
				<p className={styles.words}>
					On rows that were set for it alone:{" "}
					{example.set.map((line) => (
						<code key={line}>{line} </code>
					))}
				</p>
			)}
			<Differences example={example} />
			<Answers example={example} />
			<Rows example={example} />
		</article>
	);
}

/** What the examples say from their values alone, until the repair knows the place. */
function Reading({ finding: { cause, probability, evidence } }: { finding: CauseFinding }) {
	if (cause === "unknown") return null;
	const sure = probability === 1 ? "in every case" : `${Math.round(100 * probability)} % likely`;
	return (
		<p className={styles.words}>
			Read from the values: <strong>{cause}</strong>, {sure}. {evidence.map(asSentence).join(" ")}
		</p>
	);
}

const asSentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

function Differences({ example: { differences } }: { example: MismatchExample }) {
	return (
		<section aria-labelledby="differences-title">
			<h4 id="differences-title">{plural(differences.length, "difference")}</h4>
			{/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
			<section className={styles.scroll} tabIndex={0} aria-label="Differences">
				<table className={styles.differences}>
					<thead>
						<tr>
							<th scope="col">Field</th>
							<th scope="col">Legacy</th>
							<th scope="col">Modern</th>
							<th scope="col">First reading</th>
						</tr>
					</thead>
					<tbody>
						{differences.map((difference) => (
							<tr key={`${difference.field} ${difference.legacy} ${difference.modern}`}>
								<th scope="row">{difference.field}</th>
								<td>{difference.legacy === "" ? "none" : <del>{difference.legacy}</del>}</td>
								<td>{difference.modern === "" ? "none" : <ins>{difference.modern}</ins>}</td>
								<td>{difference.suspicion}</td>
							</tr>
						))}
					</tbody>
				</table>
			</section>
		</section>
	);
}
