package python;

import java.math.BigDecimal;
import java.math.BigInteger;

/** What equal keys share, and CPython's hashes. */
final class Keys {
	private static final Object NONE = new Object();
	private static final Object NAN = new Object();
	private static final BigInteger MODULUS = BigInteger.ONE.shiftLeft(61).subtract(BigInteger.ONE);

	private Keys() {}

	/** 1, 1.0 and True are one key. TypeError for what cannot be hashed. */
	static Object keyOf(Object value) {
		if (value == null) return NONE;
		if (value instanceof String || value instanceof Long || value instanceof BigInteger) return value;
		if (value instanceof Boolean truth) return truth ? 1L : 0L;
		if (value instanceof Double number) {
			if (number.isNaN()) return NAN;
			if (number.isInfinite() || number != Math.rint(number)) return number;
			return Numbers.whole(new BigDecimal(number).toBigInteger());
		}
		Object key = value instanceof PyObject own ? own.key() : null;
		if (key == null) throw PyError.of("TypeError", "unhashable type: '" + Types.typeName(value) + "'");
		return key;
	}

	private static long wrapped(long hash) {
		return hash == -1 ? -2 : hash;
	}

	/** As a signed 64-bit number; null where it differs from process to process. */
	static Long hashOf(Object value) {
		if (value instanceof Boolean truth) return truth ? 1L : 0L;
		if (Numbers.isWhole(value)) {
			BigInteger number = Numbers.big(value);
			long rest = number.abs().mod(MODULUS).longValue();
			return wrapped(number.signum() < 0 ? -rest : rest);
		}
		if (value instanceof Double number) return hashOfFloat(number);
		return value instanceof PyObject own ? own.hash() : null;
	}

	/** Numbers hash as fractions modulo 2^61 - 1, whatever their type (CPython's "Hashing of numeric types"). */
	private static Long hashOfFloat(double value) {
		if (Double.isNaN(value)) return null;
		if (Double.isInfinite(value)) return value > 0 ? 314159L : -314159L;
		BigDecimal exact = new BigDecimal(Math.abs(value));
		int shift = 1074;
		BigInteger numerator = exact.multiply(new BigDecimal(BigInteger.ONE.shiftLeft(shift))).toBigIntegerExact();
		BigInteger inverse = BigInteger.ONE.shiftLeft((61 - shift % 61) % 61);
		long hash = numerator.multiply(inverse).mod(MODULUS).longValue();
		return wrapped(value < 0 ? -hash : hash);
	}

	/** hash(value), where it is the same in every process. */
	static Object hash(Object value) {
		keyOf(value);
		Long made = hashOf(value);
		if (made == null) throw PyError.notTranslated("the hash of a " + Types.typeName(value) + " differs from process to process");
		return made;
	}
}
