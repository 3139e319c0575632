/**
 * Words of the desktop's shell to its page on the port between them; everything else on it belongs to the line. `ready`: a core is
 * behind it now; `gone`: no longer (a port of the web does not tell when its other end is closed).
 */
export const portWords = { ready: "phoenix-ready", gone: "phoenix-gone" } as const;
