package io.backgroundjobs.engine;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.backgroundjobs.engine.Admissions.State;
import io.backgroundjobs.engine.Drain.Bounds;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of what a drain makes of venues that change while it looks at them, one after the
 * other.
 */
@Timeout(value = 20, unit = TimeUnit.SECONDS)
class DrainLookTests {

	private final ManualClock clock = new ManualClock();

	private final Admissions admissions = new Admissions();

	private final Drain drain = new Drain(this.admissions, this.clock,
			new Bounds(Duration.ofSeconds(20).toNanos(), Duration.ofSeconds(20).toNanos(), 0));

	@Test
	void runThatAlwaysMovesOnToWhereHasBeenLookedIsSeen() throws Exception {
		PlainVenue first = new PlainVenue(this.clock);
		PlainVenue second = new PlainVenue(this.clock);
		second.live.add(Runs.of(second, () -> {
		}));
		second.onBusy = () -> move(second, first);
		first.onLive = () -> move(first, second);
		second.onLive = () -> move(second, first);
		Thread stopper = new Thread(() -> this.drain.drain(List.of(first, second), List.of()));
		stopper.start();
		Eventually.waits(stopper);
		assertThat(this.admissions.state()).isEqualTo(State.DRAINING);
		first.live.clear();
		this.drain.left();
		stopper.join();
		assertThat(this.admissions.state()).isEqualTo(State.CLOSED);
	}

	/** A run of one venue spawns another one into the other, and ends. */
	private void move(PlainVenue from, PlainVenue to) {
		to.live.add(Runs.of(to, () -> {
		}));
		this.drain.ending();
		from.live.clear();
		this.drain.published();
	}

	/**
	 * A venue that a test fills as it likes.
	 */
	private static final class PlainVenue implements Venue {

		private final List<JobRun<?>> live = new CopyOnWriteArrayList<>();

		private final Surroundings engine;

		private @Nullable Runnable onBusy;

		private @Nullable Runnable onLive;

		@Override
		public int busy() {
			Runnable change = this.onBusy;
			this.onBusy = null;
			if (change != null) {
				change.run();
			}
			return this.live.size();
		}

		@Override
		public List<JobRun<?>> live() {
			Runnable change = this.onLive;
			this.onLive = null;
			if (change != null) {
				change.run();
			}
			return List.copyOf(this.live);
		}

		PlainVenue(EngineClock clock) {
			this.engine = Runs.engine(clock);
		}

		@Override
		public Surroundings engine() {
			return this.engine;
		}

		@Override
		public String name() {
			return "plain";
		}

		@Override
		public @Nullable Duration timeout() {
			return null;
		}

		@Override
		public boolean withdraw(JobRun<?> run) {
			return false;
		}

		@Override
		public List<JobRun<?>> withdrawAll(Predicate<JobRun<?>> which) {
			return List.of();
		}

		@Override
		public void due(JobRun<?> run) {
		}

		@Override
		public @Nullable JobRun<?> end(JobRun<?> run, @Nullable Worker worker, boolean takes) {
			return null;
		}

		@Override
		public void leave(JobRun<?> run) {
		}

		@Override
		public void remember(JobRun<?> run) {
		}

		@Override
		public void addHistory(List<JobRun<?>> runs) {
		}

		@Override
		public long departures() {
			return 0;
		}

		@Override
		public boolean leaveToWait(JobRun<?> run) {
			return false;
		}

		@Override
		public void overrun(JobRun<?> run) {
		}

		@Override
		public void telling(int change) {
		}

		@Override
		public int telling() {
			return 0;
		}

		@Override
		public boolean isIdle() {
			return this.live.isEmpty();
		}

		@Override
		public List<JobRun<?>> parked() {
			return List.of();
		}

		@Override
		public List<JobRun<?>> heldBack() {
			return List.of();
		}

		@Override
		public List<JobRun<?>> leftBehind() {
			return List.of();
		}

	}

}
