package python;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The library's regular expressions: rewritten into Java's notation; what has another meaning there is not translated. */
public final class Regex extends PyObject {
	private static final Map<String, Regex> COMPILED = new HashMap<>();

	final Pattern pattern;
	final int groups;
	final Map<String, Integer> names;

	private Regex(RegexSyntax syntax) {
		this.pattern = Pattern.compile(syntax.text(), syntax.flags());
		this.groups = syntax.groups();
		this.names = syntax.names();
	}

	@Override
	public String typeName() {
		return "Pattern";
	}

	@Override
	public Object key() {
		return this;
	}

	/** A match as a value. */
	static final class Match extends PyObject {
		private final Matcher found;
		private final Regex of;
		private final String text;

		Match(Matcher matcher, Regex of, String text) {
			this.found = matcher;
			this.of = of;
			this.text = text;
		}

		@Override
		public String typeName() {
			return "Match";
		}

		@Override
		public String repr() {
			return "<re.Match object; span=(" + place(found.start()) + ", " + place(found.end()) + "), match=" + Repr.textRepr(found.group()) + ">";
		}

		@Override
		public Object getItem(Object key) {
			return group(key);
		}

		private int place(int unit) {
			return unit < 0 ? -1 : text.codePointCount(0, unit);
		}

		private int number(Object group) {
			int at = group instanceof String name ? of.names.getOrDefault(name, -1) : Numbers.isWhole(group) ? Items.sizeArgument(group) : -1;
			if (at < 0 || at > of.groups) throw PyError.of("IndexError", "no such group");
			return at;
		}

		Object group(Object group) {
			return found.group(number(group));
		}

		Object start(Object group) {
			return (long) place(found.start(number(group)));
		}

		Object end(Object group) {
			return (long) place(found.end(number(group)));
		}

		Object[] groupsOr(Object otherwise) {
			Object[] made = new Object[of.groups];
			for (int at = 0; at < made.length; at++) made[at] = found.group(at + 1) == null ? otherwise : found.group(at + 1);
			return made;
		}
	}

	/** All matches from left to right. Where an empty one ended, the next may not be empty. */
	private List<Match> all(String text, int most) {
		List<Match> made = new ArrayList<>();
		int from = 0;
		int emptyAt = -1;
		while (from <= text.length() && made.size() < most) {
			Matcher matcher = pattern.matcher(text).useTransparentBounds(true).useAnchoringBounds(false).region(from, text.length());
			if (!matcher.find()) break;
			if (matcher.end() == emptyAt) {
				from = emptyAt < text.length() ? text.offsetByCodePoints(emptyAt, 1) : text.length() + 1;
				continue;
			}
			made.add(new Match(matcher, this, text));
			from = matcher.end();
			emptyAt = matcher.end() == matcher.start() ? from : -1;
		}
		return made;
	}

	public static Regex reCompile(Object pattern) {
		return reCompile(pattern, 0L);
	}

	public static Regex reCompile(Object pattern, Object flags) {
		if (pattern instanceof Regex own) return own;
		if (!(pattern instanceof String source)) throw PyError.of("TypeError", "first argument must be string or compiled pattern");
		int given = Items.sizeArgument(Func.or(flags, 0L));
		return COMPILED.computeIfAbsent(given + ":" + source, key -> new Regex(RegexSyntax.rewritten(source, given)));
	}

	private static String textOf(Object value) {
		if (value instanceof String text) return text;
		throw PyError.of("TypeError", "expected string or bytes-like object, got '" + Types.typeName(value) + "'");
	}

	public static Object patternSearch(Regex of, Object value) {
		String text = textOf(value);
		Matcher matcher = of.pattern.matcher(text);
		return matcher.find() ? new Match(matcher, of, text) : null;
	}

	public static Object patternMatch(Regex of, Object value) {
		String text = textOf(value);
		Matcher matcher = of.pattern.matcher(text);
		return matcher.lookingAt() ? new Match(matcher, of, text) : null;
	}

