package python;

import java.util.Locale;
import java.util.function.IntPredicate;

/** What texts do, counted by code point. */
public final class Text {
	private Text() {}

	static int length(String text) {
		return text.codePointCount(0, text.length());
	}

	static int[] points(String text) {
		return text.codePoints().toArray();
	}

	private static String argument(Object value, String what) {
		if (value instanceof String text) return text;
		throw PyError.of("TypeError", what + ", not " + Types.typeName(value));
	}

	static boolean isBlank(int point) {
		return (point >= 9 && point <= 13) || (point >= 0x1c && point <= 0x20) || point == 0x85 || point == 0xa0 || point == 0x1680
			|| (point >= 0x2000 && point <= 0x200a) || point == 0x2028 || point == 0x2029 || point == 0x202f || point == 0x205f || point == 0x3000;
	}

	public static String strUpper(String text) {
		return text.toUpperCase(Locale.ROOT);
	}

	public static String strLower(String text) {
		return text.toLowerCase(Locale.ROOT);
	}

	public static String strCasefold(String text) {
		return strLower(text).replace("ß", "ss").replace("ς", "σ");
	}

	private static boolean isUpper(int point) {
		return Character.isUpperCase(point);
	}

	private static boolean isLower(int point) {
		return Character.isLowerCase(point);
	}

	private static boolean isCased(int point) {
		return isUpper(point) || isLower(point) || Character.isTitleCase(point);
	}

	private static String titled(String character) {
		String upper = strUpper(character);
		if (length(upper) > 1) return upper.charAt(0) + strLower(upper.substring(1));
		return Character.toString(Character.toTitleCase(character.codePointAt(0)));
	}

	public static String strCapitalize(String text) {
		if (text.isEmpty()) return text;
		int first = Character.charCount(text.codePointAt(0));
		return titled(text.substring(0, first)) + strLower(text.substring(first));
	}

	public static String strTitle(String text) {
		StringBuilder made = new StringBuilder();
		boolean[] isInWord = {false};
		text.codePoints().forEach(point -> {
			String one = Character.toString(point);
			made.append(isInWord[0] ? strLower(one) : titled(one));
			isInWord[0] = isCased(point);
		});
		return made.toString();
	}

	public static String strSwapcase(String text) {
		StringBuilder made = new StringBuilder();
		text.codePoints().forEach(point -> {
			String one = Character.toString(point);
			made.append(isUpper(point) ? strLower(one) : isLower(point) ? strUpper(one) : one);
		});
		return made.toString();
	}

	private static boolean every(String text, IntPredicate test) {
		return !text.isEmpty() && text.codePoints().allMatch(test);
	}

	private static boolean isNumeric(int point) {
		int type = Character.getType(point);
		if (type == Character.DECIMAL_DIGIT_NUMBER || type == Character.LETTER_NUMBER || type == Character.OTHER_NUMBER) return true;
		if (Character.isIdeographic(point)) throw PyError.notTranslated("whether an ideograph is a number");
		return false;
	}

	/** Digits that are no decimal ones: superscripts, and digits in circles and the like. */
	private static boolean isDigit(int point) {
		if (Character.getType(point) == Character.DECIMAL_DIGIT_NUMBER) return true;
		if (point == 0xb2 || point == 0xb3 || point == 0xb9) return true;
		if (Character.getType(point) == Character.OTHER_NUMBER && point > 0xff) throw PyError.notTranslated("whether a number sign is a digit");
		return false;
	}

	public static boolean strIsalpha(String text) {
		return every(text, Character::isLetter);
	}

	public static boolean strIsdecimal(String text) {
		return every(text, point -> Character.getType(point) == Character.DECIMAL_DIGIT_NUMBER);
	}

	public static boolean strIsdigit(String text) {
		return every(text, Text::isDigit);
	}

	public static boolean strIsnumeric(String text) {
		return every(text, Text::isNumeric);
	}

