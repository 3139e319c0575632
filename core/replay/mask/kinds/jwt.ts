import { maskValue } from "../value-mask.ts";
import { type Kind, wholeBy } from "./kind.ts";

/** `{"` in base64url, three parts. */
const token = /(?<![\w-])eyJ[\w-]{8,8192}\.[\w-]{2,65536}\.[\w-]{0,1024}/g;

const find: Kind["find"] = (text, permute) =>
	[...text.matchAll(token)].map(({ 0: found, index }) => ({
		from: index,
		to: index + found.length,
		masked: maskValue(found, permute, "value"),
	}));

/** JSON web tokens, wherever they stand; a masked one has the form and no sense. */
export const jwt: Kind = { name: "jwt", hint: /eyJ/, find, maskWhole: wholeBy(find) };
