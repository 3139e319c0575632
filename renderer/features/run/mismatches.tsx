import { Copy } from "lucide-react";
import { useState } from "react";
import type { MismatchGroup } from "../../../core/contract/verdict.ts";
import { useEngine } from "../../app/context.tsx";
import { Badge, Button, count, shortName, type Tone } from "../../ui/index.ts";
import { curlOf } from "./curl.ts";
import { emphasise } from "./emphasis.tsx";
import styles from "./mismatch.module.css";

const tones: Record<MismatchGroup["state"], Tone> = { open: "bad", healed: "good", refused: "warn" };

export function Mismatches() {
	const groups = useEngine((state) => state.snapshot?.groups);
	const [chosen, setChosen] = useState<string | null>(null);
	if (groups === undefined || groups.length === 0) return null;
	const group = groups.find((one) => one.id === chosen) ?? groups[0];
	return (
		<section className={styles.mismatches} aria-label="Mismatches by cause">
			<h2>Mismatches by cause</h2>
			<div className={styles.columns}>
				<ul className={styles.groups}>
					{groups.map((one) => (
						<li key={one.id}>
							<button type="button" aria-current={one.id === group?.id ? "true" : undefined} onClick={() => setChosen(one.id)}>
								<span className={styles.cause}>
									<strong>{one.cause}</strong>
									<b>{count(one.count)}</b>
								</span>
								<span className={styles.where}>
									{shortName(one.function)} · {one.field}
									{one.where === null ? "" : ` · ${one.where}`}
								</span>
								<span>
									<Badge tone={tones[one.state]}>{one.state}</Badge> {one.rowsOnly ? <Badge tone="info">rows only</Badge> : null}
								</span>
							</button>
						</li>
					))}
				</ul>
				{group === undefined ? null : <Example group={group} />}
			</div>
		</section>
	);
}

function Example({ group }: { group: MismatchGroup }) {
	const app = useEngine((state) => state.snapshot?.system?.gateway.port ?? null);
	const [copied, setCopied] = useState(false);
	const { request, legacy, modern, differences, seq } = group.example;
	const copy = () => void navigator.clipboard?.writeText(curlOf(request, app)).then(() => setCopied(true));
	return (
		<article className={styles.example} aria-label="Example">
			<header>
				<code>
					{request.method} {request.target}
				</code>
				<span>request {count(seq)}</span>
				<Button look="quiet" icon={<Copy size={14} aria-hidden="true" />} onClick={copy}>
					{copied ? "Copied" : "Copy as curl"}
				</Button>
			</header>
			<table className={styles.differences}>
				<caption className="sr-only">Where the two sides differ</caption>
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
						<tr key={difference.field}>
							<th scope="row">{difference.field}</th>
							<td>
								<del>{difference.legacy}</del>
							</td>
							<td>
								<ins>{difference.modern}</ins>
							</td>
							<td>{difference.suspicion}</td>
						</tr>
					))}
				</tbody>
			</table>
			<div className={styles.sides}>
				<Side title="Legacy" tone="legacy" side={legacy} marks={differences.map((one) => one.legacy)} />
				<Side title="Modern" tone="modern" side={modern} marks={differences.map((one) => one.modern)} />
			</div>
		</article>
	);
}

function Side({
	title,
	tone,
	side,
	marks,
}: {
	title: string;
	tone: "legacy" | "modern";
	side: { status: number; body: string; rows: string[] };
	marks: readonly string[];
}) {
	return (
		<section className={`${styles.side} ${styles[tone]}`} aria-label={title}>
			<h3>
				{title} <span>status {side.status}</span>
			</h3>
			{/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
			<section className={styles.body} tabIndex={0} aria-label={`Answer of ${title}`}>
				{emphasise(side.body, marks)}
			</section>
			<h4>Rows changed</h4>
			<ul>{side.rows.length === 0 ? <li>none</li> : side.rows.map((row) => <li key={row}>{emphasise(row, marks)}</li>)}</ul>
		</section>
	);
}
