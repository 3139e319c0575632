import { shell } from "electron";
import { z } from "zod";

/** Every address that the product ever opens in a browser. A page names one; it never brings one. */
const links = {
	modelKeys: "https://console.anthropic.com/settings/keys",
	node: "https://nodejs.org/",
} as const;

export const linkId = z.enum(Object.keys(links) as [keyof typeof links, ...(keyof typeof links)[]]);

export const openLink = (id: z.infer<typeof linkId>): Promise<void> => shell.openExternal(links[id]);
