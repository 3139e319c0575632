/** The colours of the screen's design tokens by name, for pictures that no style sheet reaches; a test holds both together. */
export type Palette = {
	canvas: string;
	surface: string;
	line: string;
	"line-strong": string;
	text: string;
	"text-muted": string;
	accent: string;
	"good-mark": string;
	"info-mark": string;
	"bad-mark": string;
	"warn-mark": string;
	route: string;
	table: string;
};

export const palettes: Readonly<Record<"light" | "dark", Palette>> = {
	light: {
		canvas: "#f1f1f5",
		surface: "#ffffff",
		line: "#dedfe8",
		"line-strong": "#b9bccb",
		text: "#1b1d29",
		"text-muted": "#5c6176",
		accent: "#5746c9",
		"good-mark": "#2b9a63",
		"info-mark": "#3b7fdc",
		"bad-mark": "#d23f4a",
		"warn-mark": "#b8780f",
		route: "#0b7581",
		table: "#6d5a3f",
	},
	dark: {
		canvas: "#0c0d13",
		surface: "#161822",
		line: "#282b3a",
		"line-strong": "#454a60",
		text: "#eceef6",
		"text-muted": "#979db4",
		accent: "#9d8cff",
		"good-mark": "#3fb87c",
		"info-mark": "#5b97ee",
		"bad-mark": "#f0626d",
		"warn-mark": "#dc9a2f",
		route: "#4fc3cf",
		table: "#c7ab80",
	},
};
