/** Python's names of encodings (PEP 263; `_` and `-` are the same, case does not count) and what they are here. */
const encodings: Record<string, string> = {
	"utf-8": "utf-8",
	utf8: "utf-8",
	u8: "utf-8",
	"utf-8-sig": "utf-8",
	ascii: "utf-8",
	"us-ascii": "utf-8",
	"latin-1": "latin1",
	latin1: "latin1",
	"iso-8859-1": "latin1",
	"iso8859-1": "latin1",
	l1: "latin1",
	"iso-8859-2": "iso-8859-2",
	"latin-2": "iso-8859-2",
	"iso-8859-5": "iso-8859-5",
	"iso-8859-7": "iso-8859-7",
	"iso-8859-15": "iso-8859-15",
	"iso8859-15": "iso-8859-15",
	"latin-9": "iso-8859-15",
	cp1250: "windows-1250",
	"windows-1250": "windows-1250",
	cp1251: "windows-1251",
	"windows-1251": "windows-1251",
	cp1252: "windows-1252",
	"windows-1252": "windows-1252",
	cp1253: "windows-1253",
	cp1254: "windows-1254",
	"koi8-r": "koi8-r",
	"koi8-u": "koi8-u",
	cp866: "ibm866",
	"mac-roman": "macintosh",
	"shift-jis": "shift_jis",
	sjis: "shift_jis",
	cp932: "shift_jis",
	"euc-jp": "euc-jp",
	"euc-kr": "euc-kr",
	gbk: "gbk",
	gb2312: "gbk",
	gb18030: "gb18030",
	big5: "big5",
};

const cookie = /^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)/;

/** The encoding that the first two lines declare (the second only below a comment or an empty line), as it is written, or null. */
export function declaredEncoding(bytes: Uint8Array): string | null {
	const start = Buffer.from(bytes.subarray(0, 400))
		.toString("latin1")
		.replace(/^\xef\xbb\xbf/, "")
		.split(/\r?\n|\r/);
	const first = cookie.exec(start[0] ?? "");
	if (first) return first[1] ?? null;
	return /^[ \t\f]*(#.*)?$/.test(start[0] ?? "") ? (cookie.exec(start[1] ?? "")?.[1] ?? null) : null;
}

/**
 * The text of a source file: by its declaration, else as UTF-8, and as Latin-1 where it is neither (old sources do not always say).
 * A mark of the byte order is not part of the text. `note`: what the reader should know of it, or null.
 */
export function sourceText(bytes: Uint8Array): { text: string; note: string | null } {
	const declared = declaredEncoding(bytes);
	const named =
		declared === null
			? "utf-8"
			: encodings[
					declared
						.toLowerCase()
						.replaceAll("_", "-")
						.replace(/^(utf-8|latin-1)-(unix|dos|mac)$/, "$1")
				];
	const latin = () => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
	if (named === undefined) {
		const isPlain = bytes.every((byte) => byte < 0x80);
		const note = `the encoding ${declared} is not known here: letters beyond ASCII are read as Latin-1`;
		return { text: latin(), note: isPlain ? null : note };
	}
	if (named === "latin1") return { text: latin(), note: null };
	try {
		return { text: new TextDecoder(named, { fatal: true }).decode(bytes), note: null };
	} catch {
		return { text: latin(), note: declared === null ? null : `it is not ${declared}, as it declares: read as Latin-1` };
	}
}
