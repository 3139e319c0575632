package python;

import java.math.BigDecimal;
import java.util.List;

/** Equality and order. */
public final class Compare {
	private Compare() {}

	/** left == right. Numbers of all types compare by their exact value. */
	public static boolean equals(Object left, Object right) {
		if (left instanceof Long a && right instanceof Long b) return a.longValue() == b.longValue();
		if (left instanceof String a && right instanceof String b) return a.equals(b);
		if (Numbers.isNumber(left) && Numbers.isNumber(right)) return compareNumbers(left, right) == 0;
		if (Lists.isList(left) && Lists.isList(right)) return sequencesEqual(Lists.asList(left), Lists.asList(right));
		Object told = left instanceof PyObject own ? own.equalTo(right) : PyObject.UNKNOWN;
		if (told == PyObject.UNKNOWN && right instanceof PyObject own) told = own.equalTo(left);
		return told == PyObject.UNKNOWN ? left == right : (Boolean) told;
	}

	/** The same object, or equal: how containers look for an item. A NaN is not told from another one. */
	static boolean same(Object left, Object right) {
		if (left == right || (left instanceof Double a && right instanceof Double b && a.isNaN() && b.isNaN())) return true;
		return equals(left, right);
	}

	static boolean sequencesEqual(List<Object> left, List<Object> right) {
		if (left.size() != right.size()) return false;
		for (int at = 0; at < left.size() && at < right.size(); at++) if (!same(left.get(at), right.get(at))) return false;
		return left.size() == right.size();
	}

	/** Below zero, zero, above, or 2 where one of them is no number. */
	private static int compareNumbers(Object left, Object right) {
		if (left instanceof Long a && right instanceof Long b) return Long.compare(a, b);
		if (left instanceof Double a && right instanceof Double b) return a < b ? -1 : a > b ? 1 : a.doubleValue() == b.doubleValue() ? 0 : 2;
		if (!(left instanceof Double) && !(right instanceof Double)) return Numbers.big(left).compareTo(Numbers.big(right));
		if (right instanceof Double) {
			int mirrored = compareNumbers(right, left);
			return mirrored == 2 ? 2 : -mirrored;
		}
		double number = (Double) left;
		if (Double.isNaN(number)) return 2;
		if (Double.isInfinite(number)) return number > 0 ? 1 : -1;
		return new BigDecimal(number).compareTo(new BigDecimal(Numbers.big(right)));
	}

	private static boolean ordered(String op, int sign) {
		switch (op) {
			case "<":
				return sign < 0;
			case "<=":
				return sign <= 0;
			case ">":
				return sign > 0;
			case ">=":
				return sign >= 0;
			case "==":
				return sign == 0;
			default:
				return sign != 0;
		}
	}

	/** By code point: UTF-16 order differs where surrogate pairs meet U+E000 to U+FFFF. */
	static int compareText(String left, String right) {
		for (int at = 0; at < left.length() && at < right.length(); at++) {
			char a = left.charAt(at);
			char b = right.charAt(at);
			if (a != b) return a >= 0xd800 && b >= 0xd800 ? rank(a) - rank(b) : a - b;
		}
		return left.length() - right.length();
	}

	private static int rank(char unit) {
		return unit >= 0xe000 ? unit - 0x2000 : unit + 0x2000;
	}

	private static String mirror(String op) {
		return op.startsWith("<") ? op.replace('<', '>') : op.replace('>', '<');
	}

	/** Any of the six comparisons; a Boolean unless a container of the source answers otherwise. */
	public static Object compareRich(String op, Object left, Object right) {
		if (left instanceof PyObject own) {
			Object told = own.order(op, right);
			if (told != PyObject.UNKNOWN) return told;
		}
		if (right instanceof PyObject own) {
			Object told = own.order(mirror(op), left);
			if (told != PyObject.UNKNOWN) return told;
		}
		if (op.equals("==")) return equals(left, right);
		if (op.equals("!=")) return !equals(left, right);
		if (Numbers.isNumber(left) && Numbers.isNumber(right)) {
			int sign = compareNumbers(left, right);
			return sign != 2 && ordered(op, sign);
		}
		if (left instanceof String a && right instanceof String b) return ordered(op, compareText(a, b));
		if (Lists.isList(left) && Lists.isList(right)) return compareSequences(op, Lists.asList(left), Lists.asList(right));
		String types = "'" + Types.typeName(left) + "' and '" + Types.typeName(right) + "'";
		throw PyError.of("TypeError", "'" + op + "' not supported between instances of " + types);
	}

	/** The first items that differ decide; then the length. */
	static Object compareSequences(String op, List<Object> left, List<Object> right) {
		for (int at = 0; at < left.size() && at < right.size(); at++) {
			Object a = left.get(at);
			Object b = right.get(at);
			if (!same(a, b)) return op.equals("==") ? (Object) false : op.equals("!=") ? (Object) true : compareRich(op, a, b);
		}
		return ordered(op, left.size() - right.size());
	}

	private static boolean compare(String op, Object left, Object right) {
		if (compareRich(op, left, right) instanceof Boolean told) return told;
		throw PyError.notTranslated("a comparison that answers with no bool");
	}

	public static boolean lessThan(Object left, Object right) {
		if (left instanceof Long a && right instanceof Long b) return a < b;
		return compare("<", left, right);
	}

	public static boolean atMost(Object left, Object right) {
		if (left instanceof Long a && right instanceof Long b) return a <= b;
		return compare("<=", left, right);
	}

	public static boolean moreThan(Object left, Object right) {
		if (left instanceof Long a && right instanceof Long b) return a > b;
		return compare(">", left, right);
	}

	public static boolean atLeast(Object left, Object right) {
		if (left instanceof Long a && right instanceof Long b) return a >= b;
		return compare(">=", left, right);
	}

	/** left is right. Numbers and texts are told by type and value: what CPython shares among them is its own affair. */
	public static boolean isSame(Object left, Object right) {
		if (left == right) return true;
		if (left instanceof Double a && right instanceof Double b) return a.doubleValue() == b.doubleValue();
		boolean isValue = left instanceof Long || left instanceof String || left instanceof Boolean || left instanceof java.math.BigInteger;
		return isValue && left.equals(right);
	}
}
