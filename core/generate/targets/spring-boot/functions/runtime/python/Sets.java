package python;

/** What sets do. */
public final class Sets {
	private Sets() {}

	public static PySet setCopy(PySet from) {
		return from.isFrozen() ? from : from.emptyLike().filled(from);
	}

	public static PySet setUnion(PySet from, Object... others) {
		PySet made = from.emptyLike().filled(from);
		for (Object other : others) made.filled(other);
		return made;
	}

	public static Object setUpdate(PySet target, Object... others) {
		for (Object other : others) target.filled(other);
		return null;
	}

	public static PySet setIntersection(PySet from, Object... others) {
		if (others.length == 0) return setCopy(from);
		PySet made = from;
		for (Object other : others) made = intersection(made, other);
		return made;
	}

	private static PySet intersection(PySet left, Object other) {
		PySet made = left.emptyLike();
		if (left == other) return made.filled(left);
		if (!(other instanceof PySet right)) {
			for (Object item : Iterate.iterate(other)) if (left.has(item)) made.add(item);
			return made;
		}
		PySet small = right.size() > left.size() ? left : right;
		PySet large = small == left ? right : left;
		for (Object item : small) if (large.has(item)) made.add(item);
		return made;
	}

	public static Object setIntersectionUpdate(PySet target, Object... others) {
		target.become(setIntersection(target, others));
		return null;
	}

	public static PySet setDifference(PySet from, Object... others) {
		if (others.length == 0) return setCopy(from);
		PySet made = difference(from, others[0]);
		for (int at = 1; at < others.length; at++) removeAll(made, others[at]);
		return made;
	}

	private static PySet difference(PySet from, Object other) {
		boolean isKeyed = other instanceof PySet || other instanceof Dict;
		if (!isKeyed || from.size() >> 2 > ((PyObject) other).length()) {
			PySet copied = from.emptyLike().filled(from);
			removeAll(copied, other);
			return copied;
		}
		PySet made = from.emptyLike();
		for (Object item : from) if (!(Boolean) ((PyObject) other).contains(item)) made.add(item);
		return made;
	}

	private static void removeAll(PySet target, Object other) {
		if (target == other) target.clear();
		else for (Object item : Iterate.iterate(other)) target.remove(item);
		target.shrink();
	}

	public static Object setDifferenceUpdate(PySet target, Object... others) {
		for (Object other : others) removeAll(target, other);
		return null;
	}

	public static PySet setSymmetricDifference(PySet left, Object right) {
		PySet made = left.emptyLike().filled(right);
		for (Object item : left) if (!made.remove(item)) made.add(item);
		return made;
	}

	public static Object setSymmetricDifferenceUpdate(PySet target, Object other) {
		if (target == other) {
			target.clear();
			return null;
		}
		Iterable<Object> items = other instanceof Dict || other instanceof PySet ? Iterate.iterate(other) : PySet.set(other);
		for (Object item : items) if (!target.remove(item)) target.add(item);
		return null;
	}

	public static Object setAdd(PySet target, Object item) {
		target.add(item);
		return null;
	}

	public static Object setDiscard(PySet target, Object item) {
		target.remove(item);
		return null;
	}

	public static Object setRemove(PySet target, Object item) {
		if (!target.remove(item)) throw PyError.of("KeyError", item);
		return null;
	}

	public static Object setPop(PySet target) {
		return target.pop();
	}

	public static Object setClear(PySet target) {
		target.clear();
		return null;
	}

	public static boolean setIsdisjoint(PySet left, Object right) {
		for (Object item : Iterate.iterate(right)) if (left.has(item)) return false;
		return true;
	}

	public static boolean setIssubset(PySet left, Object right) {
		return PySet.isSubset(left, right instanceof PySet set ? set : PySet.set(right));
	}

	public static boolean setIssuperset(PySet left, Object right) {
		for (Object item : Iterate.iterate(right)) if (!left.has(item)) return false;
		return true;
	}
}
