package python;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** The methods that a unit asks of values whose type only shows when it runs. */
public final class Methods {
	private static final Set<String> CHANGING = Set.of("add", "clear", "difference_update", "discard", "intersection_update", "pop", "remove",
		"symmetric_difference_update", "update");

	private final Map<String, Func> known = new HashMap<>();

	/** {@code parameters} as {@link Func} reads them; the body gets the value first. */
	public Methods add(String type, String name, String parameters, Func.Body body) {
		known.put(type + "." + name, Func.method(type + "." + name, parameters, body));
		return this;
	}

	private Func methodOf(Object of, String name) {
		String type = Types.typeName(of);
		if (type.equals("frozenset")) return CHANGING.contains(name) ? null : known.get("set." + name);
		for (String at = type; at != null; at = Types.baseOf(at)) {
			Func found = known.get(at + "." + name);
			if (found != null) return found;
		}
		return null;
	}

	/** of.name */
	public Object attribute(Object of, String name) {
		Object own = of instanceof PyObject object ? object.attribute(name) : PyObject.UNKNOWN;
		if (own != PyObject.UNKNOWN) return own;
		if (Numbers.isNumber(of)) {
			boolean isWhole = !(of instanceof Double);
			if (name.equals("real") || (name.equals("numerator") && isWhole)) return Numbers.plain(of);
			if (name.equals("imag")) return isWhole ? (Object) 0L : (Object) 0.0;
			if (name.equals("denominator") && isWhole) return 1L;
		}
		Func method = methodOf(of, name);
		if (method != null) return new Applied("builtin_function_or_method", (args, keywords) -> Func.call(method, Func.joined(new Object[] {of}, args), keywords));
		throw PyError.of("AttributeError", missing(of, name));
	}

	private static String missing(Object of, String name) {
		boolean isType = of instanceof Types || of instanceof PyError.Type;
		if (isType) return "type object '" + ((PyObject) of).attribute("__name__") + "' has no attribute '" + name + "'";
		return "'" + Types.typeName(of) + "' object has no attribute '" + name + "'";
	}

	/** of.name(*args) */
	public Object call(Object of, String name, Object... args) {
		return call(of, name, args, null);
	}

	/** of.name(*args, **keywords) */
	public Object call(Object of, String name, Object[] args, Dict keywords) {
		Object own = of instanceof PyObject object ? object.attribute(name) : PyObject.UNKNOWN;
		if (own != PyObject.UNKNOWN) return Func.call(own, args, keywords);
		Func method = methodOf(of, name);
		return method == null ? Func.call(attribute(of, name), args, keywords) : Func.call(method, Func.joined(new Object[] {of}, args), keywords);
	}

	public boolean has(Object of, String name) {
		try {
			attribute(of, name);
			return true;
		} catch (PyError error) {
			if (error.isNamed("AttributeError")) return false;
			throw error;
		}
	}
}
