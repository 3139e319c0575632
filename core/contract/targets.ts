/** What a service can be written in. The first is the one that needs nothing but Node. */
export const serviceTargets = ["typescript", "spring-boot"] as const;

export type ServiceTarget = (typeof serviceTargets)[number];

export const isServiceTarget = (name: string): name is ServiceTarget => serviceTargets.some((one) => one === name);

/** As people call it. */
export const targetTitles = { typescript: "TypeScript", "spring-boot": "Spring Boot" } satisfies Record<ServiceTarget, string>;
