import { Check, FileDiff, X } from "lucide-react";
import { useState } from "react";
import type { Patch } from "../../../core/contract/run.ts";
import { CommandButton } from "../../app/command-button.tsx";
import { useEngine, useScreen } from "../../app/context.tsx";
import { Badge, duration, Empty, plural, shortName, type Tone } from "../../ui/index.ts";
import { Diff } from "./diff.tsx";
import styles from "./patches.module.css";

const tones: Record<Patch["state"], Tone> = { proposed: "accent", applied: "good", refused: "warn" };

export function PatchesPlace() {
	const patches = useEngine((state) => state.snapshot?.patches ?? null);
	const chosen = useScreen((state) => state.patch);
	const set = useScreen((state) => state.set);
	const newestFirst = [...(patches ?? [])].reverse();
	const patch = newestFirst.find((one) => one.id === chosen) ?? newestFirst.find((one) => one.state === "proposed") ?? newestFirst[0];
	if (patch === undefined) {
		return (
			<>
				<h1 className="sr-only">Patches</h1>
				<Empty icon={<FileDiff size={32} aria-hidden="true" />} title="No patch yet">
					<p>When answers or rows differ, Phoenix looks for the smallest change that explains every difference. It waits here for you.</p>
					<CommandButton id="go.run">See the run</CommandButton>
				</Empty>
			</>
		);
	}
	return (
		<div className={styles.place}>
			<nav className={styles.list} aria-label="Patches">
				<h1>Patches</h1>
				<ul>
					{newestFirst.map((one) => (
						<li key={one.id}>
							<button type="button" aria-current={one.id === patch.id ? "true" : undefined} onClick={() => set({ patch: one.id })}>
								<span>
									<strong>{shortName(one.function)}</strong> <Badge tone={tones[one.state]}>{one.state}</Badge>
								</span>
								<span>{one.cause}</span>
							</button>
						</li>
					))}
				</ul>
			</nav>
			<PatchDetail key={patch.id} patch={patch} />
		</div>
	);
}

function PatchDetail({ patch }: { patch: Patch }) {
	const [path, setPath] = useState(patch.files[0]?.path ?? "");
	const file = patch.files.find((one) => one.path === path) ?? patch.files[0];
	const { failing, clean } = patch.gate;
	return (
		<section className={styles.detail} aria-label="Patch">
			<header className={styles.head}>
				<div>
					<h2>
						{patch.cause}
						<Badge tone={tones[patch.state]}>{patch.state}</Badge>
					</h2>
					<p>{patch.explanation}</p>
				</div>
				<div className={styles.decide}>
					<CommandButton id="patch.refuse" icon={<X size={16} aria-hidden="true" />}>
						Refuse
					</CommandButton>
					<CommandButton id="patch.accept" look="primary" icon={<Check size={16} aria-hidden="true" />}>
						Accept
					</CommandButton>
				</div>
			</header>
			<dl className={styles.facts}>
				<div>
					<dt>Failing cases now right</dt>
					<dd className={failing.passed === failing.total ? styles.good : styles.bad}>
						{failing.passed} of {failing.total}
					</dd>
				</div>
				<div>
					<dt>Clean cases still clean</dt>
					<dd className={clean.passed === clean.total ? styles.good : styles.bad}>
						{clean.passed} of {clean.total}
					</dd>
				</div>
				<div>
					<dt>Candidates tried</dt>
					<dd>
						{patch.candidates} in {duration(patch.ms)}
					</dd>
				</div>
				<div>
					<dt>Version</dt>
					<dd>
						{patch.from} → {patch.to}
					</dd>
				</div>
				<div className={styles.sites}>
					<dt>{plural(patch.sites.length, "place")} in legacy</dt>
					<dd>
						<ul>
							{patch.sites.map((site) => (
								<li key={site.expr}>
									<code>
										{site.span.file}:{site.span.line}
									</code>{" "}
									legacy {site.legacy}
								</li>
							))}
						</ul>
					</dd>
				</div>
			</dl>
			<nav className={styles.files} aria-label="Files of this patch">
				{patch.files.map((one) => (
					<button key={one.path} type="button" aria-pressed={one.path === file?.path} onClick={() => setPath(one.path)}>
						{one.path}
					</button>
				))}
			</nav>
			{file === undefined ? null : <Diff file={file} />}
		</section>
	);
}
