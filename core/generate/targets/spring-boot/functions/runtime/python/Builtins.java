package python;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** Functions that the language brings along. */
public final class Builtins {
	private Builtins() {}

	/** bool(value): zero, None and what is empty are false. */
	public static boolean truth(Object value) {
		if (value == null || value == Func.ABSENT) return false;
		if (value instanceof Boolean own) return own;
		if (value instanceof Long number) return number != 0;
		if (value instanceof Double number) return number != 0;
		if (value instanceof String text) return !text.isEmpty();
		if (value instanceof BigInteger) return true;
		return value instanceof PyObject own ? own.truth() : !Lists.asList(value).isEmpty();
	}

	public static boolean all(Object values) {
		for (Object value : Iterate.iterate(values)) if (!truth(value)) return false;
		return true;
	}

	public static boolean any(Object values) {
		for (Object value : Iterate.iterate(values)) if (truth(value)) return true;
		return false;
	}

	public static Object sum(Object values) {
		return sum(values, 0L);
	}

	/** As CPython 3.11 adds: in order, floats without compensation. */
	public static Object sum(Object values, Object start) {
		Object total = sumStart(start);
		for (Object value : Iterate.iterate(values)) total = Numbers.add(total, value);
		return total;
	}

	private static Object sumStart(Object start) {
		if (start instanceof String) throw PyError.of("TypeError", "sum() can't sum strings [use ''.join(seq) instead]");
		return Func.or(start, 0L);
	}

	public static Object sumCompensated(Object values) {
		return sumCompensated(values, 0L);
	}

	/** As CPython 3.12 and later add: runs of floats with Neumaier's compensation. */
	public static Object sumCompensated(Object values, Object start) {
		Object total = sumStart(start);
		double lost = 0;
		for (Object value : Iterate.iterate(values)) {
			if (total instanceof Double before && Numbers.isNumber(value)) {
				double next = Numbers.toFloat(value);
				double made = before + next;
				if (value instanceof Double) lost += Math.abs(before) >= Math.abs(next) ? before - made + next : next - made + before;
				total = made;
			} else {
				total = Numbers.add(settled(total, lost), value);
				lost = 0;
			}
		}
		return settled(total, lost);
	}

	private static Object settled(Object total, double lost) {
		return total instanceof Double number && lost != 0 && Double.isFinite(lost) ? (Object) (number + lost) : total;
	}

	private static Object extreme(String name, Object[] values, Object key, Object otherwise) {
		if (values.length == 0) throw PyError.of("TypeError", name + " expected at least 1 argument, got 0");
		if (values.length > 1 && otherwise != Func.ABSENT)
			throw PyError.of("TypeError", "Cannot specify a default for " + name + "() with multiple positional arguments");
		boolean isMax = name.equals("max");
		boolean isKeyed = key != null && key != Func.ABSENT;
		Object best = Func.ABSENT;
		Object bestKey = null;
		for (Object item : values.length > 1 ? Iterate.walk("tuple_iterator", Arrays.asList(values)) : Iterate.iterate(values[0])) {
			Object own = isKeyed ? Func.call(key, item) : item;
			if (best != Func.ABSENT && !(isMax ? Compare.moreThan(own, bestKey) : Compare.lessThan(own, bestKey))) continue;
			best = item;
			bestKey = own;
		}
		if (best != Func.ABSENT) return best;
		if (otherwise == Func.ABSENT) throw PyError.of("ValueError", name + "() arg is an empty sequence");
		return otherwise;
	}

	/** min(values) or min(a, b, ...): the first of equals. */
	public static Object min(Object[] values) {
		return extreme("min", values, null, Func.ABSENT);
	}

	public static Object min(Object[] values, Object key) {
		return extreme("min", values, key, Func.ABSENT);
	}

	public static Object min(Object[] values, Object key, Object otherwise) {
		return extreme("min", values, key, otherwise);
	}

	/** max(values) or max(a, b, ...): the first of equals. */
	public static Object max(Object[] values) {
		return extreme("max", values, null, Func.ABSENT);
	}

