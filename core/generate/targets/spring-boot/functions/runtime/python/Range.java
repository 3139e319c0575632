package python;

import java.math.BigInteger;
import java.util.List;

public final class Range extends PyObject implements Iterable<Object> {
	private final BigInteger start;
	private final BigInteger step;
	private final BigInteger stop;
	private final BigInteger count;

	private Range(BigInteger start, BigInteger stop, BigInteger step) {
		this.start = start;
		this.stop = stop;
		this.step = step;
		BigInteger span = step.signum() > 0 ? stop.subtract(start) : start.subtract(stop);
		BigInteger size = step.abs();
		this.count = span.signum() > 0 ? span.add(size).subtract(BigInteger.ONE).divide(size) : BigInteger.ZERO;
	}

	public static Range range(Object stop) {
		return range(0L, stop, 1L);
	}

	public static Range range(Object start, Object stop) {
		return range(start, stop, 1L);
	}

	public static Range range(Object start, Object stop, Object step) {
		if (stop == Func.ABSENT) return range(start);
		BigInteger by = Items.wholeArgument(Func.or(step, 1L));
		Range made = by.signum() == 0 ? null : new Range(Items.wholeArgument(start), Items.wholeArgument(stop), by);
		if (made == null) throw PyError.of("ValueError", "range() arg 3 must not be zero");
		return made;
	}

	@Override
	public String typeName() {
		return "range";
	}

	@Override
	public String repr() {
		return "range(" + start + ", " + stop + (step.equals(BigInteger.ONE) ? "" : ", " + step) + ")";
	}

	@Override
	public boolean truth() {
		return count.signum() > 0;
	}

	@Override
	public long length() {
		return count.bitLength() < 64 ? count.longValue() : Long.MAX_VALUE;
	}

	private Object at(BigInteger index) {
		return Numbers.whole(start.add(index.multiply(step)));
	}

	@Override
	public Iter iterator() {
		return walk(false);
	}

	Iter walk(boolean isBackwards) {
		BigInteger last = start.add(step.multiply(count.subtract(BigInteger.ONE)));
		BigInteger first = isBackwards ? last : start;
		BigInteger by = isBackwards ? step.negate() : step;
		boolean isSmall = first.bitLength() < 62 && last.bitLength() < 62 && by.bitLength() < 62 && start.bitLength() < 62;
		if (isSmall) {
			long[] state = {first.longValue(), count.longValue()};
			long stride = by.longValue();
			return new Iter("range_iterator", () -> {
				if (state[1]-- <= 0) return Iter.END;
				long value = state[0];
				state[0] += stride;
				return value;
			});
		}
		BigInteger[] state = {first, count};
		return new Iter("range_iterator", () -> {
			if (state[1].signum() <= 0) return Iter.END;
			BigInteger value = state[0];
			state[0] = value.add(by);
			state[1] = state[1].subtract(BigInteger.ONE);
			return Numbers.whole(value);
		});
	}

	/** Negative where it is not. */
	BigInteger indexOf(BigInteger item) {
		BigInteger[] parts = item.subtract(start).divideAndRemainder(step);
		boolean isIn = parts[1].signum() == 0 && parts[0].signum() >= 0 && parts[0].compareTo(count) < 0;
		return isIn ? parts[0] : BigInteger.ONE.negate();
	}

	@Override
	public Object contains(Object item) {
		if (!Numbers.isNumber(item)) return false;
		Object key = Keys.keyOf(item);
		return Numbers.isWhole(key) && indexOf(Numbers.big(key)).signum() >= 0;
	}

	@Override
	public Object getItem(Object key) {
		if (key instanceof Slice slice) {
			Items.Bounds bounds = Items.bounds(slice.from(), slice.to(), slice.step(), (int) length());
			BigInteger from = start.add(BigInteger.valueOf(bounds.start()).multiply(step));
			BigInteger to = start.add(BigInteger.valueOf(bounds.stop()).multiply(step));
			return new Range(from, to, step.multiply(BigInteger.valueOf(bounds.step())));
		}
		if (!Numbers.isWhole(key)) throw PyError.of("TypeError", "range indices must be integers or slices, not " + Types.typeName(key));
		BigInteger index = Numbers.big(key).signum() < 0 ? Numbers.big(key).add(count) : Numbers.big(key);
		if (index.signum() < 0 || index.compareTo(count) >= 0) throw PyError.of("IndexError", "range object index out of range");
		return at(index);
	}

	@Override
	public Object equalTo(Object other) {
		return other instanceof Range range ? (Object) key().equals(range.key()) : UNKNOWN;
	}

	@Override
	public Object key() {
		boolean isEmpty = count.signum() == 0;
		return List.of("range", count, isEmpty ? BigInteger.ZERO : start, count.compareTo(BigInteger.ONE) > 0 ? step : BigInteger.ZERO);
	}

	@Override
	public Object attribute(String name) {
		switch (name) {
			case "start":
				return Numbers.whole(start);
			case "stop":
				return Numbers.whole(stop);
			case "step":
				return Numbers.whole(step);
			default:
				return UNKNOWN;
		}
	}
}
