import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, statSync, writeFileSync } from "node:fs";
import { createConnection, createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { Client } from "pg";
import { childEnvironment } from "../../base/index.ts";

const project = fileURLToPath(new URL("./debezium-engine", import.meta.url));
const source = join(project, "src/main/java/Engine.java");
const jar = join(project, "target/debezium-engine-1.jar");
const classPath = `${jar}:${join(project, "target/lib")}/*`;

export type Running = { process: ChildProcess; kill(): Promise<void>; stop(): Promise<void> };

/** Builds the engine with what it needs from Maven Central, once. Throws an error that says what to install. */
export function buildEngine(): void {
	for (const program of ["java", "mvn"]) {
		try {
			execFileSync(program, ["-version"], { cwd: project, env: childEnvironment(process.env), stdio: "ignore" });
		} catch {
			throw new Error(`${program} is missing: install the packages openjdk-17-jdk-headless and maven`);
		}
	}
	const newest = Math.max(...[source, join(project, "pom.xml")].map((path) => statSync(path).mtimeMs));
	if (existsSync(jar) && statSync(jar).mtimeMs > newest) return;
	const goals = ["package", "dependency:copy-dependencies", "-DoutputDirectory=target/lib"];
	execFileSync("mvn", ["-q", "-B", ...goals], { cwd: project, env: childEnvironment(process.env), stdio: ["ignore", "ignore", "inherit"] });
}

export type EngineOptions = {
	/** Address of a PostgreSQL database with `wal_level=logical`. */
	database: string;
	/** Folder of its settings and of its offsets: an engine that is started again there goes on. */
	dir: string;
	/** A file of JSON lines, or HOST:PORT of a broker with the topic `topic`. */
	sink: { file: string } | { kafka: string };
	/** Prefix of the connector's topics; all are routed into the topic of this name. */
	topic: string;
	schemas: boolean;
	transactions: boolean;
	settings?: Record<string, string>;
};

/** Resolves once the connector streams. */
export async function startEngine({ database, dir, sink, topic, schemas, transactions, settings }: EngineOptions): Promise<Running> {
	mkdirSync(dir, { recursive: true });
	const { hostname, port, username, password, pathname } = new URL(database);
	const slot = topic.replaceAll("-", "_");
	const config: Record<string, string> = {
		name: topic,
		"connector.class": "io.debezium.connector.postgresql.PostgresConnector",
		"offset.storage": "org.apache.kafka.connect.storage.FileOffsetBackingStore",
		"offset.storage.file.filename": join(dir, "offsets"),
		"offset.flush.interval.ms": "1000",
		"database.hostname": hostname,
		"database.port": port,
		"database.user": username,
		"database.password": password,
		"database.dbname": pathname.slice(1),
		"topic.prefix": topic,
		"plugin.name": "pgoutput",
		"slot.name": slot,
		"publication.name": slot,
		"snapshot.mode": "initial",
		"poll.interval.ms": "20",
		"provide.transaction.metadata": String(transactions),
		"key.converter.schemas.enable": String(schemas),
		"value.converter.schemas.enable": String(schemas),
		transforms: "route",
		"transforms.route.type": "org.apache.kafka.connect.transforms.RegexRouter",
		"transforms.route.regex": ".*",
		"transforms.route.replacement": topic,
		...settings,
	};
	const path = join(dir, "engine.properties");
	writeFileSync(
		path,
		Object.entries(config)
			.map(([name, value]) => `${name}=${value.replaceAll("\\", "\\\\")}\n`)
			.join(""),
	);
	const target = "file" in sink ? ["file", sink.file] : ["kafka", sink.kafka];
	const isStreaming = async () => {
		const client = new Client({ connectionString: database });
		await client.connect();
		try {
			const { rows } = await client.query("SELECT active FROM pg_replication_slots WHERE slot_name = $1", [slot]);
			return rows[0]?.active === true;
		} finally {
			await client.end();
		}
	};
	return startJava(["Engine", path, ...target], dir, isStreaming);
}

export type Broker = { address: string; kill(): Promise<void>; start(): Promise<void>; stop(): Promise<void> };

/** A broker of its own in KRaft mode on free loopback ports; after `kill` it is started again on the same. */
export async function startKafka(dir: string): Promise<Broker> {
	mkdirSync(dir, { recursive: true });
	const [port, controller] = [await freePort(), await freePort()];
	const path = join(dir, "broker.properties");
	const settings = {
		"process.roles": "broker,controller",
		"node.id": "1",
		"controller.quorum.voters": `1@127.0.0.1:${controller}`,
		listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controller}`,
		"advertised.listeners": `PLAINTEXT://127.0.0.1:${port}`,
		"listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
		"controller.listener.names": "CONTROLLER",
		"log.dirs": join(dir, "log"),
		"offsets.topic.replication.factor": "1",
		"transaction.state.log.replication.factor": "1",
		"transaction.state.log.min.isr": "1",
		"message.max.bytes": "16777216",
		"log.initial.task.delay.ms": "500",
		"log.retention.check.interval.ms": "1000",
		"log.cleaner.backoff.ms": "500",
	};
	writeFileSync(
		path,
		Object.entries(settings)
			.map(([name, value]) => `${name}=${value}\n`)
			.join(""),
	);
	if (!existsSync(join(dir, "log", "meta.properties"))) {
		const format = ["kafka.tools.StorageTool", "format", "-t", "MkU3OEVBNTcwNTJENDM2Qk", "-c", path];
		execFileSync("java", ["-cp", classPath, ...format], { cwd: dir, env: childEnvironment(process.env), stdio: "ignore" });
	}
	const launch = () => startJava(["kafka.Kafka", path], dir, () => accepts(port));
	let running = await launch();
	return {
		address: `127.0.0.1:${port}`,
		kill: () => running.kill(),
		stop: () => running.stop(),
		async start() {
			running = await launch();
		},
	};
}

async function startJava(command: readonly string[], dir: string, isReady: () => Promise<boolean>): Promise<Running> {
	const options = ["-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"];
	const child = spawn("java", [...options, "-cp", classPath, ...command], {
		cwd: dir,
		env: childEnvironment(process.env),
		stdio: ["ignore", "ignore", "pipe"],
	});
	let text = "";
	child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
		text = `${text}${chunk}`.slice(-20_000);
	});
	const exited = once(child, "exit");
	const end = async (signal: NodeJS.Signals) => {
		if (child.exitCode === null && child.signalCode === null) child.kill(signal);
		await exited;
	};
	const deadline = Date.now() + 90_000;
	while (!(await isReady())) {
		if (child.exitCode !== null || Date.now() > deadline) {
			await end("SIGKILL");
			throw new Error(`${command[0]} did not start: ${text.slice(-4000)}`);
		}
		await sleep(100);
	}
	return { process: child, kill: () => end("SIGKILL"), stop: () => end("SIGTERM") };
}

async function accepts(port: number): Promise<boolean> {
	const socket = createConnection(port, "127.0.0.1");
	try {
		await once(socket, "connect");
		return true;
	} catch {
		return false;
	} finally {
		socket.destroy();
	}
}

async function freePort(): Promise<number> {
	for (let attempt = 0; ; attempt++) {
		const port = 20_000 + Math.floor(Math.random() * 12_000);
		const probe = createServer();
		probe.listen(port, "127.0.0.1");
		try {
			await once(probe, "listening");
			probe.close();
			await once(probe, "close");
			return port;
		} catch (error) {
			if (attempt > 50) throw error;
		}
	}
}
