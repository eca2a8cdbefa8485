package io.backgroundjobs.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.backgroundjobs.JobScope;
import io.backgroundjobs.MissedRunPolicy;
import io.backgroundjobs.OverlapPolicy;
import io.backgroundjobs.PeriodicJobSpec;
import io.backgroundjobs.TickResult;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What an instance does with a tick that all instances share.
 */
class ClusterTicksTests {

	private static final Logger logger = LoggerFactory.getLogger(ClusterTicksTests.class);

	private static final Instant BEGIN = Instant.parse("2026-11-20T12:00:00Z");

	private static final PeriodicJobSpec SPEC = PeriodicJobSpec.named("shared")
		.scope(JobScope.CLUSTER)
		.every(Duration.ofSeconds(1));

	private static final ClusterPlan RATE = new ClusterPlan.Rate(1_000_000_000, 0);

	private final List<Instant> ran = new ArrayList<>();

	/** How long each run takes. */
	private Duration takes = Duration.ofMillis(10);

	private Instant now = BEGIN;

	private final EngineClock clock = new EngineClock() {

		@Override
		public long nanoTime() {
			return 0;
		}

		@Override
		public Instant instant() {
			return ClusterTicksTests.this.now;
		}

		@Override
		public Timer schedule(Runnable task, long delay) {
			throw new UnsupportedOperationException();
		}

	};

	@Test
	void aTickInTimeRunsAndTheNextOneIsNamed() throws Exception {
		ClusterStep step = take(SPEC, at(0), null);
		assertThat(this.ran).containsExactly(second(0));
		assertThat(step).isEqualTo(new ClusterStep(at(1), Map.of(TickResult.RAN, 1L)));
	}

	@Test
	void ofMissedInstantsTheLatestRuns() throws Exception {
		this.now = second(5).plusMillis(300);
		ClusterStep step = take(SPEC, at(0), null);
		assertThat(this.ran).containsExactly(second(5));
		assertThat(step).isEqualTo(new ClusterStep(at(6), Map.of(TickResult.RAN, 1L, TickResult.MISSED, 5L)));
	}

	@Test
	void missedInstantsCanBeSkipped() throws Exception {
		this.now = second(5);
		ClusterStep step = take(SPEC.missed(MissedRunPolicy.SKIP), at(0), null);
		assertThat(this.ran).isEmpty();
		assertThat(step).isEqualTo(new ClusterStep(at(6), Map.of(TickResult.MISSED, 6L)));
	}

	@Test
	void missedInstantsAreCaughtUpOneByOne() throws Exception {
		PeriodicJobSpec spec = SPEC.missed(MissedRunPolicy.CATCH_UP).catchUpLimit(3);
		this.now = second(5);
		ClusterStep first = take(spec, at(0), null);
		assertThat(first).isEqualTo(new ClusterStep(at(4), Map.of(TickResult.RAN, 1L, TickResult.MISSED, 3L)));
		ClusterStep second = take(spec, first.next(), null);
		assertThat(second).isEqualTo(new ClusterStep(at(5), Map.of(TickResult.RAN, 1L)));
		ClusterStep third = take(spec, second.next(), null);
		assertThat(third).isEqualTo(new ClusterStep(at(6), Map.of(TickResult.RAN, 1L)));
		assertThat(this.ran).containsExactly(second(3), second(4), second(5));
	}

	@Test
	void whatComesDuringARunIsAnOverlap() throws Exception {
		this.takes = Duration.ofMillis(2500);
		ClusterStep step = take(SPEC, at(0), null);
		assertThat(step).isEqualTo(new ClusterStep(at(3), Map.of(TickResult.RAN, 1L, TickResult.OVERLAP, 2L)));
	}

	@Test
	void underQueueOneTheFirstOfThemFollows() throws Exception {
		PeriodicJobSpec spec = SPEC.overlap(OverlapPolicy.QUEUE_ONE);
		this.takes = Duration.ofMillis(2500);
		ClusterStep step = take(spec, at(0), null);
		assertThat(step).isEqualTo(new ClusterStep(new ClusterPosition(second(1), second(3)),
				Map.of(TickResult.RAN, 1L, TickResult.OVERLAP, 1L)));
		this.takes = Duration.ofMillis(100);
		ClusterStep queued = take(spec, step.next(), null);
		assertThat(queued).isEqualTo(new ClusterStep(at(3), Map.of(TickResult.RAN, 1L)));
		assertThat(this.ran).containsExactly(second(0), second(1));
	}

	@Test
	void aRunThatIsHandedBackLeavesEverythingAsItWas() throws Exception {
		this.now = second(5);
		assertThat(new ClusterTicks(SPEC, RATE, this.clock, (tick) -> null).take(at(0), null)).isNull();
	}

