package python;

import java.util.ArrayList;
import java.util.List;

/** The library's heapq and bisect. Which of equal items comes first depends on CPython's very steps. */
public final class Heaps {
	private Heaps() {}

	private static void siftDown(List<Object> heap, int start, int from) {
		Object one = heap.get(from);
		int at = from;
		while (at > start) {
			int parent = (at - 1) >> 1;
			if (!Compare.lessThan(one, heap.get(parent))) break;
			heap.set(at, heap.get(parent));
			at = parent;
		}
		heap.set(at, one);
	}

	private static void siftUp(List<Object> heap, int from) {
		Object one = heap.get(from);
		int at = from;
		for (int child = 2 * at + 1; child < heap.size(); child = 2 * at + 1) {
			if (child + 1 < heap.size() && !Compare.lessThan(heap.get(child), heap.get(child + 1))) child++;
			heap.set(at, heap.get(child));
			at = child;
		}
		heap.set(at, one);
		siftDown(heap, from, at);
	}

	private static ArrayList<Object> heapOf(Object heap) {
		if (!Lists.isList(heap)) throw PyError.of("TypeError", "heap argument must be a list");
		return Lists.asList(heap);
	}

	private static ArrayList<Object> filled(Object given) {
		ArrayList<Object> heap = heapOf(given);
		if (heap.isEmpty()) throw PyError.of("IndexError", "index out of range");
		return heap;
	}

	public static Object heapqHeappush(Object given, Object value) {
		ArrayList<Object> heap = heapOf(given);
		heap.add(value);
		siftDown(heap, 0, heap.size() - 1);
		return null;
	}

	public static Object heapqHeappop(Object given) {
		ArrayList<Object> heap = filled(given);
		Object last = heap.remove(heap.size() - 1);
		return heap.isEmpty() ? last : replaced(heap, last);
	}

	private static Object replaced(ArrayList<Object> heap, Object value) {
		Object least = heap.get(0);
		heap.set(0, value);
		siftUp(heap, 0);
		return least;
	}

	public static Object heapqHeapreplace(Object given, Object value) {
		return replaced(filled(given), value);
	}

	public static Object heapqHeappushpop(Object given, Object value) {
		ArrayList<Object> heap = heapOf(given);
		return !heap.isEmpty() && Compare.lessThan(heap.get(0), value) ? replaced(heap, value) : value;
	}

	public static Object heapqHeapify(Object given) {
		ArrayList<Object> heap = heapOf(given);
		for (int at = (heap.size() >> 1) - 1; at >= 0; at--) siftUp(heap, at);
		return null;
	}

	public static ArrayList<Object> heapqNlargest(Object count, Object values) {
		return heapqNlargest(count, values, null);
	}

	/** The documentation promises sorted(values, key, reverse)[:n]; of none, nothing is asked. */
	public static ArrayList<Object> heapqNlargest(Object count, Object values, Object key) {
		return first(count, values, key, true);
	}

	public static ArrayList<Object> heapqNsmallest(Object count, Object values) {
		return heapqNsmallest(count, values, null);
	}

	public static ArrayList<Object> heapqNsmallest(Object count, Object values, Object key) {
		return first(count, values, key, false);
	}

	private static ArrayList<Object> first(Object count, Object values, Object key, boolean isBackwards) {
		int wanted = Items.sizeArgument(count);
		if (wanted <= 0) return new ArrayList<>();
		ArrayList<Object> items = Lists.sorted(values, key, isBackwards);
		return new ArrayList<>(items.subList(0, Math.min(wanted, items.size())));
	}

	private static final class Source {
		final Iter items;
		Object head;
		Object key;

		Source(Iter items) {
			this.items = items;
		}
	}

	public static Iter heapqMerge(Object[] iterables) {
		return heapqMerge(iterables, null, false);
	}

	public static Iter heapqMerge(Object[] iterables, Object key) {
		return heapqMerge(iterables, key, false);
	}

	/** Lazy: an iterable is asked for its next item when that of before is used up. Of equal items, the earlier iterable's comes first. */
	public static Iter heapqMerge(Object[] iterables, Object key, Object reverse) {
		boolean isBackwards = Builtins.truth(reverse);
		boolean isKeyed = key != null && key != Func.ABSENT;
		List<Source> sources = new ArrayList<>();
		for (Object one : iterables) sources.add(new Source(Iterate.iter(one)));
		Source[] last = {null};
		boolean[] isStarted = {false};
		return new Iter("generator", () -> {
			for (Source source : sources) {
				if (isStarted[0] && source != last[0]) continue;
				source.head = source.items.advance();
				source.key = isKeyed && source.head != Iter.END ? Func.call(key, source.head) : source.head;
			}
			isStarted[0] = true;
			last[0] = null;
			for (Source source : sources) {
				if (source.head == Iter.END) continue;
				boolean isFirst = last[0] == null
					|| (isBackwards ? Compare.lessThan(last[0].key, source.key) : Compare.lessThan(source.key, last[0].key));
				if (isFirst) last[0] = source;
			}
			return last[0] == null ? Iter.END : last[0].head;
		});
	}

