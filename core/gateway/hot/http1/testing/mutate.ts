import type { Random } from "./random.ts";

const words = [
	"\r\n",
	"\n",
	"\r",
	"\r\n\r\n",
	" ",
	"\t",
	"\0",
	":",
	",",
	";",
	"0",
	"1",
	"a",
	"\x7f",
	"\x80",
	"\xff",
	"0\r\n\r\n",
	"\r\n ",
	"HTTP/1.1",
	"HTTP/1.0",
	"GET / HTTP/1.1\r\n",
	"Host: a\r\n",
	"Content-Length: 3\r\n",
	"Content-Length: 0\r\n",
	"Transfer-Encoding: chunked\r\n",
	"Connection: close\r\n",
	"X: y\r\n",
	"chunked",
	"5\r\nabcde\r\n",
	"100-continue",
	"#",
	"*",
	"http://a",
].map((word) => Buffer.from(word, "latin1"));

/** What meets the limits of lines, heads and answer heads. */
const long = ["x".repeat(17_000), "x".repeat(66_000), "X: y\r\n".repeat(201), "\r\n".repeat(8_200), `;${"x".repeat(1_030)}`].map((text) =>
	Buffer.from(text),
);

/** Room for one input while it changes; longer ones are cut. */
export const INPUT_LIMIT = 96 * 1024;
const desk = Buffer.alloc(INPUT_LIMIT);

/** A copy of `base` with one to four things changed: bytes, words of the protocol, cuts, doubled pieces, pieces of `other`. */
export function mutate(base: Buffer, other: Buffer, random: Random): Buffer {
	let length = base.copy(desk, 0, 0, Math.min(base.length, INPUT_LIMIT));
	const put = (piece: Buffer, at: number) => {
		const room = desk.length - length;
		const size = Math.min(piece.length, room);
		desk.copyWithin(at + size, at, length);
		piece.copy(desk, at, 0, size);
		length += size;
	};
	if (random.oneIn(500)) put(random.pick(long), random.below(length + 1));
	for (let changes = 1 + random.below(4); changes > 0; changes--) {
		const at = random.below(length + 1);
		switch (random.below(8)) {
			case 0:
				if (at < length) desk[at] = random.below(256);
				break;
			case 1:
				if (at < length) desk[at] = (desk[at] as number) ^ (1 << random.below(8));
				break;
			case 2:
			case 3:
				put(random.pick(words), at);
				break;
			case 4: {
				const end = Math.min(length, at + 1 + random.below(8));
				desk.copyWithin(at, end, length);
				length -= end - at;
				break;
			}
			case 5:
				put(Buffer.from(desk.subarray(at, Math.min(length, at + random.below(40)))), random.below(length + 1));
				break;
			case 6: {
				const from = random.below(other.length + 1);
				put(other.subarray(from, from + random.below(60)), at);
				break;
			}
			case 7:
				if (random.oneIn(8)) length = at;
				else put(Buffer.from([random.below(256)]), at);
		}
	}
	return Buffer.from(desk.subarray(0, length));
}
