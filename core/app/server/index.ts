// The transports of one core: the screen's files and the contract over HTTP and WebSocket, on the loopback only.
// Whoever comes in must show the token once (it travels in the URL's fragment, never in a request line) and the
// right Host and Origin always. No product logic is in here.
export { type CoreServer, serveCore } from "./serve.ts";
