package io.backgroundjobs.durable;

import java.lang.reflect.Type;

import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.BindingReflectionHintsRegistrar;
import org.springframework.beans.factory.aot.BeanRegistrationAotContribution;
import org.springframework.beans.factory.aot.BeanRegistrationAotProcessor;
import org.springframework.beans.factory.support.RegisteredBean;
import org.springframework.core.ResolvableType;

import io.backgroundjobs.DurableJob;

/**
 * Keeps in a native image what the JSON of a {@link DurableJob}'s payload holds.
 */
final class DurableJobHints implements BeanRegistrationAotProcessor {

	private final BindingReflectionHintsRegistrar registrar = new BindingReflectionHintsRegistrar();

	@Override
	public @Nullable BeanRegistrationAotContribution processAheadOfTime(RegisteredBean registeredBean) {
		ResolvableType payload = registeredBean.getBeanType().as(DurableJob.class).getGeneric();
		if (payload.resolve() == null) {
			return null;
		}
		Type type = payload.getType();
		return (context, code) -> this.registrar.registerReflectionHints(context.getRuntimeHints().reflection(), type);
	}

}
