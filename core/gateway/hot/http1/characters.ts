// Which bytes may stand where in a head (RFC 9110, 5.5 and 5.6.2; RFC 9112, 3.2). One table, one bit a class: a look-up per byte.

const TOKEN = 1;
const VALUE = 2;
const TARGET = 4;
const HOST = 8;

const classes = new Uint8Array(256);
const allow = (characters: string, bit: number) => {
	for (const character of characters) classes[character.charCodeAt(0)] = (classes[character.charCodeAt(0)] ?? 0) | bit;
};

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const digits = "0123456789";
allow(`${letters}${digits}!#$%&'*+-.^_\`|~`, TOKEN);
allow(`${letters}${digits}-._~!$&'()*+;=%[]:`, HOST);
for (let byte = 0x20; byte < 0x100; byte++) if (byte !== 0x7f) classes[byte] = (classes[byte] ?? 0) | VALUE;
allow("\t", VALUE);
// Bytes above ASCII are passed: systems of these years send them raw. A fragment is never sent by an honest client.
for (let byte = 0x21; byte < 0x100; byte++) if (byte !== 0x7f && byte !== 0x23) classes[byte] = (classes[byte] ?? 0) | TARGET;

export const isToken = (byte: number): boolean => ((classes[byte] as number) & TOKEN) !== 0;
/** Of a field's value: visible, blank, tab, or above ASCII. */
export const isValue = (byte: number): boolean => ((classes[byte] as number) & VALUE) !== 0;
export const isTarget = (byte: number): boolean => ((classes[byte] as number) & TARGET) !== 0;
export const isHost = (byte: number): boolean => ((classes[byte] as number) & HOST) !== 0;
export const isDigit = (byte: number): boolean => byte >= 0x30 && byte <= 0x39;

export const CR = 0x0d;
export const LF = 0x0a;
export const SP = 0x20;
export const HTAB = 0x09;
export const COLON = 0x3a;
