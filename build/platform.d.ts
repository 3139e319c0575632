// What Node, browsers and workers all have, for the projects that are compiled with the types of nowhere.
// Pure code gets no timers, no network and no files: what is not listed here does not compile there.
// (Consumers see the real declarations of their own platform; nothing refers to this file.)

declare const performance: { readonly timeOrigin: number; now(): number };
declare function structuredClone<T>(value: T): T;
declare function atob(base64: string): string;
declare function btoa(latin1: string): string;

declare class TextEncoder {
	encode(text?: string): Uint8Array<ArrayBuffer>;
}
declare class TextDecoder {
	constructor(label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean });
	decode(bytes?: Uint8Array | ArrayBuffer, options?: { stream?: boolean }): string;
}

interface AbortSignal {
	readonly aborted: boolean;
	readonly reason: unknown;
	throwIfAborted(): void;
	addEventListener(type: "abort", listener: () => void, options?: { once?: boolean }): void;
	removeEventListener(type: "abort", listener: () => void): void;
}

declare class URLSearchParams {
	constructor(init?: string | Record<string, string> | [string, string][]);
	get(name: string): string | null;
	getAll(name: string): string[];
	has(name: string): boolean;
	append(name: string, value: string): void;
	[Symbol.iterator](): IterableIterator<[string, string]>;
}
declare class URL {
	constructor(url: string, base?: string | URL);
	readonly href: string;
	readonly protocol: string;
	readonly host: string;
	readonly hostname: string;
	readonly port: string;
	readonly pathname: string;
	readonly search: string;
	readonly hash: string;
	readonly origin: string;
	readonly searchParams: URLSearchParams;
}
