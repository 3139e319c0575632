import type { ReactNode } from "react";
import type { CutPlan, PlannedFunction } from "../../../core/contract/plan.ts";
import { perform } from "../../app/commands/index.ts";
import { useApp } from "../../app/context.tsx";
import { Badge, count, plural, shortName, type Tone } from "../../ui/index.ts";
import { Reasons, Witnesses } from "../inspector/index.ts";
import styles from "./plan.module.css";

export const verdictTones: Record<CutPlan["verdict"]["level"], Tone> = { good: "good", fair: "info", hard: "warn", refused: "bad" };
const levelTones = { low: "good", small: "good", medium: "warn", high: "bad", large: "bad" } as const;

/** One plan, section by section; every section says its number when it is closed. */
export function CutDetails({ plan }: { plan: CutPlan }) {
	const against = plan.risk.reasons.filter((reason) => reason.risk !== "none");
	const sites = plan.sites.reduce((sum, group) => sum + group.places.length, 0);
	return (
		<>
			<p className={`${styles.verdict} ${styles[plan.verdict.level]}`}>{plan.verdict.text}</p>
			{plan.unsupported.length === 0 ? null : (
				<Part title="Cannot be translated exactly" number={count(plan.unsupported.length)} open>
					<ul className={styles.rows}>
						{plan.unsupported.map((one) => (
							<li key={`${one.span.file}${one.span.line}${one.construct}`}>
								<strong>{one.construct}</strong> in {one.function}. {one.remedy}{" "}
								<Witnesses unit={plan.unit} of={[{ kind: "line", file: one.span.file, line: one.span.line }]} />
							</li>
						))}
					</ul>
				</Part>
			)}
			{plan.unreached ? null : (
				<>
					<Part
						title="Risk"
						number={<Badge tone={levelTones[plan.risk.level]}>{plan.risk.level}</Badge>}
						note={against.length === 0 ? "nothing speaks against it" : plural(against.length, "reason against", "reasons against")}
						open={plan.verdict.level !== "good"}
					>
						<Reasons unit={plan.unit} of={plan.risk.reasons} />
					</Part>
					<Part
						title="Effort"
						number={<Badge tone={levelTones[plan.effort.level]}>{plan.effort.level}</Badge>}
						note={`${count(plan.lines)} lines, ${plural(plan.rules.length, "rule")}, ${plural(sites, "drift site")}`}
					>
						<table className={styles.measures}>
							<thead>
								<tr>
									<th scope="col">To review</th>
									<th scope="col">Number</th>
									<th scope="col">Medium above</th>
									<th scope="col">Large above</th>
								</tr>
							</thead>
							<tbody>
								{plan.effort.measures.map((one) => (
									<tr key={one.name}>
										<th scope="row">{one.name}</th>
										<td>
											<Badge tone={levelTones[one.level]}>{count(one.value)}</Badge>
										</td>
										<td>{count(one.medium)}</td>
										<td>{count(one.large)}</td>
									</tr>
								))}
							</tbody>
						</table>
					</Part>
					<Part
						title="Moves"
						number={count(plan.moves.length)}
						note={plan.routes.map((route) => `${route.method} ${route.path}`).join(", ")}
						open
					>
						<Functions unit={plan.unit} of={plan.moves} />
					</Part>
					<Part title="Is copied" number={count(plan.copies.length)} note="code that stays uses it too">
						<Functions unit={plan.unit} of={plan.copies} withUsers />
					</Part>
					<Part title="Stays" number={count(plan.stays.length)} note="calls into what is copied, in legacy">
						<ul className={styles.rows}>
							{plan.stays.map((one) => (
								<li key={one.caller}>
									<code>{one.caller}</code> calls {[...new Set(one.calls.map((call) => shortName(call.function)))].join(", ")}
								</li>
							))}
						</ul>
					</Part>
					<Part title="Tables" number={count(plan.tables.length)} note={tableNote(plan)} open={plan.tables.some((table) => table.write)}>
						<Tables plan={plan} />
					</Part>
					<Part
						title="Between the two worlds"
						number={count(plan.shims.length)}
						note={plan.shims.map((shim) => shim.name.toLowerCase()).join(", ")}
					>
						<ul className={styles.rows}>
							{plan.shims.map((shim) => (
								<li key={shim.name}>
									<strong>{shim.name}.</strong> {shim.text} <Witnesses unit={plan.unit} of={shim.witnesses} />
								</li>
							))}
						</ul>
					</Part>
					<Part title="Rules" number={count(plan.rules.length)} note="kept as they are">
						<ul className={styles.rows}>
							{plan.rules.map((rule) => (
								<li key={rule.id}>
									{rule.text} <Witnesses unit={plan.unit} of={[{ kind: "line", file: rule.span.file, line: rule.span.line }]} />
								</li>
							))}
						</ul>
					</Part>
					<Part
						title="Drift sites"
						number={count(sites)}
						note={plan.sites.map((group) => `${group.cause} ${group.places.length}`).join(", ")}
					>
						<ul className={styles.rows}>
							{plan.sites.map((group) => (
								<li key={group.cause}>
									<strong>{group.cause}.</strong> Legacy {group.legacy}; the usual TypeScript {group.idiom}.{" "}
									<Witnesses unit={plan.unit} of={group.places.map((place) => ({ kind: "line", file: place.file, line: place.line }))} />
								</li>
							))}
						</ul>
					</Part>
				</>
			)}
		</>
	);
}