	@Test
	void whatCameDuringAPauseIsNotMadeUp() throws Exception {
		this.now = second(5).plusMillis(20);
		ClusterStep step = take(SPEC, at(0), second(5));
		assertThat(this.ran).isEmpty();
		assertThat(step).isEqualTo(new ClusterStep(at(6), Map.of(TickResult.PAUSED, 6L)));
	}

	@Test
	void whatCameAsThePauseEndedRuns() throws Exception {
		this.now = second(5).plusMillis(20);
		ClusterStep step = take(SPEC, at(5), second(5).plusMillis(10));
		assertThat(step.results()).isEqualTo(Map.of(TickResult.RAN, 1L));
	}

	@Test
	void aFixedDelayCountsFromTheEndOfTheRun() throws Exception {
		this.takes = Duration.ofMillis(700);
		ClusterPlan delay = new ClusterPlan.Delay(Duration.ofSeconds(2));
		ClusterStep step = new ClusterTicks(SPEC.fixedDelay(Duration.ofSeconds(2)), delay, this.clock, this::run)
			.take(at(0), null);
		assertThat(step)
			.isEqualTo(new ClusterStep(new ClusterPosition(BEGIN.plusMillis(2700), null), Map.of(TickResult.RAN, 1L)));
	}

	/**
	 * Whatever the policies, and however late: over all takes each instant has one
	 * result.
	 */
	@Test
	void eachInstantHasOneResult() throws Exception {
		long seed = System.nanoTime();
		logger.info("Seed {}", seed);
		Random random = new Random(seed);
		for (int round = 0; round < 200; round++) {
			PeriodicJobSpec spec = SPEC.overlap(random.nextBoolean() ? OverlapPolicy.SKIP : OverlapPolicy.QUEUE_ONE)
				.missed(MissedRunPolicy.values()[random.nextInt(3)])
				.catchUpLimit(1 + random.nextInt(5));
			this.now = BEGIN;
			this.ran.clear();
			ClusterPosition position = at(0);
			long results = 0;
			for (int i = 0; i < 50; i++) {
				if (position.due().isAfter(this.now)) {
					this.now = position.due();
				}
				this.now = this.now.plusMillis(random.nextInt(10) * 500L * random.nextInt(2));
				this.takes = Duration.ofMillis(random.nextInt(10) * 400L * random.nextInt(2));
				ClusterStep step = take(spec, position, null);
				results += step.results().values().stream().mapToLong(Long::longValue).sum();
				position = step.next();
			}
			// An instant that waits for the run before it has none yet.
			Instant next = (position.after() != null) ? position.after() : position.due();
			long named = Duration.between(BEGIN, next).toSeconds() - ((position.after() != null) ? 1 : 0);
			assertThat(results).as("seed %s, %s", seed, spec.missed()).isEqualTo(named);
			assertThat(this.ran).doesNotHaveDuplicates().isSorted();
		}
	}

	@Test
	void instantsOfARateAreTheSameOnAllInstances() {
		ClusterPlan plan = new ClusterPlan.Rate(Duration.ofMinutes(7).toNanos(), 1000);
		Instant named = Objects.requireNonNull(plan.after(BEGIN));
		assertThat(plan.after(named.minusNanos(1))).isEqualTo(named);
		assertThat(plan.after(named)).isEqualTo(named.plus(Duration.ofMinutes(7)));
		assertThat((named.toEpochMilli() * 1_000_000 + 1000) % Duration.ofMinutes(7).toNanos()).isEqualTo(1000);
	}

	@Test
	void aRateCountsAsIfOneByOne() {
		ClusterPlan plan = new ClusterPlan.Rate(300_000_000, 7);
		ClusterPlan slow = plan::after;
		for (int keep = 1; keep < 5; keep++) {
			for (int i = 0; i < 40; i++) {
				Instant until = BEGIN.plusMillis(i * 50L);
				assertThat(plan.reached(BEGIN, until, keep)).usingRecursiveComparison()
					.isEqualTo(slow.reached(BEGIN, until, keep));
			}
		}
	}

	private ClusterStep take(PeriodicJobSpec spec, ClusterPosition position, @Nullable Instant resumed)
			throws InterruptedException {
		return Objects.requireNonNull(new ClusterTicks(spec, RATE, this.clock, this::run).take(position, resumed));
	}

	private TickResult run(Instant tick) {
		this.ran.add(tick);
		this.now = this.now.plus(this.takes);
		return TickResult.RAN;
	}

	private static ClusterPosition at(int second) {
		return new ClusterPosition(second(second), null);
	}

	private static Instant second(int second) {
		return BEGIN.plusSeconds(second);
	}

}
