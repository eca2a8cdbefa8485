package io.backgroundjobs.engine;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.core.retry.RetryPolicy;

import io.backgroundjobs.Job;
import io.backgroundjobs.JobContext;
import io.backgroundjobs.JobContextHolder;
import io.backgroundjobs.JobContextPropagator;
import io.backgroundjobs.JobFailedException;
import io.backgroundjobs.JobOptions;
import io.backgroundjobs.JobProgress;
import io.backgroundjobs.JobState;
import io.backgroundjobs.OverflowPolicy;
import io.backgroundjobs.PeriodicJobHandle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests of what a body sees of its job, and of what is carried over to its thread.
 */
@Timeout(value = 20, unit = TimeUnit.SECONDS)
class JobContextTests {

	@RegisterExtension
	final PoolBench bench = new PoolBench();

	private final ManualClock clock = new ManualClock();

	private final List<String> calls = new CopyOnWriteArrayList<>();

	private final Gate gate = this.bench.gate();

	private JobEngine engine(JobContextPropagator... propagators) {
		return this.bench.start((builder) -> {
			builder.clock(this.clock).exceptionHandler((job, failure) -> {
			});
			List.of(propagators).forEach(builder::propagator);
		}, PoolBench.pool(1).withPendingLimit(1).withOverflow(OverflowPolicy.CALLER_RUNS));
	}

	@Test
	void bodySeesItsJobWhicheverWayItAsks() throws Exception {
		JobEngine engine = engine();
		Job<List<String>> job = engine.spawn("job",
				(context) -> List.of(context.id(), JobContext.current().id(), JobContext.find().orElseThrow().id(),
						JobContextHolder.getContext().id(), context.name(), "" + context.attempt()));
		assertThat(job.await()).containsExactly(job.id(), job.id(), job.id(), job.id(), "job", "1");
	}

	@Test
	void outsideOfAJobThereIsNone() {
		assertThat(JobContext.find()).isEmpty();
		assertThatIllegalStateException().isThrownBy(JobContext::current)
			.withMessageContaining(Thread.currentThread().getName());
	}

	@Test
	void callersContextIsBackAfterANestedJob() throws Exception {
		JobEngine engine = engine();
		List<String> seen = engine.run("outer", (outer) -> {
			String before = JobContext.current().name();
			engine.spawn("fills-the-queue", () -> "x");
			Job<String> inner = engine.spawn("inner", (context) -> {
				String here = JobContext.current().name();
				return here + " " + engine.<String>runHere(JobOptions.named("innermost"),
						(innermost) -> JobContext.current().name());
			});
			return List.of(before, inner.await(), JobContext.current().name());
		});
		assertThat(seen).containsExactly("outer", "inner innermost", "outer");
		assertThat(JobContext.find()).isEmpty();
	}

	@Test
	void contextIsClearedAfterAJobThatFailed() throws Exception {
		JobEngine engine = engine();
		AtomicReference<Thread> worker = new AtomicReference<>();
		Job<String> job = engine.spawn("job", (context) -> {
			worker.set(Thread.currentThread());
			throw new IllegalStateException("broken");
		});
		assertThatExceptionOfType(JobFailedException.class).isThrownBy(job::await);
		assertThat(engine.<String>runHere(JobOptions.named("here"), (context) -> "x")).isEqualTo("x");
		assertThat(JobContextHolder.getContext()).isNull();
	}

	@Test
	void progressIsShownAndChecked() throws Exception {
		JobEngine engine = engine();
		Job<String> job = engine.spawn("job", (context) -> {
			context.progress(3, 10);
			this.gate.pass();
			assertThatIllegalArgumentException().isThrownBy(() -> context.progress(11, 10));
			assertThatIllegalArgumentException().isThrownBy(() -> context.progress(-1, 10));
			context.progress(10, 10);
			return "x";
		});
		this.gate.awaitEntered(1);
		assertThat(job.progress()).isEqualTo(new JobProgress(3, 10));
		this.gate.open(1);
		job.await();
		assertThat(job.progress()).isEqualTo(new JobProgress(10, 10));
		assertThat(engine.spawn("silent", () -> "x").progress()).isNull();
	}

	@Test
	void bodySeesThatItShouldStop() throws Exception {
		JobEngine engine = engine();
		CompletableFuture<JobContext> context = new CompletableFuture<>();
		Job<String> job = engine.spawn("job", (current) -> {
			context.complete(current);
			this.gate.passUninterrupted();
			return "x";
		});
		assertThat(context.join().isStopping()).isFalse();
		job.cancel();
		assertThat(context.join().isStopping()).isTrue();
		this.gate.open(1);
	}

	@Test
	void captureIsCalledAtTheSpawnAndOpenBeforeEachAttemptAndCloseAfterIt() throws Exception {
		JobEngine engine = engine(new Noting("a", this.calls));
		RetryPolicy once = RetryPolicy.builder().maxRetries(1).delay(Duration.ofSeconds(1)).build();
		Job<String> job = engine.spawn(JobOptions.named("job").retry(once), (context) -> {
			this.calls.add("body on " + Thread.currentThread().getName());
			if (context.attempt() == 1) {
				throw new IllegalStateException("broken");
			}
			return "x";
		});
		assertThat(this.calls.get(0)).isEqualTo("a capture on " + Thread.currentThread().getName());
		Eventually.holds(() -> job.state() == JobState.SCHEDULED && this.clock.timers() == 1);
		this.clock.advance(Duration.ofSeconds(1));
		job.await();
		Eventually.holds(() -> this.calls.size() == 7);
		assertThat(this.calls.subList(1, 7)).containsExactly("a open [a] on job-default-1", "body on job-default-1",
				"a close on job-default-1", "a open [a] on job-default-1", "body on job-default-1",
				"a close on job-default-1");
	}

