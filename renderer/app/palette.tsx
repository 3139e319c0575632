import { Dialog as Primitive } from "radix-ui";
import { type KeyboardEvent, use, useId, useMemo, useState } from "react";
import { DialogCorner, Keys } from "../ui/index.ts";
import overlay from "../ui/overlay.module.css";
import { type Command, type Context, commandOf, commands, perform, reasonOf, titleOf } from "./commands/index.ts";
import { useApp, useProject } from "./context.tsx";
import { findNodes } from "./find.ts";
import styles from "./palette.module.css";
import { rankWords } from "./rank-words.ts";

type Item = { key: string; section: string; title: string; detail: string; keys: string | undefined; reason: string | null; run(): void };

const MAX_RECENT = 4;

/** One box for functions, routes, tables and commands. Arrow keys move, Enter does, Escape closes. */
export function Palette({ start, onClose }: { start: string; onClose(): void }) {
	const app = useApp();
	const corner = use(DialogCorner);
	const graph = useProject((state) => state.graph);
	const [query, setQuery] = useState(start);
	const [active, setActive] = useState(0);
	const [refused, setRefused] = useState<string | null>(null);
	const id = useId();

	const items = useMemo<Item[]>(() => {
		const nodes = findNodes(graph, query).map((node) => ({
			key: node.id,
			section: "On the map",
			title: node.name,
			detail: node.file === "" ? node.kind : `${node.kind}, ${node.file}:${node.line}`,
			keys: undefined,
			reason: null,
			run: () => void perform(app, "map.show", node.id),
		}));
		return [...nodes, ...commandItems(app, query)];
	}, [app, graph, query]);

	const choose = (item: Item | undefined) => {
		if (item === undefined) return;
		if (item.reason !== null) return setRefused(`${item.title.replace(/…$/, "")}: ${item.reason}`);
		onClose();
		item.run();
	};
	const move = (to: number) => {
		const next = (to + items.length) % Math.max(1, items.length);
		setActive(next);
		setRefused(null);
		document.getElementById(`${id}-${next}`)?.scrollIntoView({ block: "nearest" });
	};
	const onKeyDown = (event: KeyboardEvent) => {
		const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
		if (step === 0 && event.key !== "Enter") return;
		event.preventDefault();
		if (step === 0) choose(items[active]);
		else move(active + step);
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
						placeholder="A function, a route, a table or a command"
						autoComplete="off"
						spellCheck={false}
						value={query}
						onChange={(event) => {
							setQuery(event.target.value);
							setActive(0);
							setRefused(null);
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
									aria-disabled={item.reason !== null}
									className={styles.result}
									onClick={() => choose(item)}
									onPointerMove={() => setActive(index)}
								>
									<b>{item.title}</b>
									<small>{item.reason ?? item.detail}</small>
									<Keys of={item.keys} />
								</div>
							</div>
						))}
						{items.length === 0 ? <p className={styles.nothing}>Nothing has this name. Try a part of it.</p> : null}
					</div>
					<div className={styles.hints}>
						<p className={refused === null ? "sr-only" : styles.refused} role="status">
							{refused}
						</p>
						<span>
							<Keys of="↑" /> <Keys of="↓" /> move
						</span>
						<span>
							<Keys of="Enter" /> does
						</span>
						<span>
							<Keys of="Escape" /> closes
						</span>
					</div>
					{corner}
				</Primitive.Content>
			</Primitive.Portal>
		</Primitive.Root>
	);
}

/** Without a query: what was last used, then all by section. With one: the best first, the possible before the impossible. */
function commandItems(app: Context, query: string): Item[] {
	const offered = commands.filter((command) => command.hidden !== true);
	const item = (command: Command, section: string): Item => ({
		key: `${section} ${command.id}`,
		section,
		title: titleOf(command, app),
		detail: "",
		keys: command.keys,
		reason: reasonOf(command, app),
		run: () => void perform(app, command.id),
	});
	if (query.trim() === "") {
		const known = new Set<string>(offered.map((command) => command.id));
		const recent = app.settings.getState().lastCommands.filter((id) => known.has(id));
		return [
			...recent.slice(0, MAX_RECENT).map((id) => item(commandOf(id as Command["id"]), "Last used")),
			...offered.map((command) => item(command, command.section)),
		];
	}
	const ranked = rankWords(offered, query, (command) => `${titleOf(command, app)} ${command.section}`);
	const all = ranked.map((command) => item(command, "Commands"));
	return [...all.filter((one) => one.reason === null), ...all.filter((one) => one.reason !== null)];
}
