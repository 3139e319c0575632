// Context menus, through the registry: a feature gives command ids, and what they are about as the argument.
//
//     <ContextMenu label="transfer" argument="function:transfers.transfer" items={["map.show", "function.isolate", "separator", "map.deselect"]}>
//         <li>...</li>                      one element; right press, long press and Shift+F10 on it open the menu
//     </ContextMenu>
//
//     openMenu(app, { x: event.clientX, y: event.clientY, label: node.name, argument: node.id, items: [...] })
//                                           where there is no element, such as on a canvas; pixels of the window
//
// A line may have an argument or words of its own: `{ id: "patch.accept", argument: patch.id, title: "Accept patch 3" }`.
// A command that is not possible is shown, disabled, with the reason why; nothing a menu offers is only there: the same command is
// a button or has its line in the palette.
import { DropdownMenu, Slot } from "radix-ui";
import type { MouseEvent, ReactElement } from "react";
import type { Menu, MenuItem } from "../state/index.ts";
import { Keys } from "../ui/index.ts";
import { type Context, commandOf, perform, reasonOf, titleOf } from "./commands/index.ts";
import { useApp, useScreen } from "./context.tsx";
import styles from "./context-menu.module.css";

export function openMenu({ screen }: Context, menu: Menu): void {
	screen.getState().set({ menu });
}

type Props = { label: string; items: readonly MenuItem[]; argument?: string; children: ReactElement };

/** Adds a context menu to its one child. */
export function ContextMenu({ label, items, argument, children }: Props) {
	const app = useApp();
	const open = (event: MouseEvent) => {
		event.preventDefault();
		event.stopPropagation();
		openMenu(app, { x: event.clientX, y: event.clientY, label, items, ...(argument === undefined ? {} : { argument }) });
	};
	return <Slot.Root onContextMenu={open}>{children}</Slot.Root>;
}

/** The one menu of the window; it stands in the shell. */
export function OpenMenu() {
	const menu = useScreen((state) => state.menu);
	const set = useScreen((state) => state.set);
	if (menu === null) return null;
	const close = () => set({ menu: null });
	return (
		<DropdownMenu.Root open onOpenChange={(open) => !open && close()} modal={false}>
			<DropdownMenu.Trigger asChild>
				<span className={styles.spot} style={{ left: menu.x, top: menu.y }} aria-hidden="true" />
			</DropdownMenu.Trigger>
			<DropdownMenu.Portal>
				<DropdownMenu.Content
					key={`${menu.x} ${menu.y} ${menu.label}`}
					className={styles.menu}
					align="start"
					sideOffset={2}
					collisionPadding={8}
					aria-label={menu.label}
					onCloseAutoFocus={(event) => event.preventDefault()}
				>
					<DropdownMenu.Label className={styles.label}>{menu.label}</DropdownMenu.Label>
					{menu.items.map((item, index) =>
						item === "separator" ? (
							// biome-ignore lint/suspicious/noArrayIndexKey: the items of an open menu never move
							<DropdownMenu.Separator key={index} className={styles.separator} />
						) : (
							<Line key={typeof item === "string" ? item : `${item.id} ${item.argument ?? ""}`} item={item} argument={menu.argument} />
						),
					)}
				</DropdownMenu.Content>
			</DropdownMenu.Portal>
		</DropdownMenu.Root>
	);
}

function Line({ item, argument }: { item: Exclude<MenuItem, "separator">; argument: string | undefined }) {
	const app = useApp();
	const line = typeof item === "string" ? { id: item } : item;
	const command = commandOf(line.id);
	const about = line.argument ?? argument;
	const reason = reasonOf(command, app, about);
	return (
		<DropdownMenu.Item className={styles.item} disabled={reason !== null} onSelect={() => void perform(app, line.id, about)}>
			<span>
				{line.title ?? titleOf(command, app, about)}
				{reason === null ? null : <small>{reason}</small>}
			</span>
			<Keys of={command.keys} />
		</DropdownMenu.Item>
	);
}
