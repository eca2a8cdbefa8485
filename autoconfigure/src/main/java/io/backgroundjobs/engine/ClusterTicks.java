package io.backgroundjobs.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.backgroundjobs.MissedRunPolicy;
import io.backgroundjobs.OverlapPolicy;
import io.backgroundjobs.PeriodicJobSpec;
import io.backgroundjobs.TickResult;

/**
 * What an instance does when it gets a tick of a job that all instances share: which
 * instants have come, which of them runs, and what became of the others. Confined to the
 * thread that has the job.
 */
final class ClusterTicks {

	/** Less than this before a resumption counts as due when it came. */
	private static final Duration JUST_NOW = Duration.ofSeconds(1);

	private final PeriodicJobSpec spec;

	private final ClusterPlan plan;

	private final EngineClock clock;

	private final Runner runner;

	private final Map<TickResult, Long> results = new EnumMap<>(TickResult.class);

	ClusterTicks(PeriodicJobSpec spec, ClusterPlan plan, EngineClock clock, Runner runner) {
		this.spec = spec;
		this.plan = plan;
		this.clock = clock;
		this.runner = runner;
	}

	/**
	 * Deal with what has come.
	 * @param position where the job stands
	 * @param resumed when the job was resumed here after a pause, if it was
	 * @return where it goes on, or {@code null} if another instance has to begin anew
	 */
	@Nullable ClusterStep take(ClusterPosition position, @Nullable Instant resumed) throws InterruptedException {
		Instant madeUp = (resumed != null) ? afterPause(position, resumed) : null;
		if (madeUp != null) {
			return step(new ClusterPosition(madeUp, null));
		}
		ClusterPlan.Span span = come(position);
		int runs = runs(span, position);
		count(TickResult.MISSED, span.count() - runs);
		if (runs == 0) {
			return step(new ClusterPosition(next(span), null));
		}
		TickResult result = this.runner.run(span.last().getFirst());
		if (result == null) {
			return null;
		}
		count(result, 1);
		return step(after(span));
	}

	private ClusterStep step(ClusterPosition next) {
		return new ClusterStep(next, this.results);
	}

	/**
	 * What came while this instance was paused and no other one was there: a resumed job
	 * makes up nothing.
	 * @return where to go on, or {@code null} if there is nothing of the kind
	 */
	private @Nullable Instant afterPause(ClusterPosition position, Instant resumed) {
		if (!position.due().isBefore(resumed.minus(JUST_NOW))) {
			return null;
		}
		ClusterPlan.Span span = this.plan.reached(position.due(), resumed, 1);
		if (span.next() == null) {
			// The end of a run is what counts, and nothing was named since.
			return null;
		}
		count(TickResult.PAUSED, span.count());
		return span.next();
	}

	/**
	 * Return the instants that have come, of which one may have been put off until the
	 * run before it had left.
	 */
	private ClusterPlan.Span come(ClusterPosition position) {
		Instant now = this.clock.instant();
		if (position.after() == null) {
			Instant reached = now.isBefore(position.due()) ? position.due() : now;
			return this.plan.reached(position.due(), reached, kept());
		}
		ClusterPlan.Span alone = this.plan.reached(position.due(), position.due(), 1);
		return new ClusterPlan.Span(1, alone.last(), position.after());
	}

	private int kept() {
		return (this.spec.missed() == MissedRunPolicy.CATCH_UP) ? this.spec.catchUpLimit() : 1;
	}

	private int runs(ClusterPlan.Span span, ClusterPosition position) {
		if (span.count() == 1 || position.after() != null) {
			return 1;
		}
		return switch (this.spec.missed()) {
			case SKIP -> 0;
			case RUN_ONCE -> 1;
			case CATCH_UP -> span.last().size();
		};
	}

	/**
	 * A run has left: return where the job goes on.
	 */
	private ClusterPosition after(ClusterPlan.Span span) {
		if (span.last().size() > 1) {
			// The next of those that are made up for, each on whatever instance.
			return new ClusterPosition(List.copyOf(span.last()).get(1), null);
		}
		Instant next = next(span);
		Instant now = this.clock.instant();
		if (next.isAfter(now) || this.plan.afterRun(now) != null) {
			return new ClusterPosition(next, null);
		}
		ClusterPlan.Span overlapped = this.plan.reached(next, now, 1);
		if (this.spec.overlap() == OverlapPolicy.QUEUE_ONE) {
			count(TickResult.OVERLAP, overlapped.count() - 1);
			return new ClusterPosition(next, next(overlapped));
		}
		count(TickResult.OVERLAP, overlapped.count());
		return new ClusterPosition(next(overlapped), null);
	}

	private Instant next(ClusterPlan.Span span) {
		Instant next = (span.next() != null) ? span.next() : this.plan.afterRun(this.clock.instant());
		if (next == null) {
			throw new IllegalStateException("The schedule of '" + this.spec.name() + "' names no further instant");
		}
		return next;
	}

	private void count(TickResult result, long count) {
		if (count > 0) {
			this.results.merge(result, count, Long::sum);
		}
	}

	/**
	 * Runs the tick of an instant.
	 */
	@FunctionalInterface
	interface Runner {

		/**
		 * Run a tick, and return when the run has left.
		 * @return what became of it, or {@code null} if it is another instance's
		 */
		@Nullable TickResult run(Instant tick) throws InterruptedException;

	}

}
