import { tag, type Words } from "./tags.ts";

/** What `encode` was given. Throws on bytes that it did not write: a reader of files checks their sum first. */
export function decode(bytes: Uint8Array): unknown {
	const start = 4 + new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
	const { strings, shapes, file }: Words = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(4, start)));
	const makers = shapes.map(makerOf);
	const known: unknown[] = [];
	let at = start;
	let lastLine = 0;

	function number(): number {
		let byte = bytes[at++] as number;
		if (byte < 0x80) return byte;
		let value = byte & 0x7f;
		for (let scale = 0x80; byte >= 0x80; scale *= 0x80) {
			if (at >= bytes.length) throw new RangeError("the bytes end in the middle of a number");
			byte = bytes[at++] as number;
			value += (byte & 0x7f) * scale;
		}
		return value;
	}
	function signed(): number {
		const value = number();
		return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
	}
	function item(): unknown {
		const kind = number();
		switch (kind) {
			case tag.null:
				return null;
			case tag.true:
				return true;
			case tag.false:
				return false;
			case tag.integer:
				return signed();
			case tag.string:
				return strings[number()];
			case tag.known:
				return known[number()];
			case tag.span: {
				lastLine += signed();
				const column = number();
				const span = { file, line: lastLine, column, endLine: lastLine + signed(), endColumn: number() };
				known.push(span);
				return span;
			}
			case tag.array: {
				const length = number();
				const list: unknown[] = [];
				known.push(list);
				for (let index = 0; index < length; index++) list.push(item());
				return list;
			}
			default: {
				const made = makers[kind - tag.object]?.();
				if (made === undefined) throw new RangeError(`no object has the number ${kind}`);
				known.push(made);
				for (const key in made) made[key] = item();
				return made;
			}
		}
	}
	return item();
}

type Made = Record<string, unknown>;

/** Literals for what stands in a tree most: an object that is written out at once takes half the memory of one that grows. */
const literals: Record<string, () => Made> = {
	"kind,name,span": () => ({ kind: null, name: null, span: null }),
	"kind,value,span": () => ({ kind: null, value: null, span: null }),
	"kind,text,span": () => ({ kind: null, text: null, span: null }),
	"kind,of,name,span": () => ({ kind: null, of: null, name: null, span: null }),
	"kind,of,index,span": () => ({ kind: null, of: null, index: null, span: null }),
	"kind,items,span": () => ({ kind: null, items: null, span: null }),
	"kind,targets,value,span": () => ({ kind: null, targets: null, value: null, span: null }),
	"kind,callee,args,keywords,span": () => ({ kind: null, callee: null, args: null, keywords: null, span: null }),
	"kind,target,op,value,span": () => ({ kind: null, target: null, op: null, value: null, span: null }),
	"kind,op,left,right,span": () => ({ kind: null, op: null, left: null, right: null, span: null }),
	"kind,test,then,otherwise,elif,span": () => ({ kind: null, test: null, then: null, otherwise: null, elif: null, span: null }),
	"name,default,form,annotation,span": () => ({ name: null, default: null, form: null, annotation: null, span: null }),
};

function makerOf(keys: string[]): () => Made {
	const literal = literals[keys.join(",")];
	if (literal !== undefined) return literal;
	return () => {
		const made: Made = {};
		for (const key of keys) made[key] = null;
		return made;
	};
}
