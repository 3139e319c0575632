package python;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** format(), f-strings and the old % formatting. */
public final class Format {
	private static final Pattern SPEC =
		Pattern.compile("(?:(.)?([<>=^]))?([-+ ])?(z)?(#)?(0)?(\\d+)?([,_])?(?:\\.(\\d+))?(.)?", Pattern.DOTALL);
	private static final Pattern PERCENT =
		Pattern.compile("%(?:\\(([^)]*)\\))?([-+ 0#]*)(\\*|\\d+)?(\\.(?:\\*|\\d+)?)?[hlL]?(.?)", Pattern.DOTALL);

	private Format() {}

	/** precision -1: none. */
	private record Spec(String fill, String align, String sign, boolean isAlternate, int width, String grouping, int precision, String type) {}

	private static Spec parsed(String text, Object value) {
		Matcher found = SPEC.matcher(text);
		if (!found.matches()) {
			if (Pattern.compile("\\.(?!\\d)").matcher(text).find()) throw PyError.of("ValueError", "Format specifier missing precision");
			throw PyError.of("ValueError", "Invalid format specifier '" + text + "' for object of type '" + Types.typeName(value) + "'");
		}
		boolean isZero = found.group(6) != null;
		boolean isAligned = found.group(2) != null;
		String fill = found.group(1) != null ? found.group(1) : isZero && !isAligned ? "0" : " ";
		String align = isAligned ? found.group(2) : isZero && !(value instanceof String) ? "=" : "";
		String sign = found.group(3) == null ? "-" : found.group(3);
		int width = found.group(7) == null ? 0 : Integer.parseInt(found.group(7));
		int precision = found.group(9) == null ? -1 : Integer.parseInt(found.group(9));
		String grouping = found.group(8) == null ? "" : found.group(8);
		String type = found.group(10) == null ? "" : found.group(10);
		return new Spec(fill, align, sign, found.group(5) != null, width, grouping, precision, type);
	}

	public static String format(Object value) {
		return Repr.str(value);
	}

	/** format(value, spec) */
	public static String format(Object value, Object given) {
		if (given == Func.ABSENT) return Repr.str(value);
		if (!(given instanceof String spec)) throw PyError.of("TypeError", "format() argument 2 must be str, not " + Types.typeName(given));
		if (spec.isEmpty()) return Repr.str(value);
		if (value instanceof String text) return ofText(text, parsed(spec, value));
		if (Numbers.isWhole(value)) return ofWhole(value, parsed(spec, value));
		if (value instanceof Double number) return ofFloat(number, parsed(spec, value));
		throw PyError.of("TypeError", "unsupported format string passed to " + Types.typeName(value) + ".__format__");
	}

	private static PyError unknown(Spec spec, String type) {
		return PyError.of("ValueError", "Unknown format code '" + spec.type + "' for object of type '" + type + "'");
	}

	private static String padded(String text, Spec spec, String align) {
		int room = Math.max(0, spec.width - Text.length(text));
		int left = align.equals(">") ? room : align.equals("^") ? room / 2 : 0;
		return spec.fill.repeat(left) + text + spec.fill.repeat(room - left);
	}

	private static String ofText(String text, Spec spec) {
		if (!spec.type.isEmpty() && !spec.type.equals("s")) throw unknown(spec, "str");
		if (!spec.sign.equals("-"))
			throw PyError.of("ValueError", (spec.sign.equals(" ") ? "Space" : "Sign") + " not allowed in string format specifier");
		if (spec.isAlternate) throw PyError.of("ValueError", "Alternate form (#) not allowed in string format specifier");
		if (spec.align.equals("=")) throw PyError.of("ValueError", "'=' alignment not allowed in string format specifier");
		if (!spec.grouping.isEmpty()) throw PyError.of("ValueError", "Cannot specify '" + spec.grouping + "' with 's'.");
		return padded(cut(text, spec.precision), spec, spec.align.isEmpty() ? "<" : spec.align);
	}