	@Test
	void tickBindsAnEmptyContextAndCapturesNothing() throws Exception {
		JobEngine engine = engine(new Noting("a", this.calls), new Noting("b", this.calls));
		PeriodicJobHandle handle = engine.addPeriodic("tick", Duration.ofSeconds(1), () -> this.calls.add("body"));
		this.clock.advance(Duration.ZERO);
		Eventually.holds(() -> this.calls.size() == 5);
		assertThat(this.calls).containsExactly("a open [null] on job-default-1", "b open [null] on job-default-1",
				"body", "b close on job-default-1", "a close on job-default-1");
		handle.remove();
	}

	@Test
	void severalAreOpenedInOrderAndClosedInReverse() throws Exception {
		JobEngine engine = engine(new Noting("a", this.calls), new Noting("b", this.calls),
				new Noting("c", this.calls));
		engine.run("job", (context) -> this.calls.add("body"));
		Eventually.holds(() -> this.calls.size() == 10);
		assertThat(this.calls).extracting((call) -> call.split(" on ")[0])
			.containsExactly("a capture", "b capture", "c capture", "a open [a]", "b open [b]", "c open [c]", "body",
					"c close", "b close", "a close");
	}

	@Test
	void oneThatCannotBeOpenedFailsTheAttemptAndTheOthersAreClosed() throws Exception {
		Noting broken = new Noting("b", this.calls);
		broken.failsToOpen = true;
		JobEngine engine = engine(new Noting("a", this.calls), broken);
		Job<String> job = engine.spawn("job", (context) -> "never");
		assertThatExceptionOfType(JobFailedException.class).isThrownBy(job::await)
			.havingRootCause()
			.withMessage("open b");
		assertThat(this.calls).extracting((call) -> call.split(" on ")[0])
			.containsExactly("a capture", "b capture", "a open [a]", "a close");
		assertThat(PoolBench.look(engine).active()).isZero();
	}

	@Test
	void oneThatCannotBeClosedBreaksNothing() throws Exception {
		Noting broken = new Noting("b", this.calls);
		broken.failsToClose = true;
		JobEngine engine = engine(new Noting("a", this.calls), broken);
		assertThat(engine.<String>run("job", (context) -> "x")).isEqualTo("x");
		assertThat(engine.<String>run("next", (context) -> "x")).isEqualTo("x");
		Eventually.holds(() -> this.calls.stream().filter((call) -> call.startsWith("a close")).count() == 2);
	}

	@Test
	void oneThatCannotBeOpenedOnAStagesThreadDoesNotKeepTheJobFromEnding() throws Exception {
		Noting broken = new Noting("a", this.calls);
		JobEngine engine = engine(broken);
		CompletableFuture<String> stage = new CompletableFuture<>();
		Job<String> job = engine.spawnAsync("job", (context) -> stage);
		Eventually.holds(() -> this.calls.stream().anyMatch((call) -> call.startsWith("a close")));
		broken.failsToOpen = true;
		stage.complete("x");
		assertThat(job.await()).isEqualTo("x");
	}

	@Test
	void oneThatCannotBeOpenedAfterATimeoutDoesNotKeepListenersFromKnowing() throws Exception {
		Noting broken = new Noting("a", this.calls);
		Journal journal = new Journal();
		JobEngine engine = this.bench.start(
				(builder) -> builder.clock(this.clock).propagator(broken).exceptionHandler(journal), PoolBench.pool(1));
		Job<String> job = engine.spawn(JobOptions.named("job").timeout(Duration.ofSeconds(1)),
				PoolBench.through(this.gate));
		this.gate.awaitEntered(1);
		broken.failsToOpen = true;
		this.clock.advance(Duration.ofSeconds(1));
		Eventually.holds(() -> journal.lines().equals(List.of("handled job JobTimeoutException")));
		assertThat(job.state()).isEqualTo(JobState.FAILED);
	}

	private static final class Noting implements JobContextPropagator {

		private final String name;

		private final List<String> calls;

		private volatile boolean failsToOpen;

		private volatile boolean failsToClose;

		private Noting(String name, List<String> calls) {
			this.name = name;
			this.calls = calls;
		}

		@Override
		public Object capture() {
			note("capture");
			return "[" + this.name + "]";
		}

		@Override
		public Scope open(@Nullable Object captured, Job<?> job) {
			if (this.failsToOpen) {
				throw new IllegalStateException("open " + this.name);
			}
			note("open " + ((captured != null) ? captured : "[null]"));
			return () -> {
				note("close");
				if (this.failsToClose) {
					throw new IllegalStateException("close " + this.name);
				}
			};
		}

		private void note(String call) {
			this.calls.add(this.name + " " + call + " on " + Thread.currentThread().getName());
		}

	}

}
