package python;

import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.Supplier;

/** Values as texts. */
public final class Repr {
	private static final int MOST_DIGITS = 4300;
	private static final Map<Object, Boolean> OPEN = new IdentityHashMap<>();

	private Repr() {}

	/** Digits of a whole number; CPython refuses more than 4,300. */
	static String wholeText(Object value) {
		String text = Numbers.plain(value).toString();
		if (text.length() > MOST_DIGITS && text.length() - (text.startsWith("-") ? 1 : 0) > MOST_DIGITS) {
			String limit = "Exceeds the limit (4300 digits) for integer string conversion";
			throw PyError.of("ValueError", limit + "; use sys.set_int_max_str_digits() to increase the limit");
		}
		return text;
	}

	/** Whether a character is shown as itself; a blank is. */
	static boolean isShown(int point) {
		if (point == ' ') return true;
		switch (Character.getType(point)) {
			case Character.CONTROL:
			case Character.FORMAT:
			case Character.SURROGATE:
			case Character.PRIVATE_USE:
			case Character.UNASSIGNED:
			case Character.LINE_SEPARATOR:
			case Character.PARAGRAPH_SEPARATOR:
			case Character.SPACE_SEPARATOR:
				return false;
			default:
				return true;
		}
	}

	static String textRepr(String text) {
		char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
		StringBuilder made = new StringBuilder().append(quote);
		text.codePoints().forEach(point -> {
			if (point == quote || point == '\\') made.append('\\').appendCodePoint(point);
			else if (point == '\n') made.append("\\n");
			else if (point == '\r') made.append("\\r");
			else if (point == '\t') made.append("\\t");
			else if (isShown(point)) made.appendCodePoint(point);
			else made.append(escaped(point));
		});
		return made.append(quote).toString();
	}

	static String escaped(int point) {
		if (point < 0x100) return String.format("\\x%02x", point);
		return point < 0x10000 ? String.format("\\u%04x", point) : String.format("\\U%08x", point);
	}

	/** Runs {@code make} unless {@code value} is being shown already; then it gives {@code again}. */
	static String shownOnce(Object value, String again, Supplier<String> make) {
		if (OPEN.putIfAbsent(value, true) != null) return again;
		try {
			return make.get();
		} finally {
			OPEN.remove(value);
		}
	}

	static String joined(Collection<?> items) {
		StringJoiner made = new StringJoiner(", ");
		for (Object item : items) made.add(repr(item));
		return made.toString();
	}

	public static String repr(Object value) {
		if (value == null) return "None";
		if (value instanceof Boolean truth) return truth ? "True" : "False";
		if (Numbers.isWhole(value)) return wholeText(value);
		if (value instanceof Double number) return FloatText.floatText(number);
		if (value instanceof String text) return textRepr(text);
		if (Lists.isList(value)) return shownOnce(value, "[...]", () -> "[" + joined(Lists.asList(value)) + "]");
		if (value instanceof Iter) throw PyError.notTranslated("the text of an iterator holds its address");
		return ((PyObject) value).repr();
	}

	/** str(value) */
	public static String str(Object value) {
		if (value instanceof String text) return text;
		return value instanceof PyObject own && !(value instanceof Iter) ? own.str() : repr(value);
	}

	/** str(value); without one, the empty text. */
	public static String strOf(Object value) {
		return value == Func.ABSENT ? "" : str(value);
	}

	public static String strOf() {
		return "";
	}

	public static String ascii(Object value) {
		StringBuilder made = new StringBuilder();
		repr(value).codePoints().forEach(point -> made.append(point < 128 ? Character.toString(point) : escaped(point)));
		return made.toString();
	}
}
