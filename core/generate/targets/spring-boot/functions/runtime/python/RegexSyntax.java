package python;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** A regular expression of the source in Java's notation. */
final class RegexSyntax {
	private static final int IGNORECASE = 2;
	private static final int MULTILINE = 8;
	private static final int DOTALL = 16;
	private static final String BLANK = "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
	private static final String WORD = "\\p{L}\\p{N}_";
	private static final String BOUNDARY = "(?:(?<=[" + WORD + "])(?![" + WORD + "])|(?<![" + WORD + "])(?=[" + WORD + "]))";

	private final String source;
	private final int given;
	private final StringBuilder made = new StringBuilder();
	private final Map<String, Integer> names = new LinkedHashMap<>();
	private int at;
	private int groups;

	private RegexSyntax(String source, int flags) {
		this.source = source;
		this.given = flags;
	}

	static RegexSyntax rewritten(String source, int flags) {
		if ((flags & ~(IGNORECASE | MULTILINE | DOTALL)) != 0) throw PyError.notTranslated("these flags of a regular expression");
		RegexSyntax made = new RegexSyntax(source, flags);
		while (made.at < source.length()) made.piece();
		return made;
	}

	String text() {
		return made.toString();
	}

	int flags() {
		return (given & IGNORECASE) != 0 ? Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE : 0;
	}

	int groups() {
		return groups;
	}

	Map<String, Integer> names() {
		return names;
	}

	private boolean takes(String text) {
		if (!source.startsWith(text, at)) return false;
		at += text.length();
		return true;
	}

	private String until(char end) {
		int close = source.indexOf(end, at);
		if (close < 0) throw PyError.notTranslated("this regular expression");
		String text = source.substring(at, close);
		at = close + 1;
		return text;
	}

	private void piece() {
		char one = source.charAt(at);
		if (one == '\\') made.append(escape(false));
		else if (one == '[') made.append(characterClass());
		else if (takes("(?P<")) {
			names.put(until('>'), ++groups);
			made.append('(');
		} else if (takes("(?P=")) made.append("(?:\\").append(names.getOrDefault(until(')'), 0)).append(')');
		else if (takes("(?:") || takes("(?=") || takes("(?!") || takes("(?<=") || takes("(?<!")) {
			made.append(source, source.lastIndexOf('(', at - 1), at);
		} else if (source.startsWith("(?", at)) throw PyError.notTranslated("this kind of group of a regular expression");
		else if (takes("(")) {
			groups++;
			made.append('(');
		} else if (takes("^")) made.append((given & MULTILINE) != 0 ? "(?<![^\\n])" : "(?<![\\s\\S])");
		else if (takes("$")) made.append((given & MULTILINE) != 0 ? "(?![^\\n])" : "(?=\\n?(?![\\s\\S]))");
		else if (takes(".")) made.append((given & DOTALL) != 0 ? "[\\s\\S]" : "[^\\n]");
		else if (one == '{') brace();
		else if ("*+?}".indexOf(one) >= 0 && source.startsWith("+", at + 1)) throw PyError.notTranslated("a possessive quantifier");
		else if (one == '}' || one == ']') {
			at++;
			made.append('\\').append(one);
		} else {
			int point = source.codePointAt(at);
			at += Character.charCount(point);
			made.appendCodePoint(point);
		}
	}

	/** Only what looks like a count is one. */
	private void brace() {
		int close = source.indexOf('}', at);
		String inner = close < 0 ? "" : source.substring(at + 1, close);
		boolean isCount = inner.matches("\\d+|\\d+,\\d*|,\\d+");
		if (!isCount) {
			at++;
			made.append("\\{");
			return;
		}
		at = close + 1;
		if (source.startsWith("+", at)) throw PyError.notTranslated("a possessive quantifier");
		made.append('{').append(inner.startsWith(",") ? "0" : "").append(inner).append('}');
	}

	private String escape(boolean isInClass) {
		at++;
		if (at >= source.length()) throw PyError.notTranslated("this regular expression");
		int point = source.codePointAt(at);
		at += Character.charCount(point);
		char letter = (char) point;
		switch (letter) {
			case 'd':
				return "\\p{Nd}";
			case 'D':
				return "\\P{Nd}";
			case 'w':
				return isInClass ? WORD : "[" + WORD + "]";
			case 'W':
				return "[^" + WORD + "]";
			case 's':
				return isInClass ? BLANK : "[" + BLANK + "]";
			case 'S':
				return "[^" + BLANK + "]";
			case 'b':
				return isInClass ? "\\x08" : BOUNDARY;
			case 'B':
				return "(?!" + BOUNDARY + ")";
			case 'A':
				return "(?<![\\s\\S])";
			case 'Z':
				return "(?![\\s\\S])";
			case 'a':
				return "\\x07";
			case 'v':
				return "\\x0b";
			case 'n':
			case 't':
			case 'r':
			case 'f':
				return "\\" + letter;
			default:
				break;
		}
		if (letter >= '1' && letter <= '9' && !isInClass) {
			String number = String.valueOf(letter);
			if (at < source.length() && Character.isDigit(source.charAt(at))) number += source.charAt(at++);
			if (Integer.parseInt(number) > groups) throw PyError.notTranslated("a group that the pattern does not have");
			return "(?:\\" + number + ")";
		}
		if (letter == 'x' && source.substring(at).matches("(?s)[0-9a-fA-F]{2}.*")) {
			at += 2;
			return "\\x" + source.substring(at - 2, at);
		}
		if (Character.isLetterOrDigit(point)) throw PyError.notTranslated("the escape \\" + Character.toString(point) + " of a regular expression");
		return literal(point);
	}

	private static String literal(int point) {
		boolean isSign = point < 128 && !Character.isLetterOrDigit(point) && point != '_' && point > ' ';
		return isSign ? "\\" + (char) point : Character.toString(point);
	}

	private String characterClass() {
		at++;
		StringBuilder own = new StringBuilder("[");
		if (takes("^")) own.append('^');
		if (takes("]")) own.append("\\]");
		while (!takes("]")) {
			if (at >= source.length()) throw PyError.notTranslated("an unterminated class of characters");
			char one = source.charAt(at);
			if (one == '\\') own.append(escape(true));
			else if (one == '-') {
				at++;
				boolean isEdge = source.startsWith("]", at) || own.length() <= 1 || own.toString().equals("[^") || own.toString().endsWith("}");
				own.append(isEdge ? "\\-" : "-");
			} else if (one == '[' && source.startsWith("[:", at)) throw PyError.notTranslated("a named class of characters");
			else {
				int point = source.codePointAt(at);
				at += Character.charCount(point);
				own.append(literal(point));
			}
		}
		return own.append(']').toString();
	}
}
