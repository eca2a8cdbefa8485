package io.backgroundjobs.durable;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Looks for due jobs at the instants of those that this instance knows of: others find
 * them when they ask next. Thread-safe.
 */
final class WakeUps {

	/** Instants that are nearer to each other than this, in milliseconds, are one. */
	private static final long GRAIN = 10;

	/** Beyond this many, jobs are found when the database is asked next. */
	private static final int MOST = 10_000;

	/** What is due later is looked for by the regular polls as well, or by a restart. */
	private static final Duration HORIZON = Duration.ofDays(1);

	private final ScheduledExecutorService timer;

	private final Runnable look;

	private final Clock clock;

	private final Set<Long> pending = ConcurrentHashMap.newKeySet();

	WakeUps(ScheduledExecutorService timer, Runnable look, Clock clock) {
		this.timer = timer;
		this.look = look;
		this.clock = clock;
	}

	void at(Instant due) {
		Duration left = Duration.between(this.clock.instant(), due);
		if (left.isNegative() || left.isZero()) {
			this.look.run();
			return;
		}
		if (left.compareTo(HORIZON) > 0 || this.pending.size() >= MOST) {
			return;
		}
		// Rounded up: a job must be due when it is looked for.
		long grain = (due.toEpochMilli() + GRAIN) / GRAIN;
		if (this.pending.add(grain)) {
			long millis = grain * GRAIN - this.clock.millis();
			try {
				Future<?> unused = this.timer.schedule(() -> {
					this.pending.remove(grain);
					this.look.run();
				}, Math.max(1, millis), TimeUnit.MILLISECONDS);
			}
			catch (RejectedExecutionException ex) {
				// Stopping: another instance will find it.
				this.pending.remove(grain);
			}
		}
	}

}