	public static Object patternFullmatch(Regex of, Object value) {
		String text = textOf(value);
		Matcher matcher = of.pattern.matcher(text);
		return matcher.matches() ? new Match(matcher, of, text) : null;
	}

	public static ArrayList<Object> patternFindall(Regex of, Object value) {
		ArrayList<Object> made = new ArrayList<>();
		for (Match match : of.all(textOf(value), Integer.MAX_VALUE)) {
			if (of.groups == 0) made.add(match.found.group());
			else made.add(of.groups == 1 ? match.groupsOr("")[0] : new Tuple(match.groupsOr("")));
		}
		return made;
	}

	public static Iter patternFinditer(Regex of, Object value) {
		return Iterate.walk("callable_iterator", new ArrayList<>(of.all(textOf(value), Integer.MAX_VALUE)));
	}

	private static int most(Object count) {
		int limit = Items.sizeArgument(Func.or(count, 0L));
		return limit > 0 ? limit : Integer.MAX_VALUE;
	}

	public static Object patternSubn(Regex of, Object by, Object value) {
		return patternSubn(of, by, value, 0L);
	}

	public static Object patternSubn(Regex of, Object by, Object value, Object count) {
		String text = textOf(value);
		StringBuilder made = new StringBuilder();
		int end = 0;
		long done = 0;
		for (Match match : of.all(text, most(count))) {
			made.append(text, end, match.found.start()).append(of.replacement(by, match));
			end = match.found.end();
			done++;
		}
		return new Tuple(made.append(text.substring(end)).toString(), done);
	}

	private static final Pattern REFERENCE = Pattern.compile("\\\\(?:g<(\\w+)>|([1-9]\\d?)|(.))", Pattern.DOTALL);

	private String replacement(Object by, Match match) {
		if (!(by instanceof String template)) {
			if (Func.call(by, match) instanceof String text) return text;
			throw PyError.notTranslated("a replacement that is no text");
		}
		StringBuilder made = new StringBuilder();
		Matcher reference = REFERENCE.matcher(template);
		int end = 0;
		while (reference.find()) {
			made.append(template, end, reference.start());
			end = reference.end();
			if (reference.group(3) != null) {
				int at = "ntr\\".indexOf(reference.group(3));
				if (at < 0) throw PyError.notTranslated("\\" + reference.group(3) + " in a replacement");
				made.append("\n\t\r\\".charAt(at));
				continue;
			}
			String name = reference.group(2) != null ? reference.group(2) : reference.group(1);
			int group = name.matches("\\d+") ? Integer.parseInt(name) : names.getOrDefault(name, -1);
			if (group < 0 || group > groups) throw PyError.notTranslated("a group that the pattern does not have");
			String text = match.found.group(group);
			made.append(text == null ? "" : text);
		}
		return made.append(template.substring(end)).toString();
	}

	public static Object patternSub(Regex of, Object by, Object text) {
		return patternSub(of, by, text, 0L);
	}

	public static Object patternSub(Regex of, Object by, Object text, Object count) {
		return ((Tuple) patternSubn(of, by, text, count)).items()[0];
	}

	public static ArrayList<Object> patternSplit(Regex of, Object text) {
		return patternSplit(of, text, 0L);
	}

	public static ArrayList<Object> patternSplit(Regex of, Object value, Object maxsplit) {
		String text = textOf(value);
		ArrayList<Object> made = new ArrayList<>();
		int end = 0;
		for (Match match : of.all(text, most(maxsplit))) {
			made.add(text.substring(end, match.found.start()));
			for (Object group : match.groupsOr(null)) made.add(group);
			end = match.found.end();
		}
		made.add(text.substring(end));
		return made;
	}

	public static Object matchGroup(Match match, Object... groups) {
		if (groups.length == 0) return match.group(0L);
		if (groups.length == 1) return match.group(groups[0]);
		Object[] made = new Object[groups.length];
		for (int at = 0; at < made.length; at++) made[at] = match.group(groups[at]);
		return new Tuple(made);
	}

	public static Object matchGroups(Match match) {
		return new Tuple(match.groupsOr(null));
	}

