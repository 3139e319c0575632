package python;

import java.util.ArrayList;
import java.util.Collection;
import java.util.ConcurrentModificationException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.Function;

/** A dict, in the order of insertion. */
public class Dict extends PyObject implements Iterable<Object> {
	static final class Entry {
		final Object key;
		Object value;

		Entry(Object key, Object value) {
			this.key = key;
			this.value = value;
		}
	}

	final Map<Object, Entry> members = new LinkedHashMap<>();

	/** A dict of these entries: key, value, key, value. */
	public static Dict dictOf(Object... entries) {
		Dict made = new Dict();
		for (int at = 0; at < entries.length; at += 2) made.set(entries[at], entries[at + 1]);
		return made;
	}

	/** This one with the entries of {@code **value}, for a display. */
	public Dict with(Object value) {
		if (!(value instanceof Dict more)) throw PyError.of("TypeError", "'" + Types.typeName(value) + "' object is not a mapping");
		for (Entry entry : more.entries()) set(entry.key, entry.value);
		return this;
	}

	/** This one with one more entry, for a display. */
	public Dict with(Object key, Object value) {
		set(key, value);
		return this;
	}

	Collection<Entry> entries() {
		return new ArrayList<>(members.values());
	}

	/** null where it is not. */
	Entry entry(Object key) {
		return members.get(Keys.keyOf(key));
	}

	Object get(Object key, Object otherwise) {
		Entry found = entry(key);
		return found == null ? otherwise : found.value;
	}

	boolean has(Object key) {
		return entry(key) != null;
	}

	/** An equal key that is there already stays. */
	void set(Object key, Object value) {
		Object id = Keys.keyOf(key);
		Entry found = members.get(id);
		if (found != null) found.value = value;
		else members.put(id, new Entry(key, value));
	}

	/** What a key that is not there gives; a subclass may make it. */
	Object missing(Object key) {
		throw PyError.of("KeyError", key);
	}

	@Override
	public String typeName() {
		return "dict";
	}

	@Override
	public String repr() {
		return Repr.shownOnce(this, "{...}", () -> {
			StringJoiner made = new StringJoiner(", ", "{", "}");
			for (Entry entry : members.values()) made.add(Repr.repr(entry.key) + ": " + Repr.repr(entry.value));
			return made.toString();
		});
	}

	@Override
	public boolean truth() {
		return !members.isEmpty();
	}

	@Override
	public Object equalTo(Object other) {
		if (!(other instanceof Dict dict)) return UNKNOWN;
		if (members.size() != dict.members.size()) return false;
		for (Map.Entry<Object, Entry> entry : members.entrySet()) {
			Entry found = dict.members.get(entry.getKey());
			Object own = entry.getValue().value;
			if (found == null || !(found.value == own || Compare.equals(own, found.value))) return false;
		}
		return true;
	}

	@Override
	public long length() {
		return members.size();
	}

	@Override
	public Iter iterator() {
		return walk("dict_keyiterator", entry -> entry.key);
	}

	/** Walks the entries as long as their number stays. */
	Iter walk(String name, Function<Entry, Object> give) {
		int size = members.size();
		Iterator<Entry> source = members.values().iterator();
		boolean[] isDone = {false};
		return new Iter(name, () -> {
			if (isDone[0]) return Iter.END;
			isDone[0] = members.size() != size;
			if (isDone[0]) throw PyError.of("RuntimeError", "dictionary changed size during iteration");
			if (!source.hasNext()) {
				isDone[0] = true;
				return Iter.END;
			}
			try {
				return give.apply(source.next());
			} catch (ConcurrentModificationException changed) {
				isDone[0] = true;
				throw PyError.of("RuntimeError", "dictionary keys changed during iteration");
			}
		});
	}

	@Override
	public Object contains(Object key) {
		return has(key);
	}

	@Override
	public Object getItem(Object key) {
		Entry found = entry(key);
		return found == null ? missing(key) : found.value;
	}

	@Override
	public Object setItem(Object key, Object value) {
		set(key, value);
		return null;
	}

	@Override
	public Object deleteItem(Object key) {
		if (members.remove(Keys.keyOf(key)) == null) throw PyError.of("KeyError", key);
		return null;
	}

	@Override
	public Object binary(String op, Object other, boolean reflected) {
		if (!op.equals("|") || !(other instanceof Dict dict)) return UNKNOWN;
		return reflected ? new Dict().with(dict).with(this) : new Dict().with(this).with(dict);
	}

	@Override
	public Object inPlace(String op, Object other) {
		if (!op.equals("|")) return UNKNOWN;
		Dicts.updateDict(this, other);
		return this;
	}

	List<Object> keyList() {
		List<Object> made = new ArrayList<>();
		for (Entry entry : members.values()) made.add(entry.key);
		return made;
	}
}
