package io.backgroundjobs.engine;

import org.jspecify.annotations.Nullable;

import io.backgroundjobs.JobOutcome;
import io.backgroundjobs.JobState;

/**
 * The phases of a {@link JobRun}, finer than {@link JobState}. Plain numbers, because a
 * run's phase is a field that is compared and set. Those from {@link #SUCCEEDED} on are
 * final. The moves between them stand in docs/concurrency.md.
 */
final class Phase {

	/** Not admitted yet. */
	static final int NEW = 0;

	/** Delayed, waiting for a commit, or before its next attempt; in its pool's list. */
	static final int WAITING = 1;

	/** Waits for a place, for a thread, or for an earlier run to leave. */
	static final int QUEUED = 2;

	/** Handed to a thread; the body may run. */
	static final int RUNNING = 3;

	/** An attempt has failed; the body may still be inside. */
	static final int RETRYING = 4;

	/** Somebody has won the right to set the outcome. */
	static final int SETTLING = 5;

	static final int SUCCEEDED = 6;

	static final int FAILED = 7;

	static final int TIMED_OUT = 8;

	static final int CANCELLED = 9;

	private Phase() {
	}

	static boolean isEnded(int phase) {
		return phase >= SUCCEEDED;
	}

	static JobState state(int phase) {
		return switch (phase) {
			case WAITING -> JobState.SCHEDULED;
			case RUNNING, RETRYING, SETTLING -> JobState.RUNNING;
			case SUCCEEDED -> JobState.SUCCEEDED;
			case FAILED, TIMED_OUT -> JobState.FAILED;
			case CANCELLED -> JobState.CANCELLED;
			default -> JobState.PENDING;
		};
	}

	static @Nullable JobOutcome outcome(int phase) {
		return switch (phase) {
			case SUCCEEDED -> JobOutcome.SUCCEEDED;
			case FAILED -> JobOutcome.FAILED;
			case TIMED_OUT -> JobOutcome.TIMED_OUT;
			case CANCELLED -> JobOutcome.CANCELLED;
			default -> null;
		};
	}

}
