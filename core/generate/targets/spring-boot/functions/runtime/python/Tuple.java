package python;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

public final class Tuple extends PyObject {
	private final Object[] items;

	public Tuple(Object... items) {
		this.items = items;
	}

	Tuple(List<Object> items) {
		this(items.toArray());
	}

	/** A tuple of these items. */
	public static Tuple tupleOf(Object... items) {
		return new Tuple(items);
	}

	public static Tuple tuple() {
		return new Tuple();
	}

	public static Tuple tuple(Object value) {
		if (value == Func.ABSENT) return new Tuple();
		return value instanceof Tuple own ? own : new Tuple(Iterate.list(value));
	}

	public Object[] items() {
		return items;
	}

	List<Object> asList() {
		return Arrays.asList(items);
	}

	@Override
	public String typeName() {
		return "tuple";
	}

	@Override
	public String repr() {
		return Repr.shownOnce(this, "(...)", () -> "(" + Repr.joined(asList()) + (items.length == 1 ? ",)" : ")"));
	}

	@Override
	public boolean truth() {
		return items.length > 0;
	}

	@Override
	public Object equalTo(Object other) {
		return other instanceof Tuple tuple ? (Object) (this == other || Compare.sequencesEqual(asList(), tuple.asList())) : UNKNOWN;
	}

	@Override
	public Object order(String op, Object other) {
		return other instanceof Tuple tuple ? Compare.compareSequences(op, asList(), tuple.asList()) : UNKNOWN;
	}

	@Override
	public long length() {
		return items.length;
	}

	@Override
	public Iter iterator() {
		return Iterate.walk("tuple_iterator", asList());
	}

	@Override
	public Object contains(Object item) {
		for (Object own : items) if (Compare.same(own, item)) return true;
		return false;
	}

	@Override
	public Object getItem(Object key) {
		if (key instanceof Slice slice) return new Tuple(Items.sliced(asList(), slice.from(), slice.to(), slice.step()));
		if (!Numbers.isWhole(key)) throw PyError.of("TypeError", "tuple indices must be integers or slices, not " + Types.typeName(key));
		int at = Items.positionOf(key, items.length);
		if (at < 0) throw PyError.of("IndexError", "tuple index out of range");
		return items[at];
	}

	@Override
	public Object binary(String op, Object other, boolean reflected) {
		if (op.equals("+") && other instanceof Tuple tuple && !reflected) return new Tuple(Func.joined(items, tuple.items));
		return op.equals("*") && Numbers.isWhole(other) ? Lists.repeated(this, other) : UNKNOWN;
	}

	/** Lists of keys are equal where the keys are. */
	@Override
	public Object key() {
		return Arrays.stream(items).map(Keys::keyOf).collect(Collectors.toList());
	}

	/** CPython's tuplehash: xxHash over the hashes of the items. */
	@Override
	public Long hash() {
		long sum = 2870177450012600261L;
		for (Object item : items) {
			Long lane = Keys.hashOf(item);
			if (lane == null) return null;
			sum = Long.rotateLeft(sum + lane * Long.parseUnsignedLong("14029467366897019727"), 31) * Long.parseUnsignedLong("11400714785074694791");
		}
		sum += items.length ^ (2870177450012600261L ^ 3527539L);
		return sum == -1 ? 1546275796L : sum;
	}
}
