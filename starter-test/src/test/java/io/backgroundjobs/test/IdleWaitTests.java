package io.backgroundjobs.test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.backgroundjobs.BackgroundJobScheduler;
import io.backgroundjobs.Job;
import io.backgroundjobs.JobKind;
import io.backgroundjobs.JobState;
import io.backgroundjobs.PoolSnapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link IdleWait}.
 */
class IdleWaitTests {

	private final BackgroundJobScheduler scheduler = mock(BackgroundJobScheduler.class);

	private final List<Job<?>> jobs = new ArrayList<>();

	private final IdleWait idleWait = new IdleWait(List.of(this.scheduler), Duration.ofMillis(30));

	@BeforeEach
	void setUp() {
		given(this.scheduler.jobs()).willReturn(this.jobs);
		given(this.scheduler.pools()).willReturn(List.of(pool("default", false), pool("paused", true)));
	}

	@AfterEach
	void clearInterrupt() {
		Thread.interrupted();
	}

	@Test
	void runningJobIsWaitedForAndNamedWhenItDoesNotEnd() {
		add("report", JobKind.SPAWNED, JobState.RUNNING, "default");
		assertThatExceptionOfType(AssertionError.class).isThrownBy(this.idleWait::await)
			.withMessageContaining("30 ms")
			.withMessageContaining("RUNNING report (id-1), pool default");
	}

	@Test
	void pendingJobIsWaitedFor() {
		add("report", JobKind.PERIODIC, JobState.PENDING, "default");
		assertThatExceptionOfType(AssertionError.class).isThrownBy(this.idleWait::await)
			.withMessageContaining("PENDING report");
	}

	@Test
	void waitEndsWhenTheJobHasEnded() {
		Job<?> job = add("report", JobKind.SPAWNED, JobState.RUNNING, "default");
		given(job.state()).willReturn(JobState.PENDING, JobState.RUNNING, JobState.RUNNING, JobState.SUCCEEDED);
		this.idleWait.await();
		assertThat(job.state()).isEqualTo(JobState.SUCCEEDED);
	}

	@Test
	void delayedJobsAreNotWaitedFor() {
		add("report", JobKind.SPAWNED, JobState.SCHEDULED, "default");
		assertThatNoException().isThrownBy(this.idleWait::await);
	}

	@Test
	void backgroundTasksAreNotWaitedFor() {
		add("listener", JobKind.BACKGROUND, JobState.RUNNING, "default");
		assertThatNoException().isThrownBy(this.idleWait::await);
	}

	@Test
	void whatAPausedPoolHoldsBackIsNotWaitedForButWhatRunsThereIs() {
		add("held-back", JobKind.SPAWNED, JobState.PENDING, "paused");
		assertThatNoException().isThrownBy(this.idleWait::await);
		add("report", JobKind.SPAWNED, JobState.RUNNING, "paused");
		assertThatExceptionOfType(AssertionError.class).isThrownBy(this.idleWait::await);
	}

	@Test
	void interruptEndsTheWaitAndStaysSet() {
		add("report", JobKind.SPAWNED, JobState.RUNNING, "default");
		Thread.currentThread().interrupt();
		assertThatIllegalStateException().isThrownBy(this.idleWait::await).withMessageContaining("interrupted");
		assertThat(Thread.currentThread().isInterrupted()).isTrue();
	}

	@Test
	void timeoutMustBePositive() {
		assertThatIllegalArgumentException().isThrownBy(() -> new IdleWait(List.of(), Duration.ZERO))
			.withMessageContaining("10s");
	}

	private Job<?> add(String name, JobKind kind, JobState state, String pool) {
		Job<?> job = mock();
		given(job.id()).willReturn("id-" + (this.jobs.size() + 1));
		given(job.name()).willReturn(name);
		given(job.kind()).willReturn(kind);
		given(job.state()).willReturn(state);
		given(job.pool()).willReturn(pool);
		this.jobs.add(job);
		return job;
	}

	private static PoolSnapshot pool(String name, boolean paused) {
		return new PoolSnapshot(name, 1, 0, 0, 1, 0, 0, paused);
	}

}
