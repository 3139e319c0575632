package python;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A queue of two ends; with a limit, what is too much falls off the other end. */
public final class Deque extends PyObject {
	private final ArrayList<Object> items;
	/** -1: none. */
	private final int limit;

	private Deque(ArrayList<Object> items, int limit) {
		this.limit = limit;
		this.items = limit < 0 ? items : new ArrayList<>(items.subList(Math.max(0, items.size() - limit), items.size()));
	}

	@Override
	public String typeName() {
		return "deque";
	}

	@Override
	public String repr() {
		return Repr.shownOnce(this, "[...]", () -> "deque([" + Repr.joined(items) + "]" + (limit < 0 ? "" : ", maxlen=" + limit) + ")");
	}

	@Override
	public boolean truth() {
		return !items.isEmpty();
	}

	@Override
	public Object equalTo(Object other) {
		return other instanceof Deque deque ? (Object) Compare.sequencesEqual(items, deque.items) : UNKNOWN;
	}

	@Override
	public Object order(String op, Object other) {
		return other instanceof Deque deque ? Compare.compareSequences(op, items, deque.items) : UNKNOWN;
	}

	@Override
	public long length() {
		return items.size();
	}

	@Override
	public Iter iterator() {
		int size = items.size();
		int[] at = {0};
		return new Iter("_collections._deque_iterator", () -> {
			if (items.size() != size) throw PyError.of("RuntimeError", "deque mutated during iteration");
			return at[0] < size ? items.get(at[0]++) : Iter.END;
		});
	}

	@Override
	public Object contains(Object item) {
		return places(item) >= 0;
	}

	private int places(Object item) {
		for (int at = 0; at < items.size(); at++) if (Compare.same(items.get(at), item)) return at;
		return -1;
	}

	private int at(Object key) {
		if (!Numbers.isWhole(key)) throw PyError.of("TypeError", "sequence index must be integer, not '" + Types.typeName(key) + "'");
		int at = Items.positionOf(key, items.size());
		if (at < 0) throw PyError.of("IndexError", "deque index out of range");
		return at;
	}

	@Override
	public Object getItem(Object key) {
		return items.get(at(key));
	}

	@Override
	public Object setItem(Object key, Object value) {
		items.set(at(key), value);
		return null;
	}

	@Override
	public Object deleteItem(Object key) {
		items.remove(at(key));
		return null;
	}

	@Override
	public Object attribute(String name) {
		if (!name.equals("maxlen")) return UNKNOWN;
		return limit < 0 ? null : (Object) (long) limit;
	}

	@Override
	public Object inPlace(String op, Object other) {
		if (!op.equals("+")) return UNKNOWN;
		dequeExtend(this, other);
		return this;
	}

	public static Deque collectionsDeque() {
		return new Deque(new ArrayList<>(), -1);
	}

	public static Deque collectionsDeque(Object from) {
		return collectionsDeque(from, null);
	}

	public static Deque collectionsDeque(Object from, Object maxlen) {
		boolean isEndless = maxlen == null || maxlen == Func.ABSENT;
		return new Deque(Iterate.list(from), isEndless ? -1 : Items.sizeArgument(maxlen));
	}

	public static Object dequeAppend(Deque deque, Object item) {
		deque.items.add(item);
		if (deque.limit >= 0 && deque.items.size() > deque.limit) deque.items.remove(0);
		return null;
	}

	public static Object dequeAppendleft(Deque deque, Object item) {
		deque.items.add(0, item);
		if (deque.limit >= 0 && deque.items.size() > deque.limit) deque.items.remove(deque.items.size() - 1);
		return null;
	}

	private static List<Object> filled(Deque deque) {
		if (deque.items.isEmpty()) throw PyError.of("IndexError", "pop from an empty deque");
		return deque.items;
	}

	public static Object dequePop(Deque deque) {
		return filled(deque).remove(deque.items.size() - 1);
	}

	public static Object dequePopleft(Deque deque) {
		return filled(deque).remove(0);
	}

	public static Object dequeExtend(Deque deque, Object items) {
		if (items == deque) for (Object item : new ArrayList<>(deque.items)) dequeAppend(deque, item);
		else for (Object item : Iterate.iterate(items)) dequeAppend(deque, item);
		return null;
	}

	public static Object dequeExtendleft(Deque deque, Object items) {
		if (items == deque) for (Object item : new ArrayList<>(deque.items)) dequeAppendleft(deque, item);
		else for (Object item : Iterate.iterate(items)) dequeAppendleft(deque, item);
		return null;
	}

	public static Object dequeClear(Deque deque) {
		deque.items.clear();
		return null;
	}

	public static Object dequeReverse(Deque deque) {
		Collections.reverse(deque.items);
		return null;
	}

	public static Deque dequeCopy(Deque deque) {
		return new Deque(new ArrayList<>(deque.items), deque.limit);
	}

	public static Object dequeCount(Deque deque, Object item) {
		return Lists.count(deque.items, item);
	}

	public static Object dequeRotate(Deque deque) {
		return dequeRotate(deque, 1L);
	}

	public static Object dequeRotate(Deque deque, Object steps) {
		BigInteger by = Items.wholeArgument(Func.or(steps, 1L));
		if (!deque.items.isEmpty()) Collections.rotate(deque.items, by.mod(BigInteger.valueOf(deque.items.size())).intValue());
		return null;
	}

	public static Object dequeIndex(Deque deque, Object item) {
		int at = deque.places(item);
		if (at < 0) throw PyError.of("ValueError", Repr.repr(item) + " is not in deque");
		return (long) at;
	}

	public static Object dequeRemove(Deque deque, Object item) {
		int at = deque.places(item);
		if (at < 0) throw PyError.of("ValueError", Repr.repr(item) + " is not in deque");
		deque.items.remove(at);
		return null;
	}

	public static Object dequeInsert(Deque deque, Object index, Object item) {
		if (deque.limit >= 0 && deque.items.size() >= deque.limit) throw PyError.of("IndexError", "deque already at its maximum size");
		deque.items.add(Items.insertAt(index, deque.items.size()), item);
		return null;
	}
}
