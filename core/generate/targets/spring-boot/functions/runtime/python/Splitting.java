package python;

import java.util.ArrayList;
import java.util.Collections;

/** Texts in parts. */
public final class Splitting {
	private Splitting() {}

	private static String separator(Object given) {
		if (!(given instanceof String text)) throw PyError.of("TypeError", "must be str or None, not " + Types.typeName(given));
		if (text.isEmpty()) throw PyError.of("ValueError", "empty separator");
		return text;
	}

	private static int most(Object maxsplit) {
		int limit = Items.sizeArgument(Func.or(maxsplit, -1L));
		return limit < 0 ? Integer.MAX_VALUE : limit;
	}

	public static ArrayList<Object> strSplit(String text) {
		return words(text, Integer.MAX_VALUE);
	}

	public static ArrayList<Object> strSplit(String text, Object sep) {
		return strSplit(text, sep, -1L);
	}

	public static ArrayList<Object> strSplit(String text, Object sep, Object maxsplit) {
		int most = most(maxsplit);
		if (sep == null || sep == Func.ABSENT) return words(text, most);
		String by = separator(sep);
		ArrayList<Object> made = new ArrayList<>();
		int at = 0;
		for (int next = text.indexOf(by); next >= 0 && made.size() < most; next = text.indexOf(by, at)) {
			made.add(text.substring(at, next));
			at = next + by.length();
		}
		made.add(text.substring(at));
		return made;
	}

	private static ArrayList<Object> words(String text, int most) {
		ArrayList<Object> made = new ArrayList<>();
		int at = 0;
		for (;;) {
			while (at < text.length() && Text.isBlank(text.charAt(at))) at++;
			if (at == text.length()) return made;
			if (made.size() >= most) {
				made.add(text.substring(at));
				return made;
			}
			int end = at;
			while (end < text.length() && !Text.isBlank(text.charAt(end))) end++;
			made.add(text.substring(at, end));
			at = end;
		}
	}

	public static ArrayList<Object> strRsplit(String text) {
		return strSplit(text);
	}

	public static ArrayList<Object> strRsplit(String text, Object sep) {
		return strSplit(text, sep);
	}

	public static ArrayList<Object> strRsplit(String text, Object sep, Object maxsplit) {
		int most = most(maxsplit);
		ArrayList<Object> made = new ArrayList<>();
		if (sep == null || sep == Func.ABSENT) {
			wordsFromTheEnd(text, most, made);
		} else {
			String by = separator(sep);
			int end = text.length();
			for (int at = text.lastIndexOf(by); at >= 0 && made.size() < most; at = end < by.length() ? -1 : text.lastIndexOf(by, end - by.length())) {
				made.add(text.substring(at + by.length(), end));
				end = at;
			}
			made.add(text.substring(0, end));
		}
		Collections.reverse(made);
		return made;
	}

	private static void wordsFromTheEnd(String text, int most, ArrayList<Object> made) {
		int end = text.length();
		for (;;) {
			while (end > 0 && Text.isBlank(text.charAt(end - 1))) end--;
			if (end == 0) return;
			if (made.size() >= most) {
				made.add(text.substring(0, end));
				return;
			}
			int at = end;
			while (at > 0 && !Text.isBlank(text.charAt(at - 1))) at--;
			made.add(text.substring(at, end));
			end = at;
		}
	}

	private static boolean isLineEnd(char unit) {
		return (unit >= '\n' && unit <= '\r') || (unit >= 0x1c && unit <= 0x1e) || unit == 0x85 || unit == 0x2028 || unit == 0x2029;
	}

	public static ArrayList<Object> strSplitlines(String text) {
		return strSplitlines(text, false);
	}

	public static ArrayList<Object> strSplitlines(String text, Object keepends) {
		boolean keeps = Builtins.truth(keepends);
		ArrayList<Object> made = new ArrayList<>();
		int start = 0;
		for (int at = 0; at < text.length(); at++) {
			if (!isLineEnd(text.charAt(at))) continue;
			boolean isPair = text.startsWith("\r\n", at);
			int end = isPair ? at + 2 : at + 1;
			made.add(text.substring(start, keeps ? end : at));
			start = end;
			at = end - 1;
		}
		if (start < text.length()) made.add(text.substring(start));
		return made;
	}

	public static Object strPartition(String text, Object sep) {
		String by = separator(sep);
		int at = text.indexOf(by);
		return at < 0 ? new Tuple(text, "", "") : new Tuple(text.substring(0, at), by, text.substring(at + by.length()));
	}

	public static Object strRpartition(String text, Object sep) {
		String by = separator(sep);
		int at = text.lastIndexOf(by);
		return at < 0 ? new Tuple("", "", text) : new Tuple(text.substring(0, at), by, text.substring(at + by.length()));
	}
}
