package python;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/** Powers: of ints exact, of floats correctly rounded. */
public final class Power {
	/** Fixed point numbers with so many binary places. */
	private static final int PLACES = 192;
	private static final BigInteger ONE = BigInteger.ONE.shiftLeft(PLACES);
	private static final BigInteger LN2 = artanh(ONE.divide(BigInteger.valueOf(3))).shiftLeft(1);

	private Power() {}

	public static Object power(Object left, Object right) {
		return power(left, right, "**");
	}

	/** An int to a power of 0 or more stays an int, every other power is a float. */
	public static Object power(Object left, Object right, String op) {
		if (!Numbers.isNumber(left) || !Numbers.isNumber(right)) {
			Object told = Numbers.overloaded("**", left, right);
			if (told != PyObject.UNKNOWN) return told;
			String name = op.equals("**") ? "** or pow()" : op;
			String types = "'" + Types.typeName(left) + "' and '" + Types.typeName(right) + "'";
			throw PyError.of("TypeError", "unsupported operand type(s) for " + name + ": " + types);
		}
		if (Numbers.isWhole(left) && Numbers.isWhole(right) && Numbers.big(right).signum() >= 0) return wholePower(Numbers.big(left), Numbers.big(right));
		return floatPower(Numbers.toFloat(left), Numbers.toFloat(right));
	}

	private static Object wholePower(BigInteger base, BigInteger exponent) {
		if (base.bitLength() <= 1 && base.abs().compareTo(BigInteger.ONE) <= 0) {
			if (exponent.signum() == 0) return 1L;
			return base.signum() >= 0 ? base.longValue() : exponent.testBit(0) ? -1L : 1L;
		}
		if (exponent.bitLength() > 28 || (long) base.bitLength() * exponent.intValue() > 1L << 30) throw PyError.of("MemoryError");
		return Numbers.whole(base.pow(exponent.intValue()));
	}

	static double floatPower(double base, double exponent) {
		if (base == 0 && exponent < 0) throw PyError.of("ZeroDivisionError", "0.0 cannot be raised to a negative power");
		if (base == 1) return 1;
		if (base == -1 && Double.isInfinite(exponent)) return 1;
		if (base < 0 && !Double.isInfinite(base) && Double.isFinite(exponent) && exponent != Math.rint(exponent))
			throw PyError.notTranslated("a negative number to a broken power is complex");
		double made = rounded(base, exponent);
		if (!Double.isFinite(made) && Double.isFinite(base) && Double.isFinite(exponent))
			throw PyError.of("OverflowError", 34L, "Numerical result out of range");
		return made;
	}

	/**
	 * Correctly rounded where both are finite. The C library below CPython is not always: about one power in a thousand differs there in
	 * the last bit.
	 */
	private static double rounded(double base, double exponent) {
		double plain = Math.pow(base, exponent);
		if (plain == 0 || !Double.isFinite(plain) || base == 0 || exponent == 0 || exponent == 1) return plain;
		if (exponent == 0.5) return Math.sqrt(base);
		if (exponent == -1) return 1 / base;
		if (exponent == 2) return base * base;
		double size = Math.abs(base);
		if (Math.abs(Math.log(size) / Math.log(2) * exponent) > 1000) return plain;
		double made = exp(ln(size).multiply(fixed(exponent)));
		return plain < 0 ? -made : made;
	}

	/** A double as fixed point; what lies below the last place is cut. */
	private static BigInteger fixed(double value) {
		return new BigDecimal(value).multiply(new BigDecimal(ONE)).setScale(0, RoundingMode.FLOOR).toBigInteger();
	}

	/** ln(x), x > 0: x = m 2^k with m near 1, then 2 artanh((m - 1) / (m + 1)). */
	private static BigInteger ln(double x) {
		int k = Math.getExponent(x) + 1;
		BigDecimal scale = k >= 0 ? BigDecimal.ONE.divide(new BigDecimal(BigInteger.ONE.shiftLeft(k))) : new BigDecimal(BigInteger.ONE.shiftLeft(-k));
		BigInteger m = new BigDecimal(x).multiply(scale).multiply(new BigDecimal(ONE)).toBigInteger();
		while (m.compareTo(ONE.shiftRight(1)) < 0) {
			m = m.shiftLeft(1);
			k--;
		}
		if (m.multiply(m).shiftLeft(1).compareTo(ONE.multiply(ONE)) < 0) {
			m = m.shiftLeft(1);
			k--;
		}
		BigInteger ratio = m.subtract(ONE).shiftLeft(PLACES).divide(m.add(ONE));
		return artanh(ratio).shiftLeft(1).add(LN2.multiply(BigInteger.valueOf(k)));
	}

	private static BigInteger artanh(BigInteger x) {
		BigInteger square = x.multiply(x).shiftRight(PLACES);
		BigInteger sum = BigInteger.ZERO;
		BigInteger term = x;
		for (long n = 1; term.signum() != 0 && !term.equals(BigInteger.ONE.negate()); n += 2) {
			sum = sum.add(term.divide(BigInteger.valueOf(n)));
			term = term.multiply(square).shiftRight(PLACES);
		}
		return sum;
	}

	/** exp(x / 2^(2 places)), rounded to the nearest double. */
	private static double exp(BigInteger x) {
		BigInteger at = x.shiftRight(PLACES);
		BigInteger k = at.divide(LN2);
		BigInteger rest = at.subtract(k.multiply(LN2)).shiftRight(8);
		BigInteger sum = ONE;
		BigInteger term = ONE;
		for (long n = 1; term.signum() != 0 && !term.equals(BigInteger.ONE.negate()); n++) {
			term = term.multiply(rest).shiftRight(PLACES).divide(BigInteger.valueOf(n));
			sum = sum.add(term);
		}
		for (int i = 0; i < 8; i++) sum = sum.multiply(sum).shiftRight(PLACES);
		int shift = k.intValue() - PLACES;
		if (shift >= 0) return new BigDecimal(sum.shiftLeft(shift)).doubleValue();
		return Numbers.scaledDown(sum, -shift);
	}

	public static Object pow(Object base, Object exponent) {
		return power(base, exponent, "** or pow()");
	}

	public static Object pow(Object base, Object exponent, Object modulus) {
		if (modulus == null || modulus == Func.ABSENT) return pow(base, exponent);
		if (!Numbers.isWhole(base) || !Numbers.isWhole(exponent) || !Numbers.isWhole(modulus))
			throw PyError.of("TypeError", "pow() 3rd argument not allowed unless all arguments are integers");
		BigInteger m = Numbers.big(modulus);
		if (m.signum() == 0) throw PyError.of("ValueError", "pow() 3rd argument cannot be 0");
		BigInteger size = m.abs();
		BigInteger made;
		try {
			made = Numbers.big(base).modPow(Numbers.big(exponent), size);
		} catch (ArithmeticException error) {
			throw PyError.of("ValueError", "base is not invertible for the given modulus");
		}
		return Numbers.whole(m.signum() < 0 && made.signum() != 0 ? made.add(m) : made);
	}
}
