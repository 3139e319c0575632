package python;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** An exception of the source: what is thrown, and the value that a handler sees. */
public final class PyError extends RuntimeException {
	private static final Map<String, String> PARENTS = new HashMap<>();
	private static final Map<String, Type> KNOWN = new HashMap<>();

	static {
		String table = "BaseException: Exception KeyboardInterrupt SystemExit GeneratorExit; ArithmeticError: FloatingPointError OverflowError"
			+ " ZeroDivisionError; ImportError: ModuleNotFoundError; LookupError: IndexError KeyError; NameError: UnboundLocalError;"
			+ " OSError: FileNotFoundError PermissionError TimeoutError ConnectionError; RuntimeError: NotImplementedError RecursionError;"
			+ " ValueError: UnicodeError; UnicodeError: UnicodeDecodeError UnicodeEncodeError";
		for (String row : table.split("; ")) {
			String[] parts = row.split(": ");
			for (String child : parts[1].split(" ")) PARENTS.put(child, parts[0]);
		}
	}

	/** A class that can be raised and caught. */
	public static final class Type extends PyObject {
		final String name;
		final Type parent;

		private Type(String name, Type parent) {
			this.name = name;
			this.parent = parent;
		}

		boolean isA(Type other) {
			for (Type at = this; at != null; at = at.parent) if (at == other) return true;
			return false;
		}

		@Override
		public String typeName() {
			return "type";
		}

		@Override
		public String repr() {
			return "<class '" + name + "'>";
		}

		@Override
		public Object key() {
			return this;
		}

		@Override
		public Object call(Object[] args, Dict keywords) {
			if (keywords != null && keywords.length() > 0) throw PyError.of("TypeError", name + "() takes no keyword arguments");
			return new Value(this, args);
		}

		@Override
		public Object attribute(String asked) {
			return asked.equals("__name__") ? name : UNKNOWN;
		}
	}

	/** An exception as a value. */
	public static final class Value extends PyObject {
		final Type type;
		final Object[] args;
		Object cause;

		Value(Type type, Object[] args) {
			this.type = type;
			this.args = args;
		}

		@Override
		public String typeName() {
			return type.name;
		}

		@Override
		public String repr() {
			return type.name + "(" + Repr.joined(Arrays.asList(args)) + ")";
		}

		/** The message; a missing key is shown as it would be written. */
		@Override
		public String str() {
			if (args.length == 0) return "";
			if (args.length > 1) return "(" + Repr.joined(Arrays.asList(args)) + ")";
			return type.isA(exceptionClass("KeyError")) ? Repr.repr(args[0]) : Repr.str(args[0]);
		}

		@Override
		public Object key() {
			return this;
		}

		@Override
		public Object attribute(String name) {
			return name.equals("args") ? new Tuple(args) : UNKNOWN;
		}
	}

	public final Value value;

	private PyError(Value value) {
		super(value.args.length > 0 && value.args[0] instanceof String text ? value.type.name + ": " + text : value.type.name);
		this.value = value;
	}

	/** A builtin exception with its message, to be thrown. */
	public static PyError of(String name, Object... args) {
		return new PyError(new Value(exceptionClass(name), args));
	}

	/** The builtin exception class of that name. */
	public static Type exceptionClass(String name) {
		Type found = KNOWN.get(name);
		if (found != null) return found;
		Type made = new Type(name, name.equals("BaseException") ? null : exceptionClass(PARENTS.getOrDefault(name, "Exception")));
		KNOWN.put(name, made);
		return made;
	}

	public static Value exception(String name, Object... args) {
		return new Value(exceptionClass(name), args);
	}

	/** For {@code throw}: raise value. A class is made into an exception first. */
	public static PyError raise(Object value) {
		Object made = value instanceof Type type ? type.call(new Object[0], null) : value;
		if (!(made instanceof Value error)) return of("TypeError", "exceptions must derive from BaseException");
		return new PyError(error);
	}

	/** raise value from cause */
	public static PyError raise(Object value, Object cause) {
		PyError made = raise(value);
		made.value.cause = cause;
		return made;
	}

	/** What a handler sees of what was thrown. An exhausted stack is a RecursionError, as in the source. */
	public static Value caught(Throwable thrown) {
		if (thrown instanceof PyError error) return error.value;
		if (thrown instanceof StackOverflowError) return exception("RecursionError", "maximum recursion depth exceeded");
		if (thrown instanceof OutOfMemoryError) return exception("MemoryError");
		if (thrown instanceof Error error) throw error;
		throw (RuntimeException) thrown;
	}

	/** Whether {@code except types} catches it; each is a class or a tuple of classes. */
	public static boolean matches(Value error, Object... types) {
		for (Object type : types) {
			if (type instanceof Type own) {
				if (error.type.isA(own)) return true;
			} else if (type instanceof Tuple tuple) {
				if (matches(error, tuple.items())) return true;
			} else throw of("TypeError", "catching classes that do not inherit from BaseException is not allowed");
		}
		return false;
	}

	/** A variable that may have no value yet. */
	public static <T> T bound(T value, String name) {
		if (value != Cell.UNBOUND) return value;
		throw of("UnboundLocalError", "cannot access local variable '" + name + "' where it is not associated with a value");
	}

	/** The same for a variable of the function around. */
	public static <T> T boundFree(T value, String name) {
		if (value != Cell.UNBOUND) return value;
		throw of("NameError", "cannot access free variable '" + name + "' where it is not associated with a value in enclosing scope");
	}

	boolean isNamed(String name) {
		return value.type.name.equals(name);
	}

	/** Something happened that has no exact translation: no exception of the source, and no handler of it may catch this. */
	public static final class NotTranslated extends Error {
		NotTranslated(String what) {
			super(what);
		}
	}

	static NotTranslated notTranslated(String what) {
		return new NotTranslated(what);
	}

	static String plural(long count) {
		return count == 1 ? "" : "s";
	}

	static String names(List<String> names) {
		List<String> quoted = names.stream().map(name -> "'" + name + "'").collect(Collectors.toList());
		if (quoted.size() < 3) return String.join(" and ", quoted);
		return String.join(", ", quoted.subList(0, quoted.size() - 1)) + ", and " + quoted.get(quoted.size() - 1);
	}
}
