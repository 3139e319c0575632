// The table that spells each operation of the blueprint in TypeScript: the idiom, and where it drifts, the exact form.
// One file per family; an operation that is missing here is refused by name.
import type { OpName } from "../../../../contract/ops.ts";
import { collections } from "./collections.ts";
import { comparisons } from "./comparisons.ts";
import { dates } from "./dates.ts";
import { numbers } from "./numbers.ts";
import { ports } from "./ports.ts";
import type { Spelling } from "./spelling.ts";
import { text } from "./text.ts";

export const spellings: Partial<Record<OpName, Spelling>> = { ...numbers, ...text, ...comparisons, ...collections, ...dates, ...ports };
