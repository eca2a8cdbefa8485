package io.backgroundjobs.engine;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.core.retry.RetryPolicy;

import io.backgroundjobs.Job;
import io.backgroundjobs.JobBody;
import io.backgroundjobs.JobContextPropagator;
import io.backgroundjobs.JobOptions;
import io.backgroundjobs.JobOutcome;
import io.backgroundjobs.OnDuplicate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of what is remembered of ended jobs.
 */
@Timeout(value = 20, unit = TimeUnit.SECONDS)
class HistoryTests {

	@RegisterExtension
	final PoolBench bench = new PoolBench();

	private final ManualClock clock = new ManualClock();

	private JobEngine remembering(int size) {
		return this.bench.start((builder) -> builder.clock(this.clock)
			.historySize(size)
			.propagator(new Carrying())
			.exceptionHandler((job, failure) -> {
			}), PoolBench.pool(2));
	}

	@Test
	void ringKeepsTheLastEndedJobsLatestFirst() throws Exception {
		JobEngine engine = remembering(3);
		for (int i = 0; i < 5; i++) {
			engine.run("job-" + i, (job) -> "x");
		}
		assertThat(engine.history()).extracting(Job::name).containsExactly("job-4", "job-3", "job-2");
	}

	@Test
	void sizeZeroRemembersNothing() throws Exception {
		JobEngine engine = remembering(0);
		Job<String> job = engine.spawn("job", () -> "x");
		assertThat(job.await()).isEqualTo("x");
		assertThat(engine.history()).isEmpty();
		assertThat(engine.find(job.id())).isEmpty();
	}

	@Test
	void jobIsFoundWhileItIsLiveAndInTheHistoryAndNotWhenItIsForgotten() throws Exception {
		JobEngine engine = remembering(1);
		Job<String> job = engine.spawn(JobOptions.named("job").delay(Duration.ofSeconds(1)), () -> "x");
		assertThat(engine.find(job.id())).containsSame(job);
		assertThat(engine.jobs()).containsExactly(job);
		this.clock.advance(Duration.ofSeconds(1));
		job.await();
		assertThat(engine.find(job.id())).containsSame(job);
		assertThat(engine.jobs()).isEmpty();
		engine.run("next", (context) -> "x");
		assertThat(engine.find(job.id())).isEmpty();
		assertThat(engine.find("nonsense")).isEmpty();
	}

	@Test
	void entryKeepsNameTimesAndOutcomeWithItsValue() throws Exception {
		JobEngine engine = remembering(8);
		Gate gate = this.bench.gate();
		Job<String> job = engine.spawn("job", PoolBench.through(gate));
		gate.awaitEntered(1);
		this.clock.advance(Duration.ofSeconds(3));
		gate.open(1);
		job.await();
		Job<?> entry = engine.history().iterator().next();
		assertThat(entry.id()).isEqualTo(job.id());
		assertThat(entry.name()).isEqualTo("job");
		assertThat(entry.outcome()).isEqualTo(JobOutcome.SUCCEEDED);
		assertThat(entry.await()).isEqualTo("passed");
		assertThat(entry.startedAt()).isEqualTo(entry.createdAt());
		assertThat(entry.endedAt()).isEqualTo(entry.createdAt().plusSeconds(3));
	}

	@Test
	void bodyOptionsAndContextAreDropped() throws Exception {
		JobEngine engine = remembering(8);
		List<WeakReference<?>> dropped = spawnAndForget(engine);
		assertThat(engine.history()).hasSize(1);
		for (WeakReference<?> reference : dropped) {
			Eventually.holds(() -> {
				System.gc();
				return reference.get() == null;
			});
		}
	}

	@Test
	void whatIsNotRememberedAnyMoreIsDropped() throws Exception {
		JobEngine engine = remembering(3);
		List<WeakReference<?>> results = new ArrayList<>();
		for (int i = 0; i < 200; i++) {
			results.add(new WeakReference<>(engine.run("job-" + i, (job) -> new Object())));
		}
		assertThat(engine.history()).extracting(Job::name).containsExactly("job-199", "job-198", "job-197");
		Eventually.holds(() -> {
			System.gc();
			// A thread at rest may hold the run that it had last.
			return results.stream().filter((result) -> result.get() != null).count() <= 3 + 3;
		});
	}

	private static List<WeakReference<?>> spawnAndForget(JobEngine engine) throws Exception {
		CompletableFuture<String> stage = new CompletableFuture<>();
		JobBody<CompletableFuture<String>> body = (job) -> stage.thenApply((value) -> value);
		RetryPolicy policy = RetryPolicy.builder().predicate((failure) -> stage.isDone()).build();
		JobOptions options = JobOptions.named("job").retry(policy).key(new String("k"), OnDuplicate.REJECT);
		JobRun<String> job = (JobRun<String>) engine.spawnAsync(options, body);
		WeakReference<Object> captured = new WeakReference<>(job.captured);
		assertThat(captured.get()).isNotNull();
		stage.complete("value");
		assertThat(job.await()).isEqualTo("value");
		Eventually.holds(() -> job.owner() == null);
		return List.of(new WeakReference<>(body), new WeakReference<>(options), new WeakReference<>(policy),
				new WeakReference<>(stage), captured);
	}

	@Test
	void idsAreUniqueOverEnginesAndRestarts() throws Exception {
		Set<String> ids = new HashSet<>();
		Set<String> prefixes = new HashSet<>();
		for (int i = 0; i < 20; i++) {
			JobEngine engine = remembering(0);
			Job<?> first = engine.spawn("job", () -> "x");
			engine.stop();
			engine.start();
			Job<?> second = engine.spawn("job", () -> "x");
			assertThat(ids.add(first.id())).isTrue();
			assertThat(ids.add(second.id())).isTrue();
			prefixes.add(first.id().substring(0, first.id().indexOf('-')));
			assertThat(first.id()).matches("[0-9a-z]+-[0-9a-z]+");
		}
		assertThat(prefixes).hasSize(20);
	}

	@Test
	void jobIsAlwaysFoundWhileItEnds() throws Exception {
		JobEngine engine = this.bench.start(PoolBench.pool(2));
		int rounds = Integer.getInteger("stress.rounds", 3000);
		for (int i = 0; i < rounds; i++) {
			Job<?> job = engine.spawn("job", () -> "x");
			while (!job.state().isEnded()) {
				assertThat(engine.find(job.id())).isPresent();
			}
			assertThat(engine.find(job.id())).isPresent();
		}
	}

	private static final class Carrying implements JobContextPropagator {

		@Override
		public Object capture() {
			return new Object();
		}

		@Override
		public Scope open(Object captured, Job<?> job) {
			return () -> {
			};
		}

	}

}
