package python;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** JSON of the plainest kind: null, Boolean, String, List and Map. */
final class Json {
	private final String text;
	private int at;

	private Json(String text) {
		this.text = text;
	}

	static Object parsed(String text) {
		return new Json(text).value();
	}

	private char peek() {
		while (Character.isWhitespace(text.charAt(at))) at++;
		return text.charAt(at);
	}

	private Object value() {
		switch (peek()) {
			case '{': {
				Map<String, Object> made = new LinkedHashMap<>();
				at++;
				while (peek() != '}') {
					String name = string();
					peek();
					at++;
					made.put(name, value());
					if (peek() == ',') at++;
				}
				at++;
				return made;
			}
			case '[': {
				List<Object> made = new ArrayList<>();
				at++;
				while (peek() != ']') {
					made.add(value());
					if (peek() == ',') at++;
				}
				at++;
				return made;
			}
			case '"':
				return string();
			default: {
				int start = at;
				while (at < text.length() && Character.isLetterOrDigit(text.charAt(at))) at++;
				String word = text.substring(start, at);
				return word.equals("null") ? null : (Object) word.equals("true");
			}
		}
	}

	private String string() {
		StringBuilder made = new StringBuilder();
		peek();
		for (at++; text.charAt(at) != '"'; at++) {
			char one = text.charAt(at);
			if (one != '\\') {
				made.append(one);
				continue;
			}
			char escaped = text.charAt(++at);
			if (escaped == 'u') {
				made.append((char) Integer.parseInt(text.substring(at + 1, at + 5), 16));
				at += 4;
			} else {
				int named = "bfnrt".indexOf(escaped);
				made.append(named < 0 ? escaped : "\b\f\n\r\t".charAt(named));
			}
		}
		at++;
		return made.toString();
	}

	/** ASCII characters only. */
	static String written(Object value) {
		StringBuilder made = new StringBuilder();
		write(value, made);
		return made.toString();
	}

	private static void write(Object value, StringBuilder into) {
		if (value instanceof Map<?, ?> map) {
			into.append('{');
			String before = "";
			for (Map.Entry<?, ?> entry : map.entrySet()) {
				into.append(before);
				write(entry.getKey(), into);
				into.append(':');
				write(entry.getValue(), into);
				before = ",";
			}
			into.append('}');
		} else if (value instanceof List<?> list) {
			into.append('[');
			String before = "";
			for (Object item : list) {
				into.append(before);
				write(item, into);
				before = ",";
			}
			into.append(']');
		} else if (value instanceof String text) {
			into.append('"');
			for (char unit : text.toCharArray()) quote(unit, into);
			into.append('"');
		} else into.append(value);
	}

	private static void quote(char unit, StringBuilder into) {
		int named = "\b\f\n\r\t\"\\".indexOf(unit);
		if (named >= 0) into.append('\\').append("bfnrt\"\\".charAt(named));
		else if (unit < 32 || unit >= 127) into.append(String.format("\\u%04x", (int) unit));
		else into.append(unit);
	}
}
