package io.backgroundjobs.autoconfigure;

import org.junit.jupiter.api.Test;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.beans.factory.aot.AotServices;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is read by reflection in a native image.
 */
class BackgroundJobRuntimeHintsTests {

	@Test
	void hintsAreFoundByTheAheadOfTimeProcessing() throws Exception {
		RuntimeHints hints = new RuntimeHints();
		AotServices.factories()
			.load(RuntimeHintsRegistrar.class)
			.stream()
			.filter(BackgroundJobRuntimeHints.class::isInstance)
			.forEach((registrar) -> registrar.registerHints(hints, getClass().getClassLoader()));
		assertThat(RuntimeHintsPredicates.reflection().onType(JobProperties.class)).accepts(hints);
		assertThat(RuntimeHintsPredicates.reflection()
			.onFieldAccess(ThreadPoolTaskScheduler.class.getDeclaredField("taskDecorator"))).accepts(hints);
	}

}
