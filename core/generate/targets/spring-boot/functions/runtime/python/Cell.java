package python;

/** A variable that an inner function shares. */
public final class Cell {
	/** In place of a value where there is none yet. */
	public static final Object UNBOUND = new Object();

	public Object value = UNBOUND;

	public Cell() {}

	public Cell(Object value) {
		this.value = value;
	}
}
