import { defineConfig } from "vitest/config";

const never = ["**/node_modules/**", "**/dist/**", "**/fixtures/**", "**/.phoenix/**"];

export default defineConfig({
	test: {
		projects: [
			{
				test: {
					name: "unit",
					include: ["core/**/*.test.ts", "build/**/*.test.ts", "electron/**/*.test.ts"],
					exclude: never,
					environment: "node",
					pool: "forks",
					testTimeout: 15_000,
				},
			},
			{
				test: {
					name: "renderer",
					include: ["renderer/**/*.test.ts", "renderer/**/*.test.tsx"],
					exclude: never,
					environment: "happy-dom",
					testTimeout: 15_000,
				},
			},
			{
				// What is packaged is installed, started and taken away for real.
				test: {
					name: "package",
					include: ["build/packaging/**/*.e2e.ts"],
					exclude: never,
					environment: "node",
					pool: "forks",
					fileParallelism: false,
					testTimeout: 120_000,
					hookTimeout: 300_000,
				},
			},
			{
				// Whole processes, real sockets, a real browser: one file at a time.
				test: {
					name: "e2e",
					include: ["core/**/*.e2e.ts", "electron/**/*.e2e.ts", "renderer/**/*.e2e.ts"],
					exclude: [...never, "**/*.slow.e2e.ts"],
					environment: "node",
					pool: "forks",
					fileParallelism: false,
					testTimeout: 300_000,
					hookTimeout: 120_000,
				},
			},
			{
				// As e2e, but minutes each: only in `npm run test:full`.
				test: {
					name: "slow",
					include: ["core/**/*.slow.e2e.ts"],
					exclude: never,
					environment: "node",
					pool: "forks",
					fileParallelism: false,
					testTimeout: 600_000,
					hookTimeout: 120_000,
				},
			},
		],
	},
});
