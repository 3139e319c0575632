/** The exceptions of the legacy language that the translated code raises or catches. Anything else thrown is a bug. */
export class PyError extends Error {
	constructor(message = "") {
		super(message);
		this.name = new.target.name;
	}
}

export class ArithmeticError extends PyError {}
export class ZeroDivisionError extends ArithmeticError {}
export class OverflowError extends ArithmeticError {}

export class LookupError extends PyError {}
export class IndexError extends LookupError {}
export class KeyError extends LookupError {}

export class ValueError extends PyError {}
export class RuntimeError extends PyError {}
/** `TypeError` of the legacy language; named apart from JavaScript's own. */
export class PyTypeError extends PyError {}
/** `AttributeError` of the legacy language. */
export class AttributeError extends PyError {}
