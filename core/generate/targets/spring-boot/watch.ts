import type { Expr } from "../../../contract/ir.ts";
import type { JavaScope } from "./code.ts";

/**
 * What a shadow build says about its branches; of the build that clients reach not one letter. The numbers are places in `branchesOf`.
 *
 *     if (amount > limit) {   ->   if (Branches.either(3, 4, amount > limit)) {
 */
export const branchClass = "Branches";

/** A condition. */
export function watchedTest(expr: Expr, text: string, scope: JavaScope): string {
	return wrapped("either", [`${expr.id}:yes`, `${expr.id}:no`], text, scope);
}

/** What a loop walks. */
export function watchedItems(iterable: Expr, text: string, scope: JavaScope): string {
	return wrapped("each", [`${iterable.id}:some`, `${iterable.id}:none`], text, scope);
}

/** For a loop by a condition: what stands before it, and the condition. A constant one stays, for the compiler reads it. */
export function watchedTurns(expr: Expr, text: string, scope: JavaScope): { before: string; test: string } {
	const [some, none] = [numberOf(`${expr.id}:some`, scope), numberOf(`${expr.id}:none`, scope)];
	if (some === undefined || none === undefined) return { before: "", test: text };
	if (text === "true") return { before: `${branchClass}.took(${some}); `, test: text };
	return { before: `${branchClass}.Turns turns${some} = new ${branchClass}.Turns(${some}, ${none}); `, test: `turns${some}.goOn(${text})` };
}

/** For the start of a block, in front of its first line. */
export function tookBranch(id: string, lines: string[], scope: JavaScope): string[] {
	const number = numberOf(id, scope);
	if (number === undefined) return lines;
	const [first, ...rest] = lines;
	return [`${branchClass}.took(${number});${first === undefined ? "" : ` ${first}`}`, ...rest];
}

function wrapped(name: string, [one, other]: [string, string], text: string, scope: JavaScope): string {
	const [first, second] = [numberOf(one, scope), numberOf(other, scope)];
	return first === undefined || second === undefined ? text : `${branchClass}.${name}(${first}, ${second}, ${text})`;
}

const numberOf = (id: string, { service }: JavaScope): number | undefined => (service.isWatched ? service.branches.get(id) : undefined);

export const branchesText = `import java.util.Collection;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Only in a shadow build: which branches the present request takes. Each method gives back what it was given. */
final class Branches {
	private static final ThreadLocal<TreeSet<Integer>> TAKEN = ThreadLocal.withInitial(TreeSet::new);

	private Branches() {}

	static void took(int branch) {
		TAKEN.get().add(branch);
	}

	/** The outcome of a condition is known once it is computed, so never when that throws. */
	static boolean either(int yes, int no, boolean value) {
		took(value ? yes : no);
		return value;
	}

	static <T extends Collection<?>> T each(int some, int none, T items) {
		took(items.isEmpty() ? none : some);
		return items;
	}

	/** The condition of one run of a loop: its first outcome says whether the loop runs at all. */
	static final class Turns {
		private final int some;
		private final int none;
		private boolean isFirst = true;

		Turns(int some, int none) {
			this.some = some;
			this.none = none;
		}

		boolean goOn(boolean goesOn) {
			if (isFirst) took(goesOn ? some : none);
			isFirst = false;
			return goesOn;
		}
	}

	/** The numbers since the last call on this thread, ascending: {@code 0,3,7}. */
	static String take() {
		String numbers = TAKEN.get().stream().map(String::valueOf).collect(Collectors.joining(","));
		TAKEN.remove();
		return numbers;
	}
}
`;
