package python;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** From one type to another. */
public final class Convert {
	private static final Pattern FLOAT = Pattern.compile("[+-]?(\\d+(_\\d+)*\\.?(\\d+(_\\d+)*)?|\\.\\d+(_\\d+)*)([eE][+-]?\\d+(_\\d+)*)?");
	private static final Pattern WORD = Pattern.compile("([+-]?)(inf|infinity|nan)", Pattern.CASE_INSENSITIVE);
	private static final Pattern PREFIX = Pattern.compile("0([xobXOB])_?");
	private static final Pattern DIGITS = Pattern.compile("[0-9a-zA-Z]+(_[0-9a-zA-Z]+)*");

	private Convert() {}

	/** Without blanks around, decimal digits of every script as 0-9. */
	private static String plain(String text) {
		StringBuilder made = new StringBuilder();
		Text.stripBlanks(text, true, true).codePoints().forEach(point -> {
			boolean isDigit = point >= 128 && Character.getType(point) == Character.DECIMAL_DIGIT_NUMBER;
			if (isDigit) made.append(Character.digit(point, 10));
			else made.appendCodePoint(point);
		});
		return made.toString();
	}

	/** int(): 0 */
	public static Object intOf() {
		return 0L;
	}

	public static Object intOf(Object value) {
		if (value == Func.ABSENT) return 0L;
		if (value instanceof String text) return parseWhole(text, 10);
		if (Numbers.isWhole(value)) return Numbers.plain(value);
		if (value instanceof Double number) return wholePart(number);
		String kinds = "int() argument must be a string, a bytes-like object or a real number, not '";
		throw PyError.of("TypeError", kinds + Types.typeName(value) + "'");
	}

	public static Object intOf(Object value, Object base) {
		if (base == Func.ABSENT) return intOf(value);
		if (value instanceof String text) return parseWhole(text, Items.sizeArgument(base));
		throw PyError.of("TypeError", "int() can't convert non-string with explicit base");
	}

	/** A float without its fraction. */
	static Object wholePart(double value) {
		if (Double.isNaN(value)) throw PyError.of("ValueError", "cannot convert float NaN to integer");
		if (Double.isInfinite(value)) throw PyError.of("OverflowError", "cannot convert float infinity to integer");
		return Numbers.whole(new BigDecimal(value).toBigInteger());
	}

	private static Object parseWhole(String text, int base) {
		if (base != 0 && (base < 2 || base > 36)) throw PyError.of("ValueError", "int() base must be >= 2 and <= 36, or 0");
		PyError bad = PyError.of("ValueError", "invalid literal for int() with base " + base + ": " + Repr.repr(text));
		String signed = plain(text);
		boolean isNegative = signed.startsWith("-");
		String rest = isNegative || signed.startsWith("+") ? signed.substring(1) : signed;
		Matcher prefix = PREFIX.matcher(rest);
		boolean hasPrefix = prefix.lookingAt();
		int named = !hasPrefix ? 0 : switch (prefix.group(1).toLowerCase()) {
			case "x" -> 16;
			case "o" -> 8;
			default -> 2;
		};
		boolean usesPrefix = hasPrefix && (base == 0 || base == named);
		int radix = base != 0 ? base : usesPrefix ? named : 10;
		String digits = usesPrefix ? rest.substring(prefix.end()) : rest;
		if (!DIGITS.matcher(digits).matches()) throw bad;
		if (base == 0 && !usesPrefix && digits.startsWith("0") && !digits.matches("[0_]+")) throw bad;
		String clean = digits.replace("_", "");
		if (radix == 10 && clean.length() > 4300) {
			String limit = "Exceeds the limit (4300 digits) for integer string conversion: value has " + clean.length() + " digits";
			throw PyError.of("ValueError", limit + "; use sys.set_int_max_str_digits() to increase the limit");
		}
		try {
			BigInteger made = new BigInteger(clean, radix);
			return Numbers.whole(isNegative ? made.negate() : made);
		} catch (NumberFormatException error) {
			throw bad;
		}
	}

	/** float(): 0.0 */
	public static double floatOf() {
		return 0;
	}

