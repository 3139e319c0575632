package python;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;

/** Floats as exact numbers and as texts. */
final class FloatText {
	private FloatText() {}

	/** The shortest text that reads back as the same number, always with a point or an exponent: 3.0, 1e+16. */
	static String floatText(double value) {
		if (Double.isNaN(value)) return "nan";
		String sign = value < 0 || 1 / value < 0 ? "-" : "";
		double size = Math.abs(value);
		if (Double.isInfinite(size)) return sign + "inf";
		if (size == 0) return sign + "0.0";
		BigDecimal shortest = shortest(size);
		String digits = shortest.unscaledValue().toString();
		int exponent = digits.length() - 1 - shortest.scale();
		if (exponent >= -4 && exponent < 16) {
			String plain = shortest.toPlainString();
			return sign + (plain.contains(".") ? plain : plain + ".0");
		}
		String mantissa = digits.length() == 1 ? digits : digits.charAt(0) + "." + digits.substring(1);
		return sign + mantissa + exponentText(exponent);
	}

	static String exponentText(int exponent) {
		int size = Math.abs(exponent);
		return "e" + (exponent < 0 ? "-" : "+") + (size < 10 ? "0" : "") + size;
	}

	/** The fewest digits that read back as this number, and of those the nearest to it; without zeros at the end. */
	static BigDecimal shortest(double size) {
		BigDecimal exact = new BigDecimal(size);
		for (int precision = 1; precision < 17; precision++) {
			BigDecimal near = exact.round(new MathContext(precision, RoundingMode.HALF_EVEN));
			if (near.doubleValue() == size) return near.stripTrailingZeros();
			// At a power of two the gap below is half as wide: the neighbour above may read back where the nearest does not.
			BigDecimal other = exact.round(new MathContext(precision, near.compareTo(exact) > 0 ? RoundingMode.DOWN : RoundingMode.UP));
			if (other.doubleValue() == size) return other.stripTrailingZeros();
		}
		return exact.round(new MathContext(17, RoundingMode.HALF_EVEN)).stripTrailingZeros();
	}

	/** A finite value times 10^digits to the nearest whole number by its exact binary value, ties to even. */
	static BigInteger scaledToEven(double value, int digits) {
		return new BigDecimal(value).movePointRight(digits).setScale(0, RoundingMode.HALF_EVEN).toBigInteger();
	}

	/** numerator / divisor to the nearest whole number, ties to even. */
	static BigInteger divideToEven(BigInteger numerator, BigInteger divisor) {
		return new BigDecimal(numerator).divide(new BigDecimal(divisor), 0, RoundingMode.HALF_EVEN).toBigInteger();
	}
}
