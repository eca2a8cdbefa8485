package io.backgroundjobs.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Inbox}.
 */
@Timeout(value = 20, unit = TimeUnit.SECONDS)
class InboxTests {

	private static final Logger logger = LoggerFactory.getLogger(InboxTests.class);

	private final ManualClock clock = new ManualClock();

	private final Outside venue = new Outside("caller", Runs.engine(this.clock), (run) -> null, 0);

	private final Inbox inbox = new Inbox();

	private JobRun<?> run() {
		return Runs.of(this.venue, () -> {
		});
	}

	@Test
	void whenItIsClosedThenNothingComesIn() {
		this.inbox.looked(run());
		assertThat(this.inbox.put(run())).isFalse();
		this.inbox.open(1);
		assertThat(this.inbox.isOpen()).isTrue();
		assertThat(this.inbox.close()).isNull();
		assertThat(this.inbox.put(run())).isFalse();
	}

	@Test
	void runsComeOutInTheirOrder() {
		this.inbox.looked(run());
		this.inbox.open(10);
		List<JobRun<?>> runs = List.of(run(), run(), run());
		runs.forEach((run) -> assertThat(this.inbox.put(run)).isTrue());
		assertThat(inOrder(this.inbox.close())).containsExactlyElementsOf(runs);
	}

	@Test
	void noMoreComeThanThereIsRoomFor() {
		this.inbox.looked(run());
		this.inbox.open(2);
		assertThat(this.inbox.put(run())).isTrue();
		assertThat(this.inbox.put(run())).isTrue();
		assertThat(this.inbox.put(run())).isFalse();
		// Two are in it, and three may be pending in all.
		assertThat(inOrder(this.inbox.empty(3))).hasSize(2);
		assertThat(this.inbox.put(run())).isTrue();
		assertThat(this.inbox.put(run())).isFalse();
		assertThat(inOrder(this.inbox.empty(5))).hasSize(1);
		for (int i = 0; i < 4; i++) {
			assertThat(this.inbox.put(run())).isTrue();
		}
		assertThat(this.inbox.put(run())).isFalse();
	}

	@Test
	void whenNobodyHasLookedForASecondThenOneSpawnerMust() {
		this.inbox.looked(run());
		this.inbox.open(10);
		assertThat(this.inbox.put(run())).isTrue();
		this.clock.advance(Duration.ofSeconds(1));
		JobRun<?> late = run();
		assertThat(this.inbox.put(late)).isFalse();
		this.inbox.looked(late);
		assertThat(this.inbox.put(late)).isTrue();
	}

	@Test
	void whateverComesAtTheSameTimeEachRunComesOutOnceAndTheRoomIsKept() throws Exception {
		long seed = System.nanoTime();
		logger.info("Stress of the inbox, seed {}", seed);
		Random random = new Random(seed);
		int spawners = 3;
		int limit = 50;
		this.inbox.looked(run());
		CyclicBarrier start = new CyclicBarrier(spawners + 1);
		List<FutureTask<List<JobRun<?>>>> tasks = new ArrayList<>();
		for (int i = 0; i < spawners; i++) {
			FutureTask<List<JobRun<?>>> task = new FutureTask<>(() -> putMany(start));
			tasks.add(task);
			new Thread(task, "spawner-" + i).start();
		}
		List<JobRun<?>> taken = new ArrayList<>();
		start.await();
		int pending = 0;
		while (!tasks.stream().allMatch(FutureTask::isDone)) {
			List<JobRun<?>> more = inOrder(
					(random.nextInt(4) > 0) ? this.inbox.empty(limit - pending) : this.inbox.close());
			pending += more.size();
			taken.addAll(more);
			assertThat(pending).as("seed %d", seed).isLessThanOrEqualTo(limit);
			if (!this.inbox.isOpen()) {
				pending = random.nextInt(limit + 1);
				this.inbox.open(limit - pending);
			}
		}
		taken.addAll(inOrder(this.inbox.close()));
		List<JobRun<?>> put = new ArrayList<>();
		for (FutureTask<List<JobRun<?>>> task : tasks) {
			List<JobRun<?>> own = task.get();
			put.addAll(own);
			assertThat(taken.stream().filter(new HashSet<>(own)::contains)).as("seed %d", seed)
				.containsExactlyElementsOf(own);
		}
		assertThat(taken).as("seed %d", seed).hasSameSizeAs(put);
	}

	private List<JobRun<?>> putMany(CyclicBarrier start) throws Exception {
		List<JobRun<?>> put = new ArrayList<>();
		start.await();
		for (int i = 0; i < 20_000; i++) {
			JobRun<?> run = run();
			if (this.inbox.put(run)) {
				put.add(run);
			}
		}
		return put;
	}

	private static List<JobRun<?>> inOrder(@Nullable JobRun<?> last) {
		List<JobRun<?>> runs = new ArrayList<>();
		for (JobRun<?> run = Inbox.inOrder(last); run != null; run = Inbox.following(run)) {
			runs.add(run);
		}
		return runs;
	}

}
