package python;

/** What is called with more than its arguments. */
final class Applied extends PyObject {
	interface Body {
		Object run(Object[] args, Dict keywords);
	}

	private final String typeName;
	private final Body body;

	Applied(String typeName, Body body) {
		this.typeName = typeName;
		this.body = body;
	}

	@Override
	public String typeName() {
		return typeName;
	}

	@Override
	public Object call(Object[] args, Dict keywords) {
		return body.run(args, keywords);
	}

	@Override
	public Object key() {
		return this;
	}
}
