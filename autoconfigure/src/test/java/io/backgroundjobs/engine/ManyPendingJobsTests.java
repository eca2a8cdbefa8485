package io.backgroundjobs.engine;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

import io.backgroundjobs.Job;
import io.backgroundjobs.JobOutcome;
import io.backgroundjobs.JobRecorder;
import io.backgroundjobs.JobState;
import io.backgroundjobs.ShutdownReport;
import io.backgroundjobs.ShutdownReport.Fate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that pending jobs end without having run, however many there are.
 */
@Timeout(value = 20, unit = TimeUnit.SECONDS)
class ManyPendingJobsTests {

	private static final int PENDING = 20_000;

	private static final Duration BOUND = Duration.ofSeconds(5);

	@RegisterExtension
	final PoolBench bench = new PoolBench();

	private final Gate gate = this.bench.gate();

	private final AtomicReference<@Nullable JobState> stateAtTheEnd = new AtomicReference<>();

	private final JobEngine engine = this.bench
		.start((builder) -> builder.shutdown(Duration.ZERO, Duration.ZERO, BOUND).recorder(new JobRecorder() {

			@Override
			public void ended(Job<?> job, JobOutcome outcome, @Nullable Throwable failure, long ran) {
				ManyPendingJobsTests.this.stateAtTheEnd.set(job.state());
			}

		}), PoolBench.pool(1).withPendingLimit(PENDING));

	@Test
	void stopAccountsForEachOfThousandsAndNeedsNoBoundForIt() throws Exception {
		this.engine.spawn("running", PoolBench.through(this.gate));
		this.gate.awaitEntered(1);
		for (int i = 0; i < PENDING; i++) {
			this.engine.spawn("pending", () -> "never");
		}
		ShutdownReport report = this.engine.stop();
		assertThat(report.jobs(Fate.DROPPED)).hasSize(PENDING);
		assertThat(report.jobs(Fate.CANCELLED)).hasSize(1);
		assertThat(report.duration()).isLessThan(BOUND);
	}

	@Test
	void pendingJobThatIsBeingCancelledDoesNotShowAsRunning() throws Exception {
		this.engine.spawn("running", PoolBench.through(this.gate));
		this.gate.awaitEntered(1);
		Job<String> pending = this.engine.spawn("pending", () -> "never");
		assertThat(pending.cancel()).isTrue();
		assertThat(this.stateAtTheEnd).hasValue(JobState.PENDING);
		assertThat(pending.state()).isEqualTo(JobState.CANCELLED);
	}

}
