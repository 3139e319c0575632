package python;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A function as a value: what it runs, and how it takes its arguments in the notation of the source, {@code a b= / c= *rest d= **more}. What
 * it runs gets them in this order, {@code rest} as a tuple and {@code more} as a dict, and ABSENT for a default.
 */
public final class Func extends PyObject {
	public static final Object ABSENT = new Object();

	/** What a function does with its bound arguments. */
	public interface Body {
		Object run(Object[] args);
	}

	private record Parameter(String name, boolean isRequired, boolean isByName) {}

	private final String name;
	private final Body body;
	private final List<Parameter> positional = new ArrayList<>();
	private final List<Parameter> only = new ArrayList<>();
	private boolean hasRest;
	private boolean hasMore;
	private final boolean isBuiltin;
	/** A method: the value itself comes first and is not counted. */
	private final boolean isMethod;

	private Func(String name, String parameters, boolean isBuiltin, boolean isMethod, Body body) {
		this.name = name;
		this.body = body;
		this.isBuiltin = isBuiltin;
		this.isMethod = isMethod;
		boolean isKeywordOnly = false;
		for (String token : parameters.split(" ")) {
			if (token.isEmpty()) continue;
			if (token.equals("/")) positional.replaceAll(one -> new Parameter(one.name, one.isRequired, false));
			else if (token.startsWith("**")) hasMore = true;
			else if (token.startsWith("*")) {
				isKeywordOnly = true;
				hasRest = token.length() > 1;
			} else {
				Parameter made = new Parameter(token.replace("=", ""), !token.endsWith("="), true);
				(isKeywordOnly ? only : positional).add(made);
			}
		}
	}

	/** A function of the source. */
	public static Func of(String name, String parameters, Body body) {
		return new Func(name, parameters, false, false, body);
	}

	/** A function of the language; {@code name} as its messages have it. */
	public static Func builtin(String name, String parameters, Body body) {
		return new Func(name, parameters, true, false, body);
	}

	/** A method of a builtin type, which takes the value first. */
	public static Func method(String name, String parameters, Body body) {
		return new Func(name, parameters, true, true, body);
	}

	@Override
	public String typeName() {
		return isBuiltin ? "builtin_function_or_method" : "function";
	}

	@Override
	public String repr() {
		if (isBuiltin) return "<built-in function " + name + ">";
		throw PyError.notTranslated("the text of a function holds its address");
	}

	@Override
	public Object key() {
		return this;
	}

	@Override
	public Object attribute(String asked) {
		return asked.equals("__name__") ? shortName() : UNKNOWN;
	}

	/** callee(*args, **keywords), whatever the callee is. */
	public static Object call(Object callee, Object[] args, Dict keywords) {
		if (callee instanceof Func fn) return fn.body.run(fn.bound(args, keywords));
		Object made = callee instanceof PyObject own ? own.call(args, keywords) : PyObject.UNKNOWN;
		if (made == PyObject.UNKNOWN) throw PyError.of("TypeError", "'" + Types.typeName(callee) + "' object is not callable");
		return made;
	}

	public static Object call(Object callee, Object... args) {
		return call(callee, args, null);
	}

	private Object[] bound(Object[] args, Dict keywords) {
		if (!isMethod) return fitted(args, keywords);
		if (args.length == 0) throw PyError.of("TypeError", "unbound method " + name + "() needs an argument");
		Object[] rest = fitted(Arrays.copyOfRange(args, 1, args.length), keywords);
		return joined(new Object[] {args[0]}, rest);
	}

	static Object[] joined(Object[] left, Object[] right) {
		Object[] made = Arrays.copyOf(left, left.length + right.length);
		System.arraycopy(right, 0, made, left.length, right.length);
		return made;
	}

	private Object[] fitted(Object[] args, Dict keywords) {
		boolean isNamed = keywords != null && keywords.length() > 0;
		if (!isNamed && args.length == positional.size() && !hasRest && only.isEmpty() && !hasMore) return args;
		Object[] made = new Object[positional.size() + (hasRest ? 1 : 0) + only.size() + (hasMore ? 1 : 0)];
		Arrays.fill(made, ABSENT);
		int firstOnly = positional.size() + (hasRest ? 1 : 0);
		System.arraycopy(args, 0, made, 0, Math.min(args.length, positional.size()));
		Dict more = new Dict();
		if (isNamed) {
			for (Dict.Entry entry : keywords.entries()) {
				String asked = (String) entry.key;
				int at = indexOf(positional, asked);
				int atOnly = indexOf(only, asked);
				if (at >= 0) {
					if (at < args.length) throw PyError.of("TypeError", multiple(asked, at));
					made[at] = entry.value;
				} else if (atOnly >= 0) made[firstOnly + atOnly] = entry.value;
				else if (hasMore) more.set(asked, entry.value);
				else throw PyError.of("TypeError", unexpected(asked, keywords));
			}
		}
		if (args.length > positional.size() && !hasRest) throw PyError.of("TypeError", tooMany(args.length, made, firstOnly));
		checkMissing(positional, made, 0, args.length, "positional");
		checkMissing(only, made, firstOnly, args.length, "keyword-only");
		if (hasRest) made[positional.size()] = new Tuple(Arrays.copyOfRange(args, Math.min(positional.size(), args.length), args.length));
		if (hasMore) made[made.length - 1] = more;
		return made;
	}

