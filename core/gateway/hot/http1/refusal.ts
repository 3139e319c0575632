/** Why a head or a body is not passed on. `status` is what a client would be told of its own request. */
export type Refusal = { status: 400 | 408 | 414 | 417 | 431 | 501 | 505; reason: string };

const refuse = (reason: string, status: Refusal["status"] = 400): Refusal => Object.freeze({ status, reason });

/** Everything that is refused, by name; the words stand behind "because" in the answer. */
export const refusals = {
	requestLine: refuse("its request line is malformed"),
	method: refuse("its method is no token"),
	target: refuse("its target holds a byte that no target may hold"),
	targetForm: refuse("its target has no form that its method allows"),
	version: refuse("it is not HTTP/1.0 or HTTP/1.1", 505),
	connect: refuse("CONNECT is not served here", 501),
	bareLf: refuse("a line ends without a carriage return"),
	bareCr: refuse("a carriage return stands alone"),
	name: refuse("a header name is malformed"),
	blankBeforeColon: refuse("a blank stands before a colon"),
	folded: refuse("a header line is folded"),
	value: refuse("a header value holds a control character"),
	headSize: refuse("its head is longer than 16 KiB", 431),
	headLines: refuse("its head has more than 200 lines", 431),
	headTime: refuse("its head did not come in time", 408),
	bodyTime: refuse("its body did not come in time", 408),
	length: refuse("its Content-Length is not a plain number"),
	lengths: refuse("it has more than one Content-Length"),
	coding: refuse("its Transfer-Encoding is not plain `chunked`"),
	codings: refuse("it has more than one Transfer-Encoding"),
	lengthAndCoding: refuse("it has both a Content-Length and a Transfer-Encoding"),
	oldCoding: refuse("it has a Transfer-Encoding in HTTP/1.0"),
	hostMissing: refuse("it has no Host"),
	hosts: refuse("it has more than one Host"),
	host: refuse("its Host is malformed"),
	authority: refuse("its target names another host than its Host line"),
	expectation: refuse("it expects what is not known here", 417),
	chunkSize: refuse("the size of a chunk is malformed"),
	chunkEnd: refuse("a chunk is not as long as its size says"),
	chunkExtension: refuse("the extension of a chunk is malformed"),
	trailer: refuse("its trailer is malformed"),
	trailerName: refuse("its trailer names a field that frames or routes a message"),
	trailerSize: refuse("its trailer is longer than 16 KiB", 431),
	statusLine: refuse("the status line is malformed"),
	switched: refuse("it switched protocols unasked"),
} as const;
