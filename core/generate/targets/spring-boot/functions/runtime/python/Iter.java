package python;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.Supplier;

/** What is consumed by iterating once. Leaving a loop does not end it. */
public class Iter extends PyObject implements Iterable<Object>, Iterator<Object> {
	/** What a step gives at the end, and at every call after it. */
	public static final Object END = new Object();
	private static final Object NONE = new Object();

	private final String typeName;
	private final Supplier<Object> step;
	private Object ahead = NONE;

	public Iter(String typeName, Supplier<Object> step) {
		this.typeName = typeName;
		this.step = step;
	}

	/** The next item, or END. StopIteration of a function that a step calls is the end as well. */
	public Object advance() {
		if (ahead != NONE) {
			Object item = ahead;
			ahead = NONE;
			return item;
		}
		try {
			return step.get();
		} catch (PyError error) {
			if (error.isNamed("StopIteration")) return END;
			throw error;
		}
	}

	@Override
	public String typeName() {
		return typeName;
	}

	@Override
	public Iter iterator() {
		return this;
	}

	@Override
	public boolean hasNext() {
		if (ahead == NONE) ahead = advance();
		if (ahead != END) return true;
		ahead = NONE;
		return false;
	}

	@Override
	public Object next() {
		Object item = advance();
		if (item == END) throw new NoSuchElementException();
		return item;
	}

	@Override
	public Object key() {
		return this;
	}
}
