package python;

/** text.format(*values, **named) */
public final class FormatFields {
	private final Object[] values;
	private final Dict named;
	private int next;
	private String numbering = "";

	private FormatFields(Object[] values, Dict named) {
		this.values = values;
		this.named = named;
	}

	public static String strFormat(String text, Object[] values) {
		return strFormat(text, values, new Dict());
	}

	public static String strFormat(String text, Object[] values, Dict named) {
		return new FormatFields(values, named).rendered(text, 1);
	}

	private Object positional(String first) {
		String automatic = "automatic field numbering";
		String own = first.isEmpty() ? automatic : "manual field specification";
		if (numbering.isEmpty()) numbering = own;
		if (!own.equals(numbering)) throw PyError.of("ValueError", "cannot switch from " + numbering + " to " + own);
		int at = first.isEmpty() ? next++ : Integer.parseInt(first);
		if (at >= values.length) throw PyError.of("IndexError", "Replacement index " + at + " out of range for positional args tuple");
		return values[at];
	}

	private Object field(String name) {
		int end = 0;
		while (end < name.length() && name.charAt(end) != '.' && name.charAt(end) != '[') end++;
		String first = name.substring(0, end);
		boolean isNumber = first.chars().allMatch(unit -> unit >= '0' && unit <= '9');
		Object value = isNumber ? positional(first) : named.getItem(first);
		while (end < name.length()) {
			if (name.charAt(end) == '.') throw PyError.notTranslated("an attribute in a format string");
			int close = name.indexOf(']', end);
			if (close < 0) throw PyError.of("ValueError", "expected '}' before end of string");
			String index = name.substring(end + 1, close);
			boolean isIndex = !index.isEmpty() && index.chars().allMatch(unit -> unit >= '0' && unit <= '9');
			value = Items.item(value, isIndex ? (Object) Long.parseLong(index) : index);
			end = close + 1;
		}
		return value;
	}

	private String rendered(String part, int depth) {
		StringBuilder made = new StringBuilder();
		for (int at = 0; at < part.length(); at++) {
			char one = part.charAt(at);
			boolean isTwice = at + 1 < part.length() && part.charAt(at + 1) == one;
			if ((one == '{' || one == '}') && isTwice) {
				made.append(one);
				at++;
			} else if (one == '}') throw PyError.of("ValueError", "Single '}' encountered in format string");
			else if (one != '{') made.append(one);
			else {
				int end = closing(part, at);
				made.append(shown(part.substring(at + 1, end), depth));
				at = end;
			}
		}
		return made.toString();
	}

	private static int closing(String part, int from) {
		int open = 1;
		for (int at = from + 1; at < part.length(); at++) {
			if (part.charAt(at) == '{') open++;
			else if (part.charAt(at) == '}' && --open == 0) return at;
		}
		boolean isLast = from + 1 == part.length();
		throw PyError.of("ValueError", isLast ? "Single '{' encountered in format string" : "expected '}' before end of string");
	}

	private String shown(String text, int depth) {
		int mark = 0;
		while (mark < text.length() && text.charAt(mark) != '!' && text.charAt(mark) != ':') mark++;
		int colon = text.indexOf(':', mark);
		String conversion = mark < text.length() && text.charAt(mark) == '!' ? text.substring(mark + 1, colon < 0 ? text.length() : colon) : "";
		String spec = colon < 0 ? "" : text.substring(colon + 1);
		Object value = field(text.substring(0, mark));
		return Format.formatted(value, conversion, depth > 0 ? rendered(spec, depth - 1) : spec);
	}
}
