import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/**
 * Compiles many translated functions, each in a folder of its own, and answers the calls of each folder's `calls.jsonl` in its
 * `answers.jsonl`: one machine for all of them, since starting one takes longer than most functions.
 */
public final class RunMany {
	private static final long STACK_BYTES = 256L << 20;

	public static void main(String[] folders) throws Exception {
		for (String folder : folders) {
			Thread thread = new Thread(null, () -> answer(Path.of(folder)), folder, STACK_BYTES);
			thread.start();
			thread.join();
		}
	}

	private static void answer(Path folder) {
		try (PrintWriter answers = new PrintWriter(folder.resolve("answers.jsonl").toFile(), StandardCharsets.UTF_8)) {
			String complaint = compiled(folder);
			if (complaint != null) {
				answers.println(complaint);
				return;
			}
			URL[] classes = {folder.resolve("target/classes/").toUri().toURL()};
			try (URLClassLoader loader = new URLClassLoader(classes, ClassLoader.getPlatformClassLoader())) {
				Class<?> vectors = loader.loadClass("python.Vectors");
				Class<?> json = loader.loadClass("python.Json");
				Method run = vectors.getMethod("runLine", Object.class, Map.class);
				Method parsed = json.getDeclaredMethod("parsed", String.class);
				Method written = json.getDeclaredMethod("written", Object.class);
				parsed.setAccessible(true);
				written.setAccessible(true);
				Object fn = entry(folder, loader);
				for (String line : Files.readAllLines(folder.resolve("calls.jsonl")))
					answers.println(written.invoke(null, run.invoke(null, fn, parsed.invoke(null, line))));
			}
		} catch (IOException | ReflectiveOperationException error) {
			throw new IllegalStateException(folder.toString(), error);
		}
	}

	/** What the runner of the folder would hand over. */
	private static Object entry(Path folder, ClassLoader loader) throws IOException, ReflectiveOperationException {
		String runner = Files.readString(folder.resolve("src/main/java/translated/RunVectors.java"));
		String name = runner.replaceAll("(?s).*Vectors\\.run\\((\\w+)\\.(\\w+)\\).*", "$1 $2");
		Field field = loader.loadClass("translated." + name.split(" ")[0]).getDeclaredField(name.split(" ")[1]);
		field.setAccessible(true);
		return field.get(null);
	}

	/** The compiler's complaint, or null. */
	private static String compiled(Path folder) throws IOException {
		List<String> args = new ArrayList<>(List.of("-nowarn", "-encoding", "UTF-8", "-d", folder.resolve("target/classes").toString()));
		try (Stream<Path> files = Files.walk(folder.resolve("src"))) {
			files.map(Path::toString).filter(name -> name.endsWith(".java")).forEach(args::add);
		}
		Files.createDirectories(folder.resolve("target/classes"));
		ByteArrayOutputStream complaint = new ByteArrayOutputStream();
		int code = ToolProvider.getSystemJavaCompiler().run(null, null, complaint, args.toArray(new String[0]));
		return code == 0 ? null : complaint.toString(StandardCharsets.UTF_8).lines().findFirst().orElse("it does not compile");
	}
}
