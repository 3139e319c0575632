package python;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.BiPredicate;

/** What lists do, and the sequences that are like them. */
public final class Lists {
	private static final long MOST_ITEMS = 1L << 29;

	private Lists() {}

	static boolean isList(Object value) {
		return value instanceof ArrayList;
	}

	@SuppressWarnings("unchecked")
	public static ArrayList<Object> asList(Object value) {
		return (ArrayList<Object>) value;
	}

	/** A list of these items. */
	public static ArrayList<Object> listOf(Object... items) {
		ArrayList<Object> made = new ArrayList<>(items.length);
		Collections.addAll(made, items);
		return made;
	}

	static ArrayList<Object> joined(List<Object> left, List<Object> right) {
		ArrayList<Object> made = new ArrayList<>(left);
		made.addAll(right);
		return made;
	}

	static Object repeated(Object value, Object count) {
		BigInteger times = Numbers.big(count);
		if (times.bitLength() > 63) throw PyError.of("OverflowError", "cannot fit 'int' into an index-sized integer");
		long often = Math.max(0, times.longValue());
		if (value instanceof String text) {
			if (text.isEmpty() || often == 0) return "";
			if (often > MOST_ITEMS / text.length()) throw PyError.of("MemoryError");
			return text.repeat((int) often);
		}
		List<Object> items = value instanceof Tuple tuple ? tuple.asList() : asList(value);
		if (!items.isEmpty() && often > MOST_ITEMS / items.size()) throw PyError.of("MemoryError");
		ArrayList<Object> made = new ArrayList<>();
		if (!items.isEmpty()) for (long round = 0; round < often; round++) made.addAll(items);
		return value instanceof Tuple ? new Tuple(made) : made;
	}

	public static Object listAppend(ArrayList<Object> items, Object item) {
		items.add(item);
		return null;
	}

	public static Object listExtend(ArrayList<Object> items, Object more) {
		if (isList(more)) items.addAll(new ArrayList<>(asList(more)));
		else for (Object item : Iterate.iterate(more)) items.add(item);
		return null;
	}

	public static Object listInsert(ArrayList<Object> items, Object index, Object item) {
		items.add(Items.insertAt(index, items.size()), item);
		return null;
	}

	public static Object listPop(ArrayList<Object> items) {
		return listPop(items, -1L);
	}

	public static Object listPop(ArrayList<Object> items, Object index) {
		BigInteger at = Items.wholeArgument(Func.or(index, -1L));
		if (items.isEmpty()) throw PyError.of("IndexError", "pop from empty list");
		int position = Items.positionOf(Numbers.whole(at), items.size());
		if (position < 0) throw PyError.of("IndexError", "pop index out of range");
		return items.remove(position);
	}

	public static Object listRemove(ArrayList<Object> items, Object item) {
		for (int at = 0; at < items.size(); at++)
			if (Compare.same(items.get(at), item)) {
				items.remove(at);
				return null;
			}
		throw PyError.of("ValueError", "list.remove(x): x not in list");
	}

	public static Object listReverse(ArrayList<Object> items) {
		Collections.reverse(items);
		return null;
	}

	public static Object listClear(ArrayList<Object> items) {
		items.clear();
		return null;
	}

	public static ArrayList<Object> listCopy(ArrayList<Object> items) {
		return new ArrayList<>(items);
	}

	public static Object listCount(ArrayList<Object> items, Object item) {
		return count(items, item);
	}

	static Object count(List<Object> items, Object item) {
		long count = 0;
		for (int at = 0; at < items.size(); at++) if (Compare.same(items.get(at), item)) count++;
		return count;
	}

	private static int indexIn(List<Object> items, Object item, Object from, Object to) {
		int start = Items.bound(from, items.size());
		int end = to == null || to == Func.ABSENT ? items.size() : Items.bound(to, items.size());
		for (int at = start; at < items.size() && at < end; at++) if (Compare.same(items.get(at), item)) return at;
		return -1;
	}

	public static Object listIndex(ArrayList<Object> items, Object item) {
		return listIndex(items, item, 0L, null);
	}

	public static Object listIndex(ArrayList<Object> items, Object item, Object from) {
		return listIndex(items, item, from, null);
	}

	public static Object listIndex(ArrayList<Object> items, Object item, Object from, Object to) {
		int at = indexIn(items, item, Func.or(from, 0L), to);
		if (at < 0) throw PyError.of("ValueError", Repr.repr(item) + " is not in list");
		return (long) at;
	}

