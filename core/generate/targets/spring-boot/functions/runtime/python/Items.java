package python;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/** Items by index, key and slice. */
public final class Items {
	private static final BigInteger FAR = BigInteger.valueOf(Integer.MAX_VALUE);

	private Items() {}

	/** Position of {@code index} in {@code length} items, counted from the end if negative; -1 if there is none. */
	static int positionOf(Object index, int length) {
		long at = clamped(Numbers.big(index));
		if (at < 0) at += length;
		return at < 0 || at >= length ? -1 : (int) at;
	}

	/** Beyond every list, huge numbers are all alike. */
	static long clamped(BigInteger value) {
		return value.bitLength() < 48 ? value.longValue() : value.signum() < 0 ? -(1L << 48) : 1L << 48;
	}

	/** An argument that must be a whole number. */
	static BigInteger wholeArgument(Object value) {
		if (Numbers.isWhole(value)) return Numbers.big(value);
		throw PyError.of("TypeError", "'" + Types.typeName(value) + "' object cannot be interpreted as an integer");
	}

	/** The same for positions and counts: beyond the range of lists it is as good as endless. */
	static int sizeArgument(Object value) {
		BigInteger size = wholeArgument(value);
		return size.compareTo(FAR) > 0 ? Integer.MAX_VALUE : size.compareTo(FAR.negate()) < 0 ? -Integer.MAX_VALUE : size.intValue();
	}

	/** A bound of a search, from the end if negative. */
	static int bound(Object value, int length) {
		int at = sizeArgument(value);
		return at < 0 ? Math.max(0, at + length) : at;
	}

	static int insertAt(Object index, int length) {
		return Math.min(bound(index, length), length);
	}

	/** {@code count} items from {@code start} in steps of {@code step}. */
	record Bounds(int start, int stop, int step, int count) {}

	/** The bounds of a slice as CPython adjusts them to {@code length}. */
	static Bounds bounds(Object from, Object to, Object step, int length) {
		long by = step == null ? 1 : sliceIndex(step);
		if (by == 0) throw PyError.of("ValueError", "slice step cannot be zero");
		int low = by < 0 ? -1 : 0;
		int high = by < 0 ? length - 1 : length;
		int start = from == null ? (by < 0 ? high : low) : clamp(sliceIndex(from), low, high, length);
		int stop = to == null ? (by < 0 ? low : high) : clamp(sliceIndex(to), low, high, length);
		long count = by < 0 ? (stop < start ? (start - stop - 1) / -by + 1 : 0) : start < stop ? (stop - start - 1) / by + 1 : 0;
		int small = (int) Math.max(Math.min(by, Integer.MAX_VALUE), -Integer.MAX_VALUE);
		return new Bounds(start, stop, small, (int) count);
	}

	private static int clamp(long at, int low, int high, int length) {
		return (int) (at < 0 ? Math.max(at + length, low) : Math.min(at, high));
	}

	private static long sliceIndex(Object value) {
		if (Numbers.isWhole(value)) return clamped(Numbers.big(value));
		throw PyError.of("TypeError", "slice indices must be integers or None or have an __index__ method");
	}

	static ArrayList<Object> sliced(List<Object> items, Object from, Object to, Object step) {
		Bounds bounds = bounds(from, to, step, items.size());
		if (bounds.step == 1) return new ArrayList<>(items.subList(bounds.start, bounds.start + bounds.count));
		ArrayList<Object> made = new ArrayList<>(bounds.count);
		for (int at = 0; at < bounds.count; at++) made.add(items.get(bounds.start + at * bounds.step));
		return made;
	}

	static String slicedText(String text, Object from, Object to, Object step) {
		int[] points = Text.points(text);
		Bounds bounds = bounds(from, to, step, points.length);
		if (bounds.step == 1) return new String(points, bounds.start, bounds.count);
		StringBuilder made = new StringBuilder();
		for (int at = 0; at < bounds.count; at++) made.appendCodePoint(points[bounds.start + at * bounds.step]);
		return made.toString();
	}

	/** len(value) */
	public static Object len(Object value) {
		if (value instanceof String text) return (long) Text.length(text);
		if (Lists.isList(value)) return (long) Lists.asList(value).size();
		long size = value instanceof PyObject own ? own.length() : -1;
		if (size < 0) throw PyError.of("TypeError", "object of type '" + Types.typeName(value) + "' has no len()");
		return size;
	}

	/** value[index] */
	public static Object item(Object value, Object index) {
		if (Lists.isList(value)) {
			ArrayList<Object> items = Lists.asList(value);
			if (index instanceof Slice slice) return sliced(items, slice.from(), slice.to(), slice.step());
			if (!Numbers.isWhole(index)) throw PyError.of("TypeError", "list indices must be integers or slices, not " + Types.typeName(index));
			int at = positionOf(index, items.size());
			if (at < 0) throw PyError.of("IndexError", "list index out of range");
			return items.get(at);
		}
		if (value instanceof String text) {
			if (Numbers.isWhole(index)) return characterAt(text, index);
			if (index instanceof Slice slice) return slicedText(text, slice.from(), slice.to(), slice.step());
			throw PyError.of("TypeError", "string indices must be integers, not '" + Types.typeName(index) + "'");
		}
		Object found = value instanceof PyObject own ? own.getItem(index) : PyObject.UNKNOWN;
		if (found == PyObject.UNKNOWN) throw PyError.of("TypeError", "'" + Types.typeName(value) + "' object is not subscriptable");
		return found;
	}

