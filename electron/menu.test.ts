import { afterEach, expect, test } from "vitest";
import { commandSections, commandTable } from "../core/contract/commands.ts";
import { acceleratorOf } from "./accelerator.ts";
import { menuTemplate } from "./menu.ts";
import type { MenuItem } from "./testing/fake-electron.ts";

const platform = Object.getOwnPropertyDescriptor(process, "platform") as PropertyDescriptor;
const on = (name: string) => Object.defineProperty(process, "platform", { value: name });
afterEach(() => {
	Object.defineProperty(process, "platform", platform);
});

const chosen: string[] = [];
const template = (options: { dev?: boolean; isGlobal?: boolean } = {}) =>
	menuTemplate({
		dev: options.dev ?? false,
		isGlobal: options.isGlobal ?? true,
		onKillSwitch: () => chosen.push("kill switch"),
		onCommand: (id) => chosen.push(id),
	}) as MenuItem[];
const all = (items: MenuItem[]): MenuItem[] => items.flatMap((item) => [item, ...all(item.submenu ?? [])]);
const roles = (items: MenuItem[]) => all(items).flatMap(({ role }) => role ?? []);

test("every command that is not hidden stands in the menu of its section, under its title", () => {
	on("linux");
	const menus = template();
	const offered = commandTable.filter((command) => !("hidden" in command));
	expect(
		all(menus)
			.flatMap(({ id }) => id ?? [])
			.sort(),
	).toEqual(offered.map(({ id }) => id).sort());
	for (const { id, section, title } of offered)
		expect(menus.find(({ label }) => label === section)?.submenu?.find((item) => item.id === id)?.label).toBe(title.replaceAll("&", "&&"));
	const sections = commandSections.filter((section) => offered.some((command) => command.section === section));
	expect(menus.flatMap(({ label }) => label ?? [])).toEqual([...sections, "View"]);
});

test("choosing tells the page the command; the kill switch alone is pressed here", () => {
	chosen.length = 0;
	for (const item of all(template())) item.click?.();
	expect(chosen).toContain("kill switch");
	expect(chosen).not.toContain("system.panic");
	expect(chosen).toHaveLength(commandTable.filter((command) => !("hidden" in command)).length);
});

test("keys are shown, not listened to: that is the page's, which knows whether somebody types", () => {
	on("linux");
	const items = all(template()).filter(({ accelerator }) => accelerator !== undefined);
	expect(items.length).toBeGreaterThan(5);
	expect(items.filter(({ registerAccelerator }) => registerAccelerator !== false)).toEqual([]);
	const own = all(template({ isGlobal: false })).filter(({ registerAccelerator }) => registerAccelerator === true);
	expect(own.map(({ id, accelerator }) => [id, accelerator])).toEqual([["system.panic", "Ctrl+Alt+L"]]);
});

const modifier = "(?:CmdOrCtrl|Ctrl|Alt|Shift)";
const key =
	"(?:[A-Z0-9]|F\\d{1,2}|[/,.;'`=\\\\\\[\\]-]|Plus|Space|Tab|Backspace|Delete|Enter|Return|Esc|Up|Down|Left|Right|Home|End|PageUp|PageDown)";

test("the keys of every command are ones that Electron knows", () => {
	for (const system of ["linux", "darwin"]) {
		on(system);
		for (const command of commandTable) {
			const accelerator = acceleratorOf("keys" in command ? command.keys : undefined);
			if (accelerator !== null)
				expect([command.id, accelerator]).toEqual([command.id, expect.stringMatching(new RegExp(`^(?:${modifier}\\+)*${key}$`, "i"))]);
		}
	}
});

test("keys are written as Electron writes them; a Mac has none that it would take from texts", () => {
	on("win32");
	expect(["Ctrl+K", "?", "+", "Shift+T", "Ctrl+Alt+L", "Escape", "Ctrl++", undefined].map(acceleratorOf)).toEqual([
		"CmdOrCtrl+K",
		"Shift+/",
		"Plus",
		"Shift+T",
		"Ctrl+Alt+L",
		"Esc",
		"CmdOrCtrl+Plus",
		null,
	]);
	on("darwin");
	expect(["Ctrl+K", "?", "1", "Shift+T", "Ctrl+Alt+L"].map(acceleratorOf)).toEqual(["CmdOrCtrl+K", null, null, null, "Ctrl+Alt+L"]);
});

test("[S9] the menu has no tools for developers unless asked for", () => {
	expect(roles(template())).not.toContain("toggleDevTools");
	expect(roles(template({ dev: true }))).toContain("toggleDevTools");
});

test("there is one Edit menu: the commands of the table, and what the system does with texts", () => {
	on("linux");
	const menus = template();
	expect(roles(menus)).not.toContain("editMenu");
	const edit = menus.filter(({ label }) => label === "Edit");
	expect(edit).toHaveLength(1);
	expect(edit[0]?.submenu?.flatMap(({ id, role }) => id ?? role ?? [])).toEqual([
		...commandTable.filter(({ section }) => section === "Edit").map(({ id }) => id),
		...["cut", "copy", "paste", "delete", "selectAll"],
	]);
});

test("a Mac has its application menu", () => {
	on("darwin");
	expect(template()[0]).toEqual({ role: "appMenu" });
});
