package io.backgroundjobs.autoconfigure;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of the arithmetic of a shutdown, and of the advice that follows from it.
 */
class ShutdownBudgetTests {

	@Test
	void defaultsWithAWebServerDoNotFit() {
		ShutdownBudget budget = budget(30, 25, 1, 30);
		assertThat(budget.fits()).isFalse();
		assertThat(budget.text().lines()).containsExactly(
				"A shutdown may take up to 57s, and the process is given 30s:",
				"       30s  the web server finishes its requests (spring.lifecycle.timeout-per-shutdown-phase)",
				"  +    25s  jobs finish, shielded ones included (background-jobs.shutdown.shield-timeout)",
				"  +     1s  jobs that were interrupted leave (background-jobs.shutdown.close-timeout)",
				"  +     1s  the last ones tell their listeners (background-jobs.shutdown.close-timeout)",
				"  =    57s  of the grace period of 30s (background-jobs.shutdown.grace-period)",
				"A process that is killed before the end loses its jobs, and cannot say which.",
				"Either give it more time: terminationGracePeriodSeconds: 57 for its pod, and "
						+ "background-jobs.shutdown.grace-period=57s to say so here; or shorten "
						+ "spring.lifecycle.timeout-per-shutdown-phase to 3s.",
				"Leave room for preStop hooks, Spring's own executors and the closing of beans: they come on top.");
	}

	@Test
	void defaultsWithoutAWebServerFitAndNeedNoAdvice() {
		ShutdownBudget budget = budget(0, 25, 1, 30);
		assertThat(budget.fits()).isTrue();
		assertThat(budget.text().lines()).hasSize(6)
			.contains("        0s  the web server finishes its requests (spring.lifecycle.timeout-per-shutdown-phase)")
			.endsWith("  =    27s  of the grace period of 30s (background-jobs.shutdown.grace-period)");
	}

	@Test
	void whatTakesExactlyTheTimeThatIsGivenFits() {
		assertThat(budget(3, 25, 1, 30).fits()).isTrue();
		assertThat(new ShutdownBudget(Duration.ofSeconds(3), Duration.ofSeconds(25), Duration.ofSeconds(1),
				Duration.ofSeconds(30).minusNanos(1))
			.fits()).isFalse();
	}

	@Test
	void whateverAdviceIsFollowedThenItFits() {
		assertThat(budget(20, 40, 2, 50).text()).contains("terminationGracePeriodSeconds: 64 ",
				"background-jobs.shutdown.grace-period=64s",
				"or shorten spring.lifecycle.timeout-per-shutdown-phase to 6s, or "
						+ "background-jobs.shutdown.shield-timeout to 26s, with wait-timeout not above it.");
		assertThat(budget(20, 40, 2, 64).fits()).isTrue();
		assertThat(budget(6, 40, 2, 50).fits()).isTrue();
		assertThat(budget(20, 26, 2, 50).fits()).isTrue();
	}

	@Test
	void whereNoPropertyAloneWouldDoSeveralAreToBeShortened() {
		assertThat(budget(30, 30, 1, 20).text()).contains("or shorten several of them by 42s together.");
	}

	@Test
	void partsOfASecondAreRoundedUpForThePod() {
		assertThat(new ShutdownBudget(Duration.ZERO, Duration.ofMillis(30_200), Duration.ZERO, Duration.ofSeconds(30))
			.text()).contains("up to 30s200ms", "terminationGracePeriodSeconds: 31 ", "grace-period=31s");
	}

	private static ShutdownBudget budget(int requests, int shielded, int closing, int given) {
		return new ShutdownBudget(Duration.ofSeconds(requests), Duration.ofSeconds(shielded),
				Duration.ofSeconds(closing), Duration.ofSeconds(given));
	}

}
