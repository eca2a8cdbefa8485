package io.backgroundjobs;

import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

/**
 * Tests of a pool's settings.
 */
class PoolSpecTests {

	private static final PoolSpec MAIL = PoolSpec.named("mail");

	@Test
	void defaultsAreTheDocumentedOnes() {
		assertThat(MAIL).isEqualTo(
				new PoolSpec("mail", 100, 10_000, OverflowPolicy.BLOCK, Duration.ofSeconds(5), null, PoolThreads.AUTO));
	}

	@Test
	void eachChangeChangesOneSetting() {
		assertThat(MAIL.withLimit(1)
			.withPendingLimit(0)
			.withOverflow(OverflowPolicy.CALLER_RUNS)
			.withOverflowTimeout(Duration.ofMillis(2))
			.withTimeout(Duration.ofMillis(3))
			.withThreads(PoolThreads.PLATFORM))
			.isEqualTo(new PoolSpec("mail", 1, 0, OverflowPolicy.CALLER_RUNS, Duration.ofMillis(2),
					Duration.ofMillis(3), PoolThreads.PLATFORM));
		assertThat(MAIL.withTimeout(Duration.ofMillis(3)).withTimeout(null)).isEqualTo(MAIL);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "Mail", "1mail", "-mail", "mail_box", "mail.box", "mail box", "é" })
	void nameOfAnotherFormIsRefused(String name) {
		assertThatExceptionOfType(JobConfigurationException.class).isThrownBy(() -> PoolSpec.named(name));
	}

	@ParameterizedTest
	@ValueSource(strings = { "m", "mail", "mail-2", "default" })
	void nameOfTheFormIsAccepted(String name) {
		assertThat(PoolSpec.named(name).name()).isEqualTo(name);
	}

	@Test
	void impossibleSettingsAreRefusedAndNamed() {
		assertRefused(() -> MAIL.withLimit(0), "limit", "'mail'");
		assertRefused(() -> MAIL.withLimit(-1), "limit", "-1");
		assertRefused(() -> MAIL.withPendingLimit(-1), "pending-limit", "-1");
		assertRefused(() -> MAIL.withOverflowTimeout(Duration.ZERO), "overflow-timeout", "PT0S");
		assertRefused(() -> MAIL.withOverflowTimeout(Duration.ofNanos(-1)), "overflow-timeout", "'mail'");
		assertRefused(() -> MAIL.withTimeout(Duration.ZERO), "timeout", "PT0S");
		assertRefused(() -> MAIL.withTimeout(Duration.ofNanos(-1)), "timeout", "'mail'");
		assertThatNullPointerException()
			.isThrownBy(() -> new PoolSpec("mail", 1, 1, null, Duration.ofSeconds(1), null, PoolThreads.AUTO));
	}

	private static void assertRefused(Runnable change, String... words) {
		assertThatExceptionOfType(JobConfigurationException.class).isThrownBy(change::run)
			.satisfies((ex) -> assertThat(ex.getMessage()).contains(words));
	}

}
