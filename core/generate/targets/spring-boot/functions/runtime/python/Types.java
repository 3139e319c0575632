package python;

import java.math.BigInteger;
import java.util.HashMap;
import java.util.Map;

/** The types of values, and types as values. */
public final class Types extends PyObject {
	private static final Map<String, String> BASES = Map.of("bool", "int", "Counter", "dict", "defaultdict", "dict", "OrderedDict", "dict");
	private static final Map<String, Types> KNOWN = new HashMap<>();

	private final String name;
	private Object maker;

	private Types(String name) {
		this.name = name;
	}

	@Override
	public String typeName() {
		return "type";
	}

	@Override
	public String repr() {
		boolean isCollection = name.equals("Counter") || name.equals("defaultdict") || name.equals("OrderedDict") || name.equals("deque");
		return "<class '" + (isCollection ? "collections." : "") + name + "'>";
	}

	@Override
	public Object key() {
		return this;
	}

	@Override
	public Object call(Object[] args, Dict keywords) {
		if (maker == null) throw PyError.notTranslated("making a " + name + " from its type");
		return Func.call(maker, args, keywords);
	}

	@Override
	public Object attribute(String asked) {
		return asked.equals("__name__") ? name : UNKNOWN;
	}

	/** The type before a name, as methods and isinstance look it up; null for none. */
	static String baseOf(String name) {
		return BASES.get(name);
	}

	/** The builtin type of that name. */
	public static Types typeNamed(String name) {
		return KNOWN.computeIfAbsent(name, Types::new);
	}

	/** {@code maker} is what calling it does. */
	public static Types typeNamed(String name, Object maker) {
		Types found = typeNamed(name);
		found.maker = maker;
		return found;
	}

	/** The name of the type, as messages have it. */
	public static String typeName(Object value) {
		if (value == null) return "NoneType";
		if (value instanceof Long || value instanceof BigInteger) return "int";
		if (value instanceof Double) return "float";
		if (value instanceof Boolean) return "bool";
		if (value instanceof String) return "str";
		if (value instanceof PyObject own) return own.typeName();
		return "list";
	}

	/** type(value) */
	public static Object typeOf(Object value) {
		return value instanceof PyError.Value error ? error.type : typeNamed(typeName(value));
	}

	public static boolean isinstance(Object value, Object type) {
		return isSubtype(typeOf(value), type, "isinstance() arg 2 must be a type, a tuple of types, or a union");
	}

	public static boolean issubclass(Object type, Object other) {
		if (!(type instanceof Types) && !(type instanceof PyError.Type)) throw PyError.of("TypeError", "issubclass() arg 1 must be a class");
		return isSubtype(type, other, "issubclass() arg 2 must be a class, a tuple of classes, or a union");
	}

	private static boolean isSubtype(Object type, Object other, String message) {
		if (other instanceof Tuple tuple) {
			for (Object one : tuple.items()) if (isSubtype(type, one, message)) return true;
			return false;
		}
		if (!(other instanceof Types) && !(other instanceof PyError.Type)) throw PyError.of("TypeError", message);
		if (other instanceof Types known && known.name.equals("object")) return true;
		if (type instanceof PyError.Type error) return other instanceof PyError.Type known && error.isA(known);
		for (String name = ((Types) type).name; name != null; name = baseOf(name)) if (typeNamed(name) == other) return true;
		return false;
	}
}
