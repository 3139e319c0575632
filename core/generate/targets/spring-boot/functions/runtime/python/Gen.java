package python;

import java.util.concurrent.SynchronousQueue;
import java.util.function.Supplier;

/**
 * A generator of the source. Its body runs on a thread of its own that stands still between two items: at any moment either the body runs
 * or the one who asks, never both.
 */
public final class Gen extends Iter {
	private static final long STACK_BYTES = 64L << 20;

	/** What the body does when it has an item: it hands it over and waits for what is sent. */
	public static final class Outlet {
		private final Gen of;

		private Outlet(Gen of) {
			this.of = of;
		}

		/** yield value */
		public Object give(Object value) {
			of.put(of.given, new Object[] {value});
			return of.awaited();
		}

		/** yield from value */
		public Object delegate(Object value) {
			if (!(value instanceof Gen inner)) {
				for (Object item : Iterate.iterate(value)) give(item);
				return null;
			}
			Object item = inner.resume(null);
			while (item != END) item = inner.resume(give(item));
			return inner.result;
		}
	}

	private static final class Closed extends Error {
		Closed() {
			super(null, null, false, false);
		}
	}

	private static final Object[] FINISHED = {};
	private static final Object[] CLOSE = {};

	private final Body body;
	private final SynchronousQueue<Object[]> given = new SynchronousQueue<>();
	private final SynchronousQueue<Object[]> sent = new SynchronousQueue<>();
	private Thread thread;
	private Throwable failure;
	private Object result;
	private boolean isRunning;
	private boolean isOver;
	/** What a loop has asked for and not yet taken. */
	private Object ahead;
	private boolean isAhead;

	/** The body of a generator: it gives its items to the outlet, and returns what it returns. */
	public interface Body {
		Object run(Outlet outlet);
	}

	public Gen(Body body) {
		super("generator", () -> END);
		this.body = body;
	}

	/** StopIteration inside of a generator becomes RuntimeError. */
	static Object guarded(Supplier<Object> step) {
		try {
			return step.get();
		} catch (PyError error) {
			if (error.isNamed("StopIteration")) throw PyError.of("RuntimeError", "generator raised StopIteration");
			throw error;
		}
	}

	private void put(SynchronousQueue<Object[]> into, Object[] what) {
		try {
			into.put(what);
		} catch (InterruptedException interrupted) {
			throw new Closed();
		}
	}

	private Object awaited() {
		try {
			Object[] message = sent.take();
			if (message == CLOSE) throw new Closed();
			return message[0];
		} catch (InterruptedException interrupted) {
			throw new Closed();
		}
	}

	private void work() {
		try {
			awaited();
			result = guarded(() -> body.run(new Outlet(this)));
		} catch (Closed closed) {
			// Nobody asks any more.
		} catch (Throwable thrown) {
			failure = thrown;
		}
		put(given, FINISHED);
	}

	@Override
	public Object advance() {
		return resume(null);
	}

	@Override
	public boolean hasNext() {
		if (!isAhead) {
			ahead = resume(null);
			isAhead = true;
		}
		return ahead != END;
	}

	@Override
	public Object next() {
		if (!isAhead) return resume(null);
		isAhead = false;
		return ahead;
	}

	private Object resume(Object value) {
		if (isAhead) {
			isAhead = false;
			return ahead;
		}
		if (isRunning) throw PyError.of("ValueError", "generator already executing");
		if (isOver) return END;
		if (thread == null) {
			if (value != null) throw PyError.of("TypeError", "can't send non-None value to a just-started generator");
			thread = new Thread(null, this::work, "generator", STACK_BYTES);
			thread.setDaemon(true);
			thread.start();
		}
		isRunning = true;
		try {
			sent.put(new Object[] {value});
			Object[] message = given.take();
			if (message != FINISHED) return message[0];
			isOver = true;
			if (failure instanceof RuntimeException error) throw error;
			if (failure instanceof Error error) throw error;
			return END;
		} catch (InterruptedException interrupted) {
			throw new IllegalStateException(interrupted);
		} finally {
			isRunning = false;
		}
	}

	/** generator.send(value) */
	public static Object generatorSend(Gen generator, Object value) {
		Object item = generator.resume(value);
		if (item != END) return item;
		Object result = generator.result;
		generator.result = null;
		throw result == null ? PyError.of("StopIteration") : PyError.of("StopIteration", result);
	}

	public static Object generatorClose(Gen generator) {
		if (generator.thread != null && !generator.isOver) {
			generator.put(generator.sent, CLOSE);
			generator.isOver = true;
			try {
				generator.given.take();
			} catch (InterruptedException interrupted) {
				throw new IllegalStateException(interrupted);
			}
		}
		generator.isOver = true;
		return null;
	}
}
