package io.backgroundjobs.sample;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

import io.backgroundjobs.Job;
import io.backgroundjobs.JobProgress;
import io.backgroundjobs.JobState;

/**
 * A photo on the shelf.
 *
 * @param id the identifier, chosen by us
 * @param type the kind of image
 * @param addedAt when it was put on the shelf
 * @param complete whether it was done when the application started
 * @param job the job that makes its thumbnails; {@code null} if they were there already,
 * or if an earlier run of the application was killed and the photo waits for a new job
 */
record Photo(String id, ImageType type, Instant addedAt, boolean complete, @Nullable Job<?> job) {

	Photo withJob(Job<?> job) {
		return new Photo(this.id, this.type, this.addedAt, this.complete, job);
	}

	Photo undone() {
		return new Photo(this.id, this.type, this.addedAt, false, this.job);
	}

	boolean needsJob() {
		return this.job == null && !this.complete;
	}

	JobState state() {
		if (this.job != null) {
			return this.job.state();
		}
		return this.complete ? JobState.SUCCEEDED : JobState.SCHEDULED;
	}

	/**
	 * How far its thumbnails are, in percent.
	 */
	int progress() {
		if (state() == JobState.SUCCEEDED) {
			return 100;
		}
		JobProgress progress = (this.job != null) ? this.job.progress() : null;
		return (progress != null) ? (int) (100 * progress.fraction()) : 0;
	}

	/**
	 * Why there are no thumbnails and will be none.
	 */
	@Nullable String error() {
		if (this.job == null) {
			return null;
		}
		Throwable failure = this.job.failure();
		return (failure != null) ? String.valueOf(failure.getMessage()) : this.job.cancelReason();
	}

}
