import type { Bridge } from "./client.ts";

/** With the frame of the message below the mebibyte of the desktop. */
const partSize = 512 * 1024;

/** Saves by the desktop's dialog; the name under which it was saved, null when it was not. */
export async function saveByDesktop({ native }: Bridge, name: string, content: Uint8Array): Promise<string | null> {
	for (let at = 0; ; at += partSize) {
		const part = content.slice(at, at + partSize);
		const last = at + partSize >= content.length;
		const saved = await native.saveFile({ name, part, first: at === 0, last });
		if (last) return saved;
	}
}