	private static int indexOf(List<Parameter> parameters, String asked) {
		for (int at = 0; at < parameters.size(); at++)
			if (parameters.get(at).isByName && parameters.get(at).name.equals(asked)) return at;
		return -1;
	}

	private void checkMissing(List<Parameter> parameters, Object[] made, int from, int given, String kind) {
		List<String> missing = new ArrayList<>();
		for (int at = 0; at < parameters.size(); at++)
			if (parameters.get(at).isRequired && made[from + at] == ABSENT) missing.add(parameters.get(at).name);
		if (missing.isEmpty()) return;
		if (isBuiltin) throw PyError.of("TypeError", builtinCount(given));
		String list = PyError.names(missing);
		String what = missing.size() + " required " + kind + " argument" + PyError.plural(missing.size());
		throw PyError.of("TypeError", name + "() missing " + what + ": " + list);
	}

	private String shortName() {
		return name.substring(name.lastIndexOf('.') + 1);
	}

	private String multiple(String argument, int at) {
		if (isBuiltin) return "argument for " + shortName() + "() given by name ('" + argument + "') and position (" + (at + 1) + ")";
		return name + "() got multiple values for argument '" + argument + "'";
	}

	private String unexpected(String argument, Dict keywords) {
		if (isBuiltin) {
			boolean takesNone = only.isEmpty() && positional.stream().noneMatch(Parameter::isByName);
			if (takesNone) return name + "() takes no keyword arguments";
			return "'" + argument + "' is an invalid keyword argument for " + shortName() + "()";
		}
		List<String> fixed = new ArrayList<>();
		for (Parameter one : positional) if (!one.isByName && keywords.has(one.name)) fixed.add(one.name);
		if (!fixed.isEmpty()) {
			String names = String.join(", ", fixed);
			return name + "() got some positional-only arguments passed as keyword arguments: '" + names + "'";
		}
		return name + "() got an unexpected keyword argument '" + argument + "'";
	}

	private int required() {
		return (int) positional.stream().filter(Parameter::isRequired).count();
	}

	private String tooMany(int given, Object[] made, int firstOnly) {
		if (isBuiltin) return builtinCount(given);
		int max = positional.size();
		int min = required();
		int named = 0;
		for (int at = 0; at < only.size(); at++) if (made[firstOnly + at] != ABSENT) named++;
		String takes = min == max ? String.valueOf(max) : "from " + min + " to " + max;
		String and = "positional argument" + PyError.plural(given) + " (and " + named + " keyword-only argument" + PyError.plural(named) + ") were";
		String were = named > 0 ? and : given == 1 ? "was" : "were";
		return name + "() takes " + takes + " positional argument" + (min == max ? PyError.plural(max) : "s") + " but " + given + " " + were + " given";
	}

	private String builtinCount(int given) {
		int max = positional.size();
		int min = required();
		if (min == max && max == 0) return name + "() takes no arguments (" + given + " given)";
		if (min == max && max == 1) return name + "() takes exactly one argument (" + given + " given)";
		int bound = min == max || given < min ? min : max;
		String least = min == max ? "" : given < min ? "at least " : "at most ";
		return shortName() + " expected " + least + bound + " argument" + PyError.plural(bound) + ", got " + given;
	}

	/** The keywords of a call: pairs of a text and a value, and after them what {@code **value} gave. */
	public static Dict keywords(String callee, Object... parts) {
		Dict made = new Dict();
		for (int at = 0; at < parts.length; at += 2) {
			if (parts[at] != null) addKeyword(callee, made, parts[at], parts[at + 1]);
			else {
				if (!(parts[at + 1] instanceof Dict more)) throw PyError.of("TypeError", "argument after ** must be a mapping, not " + Types.typeName(parts[at + 1]));
				for (Dict.Entry entry : more.entries()) addKeyword(callee, made, entry.key, entry.value);
			}
		}
		return made;
	}

	private static void addKeyword(String callee, Dict made, Object key, Object value) {
		if (!(key instanceof String name)) throw PyError.of("TypeError", "keywords must be strings");
		if (made.has(name)) throw PyError.of("TypeError", callee + "() got multiple values for keyword argument '" + name + "'");
		made.set(name, value);
	}

	/** Positional arguments of which some are given as {@code *value}. */
	public static Object[] spread(Object[]... parts) {
		Object[] made = {};
		for (Object[] part : parts) made = joined(made, part);
		return made;
	}

	/** {@code value}, or what stands for it where it was not given. */
	public static Object or(Object value, Object otherwise) {
		return value == ABSENT ? otherwise : value;
	}
}