	public static boolean strIsalnum(String text) {
		return every(text, point -> Character.isLetter(point) || isNumeric(point));
	}

	public static boolean strIsspace(String text) {
		return every(text, Text::isBlank);
	}

	public static boolean strIsascii(String text) {
		return text.codePoints().allMatch(point -> point < 128);
	}

	public static boolean strIsidentifier(String text) {
		if (text.isEmpty()) return false;
		int first = text.codePointAt(0);
		return (first == '_' || Character.isUnicodeIdentifierStart(first))
			&& text.codePoints().allMatch(point -> point == '_' || (Character.isUnicodeIdentifierPart(point) && !Character.isIdentifierIgnorable(point)));
	}

	public static boolean strIsprintable(String text) {
		return text.codePoints().allMatch(Repr::isShown);
	}

	public static boolean strIsupper(String text) {
		return text.codePoints().anyMatch(Text::isUpper) && text.codePoints().noneMatch(point -> isLower(point) || Character.isTitleCase(point));
	}

	public static boolean strIslower(String text) {
		return text.codePoints().anyMatch(Text::isLower) && text.codePoints().noneMatch(point -> isUpper(point) || Character.isTitleCase(point));
	}

	public static boolean strIstitle(String text) {
		boolean isInWord = false;
		boolean isAny = false;
		for (int point : points(text)) {
			boolean isStart = isUpper(point) || Character.isTitleCase(point);
			if (isStart ? isInWord : isLower(point) && !isInWord) return false;
			isInWord = isCased(point);
			isAny |= isInWord;
		}
		return isAny;
	}

	static String stripBlanks(String text, boolean start, boolean end) {
		return trimmed(text, start, end, Text::isBlank);
	}

	private static String trimmed(String text, boolean start, boolean end, IntPredicate isGone) {
		int[] all = points(text);
		int from = 0;
		int to = all.length;
		while (start && from < to && isGone.test(all[from])) from++;
		while (end && to > from && isGone.test(all[to - 1])) to--;
		return new String(all, from, to - from);
	}

	private static String stripped(String text, Object given, boolean start, boolean end) {
		if (given == null || given == Func.ABSENT) return stripBlanks(text, start, end);
		if (!(given instanceof String chars)) throw PyError.of("TypeError", (start && end ? "" : start ? "l" : "r") + "strip arg must be None or str");
		return trimmed(text, start, end, point -> chars.indexOf(point) >= 0);
	}

	public static String strStrip(String text) {
		return stripped(text, null, true, true);
	}

	public static String strStrip(String text, Object given) {
		return stripped(text, given, true, true);
	}

	public static String strLstrip(String text) {
		return stripped(text, null, true, false);
	}

	public static String strLstrip(String text, Object given) {
		return stripped(text, given, true, false);
	}

	public static String strRstrip(String text) {
		return stripped(text, null, false, true);
	}

	public static String strRstrip(String text, Object given) {
		return stripped(text, given, false, true);
	}

	public static String strJoin(String by, Object items) {
		if (!Iterate.isIterable(items)) throw PyError.of("TypeError", "can only join an iterable");
		StringBuilder made = new StringBuilder();
		int at = 0;
		for (Object item : Iterate.list(items)) {
			if (!(item instanceof String text))
				throw PyError.of("TypeError", "sequence item " + at + ": expected str instance, " + Types.typeName(item) + " found");
			if (at++ > 0) made.append(by);
			made.append(text);
		}
		return made.toString();
	}

	public static String strReplace(String text, Object old, Object made) {
		return strReplace(text, old, made, -1L);
	}

