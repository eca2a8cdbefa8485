package io.backgroundjobs.engine;

import java.util.Arrays;
import java.util.Collection;

/**
 * Knows which threads wait for the end of the JVM. {@link System#exit} returns to nobody:
 * its caller waits for the shutdown hooks, and with them for a drain. A second caller
 * waits for the first. Neither can be interrupted.
 */
final class JvmExit {

	private JvmExit() {
	}

	/**
	 * Whether the JVM ends, for whatever reason.
	 */
	static boolean isUnderWay() {
		Thread hook = new Thread("background-jobs-exit-probe");
		try {
			Runtime.getRuntime().addShutdownHook(hook);
			Runtime.getRuntime().removeShutdownHook(hook);
			return false;
		}
		catch (IllegalStateException ex) {
			return true;
		}
	}

	/**
	 * Whether a thread is inside of {@link System#exit}.
	 */
	static boolean isAwaitedBy(Thread thread) {
		return switch (thread.getState()) {
			case WAITING, BLOCKED -> isInside(thread.getStackTrace());
			default -> false;
		};
	}

	/**
	 * Return how many threads called {@link System#exit} from inside of a method. Virtual
	 * threads are not found.
	 */
	static int countCallers(Class<?> type, String method) {
		Collection<StackTraceElement[]> stacks = Thread.getAllStackTraces().values();
		return (int) stacks.stream()
			.filter((stack) -> isInside(stack) && contains(stack, type.getName(), method))
			.count();
	}

	private static boolean isInside(StackTraceElement[] stack) {
		return contains(stack, Runtime.class.getName(), "exit");
	}

	private static boolean contains(StackTraceElement[] stack, String type, String method) {
		return Arrays.stream(stack)
			.anyMatch((frame) -> frame.getClassName().equals(type) && frame.getMethodName().equals(method));
	}

}
