import type { Theme } from "./case.ts";
import { answers } from "./cases/answers.ts";
import { chunks } from "./cases/chunks.ts";
import { connection } from "./cases/connection.ts";
import { framing } from "./cases/framing.ts";
import { headerLines } from "./cases/header-lines.ts";
import { host } from "./cases/host.ts";
import { requestLine } from "./cases/request-line.ts";

export const themes: readonly Theme[] = [requestLine, headerLines, host, framing, chunks, connection, answers];