	private static String cut(String text, int precision) {
		return precision < 0 || precision >= Text.length(text) ? text : text.substring(0, text.offsetByCodePoints(0, precision));
	}

	/** Sign, prefix, grouped digits and what follows them, filled to the width. */
	private static String assembled(boolean isNegative, String prefix, String digits, String rest, Spec spec, int every) {
		String sign = isNegative ? "-" : spec.sign.equals("-") ? "" : spec.sign;
		boolean isFilled = spec.align.equals("=") && spec.fill.equals("0");
		int room = isFilled ? spec.width - sign.length() - prefix.length() - rest.length() : 0;
		String plain = "0".repeat(Math.max(0, room - digits.length())) + digits;
		String number = (spec.grouping.isEmpty() ? plain : grouped(digits, spec.grouping, every, room)) + rest;
		String head = sign + prefix;
		if (spec.align.equals("=")) return head + spec.fill.repeat(Math.max(0, spec.width - Text.length(head + number))) + number;
		return padded(head + number, spec, spec.align.isEmpty() ? ">" : spec.align);
	}

	/** Separators between groups of digits; zeros in front up to {@code width} are grouped as well. */
	private static String grouped(String digits, String by, int every, int width) {
		StringBuilder made = new StringBuilder(digits);
		while (separated(made, by, every).length() < width) made.insert(0, '0');
		return separated(made, by, every);
	}

	private static String separated(CharSequence digits, String by, int every) {
		StringBuilder made = new StringBuilder(digits);
		for (int at = digits.length() - every; at > 0; at -= every) made.insert(at, by);
		return made.toString();
	}

	private static String ofWhole(Object value, Spec spec) {
		if (!spec.type.isEmpty() && "eEfFgG%".contains(spec.type)) return ofFloat(Numbers.toFloat(value), spec);
		if (spec.precision >= 0) throw PyError.of("ValueError", "Precision not allowed in integer format specifier");
		BigInteger whole = Numbers.big(value);
		boolean isNegative = whole.signum() < 0;
		switch (spec.type) {
			case "":
			case "d":
			case "n":
				return assembled(isNegative, "", Repr.wholeText(whole.abs()), "", spec, 3);
			case "c":
				return padded(Character.toString(whole.intValueExact()), spec, spec.align.isEmpty() ? "<" : spec.align);
			case "b":
			case "o":
			case "x":
			case "X": {
				if (spec.grouping.equals(",")) throw PyError.of("ValueError", "Cannot specify ',' with '" + spec.type + "'.");
				String digits = whole.abs().toString(spec.type.equals("b") ? 2 : spec.type.equals("o") ? 8 : 16);
				String shown = spec.type.equals("X") ? digits.toUpperCase() : digits;
				return assembled(isNegative, spec.isAlternate ? "0" + spec.type : "", shown, "", spec, 4);
			}
			default:
				throw unknown(spec, value instanceof Boolean ? "bool" : "int");
		}
	}

	/** Digits of a finite size >= 0 with so many places behind the point. */
	private static String fixed(double size, int places) {
		return new BigDecimal(size).setScale(places, RoundingMode.HALF_EVEN).toPlainString();
	}

	private record Scientific(String digits, int power) {}

	/** Mantissa digits and power of ten of a finite size >= 0, rounded to {@code places} behind the first digit. */
	private static Scientific scientific(double size, int places) {
		if (size == 0) return new Scientific("0".repeat(places + 1), 0);
		BigDecimal rounded = new BigDecimal(size).round(new MathContext(places + 1, RoundingMode.HALF_EVEN));
		String digits = rounded.unscaledValue().toString();
		int power = digits.length() - 1 - rounded.scale();
		String filled = digits.length() > places + 1 ? digits.substring(0, places + 1) : digits + "0".repeat(places + 1 - digits.length());
		return new Scientific(filled, power);
	}

