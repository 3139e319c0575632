// Plain trees as bytes: what a thread that reads source hands over, and what the cache keeps. Several times smaller and faster than a
// structured clone, and it keeps what is shared shared: a declaration stands in its module, its class and its statement.
//
//   [length of the words, 4 bytes] [words: JSON of { strings, shapes }] [items]
//
// An item is a tag and what the tag says; numbers are LEB128. Objects and arrays are numbered in the order of their beginnings.

export const tag = { null: 0, true: 1, false: 2, integer: 3, string: 4, array: 5, known: 6, span: 7, object: 8 } as const;

/** Parsed from the beginning. `shapes` are lists of keys; a span's file is the one most have. */
export type Words = { strings: string[]; shapes: string[][]; file: string };
