package io.backgroundjobs.test;

import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.backgroundjobs.Job;
import io.backgroundjobs.JobState;
import io.backgroundjobs.engine.JobEngine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.then;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.times;

/**
 * Tests for {@link IdleWait}.
 */
class IdleWaitTests {

	private final JobEngine engine = mock(JobEngine.class);

	private final IdleWait impatient = new IdleWait(List.of(this.engine), Duration.ofMillis(30));

	@AfterEach
	void clearInterrupt() {
		Thread.interrupted();
	}

	@Test
	void waitEndsWhenTheEngineIsIdle() {
		given(this.engine.isIdle()).willReturn(false, false, true);
		new IdleWait(List.of(this.engine), Duration.ofMinutes(1)).await();
		then(this.engine).should(times(3)).isIdle();
	}

	@Test
	void allEnginesAreWaitedFor() {
		JobEngine other = mock(JobEngine.class);
		given(this.engine.isIdle()).willReturn(true);
		given(other.isIdle()).willReturn(false, false, true);
		new IdleWait(List.of(this.engine, other), Duration.ofMinutes(1)).await();
		then(other).should(times(3)).isIdle();
	}

	@Test
	void jobsThatDoNotEndAreNamed() {
		Job<?> job = mock();
		given(job.id()).willReturn("id-1");
		given(job.name()).willReturn("report");
		given(job.pool()).willReturn("default");
		given(job.state()).willReturn(JobState.RUNNING);
		given(this.engine.jobs()).willReturn(List.of(job));
		assertThatExceptionOfType(AssertionError.class).isThrownBy(this.impatient::await)
			.withMessageContaining("30 ms")
			.withMessageContaining("RUNNING report (id-1), pool default");
	}

	@Test
	void interruptEndsTheWaitAndStaysSet() {
		Thread.currentThread().interrupt();
		assertThatIllegalStateException().isThrownBy(this.impatient::await).withMessageContaining("interrupted");
		assertThat(Thread.currentThread().isInterrupted()).isTrue();
	}

	@Test
	void timeoutMustBePositive() {
		assertThatIllegalArgumentException().isThrownBy(() -> new IdleWait(List.of(), Duration.ZERO))
			.withMessageContaining("10s");
	}

}
