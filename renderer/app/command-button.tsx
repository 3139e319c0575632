import type { ReactNode } from "react";
import type { CommandId } from "../../core/contract/commands.ts";
import { Button, keyWords } from "../ui/index.ts";
import { useCommand } from "./context.tsx";

type Props = {
	id: CommandId;
	argument?: string;
	look?: "plain" | "primary" | "danger" | "quiet";
	large?: boolean;
	wide?: boolean;
	icon?: ReactNode;
	/** Only the icon; the title becomes its name. */
	iconOnly?: boolean;
	children?: ReactNode;
	pressed?: boolean;
	/** The one thing to do here: Enter does it at once. */
	autoFocus?: boolean;
	className?: string;
};

/** A button that does what the registry says, is enabled when the registry says, and shows as a hint its key, or why it is not. */
export function CommandButton({ id, argument, iconOnly = false, children, pressed, ...rest }: Props) {
	const { title, keys, enabled, reason, run } = useCommand(id, argument);
	const hint = reason !== null ? `${title}: ${reason}` : keys === undefined ? title : `${title} (${keyWords(keys)})`;
	return (
		<Button
			{...rest}
			disabled={!enabled}
			aria-pressed={pressed}
			title={hint}
			aria-label={iconOnly ? title : undefined}
			onClick={() => run()}
		>
			{iconOnly ? undefined : (children ?? title)}
		</Button>
	);
}
