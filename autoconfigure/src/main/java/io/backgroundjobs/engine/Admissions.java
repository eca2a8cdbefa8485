package io.backgroundjobs.engine;

import org.jspecify.annotations.Nullable;

import io.backgroundjobs.JobContextHolder;
import io.backgroundjobs.JobOptions;
import io.backgroundjobs.RejectionReason;

/**
 * The states of the scheduler as a whole, and what each of them admits.
 */
final class Admissions implements Admission {

	private volatile State state = State.NEW;

	@Override
	public @Nullable RejectionReason refusal(JobRun<?> run) {
		return switch (this.state) {
			case NEW -> RejectionReason.NOT_STARTED;
			case OPEN -> null;
			case DRAINING -> belongsToDrain(run) ? null : RejectionReason.SHUTTING_DOWN;
			case CLOSING, CLOSED -> RejectionReason.SHUTTING_DOWN;
		};
	}

	@Override
	public boolean isOpen() {
		return this.state == State.OPEN;
	}

	State state() {
		return this.state;
	}

	void state(State newState) {
		this.state = newState;
	}

	/**
	 * While the scheduler drains, what its jobs spawn still belongs to them; but not what
	 * would be dropped, because it is for later.
	 */
	static boolean belongsToDrain(JobRun<?> run) {
		JobOptions options = run.options();
		boolean later = options != null && !options.isShielded() && !options.delay().isZero();
		return JobContextHolder.getContext() != null && !later;
	}

	/**
	 * The states, in their order; after CLOSED the scheduler may be opened again.
	 */
	enum State {

		/** Has never been started. */
		NEW,

		/** Accepts jobs. */
		OPEN,

		/** Accepts what its own jobs spawn. */
		DRAINING,

		/** Accepts nothing; shielded jobs still run. */
		CLOSING,

		/** Nothing is left, or it was given up. */
		CLOSED

	}

}
