package io.backgroundjobs.annotation;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import io.backgroundjobs.JobConfigurationException;

/**
 * Where an annotation was found, so that each failure can name it.
 *
 * @param annotation the annotation
 * @param element what carries it
 * @param beanName the bean that it makes a job of
 */
record JobPlace(Class<? extends Annotation> annotation, String element, String beanName) {

	static JobPlace method(Class<? extends Annotation> annotation, Method method, String beanName) {
		return new JobPlace(annotation, "method " + text(method), beanName);
	}

	static JobPlace factoryMethod(Class<? extends Annotation> annotation, String method, String beanName) {
		return new JobPlace(annotation, "factory method " + method, beanName);
	}

	static JobPlace type(Class<? extends Annotation> annotation, Class<?> type, String beanName) {
		return new JobPlace(annotation, "class " + simpleName(type), beanName);
	}

	JobConfigurationException invalid(String attribute, Object value, String problem, @Nullable String action) {
		return invalid(attribute, value, problem, action, null);
	}

	JobConfigurationException invalid(String attribute, Object value, String problem, @Nullable String action,
			@Nullable Throwable cause) {
		return new JobConfigurationException("The " + attribute(attribute) + " is '" + value + "', " + problem, action,
				cause);
	}

	JobConfigurationException failure(String problem, String action) {
		return new JobConfigurationException(this + " " + problem, action);
	}

	/**
	 * Say where the cause of a failure was declared.
	 */
	JobConfigurationException failure(JobConfigurationException cause) {
		return new JobConfigurationException(cause.getMessage() + ". It was declared by " + this, cause.action(),
				cause);
	}

	String attribute(String attribute) {
		return "'" + attribute + "' of " + this;
	}

	@Override
	public String toString() {
		return "@" + this.annotation.getSimpleName() + " on " + this.element + " of bean '" + this.beanName + "'";
	}

	static String text(Method method) {
		return simpleName(method.getDeclaringClass()) + "." + method.getName()
				+ Arrays.stream(method.getParameterTypes())
					.map(Class::getSimpleName)
					.collect(Collectors.joining(", ", "(", ")"));
	}

	private static String simpleName(Class<?> type) {
		return !type.getSimpleName().isEmpty() ? type.getSimpleName() : type.getName();
	}

}