	private static int bisected(Object items, Object x, Object from, Object to, Object key, boolean isRight) {
		boolean isKeyed = key != null && key != Func.ABSENT;
		int low = Items.sizeArgument(Func.or(from, 0L));
		if (low < 0) throw PyError.of("ValueError", "lo must be non-negative");
		boolean isOpen = to == null || to == Func.ABSENT;
		int high = isOpen ? Items.sizeArgument(Items.len(items)) : Items.sizeArgument(to);
		while (low < high) {
			int middle = (low + high) >> 1;
			Object item = Items.item(items, (long) middle);
			Object own = isKeyed ? Func.call(key, item) : item;
			if (isRight ? Compare.lessThan(x, own) : !Compare.lessThan(own, x)) high = middle;
			else low = middle + 1;
		}
		return low;
	}

	private static Object insorted(Object items, Object x, Object from, Object to, Object key, boolean isRight) {
		boolean isKeyed = key != null && key != Func.ABSENT;
		int at = bisected(items, isKeyed ? Func.call(key, x) : x, from, to, key, isRight);
		Lists.listInsert(Lists.asList(items), (long) at, x);
		return null;
	}

	public static Object bisectBisectLeft(Object items, Object x) {
		return bisectBisectLeft(items, x, 0L, null, null);
	}

	public static Object bisectBisectLeft(Object items, Object x, Object lo) {
		return bisectBisectLeft(items, x, lo, null, null);
	}

	public static Object bisectBisectLeft(Object items, Object x, Object lo, Object hi) {
		return bisectBisectLeft(items, x, lo, hi, null);
	}

	public static Object bisectBisectLeft(Object items, Object x, Object lo, Object hi, Object key) {
		return (long) bisected(items, x, lo, hi, key, false);
	}

	public static Object bisectBisectRight(Object items, Object x) {
		return bisectBisectRight(items, x, 0L, null, null);
	}

	public static Object bisectBisectRight(Object items, Object x, Object lo) {
		return bisectBisectRight(items, x, lo, null, null);
	}

	public static Object bisectBisectRight(Object items, Object x, Object lo, Object hi) {
		return bisectBisectRight(items, x, lo, hi, null);
	}

	public static Object bisectBisectRight(Object items, Object x, Object lo, Object hi, Object key) {
		return (long) bisected(items, x, lo, hi, key, true);
	}

	public static Object bisectBisect(Object items, Object x) {
		return bisectBisect(items, x, 0L, null, null);
	}

	public static Object bisectBisect(Object items, Object x, Object lo) {
		return bisectBisect(items, x, lo, null, null);
	}

	public static Object bisectBisect(Object items, Object x, Object lo, Object hi) {
		return bisectBisect(items, x, lo, hi, null);
	}

	public static Object bisectBisect(Object items, Object x, Object lo, Object hi, Object key) {
		return (long) bisected(items, x, lo, hi, key, true);
	}

	public static Object bisectInsortLeft(Object items, Object x) {
		return bisectInsortLeft(items, x, 0L, null, null);
	}

	public static Object bisectInsortLeft(Object items, Object x, Object lo) {
		return bisectInsortLeft(items, x, lo, null, null);
	}

	public static Object bisectInsortLeft(Object items, Object x, Object lo, Object hi) {
		return bisectInsortLeft(items, x, lo, hi, null);
	}

	public static Object bisectInsortLeft(Object items, Object x, Object lo, Object hi, Object key) {
		return insorted(items, x, lo, hi, key, false);
	}

	public static Object bisectInsortRight(Object items, Object x) {
		return bisectInsortRight(items, x, 0L, null, null);
	}

	public static Object bisectInsortRight(Object items, Object x, Object lo) {
		return bisectInsortRight(items, x, lo, null, null);
	}

	public static Object bisectInsortRight(Object items, Object x, Object lo, Object hi) {
		return bisectInsortRight(items, x, lo, hi, null);
	}

	public static Object bisectInsortRight(Object items, Object x, Object lo, Object hi, Object key) {
		return insorted(items, x, lo, hi, key, true);
	}

	public static Object bisectInsort(Object items, Object x) {
		return bisectInsort(items, x, 0L, null, null);
	}

	public static Object bisectInsort(Object items, Object x, Object lo) {
		return bisectInsort(items, x, lo, null, null);
	}

	public static Object bisectInsort(Object items, Object x, Object lo, Object hi) {
		return bisectInsort(items, x, lo, hi, null);
	}

	public static Object bisectInsort(Object items, Object x, Object lo, Object hi, Object key) {
		return insorted(items, x, lo, hi, key, true);
	}
}
