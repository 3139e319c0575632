package python;

import java.math.BigDecimal;
import java.math.BigInteger;

/** The library's math, as far as it is exact. */
public final class Maths {
	private Maths() {}

	private static double real(Object value) {
		if (Numbers.isNumber(value)) return Numbers.toFloat(value);
		throw PyError.of("TypeError", "must be real number, not " + Types.typeName(value));
	}

	private static PyError domain() {
		return PyError.of("ValueError", "math domain error");
	}

	public static double mathSqrt(Object value) {
		double x = real(value);
		if (x < 0) throw domain();
		return Math.sqrt(x);
	}

	public static Object mathFloor(Object value) {
		return Numbers.isWhole(value) ? Numbers.plain(value) : Convert.wholePart(Math.floor(real(value)));
	}

	public static Object mathCeil(Object value) {
		return Numbers.isWhole(value) ? Numbers.plain(value) : Convert.wholePart(Math.ceil(real(value)));
	}

	public static Object mathTrunc(Object value) {
		if (Numbers.isWhole(value)) return Numbers.plain(value);
		if (value instanceof Double number) return Convert.wholePart(number);
		throw PyError.of("TypeError", "type " + Types.typeName(value) + " doesn't define __trunc__ method");
	}

	public static double mathFabs(Object value) {
		return Math.abs(real(value));
	}

	public static boolean mathIsnan(Object value) {
		return Double.isNaN(real(value));
	}

	public static boolean mathIsinf(Object value) {
		return Double.isInfinite(real(value));
	}

	public static boolean mathIsfinite(Object value) {
		return Double.isFinite(real(value));
	}

	public static double mathDegrees(Object value) {
		return real(value) * (180 / Math.PI);
	}

	public static double mathRadians(Object value) {
		return real(value) * (Math.PI / 180);
	}

	public static Object mathIsqrt(Object value) {
		BigInteger n = Items.wholeArgument(value);
		if (n.signum() < 0) throw PyError.of("ValueError", "isqrt() argument must be nonnegative");
		return Numbers.whole(n.sqrt());
	}

	public static Object mathFactorial(Object value) {
		BigInteger n = Items.wholeArgument(value);
		if (n.signum() < 0) throw PyError.of("ValueError", "factorial() not defined for negative values");
		if (n.bitLength() > 20) throw PyError.of("MemoryError");
		BigInteger made = BigInteger.ONE;
		for (int factor = 2; factor <= n.intValue(); factor++) made = made.multiply(BigInteger.valueOf(factor));
		return Numbers.whole(made);
	}

	public static Object mathGcd(Object... values) {
		BigInteger made = BigInteger.ZERO;
		for (Object value : values) made = made.gcd(Items.wholeArgument(value));
		return Numbers.whole(made);
	}

	public static Object mathLcm(Object... values) {
		BigInteger made = BigInteger.ONE;
		for (Object value : values) {
			BigInteger n = Items.wholeArgument(value).abs();
			made = n.signum() == 0 || made.signum() == 0 ? BigInteger.ZERO : made.divide(made.gcd(n)).multiply(n);
		}
		return Numbers.whole(made);
	}

	public static Object mathPerm(Object value) {
		return mathFactorial(value);
	}

	public static Object mathPerm(Object value, Object count) {
		if (count == null || count == Func.ABSENT) return mathFactorial(value);
		return Numbers.whole(perm(natural(value, "n"), natural(count, "k")));
	}

	private static BigInteger natural(Object value, String name) {
		BigInteger made = Items.wholeArgument(value);
		if (made.signum() < 0) throw PyError.of("ValueError", name + " must be a non-negative integer");
		return made;
	}

	private static BigInteger perm(BigInteger n, BigInteger k) {
		if (k.compareTo(n) > 0) return BigInteger.ZERO;
		BigInteger made = BigInteger.ONE;
		for (BigInteger at = BigInteger.ZERO; at.compareTo(k) < 0; at = at.add(BigInteger.ONE)) made = made.multiply(n.subtract(at));
		return made;
	}

