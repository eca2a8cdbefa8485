package io.backgroundjobs.durable;

import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.BindingReflectionHintsRegistrar;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.util.ClassUtils;

/**
 * Keeps in a native image what is stored around the arguments of a job, and the scripts
 * that make the table.
 */
final class PayloadHints implements RuntimeHintsRegistrar {

	@Override
	public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
		hints.resources().registerPattern("io/backgroundjobs/durable/schema-*.sql");
		if (ClassUtils.isPresent("tools.jackson.databind.JsonNode", classLoader)) {
			new BindingReflectionHintsRegistrar().registerReflectionHints(hints.reflection(), Payload.class,
					Payload.Failure.class);
		}
	}

}
