package python;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** The library's functools and operator, and copies of values. */
public final class Functional {
	private Functional() {}

	public static Object functoolsReduce(Object fn, Object values) {
		return functoolsReduce(fn, values, Func.ABSENT);
	}

	public static Object functoolsReduce(Object fn, Object values, Object initial) {
		Object total = initial;
		for (Object value : Iterate.iterate(values)) total = total == Func.ABSENT ? value : Func.call(fn, total, value);
		if (total == Func.ABSENT) throw PyError.of("TypeError", "reduce() of empty iterable with no initial value");
		return total;
	}

	public static Object functoolsPartial(Object fn, Object[] args) {
		return functoolsPartial(fn, args, new Dict());
	}

	public static Object functoolsPartial(Object fn, Object[] args, Dict named) {
		return new Applied("functools.partial", (more, keywords) -> {
			Dict all = new Dict().with(named);
			return Func.call(fn, Func.joined(args, more), keywords == null ? all : all.with(keywords));
		});
	}

	/** Each distinct call once. */
	public static Object functoolsCache(Object fn) {
		Map<List<Object>, Object> known = new HashMap<>();
		return new Applied("functools._lru_cache_wrapper", (args, keywords) -> {
			List<Object> key = new ArrayList<>();
			for (Object arg : args) key.add(Keys.keyOf(arg));
			if (keywords != null)
				for (Dict.Entry entry : keywords.entries()) key.add(Arrays.asList(entry.key, Keys.keyOf(entry.value)));
			if (known.containsKey(key)) return known.get(key);
			Object made = Func.call(fn, args, keywords);
			known.put(key, made);
			return made;
		});
	}

	public static Object functoolsLruCache() {
		return functoolsLruCache(128L);
	}

	/** {@code @lru_cache} and {@code @lru_cache(maxsize)}: which calls are kept changes no result of a function without effects. */
	public static Object functoolsLruCache(Object maxsize) {
		if (maxsize instanceof Func) return functoolsCache(maxsize);
		return new Applied("function", (args, keywords) -> functoolsCache(args[0]));
	}

	public static Object functoolsLruCache(Object maxsize, Object typed) {
		return functoolsLruCache(maxsize);
	}

	private static final class Compared extends PyObject {
		private final Object value;
		private final Object by;

		Compared(Object value, Object by) {
			this.value = value;
			this.by = by;
		}

		@Override
		public String typeName() {
			return "functools.KeyWrapper";
		}

		@Override
		public Object order(String op, Object other) {
			if (!(other instanceof Compared compared)) return UNKNOWN;
			return Compare.compareRich(op, Func.call(by, value, compared.value), 0L);
		}
	}

	public static Object functoolsCmpToKey(Object by) {
		return new Applied("functools.KeyWrapper", (args, keywords) -> new Compared(args[0], by));
	}

	public static Object operatorAdd(Object a, Object b) {
		return Numbers.add(a, b);
	}

	public static Object operatorSub(Object a, Object b) {
		return Numbers.subtract(a, b);
	}

	public static Object operatorMul(Object a, Object b) {
		return Numbers.multiply(a, b);
	}

	public static Object operatorTruediv(Object a, Object b) {
		return Numbers.divide(a, b);
	}

	public static Object operatorFloordiv(Object a, Object b) {
		return Numbers.floorDivide(a, b);
	}

	public static Object operatorMod(Object a, Object b) {
		return Format.modulo(a, b);
	}

	public static Object operatorPow(Object a, Object b) {
		return Power.power(a, b);
	}

	public static Object operatorAnd(Object a, Object b) {
		return Numbers.bitAnd(a, b);
	}

	public static Object operatorOr(Object a, Object b) {
		return Numbers.bitOr(a, b);
	}

	public static Object operatorXor(Object a, Object b) {
		return Numbers.bitXor(a, b);
	}

	public static Object operatorNeg(Object a) {
		return Numbers.negate(a);
	}

	public static boolean operatorNot(Object a) {
		return !Builtins.truth(a);
	}

	public static Object operatorEq(Object a, Object b) {
		return Compare.compareRich("==", a, b);
	}

	public static Object operatorNe(Object a, Object b) {
		return Compare.compareRich("!=", a, b);
	}

	public static Object operatorLt(Object a, Object b) {
		return Compare.compareRich("<", a, b);
	}

	public static Object operatorLe(Object a, Object b) {
		return Compare.compareRich("<=", a, b);
	}

	public static Object operatorGt(Object a, Object b) {
		return Compare.compareRich(">", a, b);
	}

	public static Object operatorGe(Object a, Object b) {
		return Compare.compareRich(">=", a, b);
	}

	public static boolean operatorContains(Object a, Object b) {
		return Items.contains(a, b);
	}

	public static Object operatorItemgetter(Object first, Object... more) {
		return new Applied("operator.itemgetter", (args, keywords) -> {
			if (more.length == 0) return Items.item(args[0], first);
			Object[] made = new Object[more.length + 1];
			made[0] = Items.item(args[0], first);
			for (int at = 0; at < more.length; at++) made[at + 1] = Items.item(args[0], more[at]);
			return new Tuple(made);
		});
	}

	public static Object copyCopy(Object value) {
		if (Lists.isList(value)) return new ArrayList<>(Lists.asList(value));
		if (value instanceof Dict dict && value.getClass() == Dict.class) return Dicts.dictCopy(dict);
		return unchanged(value);
	}

	private static Object unchanged(Object value) {
		if (!(value instanceof PyObject) || value instanceof Tuple || value instanceof Func) return value;
		throw PyError.notTranslated("a copy of what is no list, tuple or dict");
	}

	public static Object copyDeepcopy(Object value) {
		return copied(value, new IdentityHashMap<>());
	}

	/** What is held twice stays held twice. */
	private static Object copied(Object value, Map<Object, Object> known) {
		if (known.containsKey(value)) return known.get(value);
		if (Lists.isList(value)) {
			ArrayList<Object> made = new ArrayList<>();
			known.put(value, made);
			for (Object item : Lists.asList(value)) made.add(copied(item, known));
			return made;
		}
		if (value instanceof Tuple tuple) return new Tuple(Arrays.stream(tuple.items()).map(item -> copied(item, known)).toArray());
		if (value instanceof Dict dict && value.getClass() == Dict.class) {
			Dict made = new Dict();
			known.put(value, made);
			for (Dict.Entry entry : dict.entries()) made.set(copied(entry.key, known), copied(entry.value, known));
			return made;
		}
		return unchanged(value);
	}
}
