/** What the reports use of pdfmake. Its published types bring the DOM along, which the engine must not see. */
declare module "pdfmake" {
	/** Left, top, right, bottom in points, or one for all. */
	type Margins = number | [number, number] | [number, number, number, number];
	type Style = {
		style?: string;
		font?: string;
		fontSize?: number;
		lineHeight?: number;
		bold?: boolean;
		italics?: boolean;
		color?: string;
		fillColor?: string;
		alignment?: "left" | "right" | "center" | "justify";
		margin?: Margins;
		noWrap?: boolean;
		characterSpacing?: number;
		preserveLeadingSpaces?: boolean;
	};
	type Placing = Style & {
		width?: number | "auto" | "*";
		pageBreak?: "before" | "after";
		unbreakable?: boolean;
		headlineLevel?: number;
		colSpan?: number;
		rowSpan?: number;
		border?: [boolean, boolean, boolean, boolean];
	};
	export type Content =
		| string
		| readonly Content[]
		| (Placing & { text: Content })
		| (Placing & { stack: readonly Content[] })
		| (Placing & { columns: readonly Content[]; columnGap?: number })
		| (Placing & { svg: string; fit?: [number, number] })
		| (Placing & { ul: readonly Content[] })
		| (Placing & { table: Table; layout?: TableLayout | string });
	export type TableCell = Content;
	export type Table = {
		body: readonly (readonly TableCell[])[];
		widths?: readonly (number | "auto" | "*")[];
		headerRows?: number;
		dontBreakRows?: boolean;
		keepWithHeaderRows?: number;
	};
	type Lines<T> = (index: number, node: { table: Table }) => T;
	export type TableLayout = {
		hLineWidth?: Lines<number>;
		vLineWidth?: Lines<number>;
		hLineColor?: Lines<string>;
		vLineColor?: Lines<string>;
		paddingLeft?: Lines<number>;
		paddingRight?: Lines<number>;
		paddingTop?: Lines<number>;
		paddingBottom?: Lines<number>;
	};
	export type Document = {
		pageSize: string;
		pageMargins: Margins;
		info: { title: string; author: string; producer: string; creator: string; creationDate: Date; modDate: Date };
		language: string;
		defaultStyle: Style;
		styles: Record<string, Style>;
		footer(page: number, pages: number): Content;
		content: readonly Content[];
	};
	const pdfmake: {
		setFonts(fonts: Record<string, { normal: string; bold: string; italics: string; bolditalics: string }>): void;
		/** Whether an address may be fetched, a file be read. */
		setUrlAccessPolicy(mayFetch: (url: string) => boolean): void;
		setLocalAccessPolicy(mayRead: (path: string) => boolean): void;
		createPdf(document: Document): { getBuffer(): Promise<Buffer> };
	};
	// biome-ignore lint/style/noDefaultExport: the package exports it so
	export default pdfmake;
}
