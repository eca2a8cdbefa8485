package io.backgroundjobs.durable;

import org.junit.jupiter.api.Test;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.boot.test.context.FilteredClassLoader;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a native image has to keep.
 */
class PayloadHintsTests {

	@Test
	void whatIsStoredIsKept() {
		RuntimeHints hints = new RuntimeHints();
		new PayloadHints().registerHints(hints, null);
		assertThat(RuntimeHintsPredicates.reflection().onType(Payload.class)).accepts(hints);
		assertThat(RuntimeHintsPredicates.reflection().onType(Payload.Failure.class)).accepts(hints);
		assertThat(RuntimeHintsPredicates.resource().forResource("io/backgroundjobs/durable/schema-postgresql.sql"))
			.accepts(hints);
	}

	@Test
	void withoutJacksonNothingOfItIsLookedAt() {
		RuntimeHints hints = new RuntimeHints();
		new PayloadHints().registerHints(hints, new FilteredClassLoader("tools.jackson"));
		assertThat(RuntimeHintsPredicates.reflection().onType(Payload.class)).rejects(hints);
	}

}
