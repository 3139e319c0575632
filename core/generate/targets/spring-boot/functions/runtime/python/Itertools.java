package python;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;

/** The library's itertools. */
public final class Itertools {
	private Itertools() {}

	public static Iter itertoolsChain(Object... iterables) {
		return chained(Iterate.walk("tuple_iterator", Arrays.asList(iterables)));
	}

	public static Iter itertoolsChainFromIterable(Object iterables) {
		return chained(Iterate.iterate(iterables));
	}

	private static Iter chained(Iter sources) {
		Iter[] inner = {null};
		return new Iter("chain", () -> {
			for (;;) {
				Object found = inner[0] == null ? Iter.END : inner[0].advance();
				if (found != Iter.END) return found;
				Object next = sources.advance();
				if (next == Iter.END) return next;
				inner[0] = Iterate.iterate(next);
			}
		});
	}

	/** What may come next after the places that are chosen already. */
	private interface Next {
		int[] after(List<Integer> chosen);
	}

	/** Lists of {@code size} places, in the order of the source's own, one at a time. */
	private static Iter pooled(String name, List<Object> pool, int size, Next next) {
		List<Integer> chosen = new ArrayList<>();
		List<int[]> open = new ArrayList<>();
		List<Integer> tried = new ArrayList<>();
		boolean[] isStarted = {false};
		return new Iter(name, () -> {
			if (size == 0) {
				if (isStarted[0]) return Iter.END;
				isStarted[0] = true;
				return new Tuple();
			}
			if (!isStarted[0]) {
				isStarted[0] = true;
				open.add(next.after(chosen));
				tried.add(0);
			}
			while (!open.isEmpty()) {
				int depth = open.size() - 1;
				if (chosen.size() > depth) chosen.remove(depth);
				int at = tried.get(depth);
				if (at == open.get(depth).length) {
					open.remove(depth);
					tried.remove(depth);
					continue;
				}
				tried.set(depth, at + 1);
				chosen.add(open.get(depth)[at]);
				if (chosen.size() == size) return new Tuple(chosen.stream().map(pool::get).toArray());
				open.add(next.after(chosen));
				tried.add(0);
			}
			return Iter.END;
		});
	}

	private static int[] upTo(int from, int to) {
		return IntStream.range(from, Math.max(from, to)).toArray();
	}

	private static int sizeOf(Object size) {
		int count = Items.sizeArgument(size);
		if (count < 0) throw PyError.of("ValueError", "r must be non-negative");
		return count;
	}

	private static int last(List<Integer> chosen, int otherwise) {
		return chosen.isEmpty() ? otherwise : chosen.get(chosen.size() - 1);
	}

	public static Iter itertoolsCombinations(Object values, Object size) {
		List<Object> pool = Iterate.list(values);
		return pooled("combinations", pool, sizeOf(size), chosen -> upTo(last(chosen, -1) + 1, pool.size()));
	}

	public static Iter itertoolsCombinationsWithReplacement(Object values, Object size) {
		List<Object> pool = Iterate.list(values);
		return pooled("combinations_with_replacement", pool, sizeOf(size), chosen -> upTo(last(chosen, 0), pool.size()));
	}

	public static Iter itertoolsPermutations(Object values) {
		return itertoolsPermutations(values, null);
	}

	public static Iter itertoolsPermutations(Object values, Object size) {
		List<Object> pool = Iterate.list(values);
		int count = size == null || size == Func.ABSENT ? pool.size() : sizeOf(size);
		return pooled("permutations", pool, count, chosen -> Arrays.stream(upTo(0, pool.size())).filter(at -> !chosen.contains(at)).toArray());
	}

	public static Iter itertoolsProduct(Object[] iterables) {
		return itertoolsProduct(iterables, 1L);
	}

	public static Iter itertoolsProduct(Object[] iterables, Object repeat) {
		List<Object> all = new ArrayList<>();
		List<int[]> places = new ArrayList<>();
		for (Object one : iterables) {
			List<Object> pool = Iterate.list(one);
			places.add(upTo(all.size(), all.size() + pool.size()));
			all.addAll(pool);
		}
		int rounds = Items.sizeArgument(Func.or(repeat, 1L));
		int size = places.size() * Math.max(0, rounds);
		return pooled("product", all, size, chosen -> places.get(chosen.size() % places.size()));
	}

	public static Iter itertoolsAccumulate(Object values) {
		return itertoolsAccumulate(values, null, null);
	}

	public static Iter itertoolsAccumulate(Object values, Object fn) {
		return itertoolsAccumulate(values, fn, null);
	}

