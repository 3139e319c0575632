package python;

import java.math.BigDecimal;
import java.math.BigInteger;

/** Numbers as the source has them: ints of any size, floats by the exact algorithms of CPython. */
public final class Numbers {
	private static final BigInteger LOW = BigInteger.valueOf(Long.MIN_VALUE);
	private static final BigInteger HIGH = BigInteger.valueOf(Long.MAX_VALUE);

	private Numbers() {}

	public static boolean isWhole(Object value) {
		return value instanceof Long || value instanceof BigInteger || value instanceof Boolean;
	}

	public static boolean isNumber(Object value) {
		return value instanceof Double || isWhole(value);
	}

	static BigInteger big(Object value) {
		if (value instanceof Long number) return BigInteger.valueOf(number);
		if (value instanceof Boolean truth) return truth ? BigInteger.ONE : BigInteger.ZERO;
		return (BigInteger) value;
	}

	/** A whole number in its one representation. */
	static Object whole(BigInteger value) {
		return value.compareTo(LOW) >= 0 && value.compareTo(HIGH) <= 0 ? (Object) value.longValue() : value;
	}

	/** An int or bool as an int. */
	static Object plain(Object value) {
		return value instanceof Boolean truth ? (Object) (truth ? 1L : 0L) : value;
	}

	private static boolean isLong(Object value) {
		return value instanceof Long || value instanceof Boolean;
	}

	private static long longOf(Object value) {
		return value instanceof Long number ? number : (Boolean) value ? 1 : 0;
	}

	/** An int as a float: rounded to the nearest, ties to even. */
	static double toFloat(Object value) {
		if (value instanceof Double number) return number;
		if (isLong(value)) return longOf(value);
		double made = ((BigInteger) value).doubleValue();
		if (Double.isInfinite(made)) throw PyError.of("OverflowError", "int too large to convert to float");
		return made;
	}

	static PyError unsupported(String op, Object left, Object right) {
		String hint = op.startsWith("**") ? op + " or pow()" : op;
		String types = "'" + Types.typeName(left) + "' and '" + Types.typeName(right) + "'";
		return PyError.of("TypeError", "unsupported operand type(s) for " + hint + ": " + types);
	}

	/** What a container makes of an operator; UNKNOWN when neither side knows it. */
	static Object overloaded(String op, Object left, Object right) {
		Object told = left instanceof PyObject own ? own.binary(op, right, false) : PyObject.UNKNOWN;
		if (told != PyObject.UNKNOWN) return told;
		return right instanceof PyObject own ? own.binary(op, left, true) : PyObject.UNKNOWN;
	}

	private static Object overloadedOrFail(String sign, String op, Object left, Object right) {
		Object told = overloaded(sign, left, right);
		if (told == PyObject.UNKNOWN) throw unsupported(op, left, right);
		return told;
	}

	public static Object add(Object left, Object right) {
		return add(left, right, "+");
	}

	public static Object add(Object left, Object right, String op) {
		if (left instanceof Long a && right instanceof Long b) {
			long sum = a + b;
			return ((a ^ sum) & (b ^ sum)) < 0 ? (Object) BigInteger.valueOf(a).add(BigInteger.valueOf(b)) : (Object) sum;
		}
		if (isNumber(left) && isNumber(right)) {
			if (isWhole(left) && isWhole(right)) return whole(big(left).add(big(right)));
			return toFloat(left) + toFloat(right);
		}
		if (left instanceof String a && right instanceof String b) return a + b;
		if (Lists.isList(left) && Lists.isList(right)) return Lists.joined(Lists.asList(left), Lists.asList(right));
		Object told = overloaded("+", left, right);
		if (told != PyObject.UNKNOWN) return told;
		if (left instanceof String || Lists.isList(left) || left instanceof Tuple) {
			String type = Types.typeName(left);
			String given = left instanceof Tuple ? "tuple" : type;
			throw PyError.of("TypeError", "can only concatenate " + given + " (not \"" + Types.typeName(right) + "\") to " + given);
		}
		throw unsupported(op, left, right);
	}

	public static Object subtract(Object left, Object right) {
		return subtract(left, right, "-");
	}

	public static Object subtract(Object left, Object right, String op) {
		if (left instanceof Long a && right instanceof Long b) {
			long difference = a - b;
			return ((a ^ b) & (a ^ difference)) < 0 ? (Object) BigInteger.valueOf(a).subtract(BigInteger.valueOf(b)) : (Object) difference;
		}
		if (!isNumber(left) || !isNumber(right)) return overloadedOrFail("-", op, left, right);
		if (isWhole(left) && isWhole(right)) return whole(big(left).subtract(big(right)));
		return toFloat(left) - toFloat(right);
	}

