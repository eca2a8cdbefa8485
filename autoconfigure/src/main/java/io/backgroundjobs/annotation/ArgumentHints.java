package io.backgroundjobs.annotation;

import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.BindingReflectionHintsRegistrar;
import org.springframework.beans.factory.aot.BeanRegistrationAotContribution;
import org.springframework.beans.factory.aot.BeanRegistrationAotProcessor;
import org.springframework.beans.factory.support.RegisteredBean;
import org.springframework.core.annotation.MergedAnnotation;

import io.backgroundjobs.BackgroundJob;

/**
 * Keeps in a native image what the key of a {@link BackgroundJob @BackgroundJob} may read
 * of the arguments, and what the JSON of a durable one holds.
 */
final class ArgumentHints implements BeanRegistrationAotProcessor {

	private final BindingReflectionHintsRegistrar registrar = new BindingReflectionHintsRegistrar();

	@Override
	public @Nullable BeanRegistrationAotContribution processAheadOfTime(RegisteredBean registeredBean) {
		Class<?> type = registeredBean.getBeanClass();
		if (!JobAnnotations.areOnMethods(type)) {
			return null;
		}
		Set<Type> arguments = new LinkedHashSet<>();
		JobAnnotations.onMethods(type)
			.forEach((method, annotations) -> arguments
				.addAll(argumentsOf(method, type, annotations.get(BackgroundJob.class))));
		return arguments.isEmpty() ? null : (context, code) -> this.registrar
			.registerReflectionHints(context.getRuntimeHints().reflection(), arguments.toArray(Type[]::new));
	}

	private static List<? extends Type> argumentsOf(Method method, Class<?> type,
			MergedAnnotation<BackgroundJob> annotation) {
		if (annotation.getValue("durable", Boolean.class).orElse(false)) {
			return JobContextParameters.otherTypes(method, type);
		}
		return annotation.getValue("key", String.class).orElse("").isEmpty() ? List.of()
				: List.of(method.getParameterTypes());
	}

}
