package python;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Walking what can be walked. */
public final class Iterate {
	private Iterate() {}

	static boolean isIterable(Object value) {
		return Lists.isList(value) || value instanceof String || (value instanceof PyObject own && own.iterator() != null);
	}

	/** A list as it is at each step, also while it changes. */
	static Iter walk(String typeName, List<Object> items) {
		int[] at = {0};
		return new Iter(typeName, () -> {
			if (at[0] < 0 || at[0] >= items.size()) {
				at[0] = -1;
				return Iter.END;
			}
			return items.get(at[0]++);
		});
	}

	/** Walks any iterable of the source. */
	public static Iter iterate(Object value) {
		if (Lists.isList(value)) return walk("list_iterator", Lists.asList(value));
		if (value instanceof String text) {
			int[] at = {0};
			return new Iter("str_iterator", () -> {
				if (at[0] >= text.length()) return Iter.END;
				int point = text.codePointAt(at[0]);
				at[0] += Character.charCount(point);
				return Character.toString(point);
			});
		}
		Iter made = value instanceof PyObject own ? own.iterator() : null;
		if (made == null) throw PyError.of("TypeError", "'" + Types.typeName(value) + "' object is not iterable");
		return made;
	}

	/** iter(value) */
	public static Iter iter(Object value) {
		return iterate(value);
	}

	/** iter(fn, sentinel) */
	public static Iter iterUntil(Object fn, Object sentinel) {
		boolean[] isDone = {false};
		return new Iter("callable_iterator", () -> {
			Object value = isDone[0] ? sentinel : Func.call(fn);
			isDone[0] = isDone[0] || Compare.same(value, sentinel);
			return isDone[0] ? Iter.END : value;
		});
	}

	public static Object next(Object iterator) {
		return next(iterator, Func.ABSENT);
	}

	/** next(iterator, otherwise) */
	public static Object next(Object iterator, Object otherwise) {
		if (!(iterator instanceof Iter own)) throw PyError.of("TypeError", "'" + Types.typeName(iterator) + "' object is not an iterator");
		Object item = own.advance();
		if (item != Iter.END) return item;
		if (otherwise == Func.ABSENT) throw PyError.of("StopIteration");
		return otherwise;
	}

	public static ArrayList<Object> list() {
		return new ArrayList<>();
	}

	/** list(value) */
	public static ArrayList<Object> list(Object value) {
		if (value == Func.ABSENT) return list();
		if (Lists.isList(value)) return new ArrayList<>(Lists.asList(value));
		ArrayList<Object> made = new ArrayList<>();
		for (Object item : iterate(value)) made.add(item);
		return made;
	}

	/** {@code target, target = value} for {@code count} targets. */
	public static Object[] unpack(Object value, int count) {
		Iter source = unpackable(value);
		ArrayList<Object> items = new ArrayList<>();
		for (Object item = source.advance(); ; item = source.advance()) {
			if (item == Iter.END) {
				if (items.size() == count) return items.toArray();
				throw PyError.of("ValueError", "not enough values to unpack (expected " + count + ", got " + items.size() + ")");
			}
			if (items.size() == count) throw PyError.of("ValueError", "too many values to unpack (expected " + count + ")");
			items.add(item);
		}
	}

	/** The same with a starred target: {@code before} items, a list of those in between, {@code after} items. */
	public static Object[] unpackRest(Object value, int before, int after) {
		ArrayList<Object> items = list(unpackable(value));
		if (items.size() < before + after) {
			String sizes = "not enough values to unpack (expected at least " + (before + after) + ", got " + items.size() + ")";
			throw PyError.of("ValueError", sizes);
		}
		int end = items.size() - after;
		ArrayList<Object> made = new ArrayList<>(items.subList(0, before));
		made.add(new ArrayList<>(items.subList(before, end)));
		made.addAll(items.subList(end, items.size()));
		return made.toArray();
	}

	private static Iter unpackable(Object value) {
		if (!isIterable(value)) throw PyError.of("TypeError", "cannot unpack non-iterable " + Types.typeName(value) + " object");
		return iterate(value);
	}

	/** The items of {@code *value} in a display or a call. */
	public static Object[] starred(Object value) {
		if (!isIterable(value)) throw PyError.of("TypeError", "Value after * must be an iterable, not " + Types.typeName(value));
		return list(value).toArray();
	}

	/** Lazily {@code give(item)} for each item. */
	public static Iter each(Object source, Function<Object, Object> give) {
		Iter items = iterate(source);
		return generated(() -> {
			Object item = items.advance();
			return item == Iter.END ? item : give.apply(item);
		});
	}

	/** The same for those items that pass. */
	public static Iter each(Object source, Predicate<Object> test, Function<Object, Object> give) {
		Iter items = iterate(source);
		return generated(() -> {
			for (Object item = items.advance(); item != Iter.END; item = items.advance()) if (test.test(item)) return give.apply(item);
			return Iter.END;
		});
	}

	/** The same for each item in a cell, which is one for all of them. */
	public static Iter shared(Object source, Function<Cell, Object> give) {
		Cell cell = new Cell();
		return each(source, item -> {
			cell.value = item;
			return give.apply(cell);
		});
	}

	/** Lazily all that {@code give(item)} gives, one after the other. */
	public static Iter flat(Object source, Function<Object, Iter> give) {
		Iter items = iterate(source);
		Iter[] inner = {null};
		return generated(() -> {
			for (;;) {
				Object found = inner[0] == null ? Iter.END : inner[0].advance();
				if (found != Iter.END) return found;
				Object item = items.advance();
				if (item == Iter.END) return item;
				inner[0] = give.apply(item);
			}
		});
	}

	/** Just this one. */
	public static Iter one(Object value) {
		return walk("generator", Collections.singletonList(value));
	}

	public static Iter none() {
		return new Iter("generator", () -> Iter.END);
	}

	private static Iter generated(Supplier<Object> step) {
		boolean[] isDone = {false};
		return new Iter("generator", () -> {
			if (isDone[0]) return Iter.END;
			isDone[0] = true;
			Object item = Gen.guarded(step);
			isDone[0] = item == Iter.END;
			return item;
		});
	}

	/** The entries of a dict comprehension, each a tuple of key and value. */
	public static Dict dictFrom(Iter entries) {
		Dict made = new Dict();
		for (Object entry : entries) {
			Object[] pair = ((Tuple) entry).items();
			made.set(pair[0], pair[1]);
		}
		return made;
	}
}