	public static Object multiply(Object left, Object right) {
		return multiply(left, right, "*");
	}

	/** Also a sequence so many times. */
	public static Object multiply(Object left, Object right, String op) {
		if (left instanceof Long a && right instanceof Long b) {
			long high = Math.multiplyHigh(a, b);
			long low = a * b;
			return (high == 0 && low >= 0) || (high == -1 && low < 0) ? (Object) low : whole(BigInteger.valueOf(a).multiply(BigInteger.valueOf(b)));
		}
		if (isNumber(left) && isNumber(right)) {
			if (isWhole(left) && isWhole(right)) return whole(big(left).multiply(big(right)));
			return toFloat(left) * toFloat(right);
		}
		if (isWhole(right) && isSequence(left)) return Lists.repeated(left, right);
		if (isWhole(left) && isSequence(right)) return Lists.repeated(right, left);
		Object told = overloaded("*", left, right);
		if (told != PyObject.UNKNOWN) return told;
		if (isSequence(left)) throw PyError.of("TypeError", "can't multiply sequence by non-int of type '" + Types.typeName(right) + "'");
		if (isSequence(right)) throw PyError.of("TypeError", "can't multiply sequence by non-int of type '" + Types.typeName(left) + "'");
		throw unsupported(op, left, right);
	}

	private static boolean isSequence(Object value) {
		return value instanceof String || Lists.isList(value) || value instanceof Tuple;
	}

	public static Object divide(Object left, Object right) {
		return divide(left, right, "/");
	}

	/** Correctly rounded whatever the size of the ints. */
	public static Object divide(Object left, Object right, String op) {
		if (!isNumber(left) || !isNumber(right)) return overloadedOrFail("/", op, left, right);
		if (isWhole(left) && isWhole(right)) return divideWhole(left, right);
		double divisor = toFloat(right);
		double dividend = toFloat(left);
		if (divisor == 0) throw PyError.of("ZeroDivisionError", "float division by zero");
		return dividend / divisor;
	}

	public static double divideWhole(Object left, Object right) {
		if (isLong(right) && longOf(right) == 0) throw PyError.of("ZeroDivisionError", "division by zero");
		if (isLong(left) && isLong(right)) {
			long a = longOf(left);
			long b = longOf(right);
			if (Math.abs(a) <= 1L << 53 && Math.abs(b) <= 1L << 53 && a != Long.MIN_VALUE && b != Long.MIN_VALUE) return (double) a / b;
		}
		BigInteger dividend = big(left);
		BigInteger divisor = big(right);
		BigInteger top = dividend.abs();
		BigInteger bottom = divisor.abs();
		// 66 bits of quotient or more, but none below the last bit of a subnormal, and a sticky bit for the rest: one rounding in all.
		int shift = Math.min(Math.max(66 + bottom.bitLength() - top.bitLength(), 0), 1140);
		BigInteger[] parts = top.shiftLeft(shift).divideAndRemainder(bottom);
		BigInteger quotient = parts[0].shiftLeft(1);
		if (parts[1].signum() != 0) quotient = quotient.setBit(0);
		double size = scaledDown(quotient, shift + 1);
		if (Double.isInfinite(size)) throw PyError.of("OverflowError", "integer division result too large for a float");
		return dividend.signum() * divisor.signum() < 0 ? -size : size;
	}

	/** value / 2^shift, rounded once, also where the result is subnormal. */
	static double scaledDown(BigInteger value, int shift) {
		if (value.signum() == 0) return 0;
		return new BigDecimal(value).divide(new BigDecimal(BigInteger.ONE.shiftLeft(shift))).doubleValue();
	}

	public static Object floorDivide(Object left, Object right) {
		return floorDivide(left, right, "//");
	}

	public static Object floorDivide(Object left, Object right, String op) {
		if (!isNumber(left) || !isNumber(right)) return overloadedOrFail("//", op, left, right);
		if (isWhole(left) && isWhole(right)) return floorDivideWhole(left, right);
		return floatDivmod(toFloat(left), toFloat(right), "float floor division by zero")[0];
	}

	public static Object floorDivideWhole(Object left, Object right) {
		if (isLong(right) && longOf(right) == 0) throw PyError.of("ZeroDivisionError", "integer division or modulo by zero");
		if (isLong(left) && isLong(right) && !(longOf(left) == Long.MIN_VALUE && longOf(right) == -1)) return Math.floorDiv(longOf(left), longOf(right));
		BigInteger[] parts = big(left).divideAndRemainder(big(right));
		boolean isAbove = parts[1].signum() != 0 && big(left).signum() != big(right).signum();
		return whole(isAbove ? parts[0].subtract(BigInteger.ONE) : parts[0]);
	}

