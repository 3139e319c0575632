import { z } from "zod";

/** What is masked. Names are compared without case, `-` and `_`. */
export const maskRulesShape = z.object({
	kinds: z.array(z.enum(["jwt", "email", "iban", "card", "phone"])),
	headers: z.array(z.string().min(1)),
	/** `password`: wherever it stands. `customer/taxCode`: within. `/a/b`: from the root. `*`: any one name. `@id`: an attribute. */
	fields: z.array(z.string().min(1)),
	/** Fields in which any digits are a telephone number. */
	phones: z.array(z.string().min(1)),
});
export type MaskRules = z.infer<typeof maskRulesShape>;

/** What carries credentials nearly everywhere. */
export const defaultRules: MaskRules = {
	kinds: ["jwt", "email", "iban", "card", "phone"],
	headers: [
		...["authorization", "proxy-authorization", "cookie", "set-cookie", "x-api-key", "api-key", "x-auth-token", "x-access-token"],
		...["x-csrf-token", "x-xsrf-token", "x-amz-security-token"],
	],
	fields: [
		...[
			"password",
			"passwd",
			"pwd",
			"passphrase",
			"secret",
			"clientSecret",
			"pin",
			"otp",
			"token",
			"accessToken",
			"refreshToken",
			"idToken",
		],
		...[
			"apiKey",
			"cvv",
			"cvc",
			"cvv2",
			"cardNumber",
			"pan",
			"ssn",
			"session",
			"sessionId",
			"sessionToken",
			"sid",
			"jsessionid",
			"phpsessid",
			"csrfToken",
			"privateKey",
		],
	],
	phones: ["phone", "phoneNumber", "telephone", "tel", "mobile", "mobileNumber", "msisdn", "cellphone", "fax"],
};

/** `header:X-Customer`, `field:customer/iban`, `phone:contact`, `kind:card`: one rule as it is written on the command line. */
export function addRule(rules: MaskRules, text: string): MaskRules | null {
	const [, where, what = ""] = /^(header|field|phone|no-kind):(.+)$/.exec(text) ?? [];
	switch (where) {
		case "header":
			return { ...rules, headers: [...rules.headers, what] };
		case "field":
			return { ...rules, fields: [...rules.fields, what] };
		case "phone":
			return { ...rules, phones: [...rules.phones, what] };
		case "no-kind":
			return rules.kinds.some((kind) => kind === what) ? { ...rules, kinds: rules.kinds.filter((kind) => kind !== what) } : null;
		default:
			return null;
	}
}

const plainNames = new Map<string, string>();
const KNOWN_NAMES = 10_000;

/** Remembered: traffic has few names, and each stands in it a million times. */
function plain(name: string): string {
	let found = plainNames.get(name);
	if (found === undefined) {
		found = name.toLowerCase().replace(/[-_]/g, "");
		if (plainNames.size < KNOWN_NAMES) plainNames.set(name, found);
	}
	return found;
}

export type FieldMatcher = (path: readonly string[]) => boolean;

/** True for a field that a rule names, and for everything within one. */
export function createFieldMatcher(rules: readonly string[]): FieldMatcher {
	const single = new Set<string>();
	const longer: { names: string[]; isRooted: boolean }[] = [];
	for (const rule of rules) {
		const names = rule.split("/").filter(Boolean).map(plain);
		if (names.length === 1 && !rule.startsWith("/") && names[0] !== "*") single.add(names[0] as string);
		else longer.push({ names, isRooted: rule.startsWith("/") });
	}
	const fits = (path: readonly string[], { names }: { names: string[] }, from: number) =>
		from + names.length <= path.length && names.every((name, at) => name === "*" || name === path[from + at]);
	return (path) => {
		const names = path.map(plain);
		if (names.some((name) => single.has(name))) return true;
		return longer.some((rule) => (rule.isRooted ? fits(names, rule, 0) : names.some((_, from) => fits(names, rule, from))));
	};
}

export function createNameMatcher(names: readonly string[]): (name: string) => boolean {
	const known = new Set(names.map((name) => name.toLowerCase()));
	return (name) => known.has(name.toLowerCase());
}
