package python;

/**
 * A value of the source's data model that has no class of Java's own. Each Python type has one representation: int Long, or BigInteger where
 * it does not fit; float Double; bool Boolean; None null; str String (counted by code point); list ArrayList; the others are these. What a
 * type does not answer to is {@link #UNKNOWN} (NotImplemented).
 */
public abstract class PyObject {
	public static final Object UNKNOWN = new Object();

	/** The name of the type, as messages have it. */
	public abstract String typeName();

	public String repr() {
		return "<" + typeName() + " object>";
	}

	public String str() {
		return repr();
	}

	public boolean truth() {
		return true;
	}

	/** Boolean, or UNKNOWN. */
	public Object equalTo(Object other) {
		return this == other ? true : UNKNOWN;
	}

	/** {@code this op other}, one of the six comparisons. */
	public Object order(String op, Object other) {
		return UNKNOWN;
	}

	/** -1 for what has none. */
	public long length() {
		return -1;
	}

	/** null for what cannot be walked. */
	public Iter iterator() {
		return null;
	}

	/** Boolean, or UNKNOWN where the items must be walked. */
	public Object contains(Object item) {
		return UNKNOWN;
	}

	public Object getItem(Object key) {
		return UNKNOWN;
	}

	public Object setItem(Object key, Object value) {
		return UNKNOWN;
	}

	public Object deleteItem(Object key) {
		return UNKNOWN;
	}

	/** {@code reflected}: this is the right operand. */
	public Object binary(String op, Object other, boolean reflected) {
		return UNKNOWN;
	}

	/** As {@code binary} for {@code +=} and its like, which may change this very value. */
	public Object inPlace(String op, Object other) {
		return UNKNOWN;
	}

	public Object call(Object[] args, Dict keywords) {
		return UNKNOWN;
	}

	public Object attribute(String name) {
		return UNKNOWN;
	}

	/** What equal values share, with equals and hashCode; null for what cannot be hashed. */
	public Object key() {
		return null;
	}

	/** CPython's hash; null where it differs from process to process. */
	public Long hash() {
		return null;
	}
}
