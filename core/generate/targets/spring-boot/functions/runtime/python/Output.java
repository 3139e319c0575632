package python;

import java.util.StringJoiner;
import java.util.function.Consumer;

/** Where print writes. */
public final class Output {
	private static Consumer<String> sink = System.out::print;

	private Output() {}

	public static void printTo(Consumer<String> write) {
		sink = write;
	}

	public static Object print(Object[] values) {
		return print(values, " ", "\n");
	}

	public static Object print(Object[] values, Object sep) {
		return print(values, sep, "\n");
	}

	public static Object print(Object[] values, Object sep, Object end) {
		StringJoiner made = new StringJoiner(text(sep, " ", "sep"), "", text(end, "\n", "end"));
		for (Object value : values) made.add(Repr.str(value));
		sink.accept(made.toString());
		return null;
	}

	private static String text(Object given, String otherwise, String name) {
		if (given == null || given == Func.ABSENT) return otherwise;
		if (given instanceof String text) return text;
		throw PyError.of("TypeError", name + " must be None or a string, not " + Types.typeName(given));
	}
}