	public static Iter itertoolsAccumulate(Object values, Object fn, Object initial) {
		Iter source = Iterate.iter(values);
		boolean hasInitial = initial != null && initial != Func.ABSENT;
		boolean hasFunction = fn != null && fn != Func.ABSENT;
		Object[] total = {Func.ABSENT};
		return new Iter("accumulate", () -> {
			if (total[0] == Func.ABSENT && hasInitial) return total[0] = initial;
			Object item = source.advance();
			if (item == Iter.END) return item;
			if (total[0] == Func.ABSENT) return total[0] = item;
			return total[0] = hasFunction ? Func.call(fn, total[0], item) : Numbers.add(total[0], item);
		});
	}

	public static Iter itertoolsGroupby(Object values) {
		return itertoolsGroupby(values, null);
	}

	/** Groups of neighbours with equal keys; a group is only good until the next one is asked for. */
	public static Iter itertoolsGroupby(Object values, Object key) {
		Iter source = Iterate.iter(values);
		boolean isKeyed = key != null && key != Func.ABSENT;
		// The item ahead, its key, the key of the present group, and the number of the group.
		Object[] ahead = {Func.ABSENT, null, Func.ABSENT};
		int[] round = {0};
		Runnable advance = () -> {
			ahead[0] = source.advance();
			if (ahead[0] != Iter.END) ahead[1] = isKeyed ? Func.call(key, ahead[0]) : ahead[0];
		};
		return new Iter("groupby", () -> {
			int own = ++round[0];
			if (ahead[0] == Func.ABSENT) advance.run();
			else while (ahead[0] != Iter.END && Compare.equals(ahead[2], ahead[1])) advance.run();
			if (ahead[0] == Iter.END) return Iter.END;
			Object groupKey = ahead[1];
			ahead[2] = groupKey;
			Iter group = new Iter("_grouper", () -> {
				if (own != round[0] || ahead[0] == Iter.END || !Compare.equals(groupKey, ahead[1])) return Iter.END;
				Object item = ahead[0];
				advance.run();
				return item;
			});
			return new Tuple(groupKey, group);
		});
	}

	public static Iter itertoolsZipLongest(Object[] iterables) {
		return itertoolsZipLongest(iterables, null);
	}

	public static Iter itertoolsZipLongest(Object[] iterables, Object fillvalue) {
		Object fill = Func.or(fillvalue, null);
		List<Iter> sources = new ArrayList<>();
		for (Object one : iterables) sources.add(Iterate.iter(one));
		Set<Iter> ended = new HashSet<>();
		int distinct = new HashSet<>(sources).size();
		return new Iter("zip_longest", () -> {
			Object[] items = new Object[sources.size()];
			for (int at = 0; at < items.length; at++) {
				Object item = ended.contains(sources.get(at)) ? Iter.END : sources.get(at).advance();
				if (item == Iter.END) ended.add(sources.get(at));
				items[at] = item == Iter.END ? fill : item;
			}
			return ended.size() == distinct ? Iter.END : new Tuple(items);
		});
	}

	public static Iter itertoolsIslice(Object values, Object stop) {
		return itertoolsIslice(values, 0L, stop, null);
	}

	public static Iter itertoolsIslice(Object values, Object start, Object stop) {
		return itertoolsIslice(values, start, stop, null);
	}

	public static Iter itertoolsIslice(Object values, Object start, Object stop, Object step) {
		if (stop == Func.ABSENT) return itertoolsIslice(values, start);
		Iter source = Iterate.iter(values);
		int from = boundOf(start, 0);
		int to = boundOf(stop, Integer.MAX_VALUE);
		int by = boundOf(step, 1);
		if (from < 0 || to < 0) throw PyError.of("ValueError", "Indices for islice() must be None or an integer: 0 <= x <= sys.maxsize.");
		if (by < 1) throw PyError.of("ValueError", "Step for islice() must be a positive integer or None.");
		int[] at = {0, from};
		return new Iter("islice", () -> {
			if (at[1] >= to) {
				for (; at[0] < to && at[0] < at[1] && to != Integer.MAX_VALUE; at[0]++) if (source.advance() == Iter.END) break;
				return Iter.END;
			}
			for (; at[0] < at[1]; at[0]++) if (source.advance() == Iter.END) return Iter.END;
			at[0]++;
			at[1] = by > Integer.MAX_VALUE - at[1] ? Integer.MAX_VALUE : at[1] + by;
			return source.advance();
		});
	}

