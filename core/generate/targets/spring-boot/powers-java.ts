/** Powers of floats by fixed point numbers: what `Math.pow` promises is one unit of the last place. */
export const powersClass = `import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/** Powers, correctly rounded: Math.pow may be one unit of the last place off. */
public final class Powers {
	/** Fixed point numbers with so many binary places. */
	private static final int PLACES = 192;
	private static final BigInteger ONE = BigInteger.ONE.shiftLeft(PLACES);
	private static final BigInteger LN2 = artanh(ONE.divide(BigInteger.valueOf(3))).shiftLeft(1);

	private Powers() {}

	/** An overflow is an error. Complex results are not supported and fail loudly. */
	public static double power(double base, double exponent) {
		if (base == 1 || exponent == 0) return 1;
		if (base == 0 && exponent < 0) throw new Errors.ZeroDivisionError("0.0 cannot be raised to a negative power");
		if (base == -1 && Double.isInfinite(exponent)) return 1;
		double result = rounded(base, exponent);
		if (Double.isNaN(result) && !Double.isNaN(base) && !Double.isNaN(exponent)) throw new IllegalStateException("the power is a complex number");
		if (!Double.isFinite(result) && Double.isFinite(base) && Double.isFinite(exponent)) throw new Errors.OverflowError("numerical result out of range");
		return result;
	}

	private static double rounded(double base, double exponent) {
		double plain = Math.pow(base, exponent);
		if (plain == 0 || !Double.isFinite(plain) || base == 0 || exponent == 1) return plain;
		if (exponent == 0.5) return Math.sqrt(base);
		if (exponent == -1) return 1 / base;
		if (exponent == 2) return base * base;
		double size = Math.abs(base);
		// Near the smallest and the largest doubles.
		if (Math.abs(Math.log(size) / Math.log(2) * exponent) > 1000) return plain;
		double made = exp(ln(size).multiply(fixed(exponent)));
		return plain < 0 ? -made : made;
	}

	/** A double as fixed point; what lies below the last place is cut. */
	private static BigInteger fixed(double value) {
		return new BigDecimal(value).multiply(new BigDecimal(ONE)).setScale(0, RoundingMode.FLOOR).toBigInteger();
	}

	/** ln(x), x > 0: x = m 2^k with m between the roots of 1/2 and 2, then 2 artanh((m - 1) / (m + 1)). */
	private static BigInteger ln(double x) {
		int k = Math.getExponent(x) + 1;
		BigDecimal power = new BigDecimal(BigInteger.ONE.shiftLeft(Math.abs(k)));
		BigDecimal scaled = k >= 0 ? new BigDecimal(x).divide(power) : new BigDecimal(x).multiply(power);
		BigInteger m = scaled.multiply(new BigDecimal(ONE)).toBigInteger();
		while (m.multiply(m).shiftLeft(1).compareTo(ONE.multiply(ONE)) < 0) {
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
		BigDecimal power = new BigDecimal(BigInteger.ONE.shiftLeft(Math.abs(shift)));
		return (shift >= 0 ? new BigDecimal(sum).multiply(power) : new BigDecimal(sum).divide(power)).doubleValue();
	}
}
`;
