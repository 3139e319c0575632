// The transports of one core. For browsers: the screen's files and the contract over HTTP and WebSocket, on the loopback only;
// whoever comes in must show the token once (it travels in the URL's fragment, never in a request line) and the right Host and
// Origin always. For the desktop and the command line: a socket that only this user can reach. No product logic is in here.
export { type CoreServer, serveCore } from "./serve.ts";
export { type ControlSocket, serveSocket } from "./serve-socket.ts";
