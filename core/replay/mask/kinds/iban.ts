import type { Permute } from "../permute.ts";
import { maskValue } from "../value-mask.ts";
import { type Found, type Kind, wholeBy } from "./kind.ts";

/** Length by country (SWIFT IBAN registry). */
const lengths: Readonly<Record<string, number>> = Object.fromEntries(
	(
		"AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24 FI18 FK18 FO18 " +
		"FR27 GB22 GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 " +
		"ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 " +
		"ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30"
	)
		.split(" ")
		.map((entry) => [entry.slice(0, 2), Number(entry.slice(2))]),
);
const start = /(?<![A-Za-z0-9])[A-Za-z]{2}\d{2}/g;

/** International bank account numbers with right check digits, also written in groups. */
export const iban: Kind = { name: "iban", hint: /[A-Za-z]{2}\d{2} ?[A-Za-z0-9]{4}/, find, maskWhole: wholeBy(find) };

function find(text: string, permute: Permute): Found[] {
	const found: Found[] = [];
	for (const { 0: head, index } of text.matchAll(start)) {
		const length = lengths[head.slice(0, 2).toUpperCase()];
		if (length === undefined) continue;
		const to = endOf(text, index, length);
		if (to === -1) continue;
		const written = text.slice(index, to);
		const plain = written.replaceAll(" ", "");
		if (checkDigits(plain) !== plain.slice(2, 4)) continue;
		found.push({ from: index, to, masked: maskIban(written, plain, permute) });
	}
	return found;
}

/** Behind `length` letters and digits with single blanks between them, or -1. */
function endOf(text: string, from: number, length: number): number {
	let at = from;
	for (let count = 0; count < length; at++) {
		const one = text[at];
		if (one === " " && text[at - 1] !== " ") continue;
		if (one === undefined || !/[A-Za-z0-9]/.test(one)) return -1;
		count++;
	}
	return /[A-Za-z0-9]/.test(text[at] ?? "") ? -1 : at;
}

/** ISO 7064 MOD 97-10, as ISO 13616 uses it. */
export function checkDigits(plain: string): string {
	const moved = `${plain.slice(4)}${plain.slice(0, 2)}00`.toUpperCase();
	let rest = 0;
	for (const one of moved) {
		const value = one <= "9" ? one : String(one.charCodeAt(0) - 55);
		for (const digit of value) rest = (rest * 10 + Number(digit)) % 97;
	}
	return String(98 - rest).padStart(2, "0");
}

function maskIban(written: string, plain: string, permute: Permute): string {
	const country = plain.slice(0, 2);
	// By its upper case, so that both ways to write an account stay one account.
	const account = maskValue(plain.slice(4).toUpperCase(), permute, `iban ${country.toUpperCase()}`);
	const masked = country + checkDigits(country + plain.slice(2, 4) + account) + account;
	let next = 0;
	return written.replace(/[A-Za-z0-9]/g, (old) => {
		const one = masked[next++] as string;
		return old >= "a" && old <= "z" ? one.toLowerCase() : one;
	});
}