	public static Object tupleCount(Tuple tuple, Object item) {
		return count(tuple.asList(), item);
	}

	public static Object tupleIndex(Tuple tuple, Object item) {
		return tupleIndex(tuple, item, 0L, null);
	}

	public static Object tupleIndex(Tuple tuple, Object item, Object from) {
		return tupleIndex(tuple, item, from, null);
	}

	public static Object tupleIndex(Tuple tuple, Object item, Object from, Object to) {
		int at = indexIn(tuple.asList(), item, Func.or(from, 0L), to);
		if (at < 0) throw PyError.of("ValueError", "tuple.index(x): x not in tuple");
		return (long) at;
	}

	public static Object rangeCount(Range range, Object item) {
		return (Boolean) range.contains(item) ? 1L : 0L;
	}

	public static Object rangeIndex(Range range, Object item) {
		BigInteger at = Numbers.isWhole(item) ? range.indexOf(Numbers.big(item)) : BigInteger.ONE.negate();
		if (at.signum() < 0) throw PyError.of("ValueError", Repr.repr(item) + " is not in range");
		return Numbers.whole(at);
	}

	/** A stable sort that asks only {@code later < earlier}; short lists are compared in CPython's order (a run, then binary insertion). */
	private static <T> void sortInPlace(List<T> items, BiPredicate<T, T> isLess) {
		if (items.size() >= 64) {
			mergeSort(items, isLess);
			return;
		}
		if (items.size() < 2) return;
		int run = 2;
		if (isLess.test(items.get(1), items.get(0))) {
			while (run < items.size() && isLess.test(items.get(run), items.get(run - 1))) run++;
			Collections.reverse(items.subList(0, run));
		} else while (run < items.size() && !isLess.test(items.get(run), items.get(run - 1))) run++;
		for (int start = run; start < items.size(); start++) {
			T pivot = items.get(start);
			int low = 0;
			int high = start;
			while (low < high) {
				int middle = (low + high) >> 1;
				if (isLess.test(pivot, items.get(middle))) high = middle;
				else low = middle + 1;
			}
			items.remove(start);
			items.add(low, pivot);
		}
	}

	/** Java's own sort refuses orders that contradict themselves; CPython's takes what it is told. */
	private static <T> void mergeSort(List<T> items, BiPredicate<T, T> isLess) {
		if (items.size() < 2) return;
		List<T> left = new ArrayList<>(items.subList(0, items.size() / 2));
		List<T> right = new ArrayList<>(items.subList(items.size() / 2, items.size()));
		mergeSort(left, isLess);
		mergeSort(right, isLess);
		int a = 0;
		int b = 0;
		for (int at = 0; at < items.size(); at++) {
			boolean isRight = a == left.size() || (b < right.size() && isLess.test(right.get(b), left.get(a)));
			items.set(at, isRight ? right.get(b++) : left.get(a++));
		}
	}

	private record Sorted(Object item, Object key) {}

	public static Object listSort(ArrayList<Object> items) {
		return listSort(items, null, false);
	}

	public static Object listSort(ArrayList<Object> items, Object key) {
		return listSort(items, key, false);
	}

	public static Object listSort(ArrayList<Object> items, Object key, Object reverse) {
		List<Sorted> entries = new ArrayList<>();
		boolean isKeyed = key != null && key != Func.ABSENT;
		for (Object item : new ArrayList<>(items)) entries.add(new Sorted(item, isKeyed ? Func.call(key, item) : item));
		boolean isBackwards = Builtins.truth(Func.or(reverse, false));
		if (isBackwards) Collections.reverse(entries);
		try {
			sortInPlace(entries, (a, b) -> Compare.lessThan(a.key, b.key));
		} finally {
			// What was in order when a comparison failed stays in order.
			if (isBackwards) Collections.reverse(entries);
			for (int at = 0; at < entries.size(); at++) items.set(at, entries.get(at).item);
		}
		return null;
	}

	public static ArrayList<Object> sorted(Object value) {
		return sorted(value, null, false);
	}

	public static ArrayList<Object> sorted(Object value, Object key) {
		return sorted(value, key, false);
	}

	public static ArrayList<Object> sorted(Object value, Object key, Object reverse) {
		ArrayList<Object> items = Iterate.list(value);
		listSort(items, key, reverse);
		return items;
	}
}
