package python;

import java.util.ArrayList;
import java.util.List;

/** {@code target op= value}: a value that can, changes itself. */
public final class InPlace {
	private InPlace() {}

	private interface Operator {
		Object apply(Object left, Object right, String op);
	}

	private static Object changed(String op, Object target, Object value, Operator otherwise) {
		Object told = target instanceof PyObject own ? own.inPlace(op, value) : PyObject.UNKNOWN;
		return told == PyObject.UNKNOWN ? otherwise.apply(target, value, op + "=") : told;
	}

	/** A list takes the items in, and stays the same list. */
	public static Object addTo(Object target, Object value) {
		if (!Lists.isList(target)) return changed("+", target, value, Numbers::add);
		Lists.listExtend(Lists.asList(target), value);
		return target;
	}

	public static Object multiplyTo(Object target, Object value) {
		if (!Lists.isList(target) || !Numbers.isWhole(value)) return changed("*", target, value, Numbers::multiply);
		ArrayList<Object> items = Lists.asList(target);
		List<Object> made = Lists.asList(Lists.repeated(target, value));
		items.clear();
		items.addAll(made);
		return target;
	}

	public static Object subtractFrom(Object target, Object value) {
		return changed("-", target, value, Numbers::subtract);
	}

	public static Object andWith(Object target, Object value) {
		return changed("&", target, value, Numbers::bitAnd);
	}

	public static Object orWith(Object target, Object value) {
		return changed("|", target, value, Numbers::bitOr);
	}

	public static Object xorWith(Object target, Object value) {
		return changed("^", target, value, Numbers::bitXor);
	}

	public static Object divideBy(Object target, Object value) {
		return changed("/", target, value, Numbers::divide);
	}

	public static Object floorDivideBy(Object target, Object value) {
		return changed("//", target, value, Numbers::floorDivide);
	}

	public static Object moduloBy(Object target, Object value) {
		return changed("%", target, value, Format::modulo);
	}

	public static Object powerBy(Object target, Object value) {
		return changed("**", target, value, Power::power);
	}

	public static Object shiftLeftBy(Object target, Object value) {
		return changed("<<", target, value, Numbers::shiftLeft);
	}

	public static Object shiftRightBy(Object target, Object value) {
		return changed(">>", target, value, Numbers::shiftRight);
	}
}
