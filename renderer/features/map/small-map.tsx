import { useEffect, useRef } from "react";
import type { Scene } from "../../adapters/map-scene.ts";
import type { MapView } from "../../adapters/map-view.ts";
import { createMinimap, type Minimap } from "../../adapters/minimap.ts";
import { onTheme, token } from "../../adapters/tokens.ts";
import styles from "./map.module.css";

type Props = { scene: Scene; view: MapView; onMade(show: (() => void) | null): void };

/** The small map in the corner; only a help for the pointer, so it is not in the way of the keyboard. */
export function SmallMap({ scene, view, onMade }: Props) {
	const canvas = useRef<HTMLCanvasElement>(null);
	const made = useRef(onMade);
	made.current = onMade;
	useEffect(() => {
		const element = canvas.current;
		if (element === null) return;
		const map: Minimap = createMinimap(element, scene, token, view.centre);
		const show = () => map.show(view.camera(), view.size());
		show();
		made.current(show);
		const stop = onTheme(() => {
			map.redraw();
			show();
		});
		return () => {
			stop();
			made.current(null);
			map.destroy();
		};
	}, [scene, view]);
	return (
		<div aria-hidden="true">
			<canvas ref={canvas} className={styles.small} />
		</div>
	);
}