	public static String strReplace(String text, Object old, Object made, Object count) {
		String from = argument(old, "replace() argument 1 must be str");
		String to = argument(made, "replace() argument 2 must be str");
		int most = Items.sizeArgument(Func.or(count, -1L));
		if (most < 0 && !from.isEmpty()) return text.replace(from, to);
		int limit = most < 0 ? Integer.MAX_VALUE : most;
		StringBuilder result = new StringBuilder();
		int done = 0;
		if (from.isEmpty()) {
			for (int point : points(text)) {
				if (done++ < limit) result.append(to);
				result.appendCodePoint(point);
			}
			return result.append(done < limit ? to : "").toString();
		}
		int at = 0;
		for (int next = text.indexOf(from); next >= 0 && done < limit; next = text.indexOf(from, at), done++) {
			result.append(text, at, next).append(to);
			at = next + from.length();
		}
		return result.append(text.substring(at)).toString();
	}

	/** The part between two bounds and where it begins; null where there is none. */
	private record Window(String part, int offset) {}

	private static Window window(String text, Object from, Object to) {
		int length = length(text);
		long start = edgeOf(from, 0, length);
		long end = Math.min(edgeOf(to, length, length), length);
		if (start > end) return null;
		return new Window(Items.slicedText(text, start, end, null), (int) start);
	}

	private static long edgeOf(Object value, long missing, int length) {
		if (value == null || value == Func.ABSENT) return missing;
		if (!Numbers.isWhole(value)) throw PyError.of("TypeError", "slice indices must be integers or None or have an __index__ method");
		long at = Items.clamped(Numbers.big(value));
		return at < 0 ? Math.max(at + length, 0) : at;
	}

	private static long located(String text, Object sought, Object from, Object to, boolean isLast) {
		String needle = argument(sought, "must be str");
		Window found = window(text, from, to);
		if (found == null) return -1;
		int at = isLast ? found.part.lastIndexOf(needle) : found.part.indexOf(needle);
		return at < 0 ? -1 : found.part.codePointCount(0, at) + found.offset;
	}

	private static Object locatedOrFail(String text, Object sought, Object from, Object to, boolean isLast) {
		long at = located(text, sought, from, to, isLast);
		if (at < 0) throw PyError.of("ValueError", "substring not found");
		return at;
	}

	public static Object strFind(String text, Object sought) {
		return located(text, sought, null, null, false);
	}

	public static Object strFind(String text, Object sought, Object from) {
		return located(text, sought, from, null, false);
	}

	public static Object strFind(String text, Object sought, Object from, Object to) {
		return located(text, sought, from, to, false);
	}

	public static Object strRfind(String text, Object sought) {
		return located(text, sought, null, null, true);
	}

	public static Object strRfind(String text, Object sought, Object from) {
		return located(text, sought, from, null, true);
	}

	public static Object strRfind(String text, Object sought, Object from, Object to) {
		return located(text, sought, from, to, true);
	}

	public static Object strIndex(String text, Object sought) {
		return locatedOrFail(text, sought, null, null, false);
	}

	public static Object strIndex(String text, Object sought, Object from) {
		return locatedOrFail(text, sought, from, null, false);
	}

	public static Object strIndex(String text, Object sought, Object from, Object to) {
		return locatedOrFail(text, sought, from, to, false);
	}

	public static Object strRindex(String text, Object sought) {
		return locatedOrFail(text, sought, null, null, true);
	}

	public static Object strRindex(String text, Object sought, Object from) {
		return locatedOrFail(text, sought, from, null, true);
	}

	public static Object strRindex(String text, Object sought, Object from, Object to) {
		return locatedOrFail(text, sought, from, to, true);
	}

	public static Object strCount(String text, Object sought) {
		return strCount(text, sought, null, null);
	}

	public static Object strCount(String text, Object sought, Object from) {
		return strCount(text, sought, from, null);
	}

	public static Object strCount(String text, Object sought, Object from, Object to) {
		String needle = argument(sought, "must be str");
		Window found = window(text, from, to);
		if (found == null) return 0L;
		if (needle.isEmpty()) return length(found.part) + 1L;
		long count = 0;
		for (int at = found.part.indexOf(needle); at >= 0; at = found.part.indexOf(needle, at + needle.length())) count++;
		return count;
	}

