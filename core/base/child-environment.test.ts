import { expect, test } from "vitest";
import { childEnvironment } from "./child-environment.ts";

test("[S16] a program inherits what it needs to run, and no key, no token, no debugger", () => {
	const env = {
		PATH: "/bin",
		HOME: "/home/me",
		TZ: "UTC",
		AWS_SECRET_ACCESS_KEY: "x",
		PHOENIX_ANTHROPIC_KEY: "x",
		NODE_OPTIONS: "--inspect",
		LD_PRELOAD: "x.so",
	};
	expect(childEnvironment(env)).toEqual({ PATH: "/bin", HOME: "/home/me", TZ: "UTC" });
});