	public static Object matchGroups(Match match, Object otherwise) {
		return new Tuple(match.groupsOr(Func.or(otherwise, null)));
	}

	public static Object matchStart(Match match) {
		return match.start(0L);
	}

	public static Object matchStart(Match match, Object group) {
		return match.start(Func.or(group, 0L));
	}

	public static Object matchEnd(Match match) {
		return match.end(0L);
	}

	public static Object matchEnd(Match match, Object group) {
		return match.end(Func.or(group, 0L));
	}

	public static Object matchSpan(Match match) {
		return matchSpan(match, 0L);
	}

	public static Object matchSpan(Match match, Object group) {
		Object asked = Func.or(group, 0L);
		return new Tuple(match.start(asked), match.end(asked));
	}

	public static Object matchGroupdict(Match match) {
		return matchGroupdict(match, null);
	}

	public static Object matchGroupdict(Match match, Object otherwise) {
		Dict made = new Dict();
		for (Map.Entry<String, Integer> name : match.of.names.entrySet())
			made.set(name.getKey(), match.groupsOr(Func.or(otherwise, null))[name.getValue() - 1]);
		return made;
	}

	public static String reEscape(Object value) {
		StringBuilder made = new StringBuilder();
		for (char unit : textOf(value).toCharArray()) {
			if ("\t\n\u000b\f\r #$&()*+-.?[\\]^{|}~".indexOf(unit) >= 0) made.append('\\');
			made.append(unit);
		}
		return made.toString();
	}

	public static Object reSearch(Object pattern, Object text) {
		return patternSearch(reCompile(pattern), text);
	}

	public static Object reSearch(Object pattern, Object text, Object flags) {
		return patternSearch(reCompile(pattern, flags), text);
	}

	public static Object reMatch(Object pattern, Object text) {
		return patternMatch(reCompile(pattern), text);
	}

	public static Object reMatch(Object pattern, Object text, Object flags) {
		return patternMatch(reCompile(pattern, flags), text);
	}

	public static Object reFullmatch(Object pattern, Object text) {
		return patternFullmatch(reCompile(pattern), text);
	}

	public static Object reFullmatch(Object pattern, Object text, Object flags) {
		return patternFullmatch(reCompile(pattern, flags), text);
	}

	public static ArrayList<Object> reFindall(Object pattern, Object text) {
		return patternFindall(reCompile(pattern), text);
	}

	public static ArrayList<Object> reFindall(Object pattern, Object text, Object flags) {
		return patternFindall(reCompile(pattern, flags), text);
	}

	public static Iter reFinditer(Object pattern, Object text) {
		return patternFinditer(reCompile(pattern), text);
	}

	public static Iter reFinditer(Object pattern, Object text, Object flags) {
		return patternFinditer(reCompile(pattern, flags), text);
	}

	public static Object reSub(Object pattern, Object by, Object text) {
		return patternSub(reCompile(pattern), by, text);
	}

	public static Object reSub(Object pattern, Object by, Object text, Object count) {
		return patternSub(reCompile(pattern), by, text, count);
	}

	public static Object reSub(Object pattern, Object by, Object text, Object count, Object flags) {
		return patternSub(reCompile(pattern, flags), by, text, count);
	}

	public static Object reSubn(Object pattern, Object by, Object text) {
		return patternSubn(reCompile(pattern), by, text);
	}

	public static Object reSubn(Object pattern, Object by, Object text, Object count) {
		return patternSubn(reCompile(pattern), by, text, count);
	}

	public static Object reSubn(Object pattern, Object by, Object text, Object count, Object flags) {
		return patternSubn(reCompile(pattern, flags), by, text, count);
	}

	public static ArrayList<Object> reSplit(Object pattern, Object text) {
		return patternSplit(reCompile(pattern), text);
	}

	public static ArrayList<Object> reSplit(Object pattern, Object text, Object maxsplit) {
		return patternSplit(reCompile(pattern), text, maxsplit);
	}

	public static ArrayList<Object> reSplit(Object pattern, Object text, Object maxsplit, Object flags) {
		return patternSplit(reCompile(pattern, flags), text, maxsplit);
	}
}