	private static String withPoint(String digits) {
		return digits.length() > 1 ? digits.charAt(0) + "." + digits.substring(1) : digits;
	}

	private static String ofFloat(double value, Spec spec) {
		if (!"eEfFgGn%".contains(spec.type)) throw unknown(spec, "float");
		boolean isNegative = value < 0 || (value == 0 && 1 / value < 0);
		double size = Math.abs(value);
		boolean isPercent = spec.type.equals("%");
		String text;
		if (!Double.isFinite(size * (isPercent ? 100 : 1))) text = Double.isNaN(size) ? "nan" : "inf";
		else text = finite(isPercent ? size * 100 : size, spec);
		if (!spec.type.isEmpty() && "EFG".contains(spec.type)) text = text.toUpperCase();
		int end = 0;
		while (end < text.length() && Character.isDigit(text.charAt(end))) end++;
		if (end == 0) end = text.length();
		return assembled(isNegative && !Double.isNaN(value), "", text.substring(0, end), text.substring(end) + (isPercent ? "%" : ""), spec, 3);
	}

	private static String finite(double size, Spec spec) {
		String type = spec.type.toLowerCase();
		if (type.isEmpty() && spec.precision < 0) return FloatText.floatText(size);
		int precision = spec.precision < 0 ? 6 : spec.precision;
		if (type.equals("f") || type.equals("%")) return fixed(size, precision) + (spec.isAlternate && precision == 0 ? "." : "");
		if (type.equals("e")) {
			Scientific made = scientific(size, precision);
			return withPoint(made.digits) + (spec.isAlternate && made.digits.length() == 1 ? "." : "") + FloatText.exponentText(made.power);
		}
		// General: the shorter of both forms, without the zeros at the end.
		int places = Math.max(precision, 1);
		Scientific made = scientific(size, places - 1);
		int power = made.power;
		if (power < -4 || power >= (type.isEmpty() ? places - 1 : places)) {
			return trimmed(withPoint(made.digits), spec) + FloatText.exponentText(power);
		}
		String plain = trimmed(fixed(size, places - 1 - power), spec);
		return type.isEmpty() && !plain.contains(".") ? plain + ".0" : plain;
	}

	private static String trimmed(String text, Spec spec) {
		return spec.isAlternate || !text.contains(".") ? text : text.replaceFirst("\\.?0+$", "");
	}

	public static String formatted(Object value, String conversion) {
		return formatted(value, conversion, "");
	}

	/** {@code {value!conversion:spec}} of an f-string. */
	public static String formatted(Object value, String conversion, Object spec) {
		switch (conversion) {
			case "r":
				return format(Repr.repr(value), spec);
			case "a":
				return format(Repr.ascii(value), spec);
			case "s":
				return format(Repr.str(value), spec);
			default:
				return format(value, spec);
		}
	}

	public static Object modulo(Object left, Object right) {
		return modulo(left, right, "%");
	}

	/** left % right: of a text, its old-style formatting. */
	public static Object modulo(Object left, Object right, String op) {
		return left instanceof String text ? percent(text, right) : Numbers.remainder(left, right, op);
	}

