package io.backgroundjobs.engine;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

import io.backgroundjobs.Job;
import io.backgroundjobs.JobListener;
import io.backgroundjobs.JobOptions;
import io.backgroundjobs.JobRejectedException;
import io.backgroundjobs.JobState;
import io.backgroundjobs.RejectionReason;
import io.backgroundjobs.ShutdownReport;
import io.backgroundjobs.ShutdownReport.Entry;
import io.backgroundjobs.ShutdownReport.Fate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

/**
 * Tests of who may call stop, when and how often.
 */
@Timeout(value = 20, unit = TimeUnit.SECONDS)
class StopTests {

	@RegisterExtension
	final PoolBench bench = new PoolBench();

	private final JobEngine engine = this.bench.start(PoolBench.pool(2));

	private final Gate gate = this.bench.gate();

	@Test
	void stopFromInsideAJobDoesNotWaitForItAndListsItAsTheCaller() throws Exception {
		Job<ShutdownReport> job = this.engine.spawn("caller", (context) -> this.engine.stop());
		ShutdownReport report = job.await();
		assertThat(report.jobs()).singleElement().satisfies((entry) -> {
			assertThat(entry.id()).isEqualTo(job.id());
			assertThat(entry.fate()).isEqualTo(Fate.CALLER);
			assertThat(entry.stack()).isNotEmpty();
		});
		assertThat(report.duration()).isLessThan(Duration.ofSeconds(5));
		assertThat(job.state()).isEqualTo(JobState.SUCCEEDED);
	}

	@Test
	void stopFromInsideANestedJobWaitsForNoneOfItsThread() throws Exception {
		Job<ShutdownReport> outer = this.engine.spawn("outer",
				(context) -> this.engine.runHere(JobOptions.named("middle"),
						(middle) -> this.engine.runHere(JobOptions.named("inner"), (inner) -> this.engine.stop())));
		ShutdownReport report = outer.await();
		assertThat(report.jobs()).extracting(Entry::name, Entry::fate)
			.containsExactly(tuple("outer", Fate.CALLER), tuple("middle", Fate.CALLER), tuple("inner", Fate.CALLER));
		assertThat(report.duration()).isLessThan(Duration.ofSeconds(5));
	}

	@Test
	void secondStopReturnsTheSameReport() throws Exception {
		this.engine.spawn("job", PoolBench.through(this.gate));
		this.gate.awaitEntered(1);
		CompletableFuture<ShutdownReport> first = CompletableFuture.supplyAsync(this.engine::stop);
		CompletableFuture<ShutdownReport> second = CompletableFuture.supplyAsync(this.engine::stop);
		Eventually.holds(() -> !this.engine.isRunning());
		this.gate.open(1);
		assertThat(second.join()).isSameAs(first.join());
		assertThat(this.engine.stop()).isSameAs(first.join());
	}

	@Test
	void stopFromInsideAJobThatAnotherStopWaitsFor() throws Exception {
		Job<ShutdownReport> inside = this.engine.spawn("inside", (job) -> {
			this.gate.pass();
			return this.engine.stop();
		});
		this.gate.awaitEntered(1);
		CompletableFuture<ShutdownReport> outside = CompletableFuture.supplyAsync(this.engine::stop);
		Eventually.holds(() -> !this.engine.isRunning());
		this.gate.open(1);
		assertThat(inside.await()).isSameAs(outside.join());
		assertThat(outside.join().jobs(Fate.CALLER)).extracting(Entry::id).containsExactly(inside.id());
		assertThat(outside.join().duration()).isLessThan(Duration.ofSeconds(5));
	}

	@Test
	void stopFromInsideTwoJobsAtOnce() throws Exception {
		Job<ShutdownReport> second = this.engine.spawn("second", (job) -> {
			this.gate.pass();
			return this.engine.stop();
		});
		this.gate.awaitEntered(1);
		Job<ShutdownReport> first = this.engine.spawn("first", (job) -> this.engine.stop());
		Eventually.holds(() -> !this.engine.isRunning());
		this.gate.open(1);
		assertThat(first.await()).isSameAs(second.await());
		assertThat(first.await().jobs(Fate.CALLER)).hasSize(2);
	}

