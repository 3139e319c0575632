import type { ButtonHTMLAttributes, ReactNode } from "react";
import styles from "./button.module.css";

type Props = ButtonHTMLAttributes<HTMLButtonElement> & {
	look?: "plain" | "primary" | "danger" | "quiet";
	large?: boolean;
	wide?: boolean;
	icon?: ReactNode;
};

/** Without children it is a square icon button and must have an `aria-label`. */
export function Button({ look = "plain", large = false, wide = false, icon, children, className, ...rest }: Props) {
	const square = children === undefined || children === null;
	const names = [
		styles.button,
		look !== "plain" && styles[look],
		large && styles.large,
		wide && styles.wide,
		square && styles.square,
		className,
	];
	return (
		<button type="button" {...rest} className={names.filter(Boolean).join(" ")}>
			{icon}
			{children}
		</button>
	);
}
