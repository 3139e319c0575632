/** Connections to one address. `connects`: since it was first named, failed ones too; `open`: now, with the idle ones. */
export type PoolFigures = { host: string; port: number; connects: number; open: number; idle: number };
