package io.backgroundjobs.annotation;

import java.lang.reflect.Method;

import org.jspecify.annotations.Nullable;

import io.backgroundjobs.JobContext;

/**
 * Puts the running job into a method's arguments.
 */
final class JobContextParameters {

	private JobContextParameters() {
	}

	/**
	 * Return a copy of the arguments, in which each {@link JobContext} is the given one.
	 * @param method the method
	 * @param arguments its arguments
	 * @param context the running job
	 * @return the copy
	 */
	static @Nullable Object[] fill(Method method, @Nullable Object[] arguments, JobContext context) {
		@Nullable Object[] filled = arguments.clone();
		Class<?>[] types = method.getParameterTypes();
		for (int i = 0; i < types.length; i++) {
			if (types[i] == JobContext.class) {
				filled[i] = context;
			}
		}
		return filled;
	}

}
