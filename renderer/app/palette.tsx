import { Dialog as Primitive } from "radix-ui";
import { type KeyboardEvent, useId, useMemo, useState } from "react";
import { Keys } from "../ui/index.ts";
import overlay from "../ui/overlay.module.css";
import { commands, perform, seenBy } from "./commands/index.ts";
import { useApp, useProject } from "./context.tsx";
import styles from "./dialogs.module.css";
import { findNodes } from "./find.ts";

type Item = { key: string; section: string; title: string; detail: string; keys: string | undefined; run(): void };

/** One box for functions, routes, tables and commands. Arrow keys move, Enter does, Escape closes. */
export function Palette({ onClose }: { onClose(): void }) {
	const app = useApp();
	const graph = useProject((state) => state.graph);
	const [query, setQuery] = useState("");
	const [active, setActive] = useState(0);
	const id = useId();

	const items = useMemo<Item[]>(() => {
		const text = query.trim().toLowerCase();
		const seen = seenBy(app);
		const nodes = findNodes(graph, text).map((node) => ({
			key: node.id,
			section: "On the map",
			title: node.name,
			detail: node.file === "" ? node.kind : `${node.kind}, ${node.file}:${node.line}`,
			keys: undefined,
			run: () => void perform(app, "map.show", node.id),
		}));
		const possible = commands.filter(
			(command) =>
				command.hidden !== true &&
				command.title.toLowerCase().includes(text) &&
				command.when({ ...seen, screen: { ...seen.screen, dialog: null } }),
		);
		return [
			...nodes,
			...possible.map((command) => ({
				key: command.id,
				section: command.section,
				title: command.title,
				detail: "",
				keys: command.keys,
				run: () => void perform(app, command.id),
			})),
		];
	}, [app, graph, query]);

	const choose = (item: Item | undefined) => {
		if (item === undefined) return;
		onClose();
		item.run();
	};
	const onKeyDown = (event: KeyboardEvent) => {
		const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
		if (step !== 0) {
			event.preventDefault();
			const next = (active + step + items.length) % Math.max(1, items.length);
			setActive(next);
			document.getElementById(`${id}-${next}`)?.scrollIntoView({ block: "nearest" });
		} else if (event.key === "Enter") {
			event.preventDefault();
			choose(items[active]);
		}
	};
	return (
		<Primitive.Root open onOpenChange={(open) => !open && onClose()}>
			<Primitive.Portal>
				<Primitive.Overlay className={overlay.veil} />
				<Primitive.Content className={styles.palette} aria-describedby={undefined} onCloseAutoFocus={(event) => event.preventDefault()}>
					<Primitive.Title className="sr-only">Find a function or a command</Primitive.Title>
					<input
						role="combobox"
						aria-expanded="true"
						aria-controls={`${id}-list`}
						aria-activedescendant={items.length > 0 ? `${id}-${active}` : undefined}
						aria-label="Find a function or a command"
						placeholder="Type a function, a route, a table or a command"
						autoComplete="off"
						spellCheck={false}
						value={query}
						onChange={(event) => {
							setQuery(event.target.value);
							setActive(0);
						}}
						onKeyDown={onKeyDown}
					/>
					<div className={styles.results} role="listbox" id={`${id}-list`} aria-label="Results">
						{items.map((item, index) => (
							<div key={item.key}>
								{item.section === items[index - 1]?.section ? null : <div role="presentation">{item.section}</div>}
								{/* biome-ignore lint/a11y/useKeyWithClickEvents: the box above moves and chooses by keyboard */}
								<div
									id={`${id}-${index}`}
									role="option"
									tabIndex={-1}
									aria-selected={index === active}
									className={styles.result}
									onClick={() => choose(item)}
									onPointerMove={() => setActive(index)}
								>
									<b>{item.title}</b>
									<small>{item.detail}</small>
									<Keys of={item.keys} />
								</div>
							</div>
						))}
						{items.length === 0 ? <p className={styles.result}>Nothing has this name.</p> : null}
					</div>
					<div className={styles.hints}>
						<span>Arrow keys move</span>
						<span>Enter chooses</span>
						<span>Escape closes</span>
					</div>
				</Primitive.Content>
			</Primitive.Portal>
		</Primitive.Root>
	);
}