	public static Object mathComb(Object value, Object count) {
		BigInteger n = natural(value, "n");
		BigInteger k = natural(count, "k");
		if (k.compareTo(n) > 0) return 0L;
		BigInteger least = k.min(n.subtract(k));
		return Numbers.whole(perm(n, least).divide(perm(least, least)));
	}

	public static Object mathProd(Object values) {
		return mathProd(values, 1L);
	}

	public static Object mathProd(Object values, Object start) {
		Object made = Func.or(start, 1L);
		for (Object value : Iterate.iterate(values)) made = Numbers.multiply(made, value);
		return made;
	}

	public static double mathPow(Object base, Object exponent) {
		double x = real(base);
		double y = real(exponent);
		if (x == 0 && y < 0) {
			if (Double.isFinite(y)) throw domain();
			return Double.POSITIVE_INFINITY;
		}
		if (x < 0 && Double.isFinite(x) && Double.isFinite(y) && y != Math.rint(y)) throw domain();
		try {
			return Power.floatPower(x, y);
		} catch (PyError error) {
			if (error.isNamed("OverflowError")) throw PyError.of("OverflowError", "math range error");
			throw error;
		}
	}

	public static double mathFmod(Object left, Object right) {
		double x = real(left);
		double y = real(right);
		if ((y == 0 && !Double.isNaN(x)) || (Double.isInfinite(x) && !Double.isNaN(y))) throw domain();
		return x % y;
	}

	public static double mathCopysign(Object size, Object sign) {
		return Math.copySign(real(size), real(sign));
	}

	public static Object mathModf(Object value) {
		double x = real(value);
		if (!Double.isFinite(x)) return new Tuple(Double.isNaN(x) ? x : Math.copySign(0.0, x), x);
		double whole = x < 0 ? Math.ceil(x) : Math.floor(x);
		return new Tuple(Math.copySign(x - whole, x), whole);
	}

	public static Object mathFrexp(Object value) {
		double x = real(value);
		if (x == 0 || !Double.isFinite(x)) return new Tuple(x, 0L);
		double size = Math.abs(x);
		int more = size < Double.MIN_NORMAL ? 54 : 0;
		int exponent = Math.getExponent(more > 0 ? Math.scalb(size, more) : size) + 1 - more;
		double mantissa = Math.scalb(Math.scalb(size, more), -(exponent + more));
		return new Tuple(Math.copySign(mantissa, x), (long) exponent);
	}

	public static boolean mathIsclose(Object a, Object b) {
		return mathIsclose(a, b, 1e-9, 0.0);
	}

	public static boolean mathIsclose(Object a, Object b, Object relative) {
		return mathIsclose(a, b, relative, 0.0);
	}

	public static boolean mathIsclose(Object a, Object b, Object relative, Object absolute) {
		double x = real(a);
		double y = real(b);
		double rel = real(Func.or(relative, 1e-9));
		double abs = real(Func.or(absolute, 0.0));
		if (rel < 0 || abs < 0) throw PyError.of("ValueError", "tolerances must be non-negative");
		if (x == y) return true;
		if (Double.isInfinite(x) || Double.isInfinite(y)) return false;
		double difference = Math.abs(y - x);
		return difference <= Math.abs(rel * y) || difference <= Math.abs(rel * x) || difference <= abs;
	}

	/** The sum of floats, rounded once. */
	public static double mathFsum(Object values) {
		BigDecimal total = BigDecimal.ZERO;
		double special = 0;
		boolean isSpecial = false;
		for (Object value : Iterate.iterate(values)) {
			double x = real(value);
			if (Double.isFinite(x)) total = total.add(new BigDecimal(x));
			else {
				special += x;
				isSpecial = true;
			}
		}
		return isSpecial ? special : total.doubleValue();
	}
}
