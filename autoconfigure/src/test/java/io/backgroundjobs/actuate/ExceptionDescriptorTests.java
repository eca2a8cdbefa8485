package io.backgroundjobs.actuate;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.endpoint.Sanitizer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of how exceptions are described that are not as exceptions should be.
 */
class ExceptionDescriptorTests {

	private final ShownValues shown = new ShownValues(new Sanitizer(List.of()), true);

	@Test
	void messageThatCannotBeReadHidesNothingElse() {
		RuntimeException poisoned = new RuntimeException() {

			@Override
			public String getMessage() {
				throw new IllegalStateException("broken");
			}

		};
		ExceptionDescriptor descriptor = ExceptionDescriptor.full(new IllegalArgumentException("outer", poisoned),
				this.shown);
		assertThat(descriptor.message()).isEqualTo("outer");
		assertThat(descriptor.cause()).isNotNull();
		assertThat(descriptor.cause().message())
			.isEqualTo("(the message cannot be read: java.lang.IllegalStateException)");
	}

	@Test
	void longMessageIsCut() {
		String message = "x".repeat(ExceptionDescriptor.MAX_MESSAGE);
		assertThat(ExceptionDescriptor.brief(new RuntimeException(message), this.shown).message()).isEqualTo(message);
		assertThat(ExceptionDescriptor.brief(new RuntimeException(message + "yyy"), this.shown).message())
			.isEqualTo(message + "... 3 more");
	}

}
