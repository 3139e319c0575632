package python;

import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/** The library's dicts: Counter, defaultdict and OrderedDict. */
public final class Counters {
	private Counters() {}

	private static final class Counter extends Dict {
		@Override
		public String typeName() {
			return "Counter";
		}

		@Override
		Object missing(Object key) {
			return 0L;
		}

		@Override
		public Object deleteItem(Object key) {
			members.remove(Keys.keyOf(key));
			return null;
		}

		/** The most common first, as far as the counts can be compared. */
		@Override
		public String repr() {
			if (members.isEmpty()) return "Counter()";
			StringJoiner made = new StringJoiner(", ", "Counter({", "})");
			for (Entry entry : mostCommon(this)) made.add(Repr.repr(entry.key) + ": " + Repr.repr(entry.value));
			return made.toString();
		}

		@Override
		public Object equalTo(Object other) {
			if (!(other instanceof Counter counter)) return super.equalTo(other);
			for (Counter one : List.of(this, counter))
				for (Object key : one.keyList()) if (!Compare.same(get(key, 0L), counter.get(key, 0L))) return false;
			return true;
		}

		@Override
		public Object binary(String op, Object other, boolean reflected) {
			if (!(other instanceof Counter counter) || reflected) return UNKNOWN;
			List<Object> keys = keyList();
			if (!op.equals("&")) for (Object key : counter.keyList()) if (!has(key)) keys.add(key);
			Counter made = new Counter();
			for (Object key : keys) {
				Object count = combined(op, get(key, 0L), counter.get(key, 0L));
				if (count == UNKNOWN) return UNKNOWN;
				if (Compare.moreThan(count, 0L)) made.set(key, count);
			}
			return made;
		}

		private static Object combined(String op, Object left, Object right) {
			switch (op) {
				case "+":
					return Numbers.add(left, right);
				case "-":
					return Numbers.subtract(left, right);
				case "&":
					return Compare.lessThan(left, right) ? left : right;
				case "|":
					return Compare.lessThan(left, right) ? right : left;
				default:
					return UNKNOWN;
			}
		}

		@Override
		public Object inPlace(String op, Object other) {
			if (!(binary(op, other, false) instanceof Counter made)) return UNKNOWN;
			List<Object> keys = keyList();
			keys.removeIf(key -> !made.has(key));
			for (Object key : made.keyList()) if (!has(key)) keys.add(key);
			members.clear();
			for (Object key : keys) set(key, made.get(key, 0L));
			return this;
		}
	}

	private static List<Dict.Entry> mostCommon(Dict counter) {
		List<Dict.Entry> entries = new ArrayList<>(counter.entries());
		// Stable, greatest first.
		entries.sort((a, b) -> Compare.lessThan(b.value, a.value) ? -1 : Compare.lessThan(a.value, b.value) ? 1 : 0);
		return entries;
	}

	public static Dict collectionsCounter() {
		return new Counter();
	}

	public static Dict collectionsCounter(Object from) {
		return collectionsCounter(from, null);
	}

	public static Dict collectionsCounter(Object from, Object more) {
		Counter made = new Counter();
		counterUpdate(made, from, more);
		return made;
	}

	public static Object counterUpdate(Dict counter) {
		return null;
	}

	public static Object counterUpdate(Dict counter, Object from) {
		return counterUpdate(counter, from, null);
	}

	public static Object counterUpdate(Dict counter, Object from, Object more) {
		for (Object source : new Object[] {Func.or(from, null), Func.or(more, null)}) {
			if (source instanceof Dict dict) merge(counter, dict);
			else if (source != null) for (Object key : Iterate.iterate(source)) counter.set(key, Numbers.add(counter.get(key, 0L), 1L));
		}
		return null;
	}

	/** Into an empty counter the values go as they are, whatever they are. */
	private static void merge(Dict counter, Dict source) {
		boolean isEmpty = counter.members.isEmpty();
		for (Dict.Entry entry : source.entries()) {
			Object value = isEmpty ? entry.value : Numbers.add(entry.value, counter.get(entry.key, 0L));
			counter.set(entry.key, value);
		}
	}

	public static Object counterSubtract(Dict counter) {
		return null;
	}

	public static Object counterSubtract(Dict counter, Object from) {
		return counterSubtract(counter, from, null);
	}

	public static Object counterSubtract(Dict counter, Object from, Object more) {
		for (Object source : new Object[] {Func.or(from, null), Func.or(more, null)}) {
			if (source instanceof Dict dict)
				for (Dict.Entry entry : dict.entries()) counter.set(entry.key, Numbers.subtract(counter.get(entry.key, 0L), entry.value));
			else if (source != null) for (Object key : Iterate.iterate(source)) counter.set(key, Numbers.subtract(counter.get(key, 0L), 1L));
		}
		return null;
	}