	public static double floatOf(Object value) {
		if (value == Func.ABSENT) return 0;
		if (Numbers.isNumber(value)) return Numbers.toFloat(value);
		if (!(value instanceof String given))
			throw PyError.of("TypeError", "float() argument must be a string or a real number, not '" + Types.typeName(value) + "'");
		String text = plain(given);
		if (FLOAT.matcher(text).matches()) return Double.parseDouble(text.replace("_", ""));
		Matcher word = WORD.matcher(text);
		if (!word.matches()) throw PyError.of("ValueError", "could not convert string to float: " + Repr.repr(given));
		double made = word.group(2).equalsIgnoreCase("nan") ? Double.NaN : Double.POSITIVE_INFINITY;
		return word.group(1).equals("-") ? -made : made;
	}

	public static Object abs(Object value) {
		if (Numbers.isWhole(value)) return Numbers.whole(Numbers.big(value).abs());
		if (value instanceof Double number) return Math.abs(number);
		throw PyError.of("TypeError", "bad operand type for abs(): '" + Types.typeName(value) + "'");
	}

	public static Object round(Object value) {
		return round(value, null);
	}

	/** Ties go to the even digit, by the exact binary value. */
	public static Object round(Object value, Object ndigits) {
		Object digits = Func.or(ndigits, null);
		if (Numbers.isWhole(value)) {
			int places = digits == null ? 0 : Items.sizeArgument(digits);
			if (places >= 0) return Numbers.plain(value);
			BigInteger unit = BigInteger.TEN.pow(-places);
			return Numbers.whole(FloatText.divideToEven(Numbers.big(value), unit).multiply(unit));
		}
		if (!(value instanceof Double number)) throw PyError.of("TypeError", "type " + Types.typeName(value) + " doesn't define __round__ method");
		if (digits != null) return roundFloat(number, Items.sizeArgument(digits));
		if (!Double.isFinite(number)) return wholePart(number);
		return Numbers.whole(FloatText.scaledToEven(number, 0));
	}

	private static double roundFloat(double value, int digits) {
		if (value == 0 || !Double.isFinite(value) || digits > 323) return value;
		if (digits < -308) return Math.copySign(0.0, value);
		double made = new BigDecimal(value).setScale(digits, RoundingMode.HALF_EVEN).doubleValue();
		if (Double.isInfinite(made)) throw PyError.of("OverflowError", "rounded value too large to represent");
		return Math.copySign(made, value);
	}

	public static Object divmod(Object left, Object right) {
		if (!Numbers.isNumber(left) || !Numbers.isNumber(right)) {
			String types = "'" + Types.typeName(left) + "' and '" + Types.typeName(right) + "'";
			throw PyError.of("TypeError", "unsupported operand type(s) for divmod(): " + types);
		}
		boolean isFloat = left instanceof Double || right instanceof Double;
		if (isFloat && Numbers.toFloat(right) == 0) throw PyError.of("ZeroDivisionError", "float divmod()");
		return new Tuple(Numbers.floorDivide(left, right), Numbers.remainder(left, right, "%"));
	}

	private static String inBase(Object value, int base, String prefix) {
		BigInteger number = Items.wholeArgument(value);
		return (number.signum() < 0 ? "-" : "") + prefix + number.abs().toString(base);
	}

	public static String bin(Object value) {
		return inBase(value, 2, "0b");
	}

	public static String oct(Object value) {
		return inBase(value, 8, "0o");
	}

	public static String hex(Object value) {
		return inBase(value, 16, "0x");
	}

	public static String chr(Object point) {
		BigInteger at = Items.wholeArgument(point);
		if (at.bitLength() > 31) throw PyError.of("OverflowError", "Python int too large to convert to C int");
		if (at.signum() < 0 || at.intValue() > 0x10ffff) throw PyError.of("ValueError", "chr() arg not in range(0x110000)");
		return Character.toString(at.intValue());
	}

	public static Object ord(Object character) {
		if (!(character instanceof String text))
			throw PyError.of("TypeError", "ord() expected string of length 1, but " + Types.typeName(character) + " found");
		int length = Text.length(text);
		if (length != 1) throw PyError.of("TypeError", "ord() expected a character, but string of length " + length + " found");
		return (long) text.codePointAt(0);
	}

	public static Object intBitLength(Object value) {
		return (long) Numbers.big(value).abs().bitLength();
	}

	public static Object intBitCount(Object value) {
		return (long) Numbers.big(value).abs().bitCount();
	}

	public static boolean floatIsInteger(Object value) {
		double number = (Double) value;
		return Double.isFinite(number) && number == Math.rint(number);
	}
}