	private static boolean edge(String text, Object sought, Object from, Object to, boolean isStart) {
		if (sought instanceof Tuple tuple) {
			for (Object one : tuple.items()) if (edge(text, one, from, to, isStart)) return true;
			return false;
		}
		if (!(sought instanceof String part)) {
			String name = isStart ? "startswith" : "endswith";
			throw PyError.of("TypeError", name + " first arg must be str or a tuple of str, not " + Types.typeName(sought));
		}
		Window found = window(text, from, to);
		return found != null && (isStart ? found.part.startsWith(part) : found.part.endsWith(part));
	}

	public static boolean strStartswith(String text, Object sought) {
		return edge(text, sought, null, null, true);
	}

	public static boolean strStartswith(String text, Object sought, Object from) {
		return edge(text, sought, from, null, true);
	}

	public static boolean strStartswith(String text, Object sought, Object from, Object to) {
		return edge(text, sought, from, to, true);
	}

	public static boolean strEndswith(String text, Object sought) {
		return edge(text, sought, null, null, false);
	}

	public static boolean strEndswith(String text, Object sought, Object from) {
		return edge(text, sought, from, null, false);
	}

	public static boolean strEndswith(String text, Object sought, Object from, Object to) {
		return edge(text, sought, from, to, false);
	}

	public static String strRemoveprefix(String text, Object prefix) {
		String start = argument(prefix, "removeprefix() argument must be str");
		return text.startsWith(start) ? text.substring(start.length()) : text;
	}

	public static String strRemovesuffix(String text, Object suffix) {
		String end = argument(suffix, "removesuffix() argument must be str");
		return text.endsWith(end) ? text.substring(0, text.length() - end.length()) : text;
	}

	private static String padding(String text, Object width, Object fill) {
		return padText(fill).repeat(Math.max(0, Items.sizeArgument(width) - length(text)));
	}

	private static String padText(Object fill) {
		Object given = Func.or(fill, " ");
		if (!(given instanceof String by)) throw PyError.of("TypeError", "The fill character must be a unicode character, not " + Types.typeName(given));
		if (length(by) != 1) throw PyError.of("TypeError", "The fill character must be exactly one character long");
		return by;
	}

	public static String strLjust(String text, Object width) {
		return strLjust(text, width, " ");
	}

	public static String strLjust(String text, Object width, Object fill) {
		return text + padding(text, width, fill);
	}

	public static String strRjust(String text, Object width) {
		return strRjust(text, width, " ");
	}

	public static String strRjust(String text, Object width, Object fill) {
		return padding(text, width, fill) + text;
	}

	public static String strCenter(String text, Object width) {
		return strCenter(text, width, " ");
	}

	/** An odd blank goes to the left when the width is odd. */
	public static String strCenter(String text, Object width, Object fill) {
		String by = padText(fill);
		int room = Math.max(0, Items.sizeArgument(width) - length(text));
		int left = room / 2 + (room & Items.sizeArgument(width) & 1);
		return by.repeat(left) + text + by.repeat(room - left);
	}

	public static String strZfill(String text, Object width) {
		int room = Math.max(0, Items.sizeArgument(width) - length(text));
		boolean isSigned = room > 0 && (text.startsWith("+") || text.startsWith("-"));
		return (isSigned ? text.substring(0, 1) : "") + "0".repeat(room) + (isSigned ? text.substring(1) : text);
	}

	public static String strExpandtabs(String text) {
		return strExpandtabs(text, 8L);
	}

	public static String strExpandtabs(String text, Object tabsize) {
		int size = Items.sizeArgument(Func.or(tabsize, 8L));
		int column = 0;
		StringBuilder made = new StringBuilder();
		for (int point : points(text)) {
			if (point == '\t') {
				int room = size > 0 ? size - column % size : 0;
				made.append(" ".repeat(room));
				column += room;
			} else {
				made.appendCodePoint(point);
				column = point == '\n' || point == '\r' ? 0 : column + 1;
			}
		}
		return made.toString();
	}
}