	/** The character of a text at an index. */
	public static String characterAt(String text, Object index) {
		int at = positionOf(index, Text.length(text));
		if (at < 0) throw PyError.of("IndexError", "string index out of range");
		return Character.toString(text.codePointAt(text.offsetByCodePoints(0, at)));
	}

	/** value[index] = item */
	public static void setItem(Object value, Object index, Object given) {
		if (Lists.isList(value)) {
			if (index instanceof Slice slice) {
				setSlice(value, slice.from(), slice.to(), slice.step(), given);
				return;
			}
			ArrayList<Object> items = Lists.asList(value);
			items.set(assigned(items, index), given);
			return;
		}
		Object done = value instanceof PyObject own ? own.setItem(index, given) : PyObject.UNKNOWN;
		if (done == PyObject.UNKNOWN) throw PyError.of("TypeError", "'" + Types.typeName(value) + "' object does not support item assignment");
	}

	private static int assigned(ArrayList<Object> items, Object index) {
		if (!Numbers.isWhole(index)) throw PyError.of("TypeError", "list indices must be integers or slices, not " + Types.typeName(index));
		int at = positionOf(index, items.size());
		if (at < 0) throw PyError.of("IndexError", "list assignment index out of range");
		return at;
	}

	/** del value[index] */
	public static void deleteItem(Object value, Object index) {
		if (Lists.isList(value)) {
			if (index instanceof Slice slice) {
				deleteSlice(value, slice.from(), slice.to(), slice.step());
				return;
			}
			ArrayList<Object> items = Lists.asList(value);
			items.remove(assigned(items, index));
			return;
		}
		Object done = value instanceof PyObject own ? own.deleteItem(index) : PyObject.UNKNOWN;
		if (done == PyObject.UNKNOWN) throw PyError.of("TypeError", "'" + Types.typeName(value) + "' object doesn't support item deletion");
	}

	public static Object slice(Object value, Object from, Object to) {
		return slice(value, from, to, null);
	}

	/** value[from:to:step], a missing bound is None */
	public static Object slice(Object value, Object from, Object to, Object step) {
		if (value instanceof String text) return slicedText(text, from, to, step);
		if (Lists.isList(value)) return sliced(Lists.asList(value), from, to, step);
		return item(value, new Slice(from, to, step));
	}

	/** value[from:to:step] = items */
	public static void setSlice(Object value, Object from, Object to, Object step, Object given) {
		if (!Lists.isList(value)) {
			setItem(value, new Slice(from, to, step), given);
			return;
		}
		ArrayList<Object> items = Lists.asList(value);
		Bounds bounds = bounds(from, to, step, items.size());
		boolean isPlain = bounds.step == 1;
		if (!Iterate.isIterable(given)) throw PyError.of("TypeError", isPlain ? "can only assign an iterable" : "must assign iterable to extended slice");
		ArrayList<Object> more = Iterate.list(given);
		if (isPlain) {
			ArrayList<Object> tail = new ArrayList<>(items.subList(Math.max(bounds.start, bounds.stop), items.size()));
			items.subList(Math.min(bounds.start, items.size()), items.size()).clear();
			items.addAll(more);
			items.addAll(tail);
			return;
		}
		if (more.size() != bounds.count) {
			String sizes = "attempt to assign sequence of size " + more.size() + " to extended slice of size " + bounds.count;
			throw PyError.of("ValueError", sizes);
		}
		for (int at = 0; at < bounds.count; at++) items.set(bounds.start + at * bounds.step, more.get(at));
	}

	/** del value[from:to:step] */
	public static void deleteSlice(Object value, Object from, Object to, Object step) {
		if (!Lists.isList(value)) {
			deleteItem(value, new Slice(from, to, step));
			return;
		}
		ArrayList<Object> items = Lists.asList(value);
		Bounds bounds = bounds(from, to, step, items.size());
		boolean[] isGone = new boolean[items.size()];
		for (int at = 0; at < bounds.count; at++) isGone[bounds.start + at * bounds.step] = true;
		for (int at = items.size() - 1; at >= 0; at--) if (isGone[at]) items.remove(at);
	}

	/** item in container */
	public static boolean contains(Object container, Object sought) {
		if (container instanceof String text) {
			if (sought instanceof String part) return text.contains(part);
			throw PyError.of("TypeError", "'in <string>' requires string as left operand, not " + Types.typeName(sought));
		}
		if (Lists.isList(container)) {
			ArrayList<Object> items = Lists.asList(container);
			for (int at = 0; at < items.size(); at++) if (Compare.same(items.get(at), sought)) return true;
			return false;
		}
		Object told = container instanceof PyObject own ? own.contains(sought) : PyObject.UNKNOWN;
		if (told != PyObject.UNKNOWN) return (Boolean) told;
		if (!Iterate.isIterable(container)) throw PyError.of("TypeError", "argument of type '" + Types.typeName(container) + "' is not iterable");
		for (Object one : Iterate.iterate(container)) if (one == sought || Compare.equals(one, sought)) return true;
		return false;
	}
}
