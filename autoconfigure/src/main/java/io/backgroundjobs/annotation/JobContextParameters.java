package io.backgroundjobs.annotation;

import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.springframework.core.GenericTypeResolver;

import io.backgroundjobs.JobContext;

/**
 * Tells the parameters that ask for the running job from those that callers fill.
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

	/**
	 * Return the types of the other parameters.
	 * @param method the method
	 * @param type the class that has or inherits the method; tells what type variables
	 * are
	 * @return the types in their order
	 */
	static List<Type> otherTypes(Method method, Class<?> type) {
		List<Type> others = new ArrayList<>();
		for (Type each : method.getGenericParameterTypes()) {
			if (each != JobContext.class) {
				others.add(GenericTypeResolver.resolveType(each, type));
			}
		}
		return others;
	}

	/**
	 * Return the arguments for the other parameters.
	 * @param method the method
	 * @param arguments its arguments
	 * @return the arguments in their order
	 */
	static List<@Nullable Object> without(Method method, @Nullable Object[] arguments) {
		List<@Nullable Object> others = new ArrayList<>();
		Class<?>[] types = method.getParameterTypes();
		for (int i = 0; i < types.length; i++) {
			if (types[i] != JobContext.class) {
				others.add(arguments[i]);
			}
		}
		return others;
	}

	/**
	 * Return all arguments, of those for the other parameters and the given job.
	 * @param method the method
	 * @param others what {@link #without} returned
	 * @param context the running job
	 * @return the arguments of the method
	 */
	static @Nullable Object[] with(Method method, List<@Nullable Object> others, JobContext context) {
		Iterator<@Nullable Object> other = others.iterator();
		return Arrays.stream(method.getParameterTypes())
			.map((type) -> (type == JobContext.class) ? context : other.next())
			.toArray();
	}

}
