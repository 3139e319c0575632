import type { OutsideKind } from "../contract/graph.ts";

/**
 * What a call outside of the program talks to, by the dotted path that the call graph gives it. The first row that fits decides; what fits
 * none is a library that keeps to itself, as far as is known here.
 */
const rows: readonly [OutsideKind, RegExp][] = [
	[
		"database",
		/^(sqlite3|psycopg2?|MySQLdb|pymysql|pyodbc|cx_Oracle|oracledb|sqlalchemy|peewee|django\.db|flask_sqlalchemy|asyncpg|aiosqlite|redis|pymongo)\./,
	],
	["http", /^(requests|httpx|aiohttp|urllib3|urllib\.request|urllib2|http\.client|httplib2?|xmlrpc\.client|zeep|suds)\./],
	["mail", /^(smtplib|imaplib|poplib|django\.core\.mail|flask_mail|sendgrid)\./],
	["queue", /^(pika|kombu|celery|kafka|confluent_kafka|stomp|zmq|boto3|google\.cloud\.pubsub)\./],
	["network", /^(socket|ssl|ftplib|telnetlib|paramiko|asyncio\.(open_connection|start_server)|socketserver)/],
	["process", /^(subprocess|multiprocessing|os\.(system|popen|exec\w*|spawn\w*|fork|kill)|signal)(\.|$)/],
	[
		"clock",
		/^(time\.(time|monotonic|perf_counter|localtime|gmtime|strftime|ctime|sleep)|datetime\.(datetime\.(now|utcnow|today)|date\.today)|django\.utils\.timezone\.(now|localtime|localdate))(\.|$)/,
	],
	["chance", /^(random|secrets|uuid\.uuid[14]|os\.urandom|numpy\.random)(\.|$)/],
	["environment", /^(os\.(environ|getenv|putenv|getcwd)|platform|getpass|locale\.setlocale)(\.|$)/],
	[
		"files",
		/^(<builtin>\.(open|file)|io\.open|pathlib\.Path\.|shutil|tempfile|glob|zipfile|tarfile|os\.(open|read|write|remove|unlink|rename|replace|makedirs|mkdir|rmdir|listdir|walk|scandir|stat|path\.(exists|isfile|isdir|getsize|getmtime)))(\.|$)?/,
	],
];

export function outsideKind(path: string): OutsideKind | null {
	return rows.find(([, pattern]) => pattern.test(path))?.[0] ?? null;
}
