import { Bookmark, Trash2 } from "lucide-react";
import { Popover } from "radix-ui";
import { useEffect, useRef, useState } from "react";
import type { SavedView } from "../../../core/contract/views.ts";
import { ask } from "../../app/commands/index.ts";
import { useApp } from "../../app/context.tsx";
import { Button } from "../../ui/index.ts";
import styles from "./map.module.css";

/** Views of this code base by name: viewport, filters and selection, kept by the engine. */
export function ViewsMenu({ open, onOpen }: { open: boolean; onOpen(open: boolean): void }) {
	const app = useApp();
	const [views, setViews] = useState<readonly SavedView[]>([]);
	const [name, setName] = useState("");
	const field = useRef<HTMLInputElement>(null);
	useEffect(() => {
		if (open) void ask(app, (client) => client.map.views({})).then((list) => list !== undefined && setViews(list));
	}, [app, open]);
	const keep = (next: readonly SavedView[]) => {
		setViews(next);
		void ask(app, (client) => client.map.keepViews({ views: [...next] }));
	};
	const add = () => {
		const { details, selected } = app.screen.getState();
		const given = name.trim();
		if (given === "") return;
		const view = { name: given, details: { ...details.map, ...(selected === null ? {} : { select: selected }) } };
		keep([...views.filter((one) => one.name !== given), view].sort((a, b) => a.name.localeCompare(b.name)));
		setName("");
		app.screen.getState().say(`View “${given}” is kept`);
	};
	const show = ({ details: { select, ...details } }: SavedView) => {
		app.screen.setState({ selected: select ?? null, details: { ...app.screen.getState().details, map: details } });
		onOpen(false);
	};
	return (
		<Popover.Root open={open} onOpenChange={onOpen}>
			<Popover.Trigger asChild>
				<Button look="quiet" icon={<Bookmark size={15} aria-hidden="true" />} title="Views by name (Shift V)" aria-label="Views" />
			</Popover.Trigger>
			<Popover.Portal>
				<Popover.Content
					className={styles.views}
					align="start"
					sideOffset={8}
					aria-label="Views"
					onOpenAutoFocus={(event) => {
						event.preventDefault();
						field.current?.focus();
					}}
				>
					<h2>Views</h2>
					{views.length === 0 ? <p className={styles.muted}>None is kept yet. A view is where you look, and what is filtered.</p> : null}
					<ul>
						{views.map((view) => (
							<li key={view.name}>
								<button type="button" onClick={() => show(view)}>
									{view.name}
								</button>
								<Button
									look="quiet"
									icon={<Trash2 size={14} aria-hidden="true" />}
									aria-label={`Forget ${view.name}`}
									onClick={() => keep(views.filter((one) => one !== view))}
								/>
							</li>
						))}
					</ul>
					<form
						onSubmit={(event) => {
							event.preventDefault();
							add();
						}}
					>
						<input
							ref={field}
							aria-label="Name of the view"
							placeholder="Keep this view as…"
							maxLength={80}
							value={name}
							onChange={(event) => setName(event.target.value)}
						/>
						<Button type="submit" disabled={name.trim() === ""}>
							Keep
						</Button>
					</form>
				</Popover.Content>
			</Popover.Portal>
		</Popover.Root>
	);
}
