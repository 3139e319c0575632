import { TriangleAlert } from "lucide-react";
import { Popover } from "radix-ui";
import type { Graph } from "../../../core/contract/graph.ts";
import { Button, plural } from "../../ui/index.ts";
import styles from "./map.module.css";

/** What the scan could not read or resolve: shown, never dropped. */
export function Problems({ graph }: { graph: Graph }) {
	const { parseErrors, unresolved } = graph;
	if (parseErrors.length + unresolved.length === 0) return null;
	const words = [
		parseErrors.length > 0 ? plural(parseErrors.length, "unread place") : null,
		unresolved.length > 0 ? plural(unresolved.length, "open call") : null,
	]
		.filter(Boolean)
		.join(", ");
	return (
		<Popover.Root>
			<Popover.Trigger asChild>
				<Button look="quiet" icon={<TriangleAlert size={15} aria-hidden="true" />}>
					{words}
				</Button>
			</Popover.Trigger>
			<Popover.Portal>
				<Popover.Content className={styles.problems} align="start" sideOffset={8} aria-label="What the scan could not resolve">
					{parseErrors.map((error) => (
						<article key={`${error.file}:${error.line}:${error.column}`}>
							<strong>
								{error.file}:{error.line}:{error.column}
							</strong>
							<p>{error.message}</p>
							<pre>{error.frame}</pre>
						</article>
					))}
					{unresolved.slice(0, 200).map((call) => (
						<p key={`${call.from}:${call.line}:${call.text}`}>
							<code>{call.text}</code> in {call.from.replace("function:", "")}, line {call.line}
						</p>
					))}
				</Popover.Content>
			</Popover.Portal>
		</Popover.Root>
	);
}