	public static Object max(Object[] values, Object key) {
		return extreme("max", values, key, Func.ABSENT);
	}

	public static Object max(Object[] values, Object key, Object otherwise) {
		return extreme("max", values, key, otherwise);
	}

	public static Iter enumerate(Object values) {
		return enumerate(values, 0L);
	}

	public static Iter enumerate(Object values, Object start) {
		Iter source = Iterate.iter(values);
		Object[] at = {Numbers.whole(Items.wholeArgument(Func.or(start, 0L)))};
		return new Iter("enumerate", () -> {
			Object item = source.advance();
			if (item == Iter.END) return item;
			Object index = at[0];
			at[0] = Numbers.add(index, 1L);
			return new Tuple(index, item);
		});
	}

	private static List<Iter> iterators(Object[] iterables) {
		List<Iter> made = new ArrayList<>();
		for (Object one : iterables) made.add(Iterate.iter(one));
		return made;
	}

	public static Iter zip(Object[] iterables) {
		return zip(iterables, false);
	}

	public static Iter zip(Object[] iterables, Object strict) {
		List<Iter> sources = iterators(iterables);
		boolean isStrict = truth(strict);
		return new Iter("zip", () -> {
			if (sources.isEmpty()) return Iter.END;
			Object[] items = new Object[sources.size()];
			for (int at = 0; at < items.length; at++) {
				items[at] = sources.get(at).advance();
				if (items[at] != Iter.END) continue;
				if (isStrict) checkLengths(sources, at);
				return Iter.END;
			}
			return new Tuple(items);
		});
	}

	private static void checkLengths(List<Iter> sources, int ended) {
		if (ended > 0) throw PyError.of("ValueError", "zip() argument " + (ended + 1) + " is shorter than " + others(ended));
		for (int at = 1; at < sources.size(); at++)
			if (sources.get(at).advance() != Iter.END) throw PyError.of("ValueError", "zip() argument " + (at + 1) + " is longer than " + others(at));
	}

	private static String others(int count) {
		return count == 1 ? "argument 1" : "arguments 1-" + count;
	}

	public static Iter map(Object fn, Object... iterables) {
		List<Iter> sources = iterators(iterables);
		return new Iter("map", () -> {
			Object[] items = new Object[sources.size()];
			for (int at = 0; at < items.length; at++) {
				items[at] = sources.get(at).advance();
				if (items[at] == Iter.END) return Iter.END;
			}
			return Func.call(fn, items);
		});
	}

	public static Iter filter(Object fn, Object values) {
		Iter source = Iterate.iter(values);
		return new Iter("filter", () -> {
			for (Object item = source.advance(); item != Iter.END; item = source.advance())
				if (truth(fn == null ? item : Func.call(fn, item))) return item;
			return Iter.END;
		});
	}

	/** A list as it is at each step. */
	public static Iter reversed(Object values) {
		if (values instanceof Dict || values instanceof Dicts.View) {
			List<Object> items = Iterate.list(values);
			Collections.reverse(items);
			return Iterate.walk("reversed", items);
		}
		if (values instanceof Range range) return range.walk(true);
		List<Object> items = reversible(values);
		int[] at = {items.size()};
		return new Iter(Lists.isList(values) ? "list_reverseiterator" : "reversed", () -> {
			at[0]--;
			if (at[0] >= 0 && at[0] < items.size()) return items.get(at[0]);
			at[0] = 0;
			return Iter.END;
		});
	}

	private static List<Object> reversible(Object values) {
		if (Lists.isList(values)) return Lists.asList(values);
		if (values instanceof Tuple tuple) return tuple.asList();
		if (values instanceof String) return Iterate.list(values);
		throw PyError.of("TypeError", "'" + Types.typeName(values) + "' object is not reversible");
	}

	public static Object hash(Object value) {
		return Keys.hash(value);
	}

	public static boolean callable(Object value) {
		return value instanceof Func || value instanceof Types || value instanceof PyError.Type || value instanceof Applied;
	}
}
