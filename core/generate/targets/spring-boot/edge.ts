import { refuse } from "../typescript/scope.ts";
import { stringText } from "./code.ts";
import { classOf, isRequest, type JavaService, javaName } from "./types.ts";

/** PORT 0 takes a free one; the address and port come by the same variables as for the TypeScript service. */
export const propertiesText = `server.port=\${PORT:0}
server.address=\${HOST:127.0.0.1}
server.shutdown=graceful
server.tomcat.keep-alive-timeout=65s
server.tomcat.max-keep-alive-requests=-1
server.tomcat.threads.max=16
spring.lifecycle.timeout-per-shutdown-phase=10s
spring.main.banner-mode=off
spring.jmx.enabled=false
logging.level.root=WARN
`;

export const applicationText = `import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.web.servlet.context.ServletWebServerInitializedEvent;
import org.springframework.context.annotation.Bean;
import org.springframework.context.event.EventListener;

/** DATABASE names the SQLite file. In shadow mode losing the last commits is harmless. */
@SpringBootApplication
public class Application {
	public static void main(String[] arguments) {
		SpringApplication.run(Application.class, arguments);
	}

	@Bean(destroyMethod = "close")
	Connection database() throws SQLException {
		String file = System.getenv("DATABASE");
		if (file == null || file.isEmpty()) throw new IllegalStateException("DATABASE must name the SQLite file");
		Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
		try (Statement statement = connection.createStatement()) {
			statement.execute("PRAGMA busy_timeout = 30000");
			statement.execute("PRAGMA synchronous = " + ("shadow".equals(System.getenv("PHOENIX_MODE")) ? "OFF" : "NORMAL"));
		}
		return connection;
	}

	@Bean
	Repository repository(Connection database) {
		return new Repository(database);
	}

	@EventListener
	void tellPort(ServletWebServerInitializedEvent event) {
		String line = "{\\"listening\\":" + event.getWebServer().getPort() + "}\\n";
		System.out.writeBytes(line.getBytes(StandardCharsets.UTF_8));
		System.out.flush();
	}
}
`;

export const portsText = `/** Everything a translated function reaches outside itself. */
public interface Ports {
	Repository repository();

	/** Local time, to the microsecond. */
	LocalDateTime now();

	/** So many random bytes as hexadecimal digits. */
	String tokenHex(long bytes);
}
`;

/** Reading a request as legacy's programs see it. */
export const wireText = `import java.nio.charset.StandardCharsets;
import java.io.ByteArrayOutputStream;
import java.util.LinkedHashMap;
import java.util.Map;

/** Requests as legacy's programs see them. */
public final class Wire {
	private Wire() {}

	/** Parameters of address and form in one, header names in small letters. */
	public record IncomingRequest(String method, String path, Map<String, String> params, Map<String, String> headers) {}

	/** a=1&b=&c: blank values are kept, the last of equal names counts. */
	public static void addPairs(String text, Map<String, String> into) {
		for (String pair : text.split("&")) {
			if (pair.isEmpty()) continue;
			int at = pair.indexOf('=');
			into.put(unquote(at < 0 ? pair : pair.substring(0, at)), at < 0 ? "" : unquote(pair.substring(at + 1)));
		}
	}

	/** Percent codes as UTF-8; what is no such code stays as it is. */
	private static String unquote(String text) {
		StringBuilder result = new StringBuilder();
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		for (int index = 0; index < text.length(); index++) {
			char unit = text.charAt(index);
			int code = unit == '%' && isHex(text, index + 1) && isHex(text, index + 2)
				? Integer.parseInt(text.substring(index + 1, index + 3), 16)
				: -1;
			if (code >= 0) {
				bytes.write(code);
				index += 2;
				continue;
			}
			if (unit < 128) {
				bytes.write(unit == '+' ? ' ' : unit);
				continue;
			}
			result.append(bytes.toString(StandardCharsets.UTF_8)).append(unit);
			bytes.reset();
		}
		return result.append(bytes.toString(StandardCharsets.UTF_8)).toString();
	}

	private static boolean isHex(String text, int index) {
		return index < text.length() && Character.digit(text.charAt(index), 16) >= 0 && text.charAt(index) < 128;
	}

	public static Map<String, String> emptyMap() {
		return new LinkedHashMap<>();
	}
}
`;

