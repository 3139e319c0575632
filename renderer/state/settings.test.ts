import { describe, expect, it } from "vitest";
import { createSettingsStore, defaults, putFirst, readSettings } from "./settings.ts";

function memory(text: string | null = null) {
	let kept = text;
	const setItem = (_key: string, value: string) => {
		kept = value;
	};
	return { getItem: () => kept, setItem };
}

describe("settings", () => {
	it("are there again in the next window", () => {
		const keep = memory();
		createSettingsStore(keep)
			.getState()
			.change({ theme: "contrast", textSize: 125, autoAccept: true, recent: ["/srv/bank"] });
		expect(createSettingsStore(keep).getState()).toMatchObject({
			theme: "contrast",
			textSize: 125,
			autoAccept: true,
			recent: ["/srv/bank"],
		});
	});

	it.each([
		"not json",
		"null",
		"[]",
		'{"theme":"pink","textSize":400,"motion":1,"recent":"x","lastCommands":[1,{}],"autoAccept":"yes","policy":"none","timeZone":null}',
	])("take nothing over that is not one of the choices: %s", (text) => {
		expect(readSettings(memory(text))).toEqual(defaults);
	});

	it("last as long as the window where nothing may be kept", () => {
		const refusing = {
			getItem: () => {
				throw new Error("denied");
			},
			setItem: () => {
				throw new Error("denied");
			},
		};
		const store = createSettingsStore(refusing);
		store.getState().change({ theme: "dark" });
		expect(store.getState().theme).toBe("dark");
	});

	it("keep what was last used in front, once, and not for ever", () => {
		expect(putFirst(["a", "b"], "b")).toEqual(["b", "a"]);
		expect(putFirst("abcdefgh".split(""), "x")).toHaveLength(8);
	});
});
