package io.backgroundjobs.engine;

import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.backgroundjobs.Job;
import io.backgroundjobs.JobOutcome;
import io.backgroundjobs.JobRecorder;

/**
 * Notes how long jobs ran.
 *
 * @param ran takes the times
 */
record RanRecorder(List<Duration> ran) implements JobRecorder {

	@Override
	public void ended(Job<?> job, JobOutcome outcome, @Nullable Throwable failure, long nanos) {
		this.ran.add(Duration.ofNanos(nanos));
	}

}
