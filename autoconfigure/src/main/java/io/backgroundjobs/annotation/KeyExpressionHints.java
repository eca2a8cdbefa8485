package io.backgroundjobs.annotation;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.BindingReflectionHintsRegistrar;
import org.springframework.beans.factory.aot.BeanRegistrationAotContribution;
import org.springframework.beans.factory.aot.BeanRegistrationAotProcessor;
import org.springframework.beans.factory.support.RegisteredBean;

import io.backgroundjobs.BackgroundJob;

/**
 * Keeps in a native image what the key of a {@link BackgroundJob @BackgroundJob} may read
 * of the arguments.
 */
final class KeyExpressionHints implements BeanRegistrationAotProcessor {

	private final BindingReflectionHintsRegistrar registrar = new BindingReflectionHintsRegistrar();

	@Override
	public @Nullable BeanRegistrationAotContribution processAheadOfTime(RegisteredBean registeredBean) {
		Class<?> type = registeredBean.getBeanClass();
		if (!JobAnnotations.areOnMethods(type)) {
			return null;
		}
		Set<Class<?>> arguments = new LinkedHashSet<>();
		JobAnnotations.onMethods(type).forEach((method, annotations) -> {
			if (!annotations.get(BackgroundJob.class).getValue("key", String.class).orElse("").isEmpty()) {
				arguments.addAll(List.of(method.getParameterTypes()));
			}
		});
		return arguments.isEmpty() ? null : (context, code) -> this.registrar
			.registerReflectionHints(context.getRuntimeHints().reflection(), arguments.toArray(Class<?>[]::new));
	}

}
