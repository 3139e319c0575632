package python;

/** An object of the builtin slice: what stands between brackets with colons. */
public final class Slice extends PyObject {
	private final Object from;
	private final Object to;
	private final Object step;

	public Slice(Object from, Object to, Object step) {
		this.from = from;
		this.to = to;
		this.step = step;
	}

	Object from() {
		return from;
	}

	Object to() {
		return to;
	}

	Object step() {
		return step;
	}

	@Override
	public String typeName() {
		return "slice";
	}
}
