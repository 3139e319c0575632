package python;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** set and frozenset. Walked in CPython's order as long as that is the same in every process, else in the order of insertion. */
public final class PySet extends PyObject implements Iterable<Object> {
	private final boolean isFrozen;
	private Map<Object, Object> members = new LinkedHashMap<>();
	private SetTable table = new SetTable();

	PySet(boolean isFrozen) {
		this.isFrozen = isFrozen;
	}

	/** A set of these items. */
	public static PySet setOf(Object... items) {
		PySet made = new PySet(false);
		for (Object item : items) made.add(item);
		return made;
	}

	public static PySet set() {
		return new PySet(false);
	}

	public static PySet set(Object value) {
		return value == Func.ABSENT ? set() : new PySet(false).filled(value);
	}

	public static PySet frozenset() {
		return new PySet(true);
	}

	public static PySet frozenset(Object value) {
		if (value == Func.ABSENT) return frozenset();
		return value instanceof PySet own && own.isFrozen ? own : new PySet(true).filled(value);
	}

	/** Sets, and the views of dicts that behave like them; else null. */
	static PySet asSet(Object value) {
		if (value instanceof PySet own) return own;
		return value instanceof Dicts.View view && view.isLikeSet() ? set(view) : null;
	}

	PySet filled(Object from) {
		if (from instanceof PySet || from instanceof Dict) merge((PyObject) from);
		else for (Object item : Iterate.iterate(from)) add(item);
		return this;
	}

	PySet emptyLike() {
		return new PySet(isFrozen);
	}

	int size() {
		return members.size();
	}

	boolean isFrozen() {
		return isFrozen;
	}

	/** A set is looked up by its contents, as a frozenset would be. */
	private static Object memberKey(Object item) {
		return item instanceof PySet set ? set.contentKey() : Keys.keyOf(item);
	}

	boolean has(Object item) {
		return members.containsKey(memberKey(item));
	}

	void add(Object item) {
		Object key = Keys.keyOf(item);
		if (members.containsKey(key)) return;
		members.put(key, item);
		if (table == null) return;
		Long hash = Keys.hashOf(item);
		if (hash == null) table = null;
		else table.add(item, hash);
	}

	/** Whether it was there. */
	boolean remove(Object item) {
		Object key = memberKey(item);
		if (!members.containsKey(key)) return false;
		Object own = members.remove(key);
		Long hash = table == null ? null : Keys.hashOf(own);
		if (hash != null) table.remove(own, hash);
		return true;
	}

	void clear() {
		members.clear();
		table = new SetTable();
	}

	Object pop() {
		if (members.isEmpty()) throw PyError.of("KeyError", "pop from an empty set");
		Object item = table == null ? members.values().iterator().next() : table.popped();
		remove(item);
		return item;
	}

	/** As CPython takes in another set or the keys of a dict: room is made at once. */
	void merge(PyObject other) {
		if (other == this || other.length() == 0) return;
		SetTable known = other instanceof PySet set ? set.table : table;
		if (table != null && known != null) {
			table.reserve((int) other.length());
			if (other instanceof PySet set && table.copyFrom(known)) {
				members.putAll(set.members);
				return;
			}
		}
		for (Object item : other.iterator()) add(item);
	}

	void shrink() {
		if (table != null) table.shrink();
	}

	/** Takes the contents of {@code other} for its own. */
	void become(PySet other) {
		members = other.members;
		table = other.table;
	}

	@Override
	public String typeName() {
		return isFrozen ? "frozenset" : "set";
	}

	@Override
	public String repr() {
		if (members.isEmpty()) return typeName() + "()";
		return Repr.shownOnce(this, typeName() + "(...)", () -> {
			List<Object> items = new ArrayList<>();
			for (Object item : this) items.add(item);
			String shown = "{" + Repr.joined(items) + "}";
			return isFrozen ? "frozenset(" + shown + ")" : shown;
		});
	}

	@Override
	public boolean truth() {
		return !members.isEmpty();
	}

	@Override
	public long length() {
		return members.size();
	}

	@Override
	public Iter iterator() {
		int size = members.size();
		SetTable walked = table;
		Iterator<Object> inserted = members.values().iterator();
		int[] at = {0};
		boolean[] isDone = {false};
		return new Iter("set_iterator", () -> {
			if (isDone[0]) return Iter.END;
			isDone[0] = members.size() != size;
			if (isDone[0]) throw PyError.of("RuntimeError", "Set changed size during iteration");
			if (walked != null && walked == table) {
				int found = walked.nextAt(at[0]);
				at[0] = found + 1;
				isDone[0] = found < 0;
				return found < 0 ? Iter.END : walked.keyAt(found);
			}
			isDone[0] = !inserted.hasNext();
			return isDone[0] ? Iter.END : inserted.next();
		});
	}

	@Override
	public Object contains(Object item) {
		return has(item);
	}

	static boolean isSubset(PySet small, PySet large) {
		if (small.size() > large.size()) return false;
		for (Object item : small) if (!large.has(item)) return false;
		return true;
	}

	@Override
	public Object equalTo(Object other) {
		PySet set = asSet(other);
		return set == null ? UNKNOWN : (Object) (size() == set.size() && isSubset(this, set));
	}

	@Override
	public Object order(String op, Object other) {
		PySet set = asSet(other);
		if (set == null) return UNKNOWN;
		switch (op) {
			case "==":
			case "!=":
				return (size() == set.size() && isSubset(this, set)) == op.equals("==");
			case "<=":
			case "<":
				return isSubset(this, set) && (op.equals("<=") || size() < set.size());
			default:
				return isSubset(set, this) && (op.equals(">=") || size() > set.size());
		}
	}

	@Override
	public Object binary(String op, Object other, boolean reflected) {
		PySet set = asSet(other);
		if (set == null) return UNKNOWN;
		PySet left = reflected ? set : this;
		PySet right = reflected ? this : set;
		switch (op) {
			case "|":
				return Sets.setUnion(left, right);
			case "&":
				return Sets.setIntersection(left, right);
			case "-":
				return Sets.setDifference(left, right);
			case "^":
				return Sets.setSymmetricDifference(left, right);
			default:
				return UNKNOWN;
		}
	}

	@Override
	public Object inPlace(String op, Object other) {
		if (isFrozen || asSet(other) == null) return UNKNOWN;
		if (op.equals("|")) Sets.setUpdate(this, other);
		else if (op.equals("&")) Sets.setIntersectionUpdate(this, other);
		else if (op.equals("-")) Sets.setDifferenceUpdate(this, other);
		else if (op.equals("^")) Sets.setSymmetricDifferenceUpdate(this, other);
		else return UNKNOWN;
		return this;
	}

	private Object contentKey() {
		return new HashSet<>(members.keySet());
	}

	/** Only a frozenset can be a key: the same for equal ones. */
	@Override
	public Object key() {
		return isFrozen ? contentKey() : null;
	}
}