	private static int boundOf(Object value, int missing) {
		return value == null || value == Func.ABSENT ? missing : Items.sizeArgument(value);
	}

	public static Iter itertoolsCount() {
		return itertoolsCount(0L, 1L);
	}

	public static Iter itertoolsCount(Object start) {
		return itertoolsCount(start, 1L);
	}

	public static Iter itertoolsCount(Object start, Object step) {
		Object[] next = {Func.or(start, 0L)};
		Object by = Func.or(step, 1L);
		return new Iter("count", () -> {
			Object value = next[0];
			next[0] = Numbers.add(value, by);
			return value;
		});
	}

	public static Iter itertoolsCycle(Object values) {
		Iter source = Iterate.iter(values);
		List<Object> saved = new ArrayList<>();
		int[] at = {-1};
		return new Iter("cycle", () -> {
			Object item = at[0] < 0 ? source.advance() : Iter.END;
			if (item != Iter.END) {
				saved.add(item);
				return item;
			}
			if (saved.isEmpty()) return Iter.END;
			at[0] = (at[0] + 1) % saved.size();
			return saved.get(at[0]);
		});
	}

	public static Iter itertoolsRepeat(Object value) {
		return new Iter("repeat", () -> value);
	}

	public static Iter itertoolsRepeat(Object value, Object times) {
		if (times == null || times == Func.ABSENT) return itertoolsRepeat(value);
		int[] left = {Items.sizeArgument(times)};
		return new Iter("repeat", () -> left[0]-- > 0 ? value : Iter.END);
	}

	public static Iter itertoolsTakewhile(Object test, Object values) {
		Iter source = Iterate.iter(values);
		boolean[] isDone = {false};
		return new Iter("takewhile", () -> {
			Object item = isDone[0] ? Iter.END : source.advance();
			if (item == Iter.END) return item;
			isDone[0] = !Builtins.truth(Func.call(test, item));
			return isDone[0] ? Iter.END : item;
		});
	}

	public static Iter itertoolsDropwhile(Object test, Object values) {
		boolean[] isStarted = {false};
		return kept("dropwhile", values, item -> isStarted[0] = isStarted[0] || !Builtins.truth(Func.call(test, item)));
	}

	public static Iter itertoolsFilterfalse(Object test, Object values) {
		return kept("filterfalse", values, item -> !Builtins.truth(test == null ? item : Func.call(test, item)));
	}

	private static Iter kept(String name, Object values, Function<Object, Boolean> isKept) {
		Iter source = Iterate.iter(values);
		return new Iter(name, () -> {
			for (Object item = source.advance(); item != Iter.END; item = source.advance()) if (isKept.apply(item)) return item;
			return Iter.END;
		});
	}

	public static Iter itertoolsStarmap(Object fn, Object values) {
		Iter source = Iterate.iter(values);
		return new Iter("starmap", () -> {
			Object item = source.advance();
			return item == Iter.END ? item : Func.call(fn, Iterate.list(item).toArray());
		});
	}

	public static Iter itertoolsCompress(Object data, Object selectors) {
		Iter source = Iterate.iter(data);
		Iter kept = Iterate.iter(selectors);
		return new Iter("compress", () -> {
			for (;;) {
				Object item = source.advance();
				Object keep = item == Iter.END ? item : kept.advance();
				if (keep == Iter.END) return keep;
				if (Builtins.truth(keep)) return item;
			}
		});
	}

	public static Iter itertoolsPairwise(Object values) {
		Iter source = Iterate.iter(values);
		Object[] before = {Func.ABSENT};
		return new Iter("pairwise", () -> {
			if (before[0] == Func.ABSENT) {
				Object first = source.advance();
				if (first == Iter.END) return first;
				before[0] = first;
			}
			Object item = source.advance();
			if (item == Iter.END) return item;
			Tuple pair = new Tuple(before[0], item);
			before[0] = item;
			return pair;
		});
	}

	public static Object itertoolsTee(Object values) {
		return itertoolsTee(values, 2L);
	}

	public static Object itertoolsTee(Object values, Object count) {
		Iter source = Iterate.iter(values);
		List<Object> seen = new ArrayList<>();
		Object[] copies = new Object[Items.sizeArgument(Func.or(count, 2L))];
		for (int copy = 0; copy < copies.length; copy++) {
			int[] at = {0};
			copies[copy] = new Iter("itertools._tee", () -> {
				if (at[0] == seen.size()) {
					Object item = source.advance();
					if (item == Iter.END) return item;
					seen.add(item);
				}
				return seen.get(at[0]++);
			});
		}
		return new Tuple(copies);
	}
}
