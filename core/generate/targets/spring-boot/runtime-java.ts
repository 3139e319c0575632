import { powersClass } from "./powers-java.ts";

/**
 * The exact operations of the legacy language as Java classes; a service gets only the classes that it names.
 * Rounding and printing work on the exact binary value: `new BigDecimal(x)`, never `BigDecimal.valueOf(x)`.
 */
export const runtimeClasses: Record<string, string> = {
	Errors: `/** The exceptions of the legacy language that the translated code raises or catches. Anything else thrown is a bug. */
public final class Errors {
	private Errors() {}

	public static class PyError extends RuntimeException {
		public PyError(String message) {
			super(message);
		}
	}

	public static class ArithmeticError extends PyError {
		public ArithmeticError(String message) {
			super(message);
		}
	}

	public static class ZeroDivisionError extends ArithmeticError {
		public ZeroDivisionError(String message) {
			super(message);
		}
	}

	public static class OverflowError extends ArithmeticError {
		public OverflowError(String message) {
			super(message);
		}
	}

	public static class LookupError extends PyError {
		public LookupError(String message) {
			super(message);
		}
	}

	public static class IndexError extends LookupError {
		public IndexError(String message) {
			super(message);
		}
	}

	public static class KeyError extends LookupError {
		public KeyError(String message) {
			super(message);
		}
	}

	public static class ValueError extends PyError {
		public ValueError(String message) {
			super(message);
		}
	}

	public static class PyTypeError extends PyError {
		public PyTypeError(String message) {
			super(message);
		}
	}

	/** What the database refused. */
	public static class DatabaseError extends PyError {
		public DatabaseError(String message) {
			super(message);
		}
	}
}
`,
	Numbers: String.raw`import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/** Arithmetic as the legacy language does it. Whole numbers beyond 64 bits fail loudly. */
public final class Numbers {
	private Numbers() {}

	/** Rounds the exact binary value to decimals, ties to even: 2.675 gives 2.67. */
	public static double roundHalfEven(double value, int digits) {
		if (!Double.isFinite(value)) return value;
		double rounded = new BigDecimal(value).setScale(digits, RoundingMode.HALF_EVEN).doubleValue();
		if (Double.isInfinite(rounded)) throw new Errors.OverflowError("rounded value too large to represent");
		return Math.copySign(rounded, value);
	}

	public static long roundToWhole(double value) {
		return whole(Math.rint(finite(value)));
	}

	public static long truncate(double value) {
		return whole(finite(value) < 0 ? Math.ceil(value) : Math.floor(value));
	}

	public static long floor(double value) {
		return whole(Math.floor(finite(value)));
	}

	public static long ceil(double value) {
		return whole(Math.ceil(finite(value)));
	}

	private static double finite(double value) {
		if (Double.isNaN(value)) throw new Errors.ValueError("cannot convert float NaN to integer");
		if (Double.isInfinite(value)) throw new Errors.OverflowError("cannot convert float infinity to integer");
		return value;
	}

	private static long whole(double value) {
		return new BigDecimal(value).longValueExact();
	}

	public static double divide(double left, double right) {
		if (right == 0) throw new Errors.ZeroDivisionError("float division by zero");
		return left / right;
	}

	public static long floorDivide(long left, long right) {
		if (right == 0) throw new Errors.ZeroDivisionError("integer division or modulo by zero");
		if (right == -1) return Math.negateExact(left);
		return Math.floorDiv(left, right);
	}

	public static long floorModulo(long left, long right) {
		if (right == 0) throw new Errors.ZeroDivisionError("integer division or modulo by zero");
		return Math.floorMod(left, right);
	}

	/** A text with a whole number of any length, as 64 bits. */
	public static long parseWhole(String text) {
		return parseBig(text).longValueExact();
	}

	/** The remainder of a text with a whole number of any length. */
	public static long moduloOfText(String text, long divisor) {
		BigInteger number = parseBig(text);
		if (divisor == 0) throw new Errors.ZeroDivisionError("integer division or modulo by zero");
		BigInteger by = BigInteger.valueOf(divisor);
		BigInteger rest = number.mod(by.abs());
		return (rest.signum() != 0 && divisor < 0 ? rest.add(by) : rest).longValueExact();
	}

	private static BigInteger parseBig(String text) {
		String bare = Texts.strip(text);
		if (!bare.matches("[+-]?\\p{Nd}+(?:_\\p{Nd}+)*")) {
			throw new Errors.ValueError("invalid literal for int() with base 10: '" + text + "'");
		}
		return new BigInteger(plainDigits(bare));
	}

	public static double parseFloat(String text) {
		String bare = plainDigits(Texts.strip(text));
		String digits = "\\d+(?:_\\d+)*";
		if (text.indexOf('_') >= 0) {
			if (!bareForm(Texts.strip(text), "\\p{Nd}+(?:_\\p{Nd}+)*")) throw notFloat(text);
		} else if (!bareForm(bare, digits)) {
			return switch (bare.toLowerCase(java.util.Locale.ROOT)) {
				case "inf", "+inf", "infinity", "+infinity" -> Double.POSITIVE_INFINITY;
				case "-inf", "-infinity" -> Double.NEGATIVE_INFINITY;
				case "nan", "+nan", "-nan" -> Double.NaN;
				default -> throw notFloat(text);
			};
		}
		return Double.parseDouble(bare);
	}

	private static boolean bareForm(String text, String digits) {
		return text.matches("[+-]?(?:" + digits + "\\.?(?:" + digits + ")?|\\." + digits + ")(?:[eE][+-]?" + digits + ")?");
	}

	private static Errors.ValueError notFloat(String text) {
		return new Errors.ValueError("could not convert string to float: '" + text + "'");
	}

	/** Decimal digits of every script as 0 to 9, without underscores. */
	private static String plainDigits(String text) {
		StringBuilder plain = new StringBuilder();
		text.codePoints().forEach(point -> {
			if (Character.getType(point) == Character.DECIMAL_DIGIT_NUMBER) plain.append(Character.digit(point, 10));
			else if (point != '_') plain.appendCodePoint(point);
		});
		return plain.toString();
	}

	/** The least of two; the first where they are equal or one is not a number. */
	public static double least(double first, double second) {
		return second < first ? second : first;
	}

	/** The greatest of two; the first where they are equal or one is not a number. */
	public static double greatest(double first, double second) {
		return second > first ? second : first;
	}

	/** A comma after each three digits of the whole part. */
	public static String groupThousands(String number) {
		int point = number.indexOf('.');
		int end = point < 0 ? number.length() : point;
		int start = number.startsWith("-") ? 1 : 0;
		StringBuilder made = new StringBuilder(number);
		for (int at = end - 3; at > start && Character.isDigit(number.charAt(start)); at -= 3) made.insert(at, ',');
		return made.toString();
	}

	/** Fixed decimals, rounded by the exact binary value, ties to even: 0.125 gives 0.12. */
	public static String formatFixed(double value, int digits) {
		if (Double.isNaN(value)) return "nan";
		String sign = Math.copySign(1, value) < 0 ? "-" : "";
		if (Double.isInfinite(value)) return sign + "inf";
		return sign + new BigDecimal(Math.abs(value)).setScale(digits, RoundingMode.HALF_EVEN).toPlainString();
	}
}
`,
	Hashes: `import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Digests of texts. */
public final class Hashes {
	private Hashes() {}

	/** Hexadecimal digest of the text's UTF-8 bytes. */
	public static String hex(String algorithm, String text) {
		try {
			return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(text.getBytes(StandardCharsets.UTF_8)));
		} catch (NoSuchAlgorithmException error) {
			throw new IllegalStateException(error);
		}
	}
}
`,
	Texts: String.raw`import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Texts by code points, as the legacy language counts them. */
public final class Texts {
	private Texts() {}

	/** What counts as a digit beyond the decimal digits: superscripts, circled digits and the like (Unicode 14). */
	private static final String DIGITS = "[\\p{Nd}\\xb2\\xb3\\xb9\\u1369-\\u1371\\u19da\\u2070\\u2074-\\u2079\\u2080-\\u2089\\u2460-\\u2468\\u2474-\\u247c\\u2488-\\u2490"
		+ "\\u24ea\\u24f5-\\u24fd\\u24ff\\u2776-\\u277e\\u2780-\\u2788\\u278a-\\u2792\\x{10a40}-\\x{10a43}\\x{10e60}-\\x{10e68}\\x{11052}-\\x{1105a}\\x{1f100}-\\x{1f10a}]+";

	/** Not empty, and digits only. */
	public static boolean isDigits(String text) {
		return text.matches(DIGITS);
	}

	private static final String BLANK = "[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]+";

	public static String strip(String text) {
		return text.replaceFirst("^" + BLANK, "").replaceFirst(BLANK + "\\z", "");
	}

	public static long length(String text) {
		return text.codePointCount(0, text.length());
	}

	/** From one position up to another; negative ones count from the end, null is the beginning or the end. */
	public static String slice(String text, Long from, Long to) {
		long length = length(text);
		long first = position(from == null ? 0 : from, length);
		long last = position(to == null ? length : to, length);
		if (last <= first) return "";
		return text.substring(text.offsetByCodePoints(0, (int) first), text.offsetByCodePoints(0, (int) last));
	}

	private static long position(long at, long length) {
		return Math.max(0, Math.min(length, at < 0 ? at + length : at));
	}

	public static String at(String text, long index) {
		long length = length(text);
		long place = index < 0 ? index + length : index;
		if (place < 0 || place >= length) throw new Errors.IndexError("string index out of range");
		return Character.toString(text.codePointAt(text.offsetByCodePoints(0, (int) place)));
	}

	public static String padEnd(String text, long width, String fill) {
		return text + fill.repeat((int) Math.max(0, width - length(text)));
	}

	public static String padStart(String text, long width, String fill) {
		return fill.repeat((int) Math.max(0, width - length(text))) + text;
	}

	/** Zeros in front, behind the sign. */
	public static String zeroFill(String text, long width) {
		String sign = text.startsWith("-") || text.startsWith("+") ? text.substring(0, 1) : "";
		return sign + padStart(text.substring(sign.length()), width - sign.length(), "0");
	}

	public static String replace(String text, String search, String replacement) {
		if (!search.isEmpty()) return text.replace(search, replacement);
		StringBuilder result = new StringBuilder(replacement);
		text.codePoints().forEach(point -> result.appendCodePoint(point).append(replacement));
		return result.toString();
	}

	/** The words between runs of blanks. */
	public static List<String> splitWords(String text) {
		String bare = strip(text);
		return bare.isEmpty() ? new ArrayList<>() : new ArrayList<>(Arrays.asList(bare.split(BLANK)));
	}

	public static List<String> splitAt(String text, String separator) {
		if (separator.isEmpty()) throw new Errors.ValueError("empty separator");
		List<String> parts = new ArrayList<>();
		int from = 0;
		for (int at; (at = text.indexOf(separator, from)) >= 0; from = at + separator.length()) parts.add(text.substring(from, at));
		parts.add(text.substring(from));
		return parts;
	}

	public static String escapeXml(String text) {
		return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
	}
}
`,
	Dates: String.raw`import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Dates of the years 1 to 9999, as the legacy language reads and writes them. */
public final class Dates {
	private Dates() {}

	public static LocalDate of(long year, long month, long day) {
		if (year < 1 || year > 9999) throw new Errors.ValueError("year " + year + " is out of range");
		try {
			return LocalDate.of((int) year, Math.toIntExact(month), Math.toIntExact(day));
		} catch (DateTimeException | ArithmeticException error) {
			throw new Errors.ValueError("day is out of range for month");
		}
	}

	public static LocalDate addDays(LocalDate day, long days) {
		try {
			LocalDate made = day.plusDays(days);
			if (made.getYear() >= 1 && made.getYear() <= 9999) return made;
		} catch (DateTimeException | ArithmeticException error) {
			// Beyond what Java can count is beyond the year 9999.
		}
		throw new Errors.OverflowError("date value out of range");
	}

	/** Monday 0 to Sunday 6. */
	public static long weekday(LocalDate day) {
		return day.getDayOfWeek().getValue() - 1;
	}

	public static LocalDate parseIso(String text) {
		if (!text.matches("[0-9]{4}-[0-9]{2}-[0-9]{2}")) throw new Errors.ValueError("Invalid isoformat string: '" + text + "'");
		return of(Long.parseLong(text.substring(0, 4)), Long.parseLong(text.substring(5, 7)), Long.parseLong(text.substring(8)));
	}

	/** Six digits or fewer, day, month and year of two digits: 69 to 99 are 19xx, 00 to 68 are 20xx. */
	public static LocalDate parse(String text, String pattern) {
		Matcher match = Pattern.compile(reader(pattern)).matcher(text);
		if (!match.lookingAt()) throw new Errors.ValueError("time data '" + text + "' does not match format '" + pattern + "'");
		if (match.end() != text.length()) throw new Errors.ValueError("unconverted data remains: " + text.substring(match.end()));
		long year = pattern.contains("%Y") ? number(match.group("Y")) : number(match.group("y"));
		if (!pattern.contains("%Y")) year += year < 69 ? 2000 : 1900;
		return of(year, number(match.group("m")), number(match.group("d")));
	}

	private static String reader(String pattern) {
		return pattern
			.replace("%Y", "(?<Y>\\p{Nd}{4})")
			.replace("%y", "(?<y>\\p{Nd}{2})")
			.replace("%m", "(?<m>1[0-2]|0[1-9]|[1-9])")
			.replace("%d", "(?<d>3[0-1]|[1-2]\\p{Nd}|0[1-9]|[1-9]| [1-9])");
	}

	private static long number(String digits) {
		long value = 0;
		for (int point : digits.codePoints().toArray()) if (point != ' ') value = value * 10 + Character.digit(point, 10);
		return value;
	}

	public static String format(LocalDateTime time, String pattern) {
		return pattern
			.replace("%Y", Integer.toString(time.getYear()))
			.replace("%y", two(time.getYear() % 100))
			.replace("%m", two(time.getMonthValue()))
			.replace("%d", two(time.getDayOfMonth()))
			.replace("%H", two(time.getHour()))
			.replace("%M", two(time.getMinute()))
			.replace("%S", two(time.getSecond()));
	}

	private static String two(int value) {
		return value < 10 ? "0" + value : Integer.toString(value);
	}

	/** Days of a month, from 28 to 31. */
	public static long monthDays(long year, long month) {
		return of(year, month, 1).lengthOfMonth();
	}
}
`,
	Powers: powersClass,
	Values: `import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Lists and dictionaries. */
public final class Values {
	private Values() {}

	public record Pair<A, B>(A first, B second) {}

	public record Triple<A, B, C>(A first, B second, C third) {}

	/** A missing value is an error. */
	public static <T> T present(T value) {
		if (value == null) throw new Errors.PyTypeError("a value is missing");
		return value;
	}

	public static <K, V> V lookUp(Map<K, V> map, K key) {
		if (!map.containsKey(key)) throw new Errors.KeyError(String.valueOf(key));
		return map.get(key);
	}

	public static <T> T at(List<T> items, long index) {
		long place = index < 0 ? index + items.size() : index;
		if (place < 0 || place >= items.size()) throw new Errors.IndexError("list index out of range");
		return items.get((int) place);
	}

	/** In the order of the entries; of equal keys the last value. */
	@SafeVarargs
	public static <K, V> Map<K, V> ordered(Map.Entry<K, V>... entries) {
		Map<K, V> map = new LinkedHashMap<>();
		for (Map.Entry<K, V> entry : entries) map.put(entry.getKey(), entry.getValue());
		return map;
	}
}
`,
};
