package io.backgroundjobs.annotation;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.UndeclaredThrowableException;

import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.core.convert.ConversionException;
import org.springframework.core.convert.ConversionService;
import org.springframework.core.convert.TypeDescriptor;
import org.springframework.util.ReflectionUtils;

import io.backgroundjobs.JobBody;
import io.backgroundjobs.JobContext;

/**
 * Calls a bean's method, with the running job wherever a parameter asks for it.
 */
final class MethodBody implements JobBody<@Nullable Object> {

	private final Object bean;

	private final Method method;

	/**
	 * Converted once, with holes where the job goes.
	 */
	private final @Nullable Object[] arguments;

	private MethodBody(Object bean, Method method, @Nullable Object[] arguments) {
		this.bean = bean;
		this.method = method;
		this.arguments = arguments;
	}

	/**
	 * Create a body.
	 * @param bean the bean, or its proxy
	 * @param method a method that the bean's class has
	 * @param texts one text for each parameter that is not a {@link JobContext}
	 * @param conversion converts the texts to the parameters' types
	 * @param place where the job is declared
	 * @return the body
	 */
	static MethodBody of(Object bean, Method method, String[] texts, ConversionService conversion, JobPlace place) {
		Class<?>[] types = method.getParameterTypes();
		@Nullable Object[] arguments = new @Nullable Object[types.length];
		int used = 0;
		for (int i = 0; i < types.length; i++) {
			if (types[i] == JobContext.class) {
				continue;
			}
			if (used < texts.length) {
				arguments[i] = convert(texts[used], new MethodParameter(method, i), conversion, place);
			}
			used++;
		}
		if (used != texts.length) {
			throw place.failure("has " + texts.length + " 'args' for " + used + " parameters",
					"Give one text in 'args' for each parameter that is not a JobContext.");
		}
		ReflectionUtils.makeAccessible(method);
		return new MethodBody(bean, method, arguments);
	}

	@Override
	public @Nullable Object run(JobContext context) throws Exception {
		try {
			return this.method.invoke(this.bean, JobContextParameters.fill(this.method, this.arguments, context));
		}
		catch (InvocationTargetException ex) {
			throw asException(ex.getTargetException());
		}
	}

	@Override
	public String toString() {
		return JobPlace.text(this.method);
	}

	/**
	 * Return a throwable as something that {@link JobBody#run} may throw.
	 * @param failure what a method threw
	 * @return the failure
	 * @throws Error the failure, if it is one
	 */
	static Exception asException(Throwable failure) {
		if (failure instanceof Exception exception) {
			return exception;
		}
		if (failure instanceof Error error) {
			throw error;
		}
		return new UndeclaredThrowableException(failure);
	}

	private static @Nullable Object convert(String text, MethodParameter parameter, ConversionService conversion,
			JobPlace place) {
		Class<?> type = parameter.getParameterType();
		String problem = "which cannot be converted to the " + type.getSimpleName() + " that the method takes";
		String action = "Write a text that the application's ConversionService converts to " + type.getName() + ".";
		Object value;
		try {
			value = conversion.convert(text, TypeDescriptor.valueOf(String.class), new TypeDescriptor(parameter));
		}
		catch (ConversionException ex) {
			throw place.invalid("args", text, problem, action, ex);
		}
		if (value == null && type.isPrimitive()) {
			throw place.invalid("args", text, problem, action);
		}
		return value;
	}

}