	@Test
	void stopFromAListenerDoesNotWaitForIt() throws Exception {
		AtomicReference<ShutdownReport> report = new AtomicReference<>();
		AtomicReference<JobEngine> self = new AtomicReference<>();
		JobEngine listened = this.bench.start((builder) -> builder.listener(new JobListener() {

			@Override
			public void ended(Job<?> job) {
				if (job.name().equals("stops")) {
					report.set(self.get().stop());
				}
			}

		}), PoolBench.pool(1));
		self.set(listened);
		Job<String> cancelled = listened.spawn(JobOptions.named("stops").delay(Duration.ofHours(1)), () -> "x");
		cancelled.cancel();
		assertThat(report.get().duration()).isLessThan(Duration.ofSeconds(5));
		listened.start();
		report.set(null);
		listened.spawn("stops", () -> "x").await();
		Eventually.holds(() -> report.get() != null);
		assertThat(report.get().duration()).isLessThan(Duration.ofSeconds(5));
		listened.start();
		report.set(null);
		listened.spawn(JobOptions.named("stops").timeout(Duration.ofMillis(1)), PoolBench.through(this.gate));
		Eventually.holds(() -> report.get() != null);
		assertThat(report.get().duration()).isLessThan(Duration.ofSeconds(5));
	}

	@Test
	void callerOfAnEarlierStopIsForgotten() throws Exception {
		Job<ShutdownReport> twice = this.engine.spawn("caller", (job) -> {
			this.engine.stop();
			return this.engine.stop();
		});
		twice.await();
		this.engine.start();
		Job<String> job = this.engine.spawn("job", PoolBench.through(this.gate));
		this.gate.awaitEntered(1);
		CompletableFuture<ShutdownReport> stop = CompletableFuture.supplyAsync(this.engine::stop);
		Eventually.holds(() -> !this.engine.isRunning());
		this.gate.open(1);
		assertThat(stop.join().jobs()).extracting(Entry::id).containsExactly(job.id());
		assertThat(job.await()).isEqualTo("passed");
	}

	@Test
	void stopBeforeStartReturnsAnEmptyReport() {
		JobEngine fresh = new JobEngineBuilder().build();
		assertThat(fresh.stop().jobs()).isEmpty();
		assertThatExceptionOfType(JobRejectedException.class).isThrownBy(() -> fresh.spawn("job", () -> "x"))
			.satisfies((ex) -> assertThat(ex.reason()).isEqualTo(RejectionReason.NOT_STARTED));
	}

	@Test
	void stoppedSchedulerRejectsAndCanBeStartedAgain() throws Exception {
		this.engine.run("job", (job) -> "x");
		ShutdownReport first = this.engine.stop();
		assertThat(this.engine.isRunning()).isFalse();
		assertThatExceptionOfType(JobRejectedException.class).isThrownBy(() -> this.engine.spawn("job", () -> "x"))
			.satisfies((ex) -> assertThat(ex.reason()).isEqualTo(RejectionReason.SHUTTING_DOWN));
		this.engine.start();
		assertThat(this.engine.<String>run("job", (job) -> "again")).isEqualTo("again");
		assertThat(this.engine.<String>run(JobOptions.named("job").delay(Duration.ofMillis(1)), (job) -> "delayed"))
			.isEqualTo("delayed");
		assertThat(this.engine.stop()).isNotSameAs(first);
	}

	@Test
	void stopOnAnInterruptedThreadDrainsAllTheSameAndKeepsTheFlag() throws Exception {
		Job<String> job = this.engine.spawn("job", PoolBench.through(this.gate));
		this.gate.awaitEntered(1);
		CompletableFuture<Boolean> flag = CompletableFuture.supplyAsync(() -> {
			Thread.currentThread().interrupt();
			this.engine.stop();
			return Thread.interrupted();
		});
		Eventually.holds(() -> !this.engine.isRunning());
		this.gate.open(1);
		assertThat(flag.join()).isTrue();
		assertThat(job.await()).isEqualTo("passed");
	}

	@Test
	void awaitShutdownReturnsWhenTheSchedulerHasStopped() throws Exception {
		this.engine.spawn("job", PoolBench.through(this.gate));
		this.gate.awaitEntered(1);
		Thread waiter = new Thread(() -> {
			try {
				this.engine.awaitShutdown();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		});
		waiter.start();
		Eventually.waits(waiter);
		CompletableFuture<ShutdownReport> stop = CompletableFuture.supplyAsync(this.engine::stop);
		Eventually.holds(() -> !this.engine.isRunning());
		assertThat(waiter.isAlive()).isTrue();
		this.gate.open(1);
		stop.join();
		waiter.join();
		this.engine.awaitShutdown();
		waiter = new Thread(
				() -> assertThatExceptionOfType(InterruptedException.class).isThrownBy(this.engine::awaitShutdown));
		this.engine.start();
		waiter.start();
		Eventually.waits(waiter);
		waiter.interrupt();
		waiter.join();
	}

}
