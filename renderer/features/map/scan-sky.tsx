import { useEffect, useState } from "react";
import type { ScanPart } from "../../../core/contract/views.ts";
import { useApp, useEngine } from "../../app/context.tsx";
import { count, plural } from "../../ui/index.ts";
import styles from "./scan-sky.module.css";

type Found = ScanPart["modules"][number];
type Seen = { done: number; total: number; functions: number; packages: { name: string; modules: Found[] }[] };

/** A scan that is over sooner than this shows its map and nothing before. */
const PATIENCE_MS = 700;

/** What a long scan has found so far: a bubble for every module, by package, while the rest is still read. Covers its parent. */
export function ScanSky() {
	const seen = useScan();
	if (seen === null) return null;
	return (
		<section className={styles.scan} aria-label="Found so far">
			<p role="status">
				<strong>{plural(seen.functions, "function")}</strong> in {count(seen.done)} of {count(seen.total)} files
			</p>
			<div className={styles.packages}>
				{seen.packages.map(({ name, modules }) => (
					<figure key={name}>
						<div>
							{modules.map((module) => (
								<i key={module.id} style={{ width: sizeOf(module.functions), height: sizeOf(module.functions) }} />
							))}
						</div>
						<figcaption>{name}</figcaption>
					</figure>
				))}
			</div>
		</section>
	);
}

const sizeOf = (functions: number) => `${4 + 3 * Math.sqrt(functions)}px`;

function useScan(): Seen | null {
	const app = useApp();
	const connection = useEngine((state) => state.connection);
	const [seen, setSeen] = useState<Seen | null>(null);
	useEffect(() => {
		const client = app.client();
		if (connection !== "open" || client === null) return;
		const over = new AbortController();
		const modules = new Map<string, Found>();
		let [scan, since] = [0, 0];
		const take = (part: ScanPart) => {
			if (part.scan !== scan) {
				modules.clear();
				[scan, since] = [part.scan, performance.now()];
			}
			for (const module of part.modules) modules.set(module.id, module);
			if (part.ended) setSeen(null);
			else if (performance.now() - since >= PATIENCE_MS) setSeen(seenOf(part, modules));
		};
		const watch = async () => {
			for await (const part of await client.map.scan({}, { signal: over.signal })) take(part);
		};
		// The feed ends with its line; the next line begins another.
		watch().catch(() => setSeen(null));
		return () => over.abort();
	}, [app, connection]);
	return seen;
}

function seenOf({ done, total }: ScanPart, modules: ReadonlyMap<string, Found>): Seen {
	const packages = new Map<string, Found[]>();
	let functions = 0;
	for (const module of modules.values()) {
		const dotted = module.id.slice("module:".length);
		const name = dotted.includes(".") ? dotted.slice(0, dotted.lastIndexOf(".")) : "(root)";
		const list = packages.get(name) ?? [];
		if (list.length === 0) packages.set(name, list);
		list.push(module);
		functions += module.functions;
	}
	return { done, total, functions, packages: [...packages].map(([name, list]) => ({ name, modules: list })) };
}