	public static ArrayList<Object> counterMostCommon(Dict counter) {
		return counterMostCommon(counter, null);
	}

	public static ArrayList<Object> counterMostCommon(Dict counter, Object count) {
		ArrayList<Object> pairs = new ArrayList<>();
		for (Dict.Entry entry : mostCommon(counter)) pairs.add(new Tuple(entry.key, entry.value));
		if (count == null || count == Func.ABSENT) return pairs;
		return new ArrayList<>(pairs.subList(0, Math.min(pairs.size(), Math.max(0, Items.sizeArgument(count)))));
	}

	public static Iter counterElements(Dict counter) {
		List<Object> items = new ArrayList<>();
		for (Dict.Entry entry : counter.entries())
			for (int left = Math.max(0, Items.sizeArgument(entry.value)); left > 0; left--) items.add(entry.key);
		Iter source = Iterate.walk("chain", items);
		return new Iter("chain", source::advance);
	}

	public static Object counterTotal(Dict counter) {
		Object total = 0L;
		for (Dict.Entry entry : counter.entries()) total = Numbers.add(total, entry.value);
		return total;
	}

	private static final class DefaultDict extends Dict {
		private final Object factory;

		DefaultDict(Object factory) {
			this.factory = factory;
		}

		@Override
		public String typeName() {
			return "defaultdict";
		}

		@Override
		Object missing(Object key) {
			if (factory == null) throw PyError.of("KeyError", key);
			Object made = Func.call(factory, new Object[0], null);
			set(key, made);
			return made;
		}

		@Override
		public String repr() {
			return "defaultdict(" + Repr.repr(factory) + ", " + super.repr() + ")";
		}
	}

	public static Dict collectionsDefaultdict() {
		return new DefaultDict(null);
	}

	public static Dict collectionsDefaultdict(Object factory) {
		return new DefaultDict(Func.or(factory, null));
	}

	public static Dict collectionsDefaultdict(Object factory, Object from) {
		Dict made = collectionsDefaultdict(factory);
		Dicts.fill(made, from, null);
		return made;
	}

	private static final class OrderedDict extends Dict {
		@Override
		public String typeName() {
			return "OrderedDict";
		}

		@Override
		public String repr() {
			if (members.isEmpty()) return "OrderedDict()";
			StringJoiner made = new StringJoiner(", ", "OrderedDict([", "])");
			for (Entry entry : members.values()) made.add("(" + Repr.repr(entry.key) + ", " + Repr.repr(entry.value) + ")");
			return made.toString();
		}

		@Override
		public Object equalTo(Object other) {
			Object equal = super.equalTo(other);
			if (!Boolean.TRUE.equals(equal) || !(other instanceof OrderedDict ordered)) return equal;
			return Compare.sequencesEqual(keyList(), ordered.keyList());
		}
	}

	public static Dict collectionsOrderedDict() {
		return new OrderedDict();
	}

	public static Dict collectionsOrderedDict(Object from) {
		return collectionsOrderedDict(from, null);
	}

	public static Dict collectionsOrderedDict(Object from, Object more) {
		Dict made = new OrderedDict();
		Dicts.fill(made, from, more);
		return made;
	}

	public static Object orderedDictMoveToEnd(Dict dict, Object key) {
		return orderedDictMoveToEnd(dict, key, true);
	}

	public static Object orderedDictMoveToEnd(Dict dict, Object key, Object last) {
		Dict.Entry moved = dict.entry(key);
		if (moved == null) throw PyError.of("KeyError", key);
		dict.members.remove(Keys.keyOf(key));
		List<Dict.Entry> others = new ArrayList<>(dict.entries());
		boolean isLast = Builtins.truth(Func.or(last, true));
		if (!isLast) dict.members.clear();
		dict.set(moved.key, moved.value);
		if (!isLast) for (Dict.Entry other : others) dict.set(other.key, other.value);
		return null;
	}

	public static Object orderedDictPopitem(Dict dict) {
		return orderedDictPopitem(dict, true);
	}

	public static Object orderedDictPopitem(Dict dict, Object last) {
		if (dict.members.isEmpty()) throw PyError.of("KeyError", "dictionary is empty");
		if (Builtins.truth(Func.or(last, true))) return Dicts.dictPopitem(dict);
		Dict.Entry first = dict.entries().iterator().next();
		dict.members.remove(Keys.keyOf(first.key));
		return new Tuple(first.key, first.value);
	}
}