	private static String percent(String text, Object given) {
		Object[] items = given instanceof Tuple tuple ? tuple.items() : new Object[] {given};
		int used = 0;
		boolean isNamed = false;
		StringBuilder made = new StringBuilder();
		Matcher found = PERCENT.matcher(text);
		int end = 0;
		while (found.find()) {
			made.append(text, end, found.start());
			end = found.end();
			String type = found.group(5);
			String flags = found.group(2);
			if (type.equals("%")) {
				made.append('%');
				continue;
			}
			if (type.isEmpty()) throw PyError.of("ValueError", "incomplete format");
			int width = 0;
			if ("*".equals(found.group(3))) width = Items.sizeArgument(taken(items, used++));
			else if (found.group(3) != null) width = Integer.parseInt(found.group(3));
			boolean isLeft = flags.contains("-") || width < 0;
			width = Math.abs(width);
			int places = -1;
			if (".*".equals(found.group(4))) places = Items.sizeArgument(taken(items, used++));
			else if (found.group(4) != null) places = found.group(4).length() == 1 ? 0 : Integer.parseInt(found.group(4).substring(1));
			Object value;
			if (found.group(1) == null) value = taken(items, used++);
			else {
				isNamed = true;
				if (!(given instanceof Dict dict)) throw PyError.of("TypeError", "format requires a mapping");
				value = dict.getItem(found.group(1));
			}
			made.append(filled(percentValue(value, type, flags, places, found.end() - 1), type, flags, isLeft, width));
		}
		made.append(text.substring(end));
		boolean isMapping = given instanceof Dict || given instanceof Range || Lists.isList(given);
		if (!isNamed && used < items.length && !(isMapping && used == 0))
			throw PyError.of("TypeError", "not all arguments converted during string formatting");
		return made.toString();
	}

	private static Object taken(Object[] items, int at) {
		if (at >= items.length) throw PyError.of("TypeError", "not enough arguments for format string");
		return items[at];
	}

	private static String filled(String shown, String type, String flags, boolean isLeft, int width) {
		int room = Math.max(0, width - Text.length(shown));
		if (isLeft) return shown + " ".repeat(room);
		if (!flags.contains("0") || "srac".contains(type)) return " ".repeat(room) + shown;
		int head = shown.startsWith("-") || shown.startsWith("+") || shown.startsWith(" ") ? 1 : 0;
		if (shown.startsWith("0x", head) || shown.startsWith("0X", head) || shown.startsWith("0o", head)) head += 2;
		return shown.substring(0, head) + "0".repeat(room) + shown.substring(head);
	}

	private static String percentValue(Object value, String type, String flags, int places, int at) {
		String sign = flags.contains("+") ? "+" : flags.contains(" ") ? " " : "-";
		Spec spec = new Spec(" ", ">", sign, flags.contains("#"), 0, "", places, type);
		switch (type) {
			case "s":
				return cut(Repr.str(value), places);
			case "r":
				return cut(Repr.repr(value), places);
			case "a":
				return cut(Repr.ascii(value), places);
			case "c":
				if (value instanceof String text && Text.length(text) == 1) return text;
				if (Numbers.isWhole(value)) return Character.toString(Numbers.big(value).intValueExact());
				throw PyError.of("TypeError", "%c requires int or char");
			case "d":
			case "i":
			case "u": {
				if (!Numbers.isNumber(value))
					throw PyError.of("TypeError", "%" + type + " format: a real number is required, not " + Types.typeName(value));
				BigInteger whole = Numbers.big(value instanceof Double number ? Convert.wholePart(number) : value);
				String digits = Repr.wholeText(whole.abs());
				String filled = "0".repeat(Math.max(0, places - digits.length())) + digits;
				return (whole.signum() < 0 ? "-" : sign.equals("-") ? "" : sign) + filled;
			}
			case "x":
			case "X":
			case "o":
				if (!Numbers.isWhole(value))
					throw PyError.of("TypeError", "%" + type + " format: an integer is required, not " + Types.typeName(value));
				return ofWhole(Numbers.plain(value), new Spec(" ", ">", sign, spec.isAlternate, 0, "", -1, type));
			case "e":
			case "E":
			case "f":
			case "F":
			case "g":
			case "G":
				if (!Numbers.isNumber(value)) throw PyError.of("TypeError", "must be real number, not " + Types.typeName(value));
				return ofFloat(Numbers.toFloat(value), spec);
			default: {
				String code = Integer.toHexString(type.codePointAt(0));
				throw PyError.of("ValueError", "unsupported format character '" + type + "' (0x" + code + ") at index " + at);
			}
		}
	}
}
