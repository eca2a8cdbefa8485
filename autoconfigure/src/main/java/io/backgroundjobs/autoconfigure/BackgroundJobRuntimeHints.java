package io.backgroundjobs.autoconfigure;

import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.boot.context.properties.bind.BindableRuntimeHintsRegistrar;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

/**
 * Names what ahead-of-time processing cannot see: a record that is bound by hand, and two
 * fields that have no getter.
 */
final class BackgroundJobRuntimeHints implements RuntimeHintsRegistrar {

	@Override
	public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
		BindableRuntimeHintsRegistrar.forTypes(JobProperties.class).registerHints(hints);
		hints.reflection()
			.registerType(ThreadPoolTaskScheduler.class,
					(type) -> ClockRequirements.FORBIDDEN.forEach(type::withField));
	}

}
