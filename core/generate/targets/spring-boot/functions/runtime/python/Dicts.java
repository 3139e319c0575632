package python;

import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import java.util.function.Function;

/** What dicts do. */
public final class Dicts {
	private Dicts() {}

	/** dict.update(from): another dict, or pairs. */
	static void updateDict(Dict target, Object from) {
		if (from instanceof Dict dict) {
			for (Dict.Entry entry : dict.entries()) target.set(entry.key, entry.value);
			return;
		}
		int at = 0;
		for (Object pair : Iterate.iterate(from)) {
			if (!Iterate.isIterable(pair)) throw PyError.of("TypeError", "cannot convert dictionary update sequence element #" + at + " to a sequence");
			List<Object> items = Iterate.list(pair);
			if (items.size() != 2)
				throw PyError.of("ValueError", "dictionary update sequence element #" + at + " has length " + items.size() + "; 2 is required");
			target.set(items.get(0), items.get(1));
			at++;
		}
	}

	public static Dict dict() {
		return new Dict();
	}

	public static Dict dict(Object from) {
		return dict(from, null);
	}

	public static Dict dict(Object from, Object keywords) {
		Dict made = new Dict();
		fill(made, from, keywords);
		return made;
	}

	static void fill(Dict target, Object from, Object keywords) {
		if (from != Func.ABSENT) updateDict(target, from);
		if (keywords != null && keywords != Func.ABSENT) updateDict(target, keywords);
	}

	/** keys(), values() and items(): they see later changes of the dict. */
	static final class View extends PyObject implements Iterable<Object> {
		private final String kind;
		private final Dict of;
		private final Function<Dict.Entry, Object> give;

		View(Dict of, String kind, Function<Dict.Entry, Object> give) {
			this.of = of;
			this.kind = kind;
			this.give = give;
		}

		boolean isLikeSet() {
			return !kind.equals("values");
		}

		@Override
		public String typeName() {
			return (of.typeName().equals("OrderedDict") ? "odict_" : "dict_") + kind;
		}

		@Override
		public String repr() {
			StringJoiner made = new StringJoiner(", ", typeName() + "([", "])");
			for (Object item : this) made.add(Repr.repr(item));
			return made.toString();
		}

		@Override
		public boolean truth() {
			return of.truth();
		}

		@Override
		public long length() {
			return of.length();
		}

		@Override
		public Iter iterator() {
			return of.walk(typeName().replaceFirst("s$", "") + "iterator", give);
		}

		@Override
		public Object contains(Object item) {
			if (kind.equals("keys")) return of.has(item);
			for (Object own : this) if (Compare.equals(own, item)) return true;
			return false;
		}

		@Override
		public Object equalTo(Object other) {
			PySet own = PySet.asSet(this);
			return own == null ? UNKNOWN : own.equalTo(other);
		}

		@Override
		public Object order(String op, Object other) {
			PySet own = PySet.asSet(this);
			return own == null ? UNKNOWN : own.order(op, other);
		}

		@Override
		public Object binary(String op, Object other, boolean reflected) {
			PySet own = PySet.asSet(this);
			return own == null ? UNKNOWN : own.binary(op, PySet.asSet(other) == null && !reflected ? PySet.set(other) : other, reflected);
		}
	}

	public static Object dictKeys(Dict of) {
		return new View(of, "keys", entry -> entry.key);
	}

	public static Object dictValues(Dict of) {
		return new View(of, "values", entry -> entry.value);
	}

	public static Object dictItems(Dict of) {
		return new View(of, "items", entry -> new Tuple(entry.key, entry.value));
	}

	public static Object dictGet(Dict from, Object key) {
		return from.get(key, null);
	}

	public static Object dictGet(Dict from, Object key, Object otherwise) {
		return from.get(key, Func.or(otherwise, null));
	}

	public static Object dictSetdefault(Dict from, Object key) {
		return dictSetdefault(from, key, null);
	}

	public static Object dictSetdefault(Dict from, Object key, Object otherwise) {
		if (!from.has(key)) from.set(key, Func.or(otherwise, null));
		return from.get(key, null);
	}

	public static Object dictPop(Dict from, Object key) {
		return dictPop(from, key, Func.ABSENT);
	}

	public static Object dictPop(Dict from, Object key, Object otherwise) {
		// An empty dict does not even look whether the key can be one.
		Dict.Entry entry = from.members.isEmpty() ? null : from.members.remove(Keys.keyOf(key));
		if (entry != null) return entry.value;
		if (otherwise == Func.ABSENT) throw PyError.of("KeyError", key);
		return otherwise;
	}

	public static Object dictPopitem(Dict from) {
		if (from.members.isEmpty()) throw PyError.of("KeyError", "popitem(): dictionary is empty");
		Object last = new ArrayList<>(from.members.keySet()).get(from.members.size() - 1);
		Dict.Entry entry = from.members.remove(last);
		return new Tuple(entry.key, entry.value);
	}

	public static Object dictClear(Dict from) {
		from.members.clear();
		return null;
	}

	public static Object dictCopy(Dict from) {
		return new Dict().with(from);
	}

	public static Object dictUpdate(Dict target) {
		return null;
	}

	public static Object dictUpdate(Dict target, Object from) {
		return dictUpdate(target, from, null);
	}

	public static Object dictUpdate(Dict target, Object from, Object keywords) {
		fill(target, from, keywords);
		return null;
	}

	public static Object dictFromkeys(Object keys) {
		return dictFromkeys(keys, null);
	}

	public static Object dictFromkeys(Object keys, Object value) {
		Dict made = new Dict();
		for (Object key : Iterate.iterate(keys)) made.set(key, Func.or(value, null));
		return made;
	}
}
