import type { KillSwitch } from "./kill-switch.ts";
import { complain } from "./native/complain.ts";
import { notify } from "./native/notify.ts";

const none = "No gateway runs here; the next one starts with everything on legacy.";

/** One press, no question: whoever presses is in a hurry. */
export function pressKillSwitch(killSwitch: KillSwitch): void {
	killSwitch.press("pressed on the desktop").then(
		({ ms, way }) => notify(way === "none" ? none : `All traffic goes to legacy (${ms.toFixed(1)} ms).`),
		(error) => complain("The kill switch was pressed, but not confirmed", error),
	);
}
