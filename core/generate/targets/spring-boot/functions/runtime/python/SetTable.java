package python;

import java.util.ArrayList;
import java.util.List;

/**
 * The hash table of CPython's setobject.c, kept for one reason: its order is the order in which a set is walked. Only hashes that are the
 * same in every process can stand in it.
 */
final class SetTable {
	private record Slot(Object key, long hash) {}

	private static final Slot REMOVED = new Slot(null, 0);

	private Slot[] slots = new Slot[8];
	private int fill;
	private int used;
	private int finger;

	private int mask() {
		return slots.length - 1;
	}

	/** The positions that a hash may take, in order: runs of up to ten, then a jump that depends on the higher bits. */
	private final class Probe {
		private final long mask = mask();
		private long perturb;
		private long at;
		private long next;
		private long last;

		Probe(long hash) {
			perturb = hash;
			at = hash & mask;
			begin();
		}

		private void begin() {
			next = at;
			last = at + 9 <= mask ? at + 9 : at;
		}

		int step() {
			if (next > last) {
				perturb >>>= 5;
				at = (at * 5 + 1 + perturb) & mask;
				begin();
			}
			return (int) next++;
		}
	}

	/** {@code key} is known not to be in the set. */
	void add(Object key, long hash) {
		int free = -1;
		Probe probe = new Probe(hash);
		for (;;) {
			int at = probe.step();
			Slot slot = slots[at];
			if (slot == REMOVED) free = at;
			if (slot != null) continue;
			used++;
			slots[free < 0 ? at : free] = new Slot(key, hash);
			if (free >= 0) return;
			break;
		}
		fill++;
		if (fill * 5 >= mask() * 3) resize(used > 50000 ? used * 2 : used * 4);
	}

	void remove(Object key, long hash) {
		Probe probe = new Probe(hash);
		for (;;) {
			int at = probe.step();
			Slot slot = slots[at];
			if (slot == null) return;
			if (slot == REMOVED || !isKey(slot.key, key)) continue;
			slots[at] = REMOVED;
			used--;
			return;
		}
	}

	private static boolean isKey(Object own, Object key) {
		return own == key || (own != null && !(own instanceof PyObject) && own.equals(key));
	}

	private void resize(int minimum) {
		int size = 8;
		while (size <= minimum) size *= 2;
		List<Slot> old = kept();
		slots = new Slot[size];
		used = old.size();
		fill = used;
		for (Slot slot : old) place(slot);
	}

	private void place(Slot slot) {
		Probe probe = new Probe(slot.hash);
		int at = probe.step();
		while (slots[at] != null) at = probe.step();
		slots[at] = slot;
	}

	/** Before many keys are added. */
	void reserve(int more) {
		if ((fill + more) * 5 >= mask() * 3) resize((used + more) * 2);
	}

	/** Takes over all of another table into this empty one; false when this one is not empty. */
	boolean copyFrom(SetTable other) {
		if (fill > 0) return false;
		if (mask() == other.mask() && other.fill == other.used) slots = other.slots.clone();
		else for (Slot slot : other.kept()) place(slot);
		used = other.used;
		fill = used;
		return true;
	}

	/** After many removals. */
	void shrink() {
		if (fill - used > mask() / 5) resize(used > 50000 ? used * 2 : used * 4);
	}

	/** The position of the next key at or after {@code from}, or -1. */
	int nextAt(int from) {
		for (int at = from; at < slots.length; at++) if (slots[at] != null && slots[at] != REMOVED) return at;
		return -1;
	}

	Object keyAt(int at) {
		return slots[at].key;
	}

	/** What pop takes: the next key behind the one that was taken last. */
	Object popped() {
		int at = nextAt(finger & mask());
		if (at < 0) at = nextAt(0);
		finger = at + 1;
		return keyAt(at);
	}

	private List<Slot> kept() {
		List<Slot> made = new ArrayList<>();
		for (Slot slot : slots) if (slot != null && slot != REMOVED) made.add(slot);
		return made;
	}
}
