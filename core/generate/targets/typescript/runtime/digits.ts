// Zeros of the decimal digit sets of Unicode 14, beyond ASCII. Each is followed by its 1 to 9.
const zeros =
	"660 6f0 7c0 966 9e6 a66 ae6 b66 be6 c66 ce6 d66 de6 e50 ed0 f20 1040 1090 17e0 1810 1946 19d0 1a80 1a90 1b50 1bb0 1c40 " +
	"1c50 a620 a8d0 a900 a9d0 a9f0 aa50 abf0 ff10 104a0 10d30 11066 110f0 11136 111d0 112f0 11450 114d0 11650 116c0 11730 " +
	"118e0 11950 11c50 11d50 11da0 16a60 16ac0 16b50 1d7ce 1d7d8 1d7e2 1d7ec 1d7f6 1e140 1e2f0 1e950 1fbf0";
const zeroPoints = zeros.split(" ").map((hex) => Number.parseInt(hex, 16));

/**
 * Without the blanks around it, and with the decimal digits of every script as 0-9. Number texts know fewer blanks than
 * `strip`: the separators U+001C to U+001F are none.
 */
export function plainDigits(text: string): string {
	const ascii = /^[\0-\x7f]*$/.test(text) ? text : text.replace(/\P{ASCII}/gu, plainCharacter);
	return ascii.replace(/^[\t-\r ]+|[\t-\r ]+$/g, "");
}

function plainCharacter(character: string): string {
	if (/[\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/.test(character)) return " ";
	const point = character.codePointAt(0) ?? 0;
	const zero = zeroPoints.find((start) => point >= start && point <= start + 9);
	return zero === undefined ? character : String(point - zero);
}
