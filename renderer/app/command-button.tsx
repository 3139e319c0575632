import type { ReactNode } from "react";
import type { CommandId } from "../../core/contract/commands.ts";
import { Button } from "../ui/index.ts";
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
	className?: string;
};

/** A button that does what the registry says, is enabled when the registry says, and shows its key as a hint. */
export function CommandButton({ id, argument, iconOnly = false, children, pressed, ...rest }: Props) {
	const { title, keys, enabled, run } = useCommand(id);
	const hint = keys === undefined ? title : `${title} (${keys})`;
	return (
		<Button
			{...rest}
			disabled={!enabled}
			aria-pressed={pressed}
			title={hint}
			aria-label={iconOnly ? title : undefined}
			onClick={() => run(argument)}
		>
			{iconOnly ? undefined : (children ?? title)}
		</Button>
	);
}
