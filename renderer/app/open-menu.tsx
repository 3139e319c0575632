import { DropdownMenu } from "radix-ui";
import type { MenuItem } from "../state/index.ts";
import { Keys } from "../ui/index.ts";
import { commandOf, perform, reasonOf, titleOf } from "./commands/index.ts";
import { useApp, useScreen } from "./context.tsx";
import styles from "./open-menu.module.css";

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
			<section aria-label="Menu">
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
			</section>
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
