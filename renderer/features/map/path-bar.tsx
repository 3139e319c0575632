import { ArrowRight, X } from "lucide-react";
import { useEffect, useId, useRef, useState } from "react";
import type { Scene } from "../../adapters/map-scene.ts";
import { perform } from "../../app/commands/index.ts";
import { useApp, useProject, useScreen } from "../../app/context.tsx";
import { findNodes } from "../../app/find.ts";
import { Button, plural } from "../../ui/index.ts";
import { Shape } from "./legend.tsx";
import styles from "./map.module.css";
import { useLook, useNote } from "./use-map.ts";

/** Two ends and the shortest way between them; each step leads to the lines that make it. */
export function PathBar({ scene, path, asked }: { scene: Scene; path: readonly number[] | null; asked: number }) {
	const app = useApp();
	const look = useLook();
	const note = useNote();
	const selected = useScreen((state) => state.selected);
	const ends = look.path ?? { from: null, to: null };
	const isAsked = ends.from !== null && ends.to !== null;
	const set = (part: Partial<typeof ends>) => note({ path: { ...ends, ...part }, lines: null });
	return (
		<section className={styles.path} aria-label="Path between two">
			<div className={styles.ends}>
				<End label="From" id={ends.from} scene={scene} focusOn={ends.from === null ? asked : 0} onChoose={(from) => set({ from })} />
				<ArrowRight size={16} aria-hidden="true" />
				<End
					label="To"
					id={ends.to}
					scene={scene}
					focusOn={ends.from !== null && ends.to === null ? asked : 0}
					onChoose={(to) => set({ to })}
				/>
				{isAsked ? (
					<Button look="quiet" onClick={() => note({ path: { from: ends.to, to: ends.from }, lines: null })}>
						Swap
					</Button>
				) : null}
				<Button look="quiet" icon={<X size={15} aria-hidden="true" />} aria-label="Close the path" onClick={() => note({ path: null })} />
			</div>
			{isAsked ? (
				<div role="status">
					{path === null ? (
						<p className={styles.muted}>No calls lead this way. Swap the ends, or choose others.</p>
					) : (
						<p className={styles.muted}>
							{path.length === 0 ? "Both ends are the same." : `${plural(path.length, "step")}, the shortest way`}
						</p>
					)}
				</div>
			) : (
				<p className={styles.muted}>{selected === null ? "Type a name, or select on the map first." : "Type the name of the other end."}</p>
			)}
			{isAsked && path !== null && path.length > 0 ? (
				<ol className={styles.steps}>
					{path.map((line) => {
						const edge = scene.edges[line];
						const [from, to] = [scene.nodes[edge?.from ?? -1], scene.nodes[edge?.to ?? -1]];
						if (from === undefined || to === undefined) return null;
						return (
							<li key={line}>
								<button type="button" onClick={() => void perform(app, "map.lines", `${from.id}>${to.id}`)}>
									<Shape kind={from.shape} />
									{from.label}
									<ArrowRight size={13} aria-label={edge?.kind === "call" ? "calls" : edge?.kind === "write" ? "writes" : "leads to"} />
									<Shape kind={to.shape} />
									{to.label}
								</button>
							</li>
						);
					})}
				</ol>
			) : null}
		</section>
	);
}

type EndProps = { label: string; id: string | null; scene: Scene; focusOn: number; onChoose(id: string | null): void };

function End({ label, id, scene, focusOn, onChoose }: EndProps) {
	const graph = useProject((state) => state.graph);
	const [query, setQuery] = useState("");
	const [active, setActive] = useState(0);
	const field = useRef<HTMLInputElement>(null);
	const list = useId();
	useEffect(() => {
		if (focusOn > 0) field.current?.focus();
	}, [focusOn]);
	const node = scene.nodes[scene.at.get(id ?? "") ?? -1];
	if (node !== undefined)
		return (
			<button type="button" className={styles.end} onClick={() => onChoose(null)} title="Choose another">
				<span className={styles.muted}>{label}</span>
				<Shape kind={node.shape} />
				{node.label}
			</button>
		);
	const results = findNodes(graph, query, 6).filter((one) => one.kind !== "module");
	const choose = (index: number) => {
		const chosen = results[index];
		if (chosen === undefined) return;
		setQuery("");
		onChoose(chosen.id);
	};
	return (
		<div className={styles.chooser}>
			<input
				ref={field}
				role="combobox"
				aria-label={label}
				aria-expanded={results.length > 0}
				aria-controls={list}
				aria-activedescendant={results.length > 0 ? `${list}-${active}` : undefined}
				placeholder={label}
				value={query}
				autoComplete="off"
				spellCheck={false}
				onChange={(event) => {
					setQuery(event.target.value);
					setActive(0);
				}}
				onKeyDown={(event) => {
					const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
					if (step !== 0 && results.length > 0) {
						event.preventDefault();
						setActive((active + step + results.length) % results.length);
					} else if (event.key === "Enter") choose(active);
					else if (event.key === "Escape") field.current?.blur();
				}}
			/>
			{results.length === 0 ? null : (
				<div role="listbox" id={list} aria-label={`Results for ${label}`} className={styles.results}>
					{results.map((one, index) => (
						// biome-ignore lint/a11y/useKeyWithClickEvents: the box above moves and chooses by keyboard
						<div
							key={one.id}
							id={`${list}-${index}`}
							role="option"
							tabIndex={-1}
							aria-selected={index === active}
							onPointerDown={(event) => event.preventDefault()}
							onClick={() => choose(index)}
						>
							{one.name} <small>{one.parent?.replace("module:", "") ?? one.kind}</small>
						</div>
					))}
				</div>
			)}
		</div>
	);
}
