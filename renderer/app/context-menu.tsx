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
import { Slot } from "radix-ui";
import type { MouseEvent, ReactElement } from "react";
import type { Menu, MenuItem } from "../state/index.ts";
import type { Context } from "./commands/index.ts";
import { useApp } from "./context.tsx";

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