	public static Object floorModuloWhole(Object left, Object right) {
		return floorModuloWhole(left, right, "integer modulo by zero");
	}

	static Object floorModuloWhole(Object left, Object right, String message) {
		if (isLong(right) && longOf(right) == 0) throw PyError.of("ZeroDivisionError", message);
		if (isLong(left) && isLong(right)) return Math.floorMod(longOf(left), longOf(right));
		BigInteger rest = big(left).remainder(big(right));
		return whole(rest.signum() != 0 && rest.signum() != big(right).signum() ? rest.add(big(right)) : rest);
	}

	/** CPython's float_divmod: quotient and remainder, which has the sign of the divisor. */
	static double[] floatDivmod(double dividend, double divisor, String message) {
		if (divisor == 0) throw PyError.of("ZeroDivisionError", message);
		double rest = dividend % divisor;
		double quotient = (dividend - rest) / divisor;
		if (rest != 0) {
			if (divisor < 0 != rest < 0) {
				rest += divisor;
				quotient -= 1;
			}
		} else rest = Math.copySign(0.0, divisor);
		if (quotient == 0) return new double[] {Math.copySign(0.0, dividend / divisor), rest};
		double floor = Math.floor(quotient);
		return new double[] {quotient - floor > 0.5 ? floor + 1 : floor, rest};
	}

	/** left % right for numbers; {@code modulo} of Format knows texts too. */
	static Object remainder(Object left, Object right, String op) {
		if (!isNumber(left) || !isNumber(right)) return overloadedOrFail("%", op, left, right);
		if (isWhole(left) && isWhole(right)) return floorModuloWhole(left, right);
		return floatDivmod(toFloat(left), toFloat(right), "float modulo")[1];
	}

	public static Object shiftLeft(Object left, Object right) {
		return shiftLeft(left, right, "<<");
	}

	public static Object shiftLeft(Object left, Object right, String op) {
		if (!isWhole(left) || !isWhole(right)) return overloadedOrFail("<<", op, left, right);
		return whole(big(left).shiftLeft(shiftCount(right)));
	}

	public static Object shiftRight(Object left, Object right) {
		return shiftRight(left, right, ">>");
	}

	public static Object shiftRight(Object left, Object right, String op) {
		if (!isWhole(left) || !isWhole(right)) return overloadedOrFail(">>", op, left, right);
		if (!(right instanceof BigInteger) && longOf(right) > Integer.MAX_VALUE) return big(left).signum() < 0 ? -1L : 0L;
		return whole(big(left).shiftRight(shiftCount(right)));
	}

	private static int shiftCount(Object count) {
		if (big(count).signum() < 0) throw PyError.of("ValueError", "negative shift count");
		if (big(count).bitLength() > 28) throw PyError.of("MemoryError");
		return big(count).intValue();
	}

	public static Object bitAnd(Object left, Object right) {
		return bitAnd(left, right, "&");
	}

	public static Object bitAnd(Object left, Object right, String op) {
		if (left instanceof Boolean a && right instanceof Boolean b) return a && b;
		if (!isWhole(left) || !isWhole(right)) return overloadedOrFail("&", op, left, right);
		return whole(big(left).and(big(right)));
	}

	public static Object bitOr(Object left, Object right) {
		return bitOr(left, right, "|");
	}

	public static Object bitOr(Object left, Object right, String op) {
		if (left instanceof Boolean a && right instanceof Boolean b) return a || b;
		if (!isWhole(left) || !isWhole(right)) return overloadedOrFail("|", op, left, right);
		return whole(big(left).or(big(right)));
	}

	public static Object bitXor(Object left, Object right) {
		return bitXor(left, right, "^");
	}

	public static Object bitXor(Object left, Object right, String op) {
		if (left instanceof Boolean a && right instanceof Boolean b) return a ^ b;
		if (!isWhole(left) || !isWhole(right)) return overloadedOrFail("^", op, left, right);
		return whole(big(left).xor(big(right)));
	}

	public static Object negate(Object value) {
		if (isWhole(value)) return whole(big(value).negate());
		if (value instanceof Double number) return -number;
		return unary("-", value);
	}

	public static Object positive(Object value) {
		if (isWhole(value)) return plain(value);
		return value instanceof Double ? value : unary("+", value);
	}

	public static Object invert(Object value) {
		return isWhole(value) ? whole(big(value).not()) : unary("~", value);
	}

	private static Object unary(String op, Object value) {
		Object told = value instanceof PyObject own ? own.binary("unary " + op, null, false) : PyObject.UNKNOWN;
		if (told == PyObject.UNKNOWN) throw PyError.of("TypeError", "bad operand type for unary " + op + ": '" + Types.typeName(value) + "'");
		return told;
	}
}
