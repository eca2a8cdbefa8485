package io.backgroundjobs;

import org.jspecify.annotations.Nullable;

/**
 * Binds the running job to its thread. The engine sets it around each body; other code
 * needs it only to carry a job's context over to a thread of its own.
 *
 * @since 1.0.0
 */
public final class JobContextHolder {

	private static final ThreadLocal<@Nullable JobContext> CONTEXT = new ThreadLocal<>();

	private JobContextHolder() {
	}

	/**
	 * Return the job that is bound to the current thread.
	 * @return the job's context, or {@code null}
	 */
	public static @Nullable JobContext getContext() {
		return CONTEXT.get();
	}

	/**
	 * Bind a job to the current thread. Whoever binds one must restore what was bound
	 * before.
	 * @param context the job's context; {@code null} clears
	 */
	public static void setContext(@Nullable JobContext context) {
		if (context != null) {
			CONTEXT.set(context);
		}
		else {
			CONTEXT.remove();
		}
	}

}
