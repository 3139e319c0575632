import type { ServiceTarget } from "../../contract/targets.ts";
import { buildWithMaven, type Launch } from "../../operator/index.ts";

/** How a generated service becomes a program, and how that is started. */
export type ServiceProgram = {
	launch: Launch;
	/** Whether there is anything to do between writing a service and starting it. */
	isBuilt: boolean;
	/** Of a folder; the generated tests run only where clients will be answered. */
	build(dir: string, options: { tests: boolean; signal: AbortSignal }): Promise<void>;
};

export const programs: Record<ServiceTarget, ServiceProgram> = {
	typescript: {
		launch: { command: "node", args: ["main.ts"], limitMs: 15_000 },
		isBuilt: false,
		build: async () => {},
	},
	"spring-boot": {
		launch: { command: "java", args: ["-Xmx256m", "-XX:+UseSerialGC", "-jar", "target/service.jar"], limitMs: 90_000 },
		isBuilt: true,
		async build(dir, options) {
			await buildWithMaven({ dir, ...options });
		},
	},
};
