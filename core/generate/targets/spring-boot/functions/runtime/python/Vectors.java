package python;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Answers each line of the input, a call with typed values, with a line of the output: what it gives or raises, and what it leaves. */
public final class Vectors {
	/** How much of an endless iterator is kept. */
	private static final int DRAINED = 1000;
	private static final long STACK_BYTES = 256L << 20;

	private Vectors() {}

	/** Runs on a thread with a deep stack, as a recursion of the source may need it. */
	public static void run(Object fn) throws InterruptedException {
		PrintStream answers = System.out;
		Thread thread = new Thread(null, () -> answer(fn, answers), "vectors", STACK_BYTES);
		thread.start();
		thread.join();
	}

	private static void answer(Object fn, PrintStream answers) {
		try (BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
			for (String line = lines.readLine(); line != null; line = lines.readLine())
				if (!line.isBlank()) answers.println(Json.written(runLine(fn, (Map<?, ?>) Json.parsed(line))));
			answers.flush();
		} catch (IOException error) {
			throw new IllegalStateException(error);
		}
	}

	/** One call: what it gives or raises, its arguments afterwards, and what it printed. */
	public static Map<String, Object> runLine(Object fn, Map<?, ?> line) {
		StringBuilder output = new StringBuilder();
		Output.printTo(output::append);
		Map<String, Object> outcome = new LinkedHashMap<>();
		List<Object> given = new ArrayList<>();
		try {
			for (Object arg : (List<?>) line.get("args")) given.add(decoded(arg));
			Dict keywords = new Dict();
			if (line.get("keywords") instanceof Map<?, ?> named)
				for (Map.Entry<?, ?> entry : named.entrySet()) keywords.set(entry.getKey(), decoded(entry.getValue()));
			outcome.put("result", encoded(Func.call(fn, given.toArray(), keywords), List.of()));
		} catch (PyError.NotTranslated other) {
			outcome.put("untranslated", other.getMessage());
		} catch (RuntimeException | Error thrown) {
			tell(outcome, thrown);
		}
		outcome.put("after", given.stream().map(value -> encoded(value, List.of())).collect(Collectors.toList()));
		if (output.length() > 0) outcome.put("output", output.toString());
		return outcome;
	}

	private static void tell(Map<String, Object> outcome, Throwable thrown) {
		try {
			PyError.Value error = PyError.caught(thrown);
			Map<String, Object> raises = new LinkedHashMap<>();
			raises.put("type", error.typeName());
			raises.put("message", Repr.str(error));
			outcome.put("raises", raises);
		} catch (RuntimeException | Error other) {
			outcome.put("untranslated", String.valueOf(other));
		}
	}

	private static Map<String, Object> tagged(String tag, Object value) {
		Map<String, Object> made = new LinkedHashMap<>();
		made.put(tag, value);
		return made;
	}

	private static boolean isWithin(List<Object> around, Object value) {
		for (Object one : around) if (one == value) return true;
		return false;
	}

	private static Object encoded(Object value, List<Object> around) {
		if (value == null || value instanceof Boolean || value instanceof String) return value;
		if (Numbers.isWhole(value)) return tagged("int", value.toString());
		if (value instanceof Double number) return tagged("float", FloatText.floatText(number));
		if (isWithin(around, value)) return tagged("other", Types.typeName(value));
		List<Object> inner = new ArrayList<>(around);
		inner.add(value);
		if (Lists.isList(value)) return tagged("list", encodedAll(Lists.asList(value), inner));
		if (value instanceof Tuple tuple) return tagged("tuple", encodedAll(tuple.asList(), inner));
		if (value instanceof Dict dict) {
			List<Object> pairs = new ArrayList<>();
			for (Dict.Entry entry : dict.entries()) pairs.add(Arrays.asList(encoded(entry.key, inner), encoded(entry.value, inner)));
			return tagged("dict", pairs);
		}
		if (value instanceof PySet set) {
			List<Object> items = encodedAll(Iterate.list(set), inner);
			items.sort(Comparator.comparing(Json::written));
			return tagged(set.typeName(), items);
		}
		if (!(value instanceof Iter iter)) return tagged("other", Types.typeName(value));
		List<Object> items = new ArrayList<>();
		for (Object item = iter.advance(); item != Iter.END && items.size() < DRAINED; item = items.size() < DRAINED ? iter.advance() : Iter.END)
			items.add(encoded(item, inner));
		return tagged("iterator", items);
	}

	private static List<Object> encodedAll(List<Object> items, List<Object> around) {
		List<Object> made = new ArrayList<>();
		for (Object item : items) made.add(encoded(item, around));
		return made;
	}

	private static Object decoded(Object typed) {
		if (!(typed instanceof Map<?, ?> map)) return typed;
		Map.Entry<?, ?> only = map.entrySet().iterator().next();
		Object value = only.getValue();
		switch ((String) only.getKey()) {
			case "int":
				return Numbers.whole(new BigInteger((String) value));
			case "float":
				return Convert.floatOf(value);
			case "list":
				return decodedAll(value);
			case "tuple":
				return new Tuple(decodedAll(value));
			case "dict": {
				Dict made = new Dict();
				for (Object pair : (List<?>) value) made.set(decoded(((List<?>) pair).get(0)), decoded(((List<?>) pair).get(1)));
				return made;
			}
			case "set":
				return PySet.set(decodedAll(value));
			case "frozenset":
				return PySet.frozenset(decodedAll(value));
			case "iterator":
				return Iterate.iter(decodedAll(value));
			default:
				throw PyError.notTranslated("a value that this function cannot be given: " + typed);
		}
	}

	private static ArrayList<Object> decodedAll(Object items) {
		ArrayList<Object> made = new ArrayList<>();
		for (Object item : (List<?>) items) made.add(decoded(item));
		return made;
	}
}
