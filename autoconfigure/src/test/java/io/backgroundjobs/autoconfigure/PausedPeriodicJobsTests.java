package io.backgroundjobs.autoconfigure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;

import io.backgroundjobs.BackgroundJobScheduler;
import io.backgroundjobs.JobOptions;
import io.backgroundjobs.MissedRunPolicy;
import io.backgroundjobs.PeriodicJobHandle;
import io.backgroundjobs.PeriodicJobSpec;
import io.backgroundjobs.PoolSnapshot;
import io.backgroundjobs.TickResult;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that a thousand periodic jobs go on after a pause of the context as if nothing
 * had happened, and make up nothing. In real time: the pause of Spring's schedulers, and
 * which thread comes first after it, are part of the question.
 */
@Timeout(value = 90, unit = TimeUnit.SECONDS)
class PausedPeriodicJobsTests {

	private static final int JOBS = 1_000;

	/** Every tenth job is of a pool that has no place free when the pause begins. */
	private static final int HELD = JOBS / 10;

	/**
	 * Shorter than the pause, so that there is something to make up. A start that is late
	 * brings the next one nearer by as much. With one of two cores busy the latest of the
	 * thousand that start together was late by 0.16 s; a tenth of this is 0.4 s.
	 */
	private static final Duration INTERVAL = Duration.ofSeconds(4);

	private static final Duration PAUSE = Duration.ofSeconds(5);

	private static final long TENTH = INTERVAL.toNanos() / 10;

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(BackgroundJobsAutoConfiguration.class))
		.withPropertyValues("background-jobs.pools.held.limit=1");

	private final List<Periodic> jobs = new ArrayList<>();

	private final CountDownLatch firstStarts = new CountDownLatch(JOBS);

	private final CountDownLatch secondStartsAfterThePause = new CountDownLatch(JOBS);

	private volatile boolean restarted;

	@Test
	void goOnWithoutABurst() {
		this.runner.run((context) -> {
			ConfigurableApplicationContext own = context.getSourceApplicationContext();
			BackgroundJobScheduler scheduler = context.getBean(BackgroundJobScheduler.class);
			warmUp(scheduler);
			long begin = System.nanoTime();
			IntStream.range(0, JOBS).forEach((number) -> this.jobs.add(new Periodic(scheduler, number)));
			this.firstStarts.await();
			CountDownLatch busy = occupy(scheduler);
			// Until most are somewhere between their second start and their third.
			sleepUntil(begin + INTERVAL.toNanos() * 13 / 10);
			assertThat(pending(scheduler)).isEqualTo(HELD);
			own.pause();
			long paused = System.nanoTime();
			busy.countDown();
			sleepUntil(paused + PAUSE.toNanos());
			assertThat(pending(scheduler)).isEqualTo(HELD);
			this.restarted = true;
			long restart = System.nanoTime();
			own.restart();
			this.secondStartsAfterThePause.await();
			assertThat(this.jobs).allSatisfy((job) -> job.assertRested(paused, restart));
		});
		assertThat(this.jobs).allSatisfy(Periodic::assertNoBurst).allSatisfy(Periodic::assertEachTickHasItsResult);
	}

	/**
	 * Let the first starts not be later than others, by classes that are loaded and
	 * compiled and threads that are made.
	 */
	private static void warmUp(BackgroundJobScheduler scheduler) throws InterruptedException {
		CountDownLatch starts = new CountDownLatch(10 * JOBS);
		IntStream.range(0, JOBS)
			.forEach((number) -> scheduler.addPeriodic("warm-up-" + number, Duration.ofMillis(100), starts::countDown));
		starts.await();
		scheduler.removeAllPeriodic();
	}

	/**
	 * Take the only place of the jobs that are to be held.
	 * @return gives it back
	 */
	private static CountDownLatch occupy(BackgroundJobScheduler scheduler) {
		CountDownLatch end = new CountDownLatch(1);
		scheduler.spawn(JobOptions.named("occupies").pool("held"), (job) -> {
			end.await();
			return null;
		});
		return end;
	}

	private static int pending(BackgroundJobScheduler scheduler) {
		return scheduler.pools().stream().mapToInt(PoolSnapshot::pending).sum();
	}

	private static void sleepUntil(long nanoTime) throws InterruptedException {
		TimeUnit.NANOSECONDS.sleep(nanoTime - System.nanoTime());
	}

	/**
	 * One of the jobs, and when its runs started.
	 */
	private final class Periodic {

		private final List<Long> starts = new CopyOnWriteArrayList<>();

		private final PeriodicJobHandle handle;

		private int startsAfterThePause;

		Periodic(BackgroundJobScheduler scheduler, int number) {
			this.handle = scheduler.addPeriodic(spec("job-" + number, number % 10), (job) -> {
				start();
				return null;
			});
		}

		private static PeriodicJobSpec spec(String name, int kind) {
			PeriodicJobSpec spec = PeriodicJobSpec.named(name);
			return switch (kind) {
				case 0 -> spec.every(INTERVAL).pool("held");
				case 1, 2 -> spec.every(INTERVAL).jitter(INTERVAL.dividedBy(2));
				case 3, 4 -> spec.fixedDelay(INTERVAL);
				case 5 -> spec.every(INTERVAL).missed(MissedRunPolicy.CATCH_UP);
				default -> spec.every(INTERVAL);
			};
		}

		private void start() {
			this.starts.add(System.nanoTime());
			PausedPeriodicJobsTests.this.firstStarts.countDown();
			if (PausedPeriodicJobsTests.this.restarted && ++this.startsAfterThePause == 2) {
				PausedPeriodicJobsTests.this.secondStartsAfterThePause.countDown();
			}
		}

		/**
		 * A run that had found its place before the pause may have found its thread in
		 * it.
		 */
		void assertRested(long pause, long restart) {
			assertThat(this.starts).as(toString()).noneMatch((start) -> start - pause > TENTH && start - restart < 0);
			assertThat(this.starts).as(toString())
				.filteredOn((start) -> start - restart >= 0)
				.first(InstanceOfAssertFactories.LONG)
				.isLessThan(restart + INTERVAL.toNanos() + TENTH);
		}

		void assertNoBurst() {
			for (int i = 1; i < this.starts.size(); i++) {
				assertThat(this.starts.get(i) - this.starts.get(i - 1)).as(toString())
					.isGreaterThanOrEqualTo(INTERVAL.toNanos() - TENTH);
			}
		}

		/**
		 * No run was skipped here, so each tick that was named has run; one that met the
		 * pause has not.
		 */
		void assertEachTickHasItsResult() {
			Map<TickResult, Long> ticks = new EnumMap<>(this.handle.ticks());
			assertThat(ticks.remove(TickResult.RAN)).as(toString()).isEqualTo(this.starts.size());
			assertThat(ticks.remove(TickResult.STOPPING)).as(toString()).isLessThanOrEqualTo(1);
			assertThat(ticks.values()).as(toString()).containsOnly(0L);
		}

		@Override
		public String toString() {
			return this.handle + " " + this.starts;
		}

	}

}