export function controllerText(java: JavaService): string {
	const { blueprint, functions, portUsers } = java.service;
	const { response, routes } = blueprint.interface;
	const at = blueprint.functions[0]?.span;
	if (at === undefined) throw new Error("a blueprint without functions");
	const methods = routes.map((route) => {
		const entry = functions.get(route.entry);
		const place = java.names.functions.get(route.entry);
		if (entry === undefined || place === undefined) return refuse(java, `the entry ${route.entry}`, at);
		const args: string[] = entry.params.map(({ type }) => {
			if (type.kind === "dict") return "request.params()";
			if (type.kind === "record" && isRequest(type)) return "request";
			return type.kind === "str" ? "request.path()" : refuse(java, "an entry that takes a record of its own, in Java", entry.span);
		});
		if (portUsers.has(route.entry)) args.unshift("ports");
		const call = `${classOf(place.file)}.${javaName(place.name)}(${args.join(", ")})`;
		return `			case ${stringText(`${route.method} ${route.path}`)} -> ${call};`;
	});
	return `import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Answers requests one at a time, each from start to end. */
@RestController
public class ServiceController {
	private static final Logger LOG = LoggerFactory.getLogger(ServiceController.class);
	private static final String JSON = "application/json; charset=utf-8";
	private static final SecureRandom RANDOM = new SecureRandom();
	private static final int LARGEST_BODY = 1024 * 1024;
	private static final String HEALTH = ${stringText(JSON.stringify({ status: "ok", blueprint: blueprint.hash, version: "1.0.0" }))};

	private record Answer(int status, String contentType, String body) {}

	private final Repository repository;
	private final boolean isShadow = "shadow".equals(System.getenv("PHOENIX_MODE"));

	ServiceController(Repository repository) {
		this.repository = repository;
	}

	@GetMapping("/healthz")
	void health(HttpServletResponse response) throws IOException {
		send(response, new Answer(200, JSON, HEALTH));
	}

	@RequestMapping("/**")
	void serve(HttpServletRequest request, HttpServletResponse response) throws IOException {
		byte[] body = request.getInputStream().readNBytes(LARGEST_BODY + 1);
		send(response, body.length > LARGEST_BODY ? new Answer(413, JSON, "{\\"code\\":\\"TOO_LARGE\\"}") : answer(read(request, body)));
	}

	private synchronized Answer answer(Wire.IncomingRequest request) {
		try {
			return routed(request, portsAt(request.headers().get("x-phoenix-clock")));
		} catch (RuntimeException | StackOverflowError error) {
			LOG.error("a request failed", error);
			return new Answer(500, JSON, "{\\"code\\":\\"INTERNAL\\"}");
		} finally {
			repository.release();
		}
	}

	private Answer routed(Wire.IncomingRequest request, Ports ports) {
		String text = switch (request.method() + " " + request.path()) {
${methods.join("\n")}
			default -> null;
		};
		if (text == null) return new Answer(404, JSON, "{\\"code\\":\\"NOT_FOUND\\"}");
		return new Answer(${response.status}, ${stringText(response.contentType)}, text);
	}

	/** In shadow mode the caller may pin the clock of a request, in milliseconds since the epoch. */
	private Ports portsAt(String clock) {
		Instant pinned = isShadow && clock != null ? instantOf(clock) : null;
		return new Ports() {
			@Override
			public Repository repository() {
				return repository;
			}

			@Override
			public LocalDateTime now() {
				Instant instant = pinned == null ? Instant.now() : pinned;
				return LocalDateTime.ofInstant(instant, ZoneId.systemDefault()).truncatedTo(ChronoUnit.MICROS);
			}

			@Override
			public String tokenHex(long bytes) {
				byte[] token = new byte[(int) bytes];
				RANDOM.nextBytes(token);
				return HexFormat.of().formatHex(token);
			}
		};
	}

	private static Instant instantOf(String millis) {
		try {
			double value = Double.parseDouble(millis);
			long whole = (long) Math.floor(value);
			return Instant.ofEpochMilli(whole).plusNanos(Math.min(999, (long) Math.floor((value - whole) * 1000)) * 1000);
		} catch (NumberFormatException error) {
			return null;
		}
	}

	private static Wire.IncomingRequest read(HttpServletRequest request, byte[] body) {
		Map<String, String> params = Wire.emptyMap();
		if (request.getQueryString() != null) Wire.addPairs(request.getQueryString(), params);
		if (request.getMethod().equals("POST")) Wire.addPairs(new String(body, StandardCharsets.UTF_8), params);
		Map<String, String> headers = Wire.emptyMap();
		for (String name : Collections.list(request.getHeaderNames())) {
			for (String value : Collections.list(request.getHeaders(name))) headers.put(name.toLowerCase(Locale.ROOT), value);
		}
		return new Wire.IncomingRequest(request.getMethod(), request.getRequestURI().replaceFirst(";[^/]*$", ""), params, headers);
	}

	private static void send(HttpServletResponse response, Answer answer) throws IOException {
		byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
		response.setStatus(answer.status());
		response.setHeader("Content-Type", answer.contentType());
		response.setContentLength(bytes.length);
		response.getOutputStream().write(bytes);
	}
}
`;
}