function Part({
	title,
	number,
	note,
	open = false,
	children,
}: {
	title: string;
	number: ReactNode;
	note?: string;
	open?: boolean;
	children: ReactNode;
}) {
	return (
		<details className={styles.part} open={open}>
			<summary>
				<h3>{title}</h3>
				<span className={styles.number}>{number}</span>
				{note === undefined ? null : <span className={styles.note}>{note}</span>}
			</summary>
			{children}
		</details>
	);
}

function Functions({ unit, of, withUsers = false }: { unit: string; of: readonly PlannedFunction[]; withUsers?: boolean }) {
	const app = useApp();
	return (
		<ul className={styles.rows}>
			{of.map((one) => {
				const users = [...new Set(one.usedBy.map((call) => call.caller))];
				const callers = [...new Set(one.calledBy.map((call) => call.caller))];
				return (
					<li key={one.function}>
						<button
							type="button"
							className={styles.name}
							onClick={() => void perform(app, "function.workbench", `${unit} ${one.file}:${one.line}`)}
						>
							{one.function}
						</button>{" "}
						<span className={styles.muted}>
							{plural(one.loc, "line")}
							{callers.length === 0 ? "" : `, called by ${some(callers)}`}
							{withUsers ? `; stays for ${some(users)}` : ""}
						</span>
					</li>
				);
			})}
		</ul>
	);
}

const some = (names: readonly string[]) =>
	names.length > 3 ? `${names.slice(0, 2).map(shortName).join(", ")} and ${names.length - 2} more` : names.map(shortName).join(", ");

function Tables({ plan }: { plan: CutPlan }) {
	return (
		<ul className={styles.rows}>
			{plan.tables.map((table) => {
				const routes = [...new Set(table.otherWriters.flatMap((writer) => writer.routes))];
				return (
					<li key={table.name}>
						<strong>{table.name}</strong>{" "}
						<Badge tone={table.write ? "warn" : "plain"}>
							{table.read && table.write ? "read and written" : table.write ? "written" : "read"}
						</Badge>{" "}
						{table.otherWriters.length === 0
							? "Nobody else writes it."
							: `Also written by ${some(table.otherWriters.map((writer) => writer.function))}${routes.length === 0 ? "" : ` for ${routes.join(", ")}`}.`}{" "}
						<Witnesses
							unit={plan.unit}
							of={[
								{ kind: "table", name: table.name },
								...table.statements.map((one) => ({ kind: "line" as const, file: one.file, line: one.line })),
							]}
						/>
					</li>
				);
			})}
		</ul>
	);
}

function tableNote({ tables }: CutPlan): string {
	const written = tables.filter((table) => table.write);
	const shared = written.filter((table) => table.otherWriters.length > 0);
	if (written.length === 0) return "read only";
	return `${written.length} written, ${shared.length === 0 ? "none" : shared.length} of them by others too`;
}
