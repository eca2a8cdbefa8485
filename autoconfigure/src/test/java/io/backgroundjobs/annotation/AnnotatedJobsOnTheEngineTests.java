package io.backgroundjobs.annotation;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Mono;

import io.backgroundjobs.BackgroundJob;
import io.backgroundjobs.Job;
import io.backgroundjobs.JobContext;
import io.backgroundjobs.JobFailedException;
import io.backgroundjobs.JobKind;
import io.backgroundjobs.JobRejectedException;
import io.backgroundjobs.JobState;
import io.backgroundjobs.OnDuplicate;
import io.backgroundjobs.PeriodicJob;
import io.backgroundjobs.PoolSpec;
import io.backgroundjobs.RejectionReason;
import io.backgroundjobs.Shielded;
import io.backgroundjobs.engine.EngineClock;
import io.backgroundjobs.engine.JobEngine;
import io.backgroundjobs.engine.JobEngineBuilder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The annotations on the real engine, with a clock that a test moves.
 */
@Timeout(30)
class AnnotatedJobsOnTheEngineTests {

	private final HandClock clock = new HandClock();

	private final JobEngine engine = new JobEngineBuilder().clock(this.clock)
		.pool(PoolSpec.named("one").withLimit(1))
		.exceptionHandler((job, failure) -> {
		})
		.build();

	private AnnotationContext context;

	private Shop shop;

	@BeforeEach
	void start() {
		this.context = AnnotationContext.start(this.engine, Shop.class);
		this.shop = this.context.getBean(Shop.class);
		this.engine.start();
	}

	@AfterEach
	void stop() {
		this.shop.gate().countDown();
		this.engine.stop();
		this.context.close();
	}

	@Test
	void periodicMethodRunsAtEachTick() throws Exception {
		this.clock.advance(Duration.ZERO);
		assertThat(this.shop.ticks().poll(10, TimeUnit.SECONDS)).isEqualTo(1);
		while (!this.engine.jobs().isEmpty()) {
			Thread.onSpinWait();
		}
		this.clock.advance(Duration.ofMinutes(1));
		assertThat(this.shop.ticks().poll(10, TimeUnit.SECONDS)).isEqualTo(2);
		assertThat(this.shop.ticks()).isEmpty();
	}

	@Test
	void periodicMethodCanBeTriggeredByItsName() throws Exception {
		Job<?> job = this.engine.findPeriodic("shop.disabled").orElseThrow().trigger();
		assertThat(job.await()).isEqualTo("ran");
		assertThat(job.kind()).isEqualTo(JobKind.PERIODIC);
	}

	@Test
	void callReturnsTheJobThatRunsTheMethod() throws Exception {
		Job<String> job = this.shop.id(null);
		assertThat(job.await()).isEqualTo(job.id());
		assertThat(job.kind()).isEqualTo(JobKind.ANNOTATED);
		assertThat(job.name()).isEqualTo("shop.id");
		assertThat(this.shop.thread()).isNotSameAs(Thread.currentThread());
	}

	@Test
	void callReturnsAFutureWithTheValue() throws Exception {
		assertThat(this.shop.upper("abc").get(10, TimeUnit.SECONDS)).isEqualTo("ABC");
	}

	@Test
	void whenTheFutureIsCancelledThenTheJobGoesOn() throws Exception {
		CompletableFuture<String> work = new CompletableFuture<>();
		CompletableFuture<String> view = this.shop.stage(work);
		Job<?> job = this.engine.jobs().iterator().next();
		view.cancel(true);
		work.complete("done");
		job.await();
		assertThat(job.state()).isEqualTo(JobState.SUCCEEDED);
	}

	@Test
	void whenTheJobIsCancelledThenTheStageIsToo() throws Exception {
		CompletableFuture<String> work = new CompletableFuture<>();
		this.shop.stage(work);
		Job<?> job = this.engine.jobs().iterator().next();
		this.shop.reached().await();
		assertThat(job.cancel()).isTrue();
		assertThatExceptionOfType(CancellationException.class).isThrownBy(() -> work.get(10, TimeUnit.SECONDS));
	}

	@Test
	void jobThatWaitsForAJobOfItsOwnPoolLendsItsPlace() throws Exception {
		assertThat(this.shop.outer(this.shop).await()).isEqualTo("inner");
	}

	@Test
	void whenMethodFailsThenTheJobHasItsException() {
		assertThatExceptionOfType(JobFailedException.class).isThrownBy(() -> this.shop.fail().await())
			.withCauseExactlyInstanceOf(IOException.class);
	}

	@Test
	void failedAttemptIsTriedAgain() throws Exception {
		Job<Integer> job = this.shop.flaky();
		CompletableFuture<Integer> value = job.toFuture();
		this.shop.reached().await();
		while (!value.isDone()) {
			this.clock.advance(Duration.ofSeconds(5));
			Thread.onSpinWait();
		}
		assertThat(value.join()).isEqualTo(2);
		assertThat(job.attempts()).isEqualTo(2);
	}

	@Test
	void whenKeyIsLiveThenTheLiveJobIsReturned() throws Exception {
		Job<String> first = this.shop.blocked("a");
		assertThat((Object) this.shop.blocked("a")).isSameAs(first);
		assertThat((Object) this.shop.blocked("b")).isNotSameAs(first);
	}

	@Test
	void whenEngineHasStoppedThenCallsAreRejected() {
		this.engine.stop();
		assertThatExceptionOfType(JobRejectedException.class).isThrownBy(() -> this.shop.id(null))
			.satisfies((ex) -> assertThat(ex.reason()).isEqualTo(RejectionReason.SHUTTING_DOWN));
		assertThatExceptionOfType(JobRejectedException.class).isThrownBy(() -> this.shop.upper("abc"));
		assertThatExceptionOfType(JobRejectedException.class).isThrownBy(this.shop::handle)
			.satisfies((ex) -> assertThat(ex.reason()).isEqualTo(RejectionReason.SHUTTING_DOWN));
		assertThatExceptionOfType(JobRejectedException.class).isThrownBy(() -> this.shop.mono(null).block());
	}

	@Test
	void shieldedHandlerIsAJobOnItsOwnThread() throws Exception {
		assertThat(this.shop.handle()).isEqualTo("shop.handle on " + Thread.currentThread().getName());
		assertThat(this.engine.jobs()).isEmpty();
	}

	@Test
	void shieldedPublisherSurvivesItsSubscriberAndCannotBeCancelled() throws Exception {
		CompletableFuture<String> work = new CompletableFuture<>();
		List<String> done = new ArrayList<>();
		this.shop.mono(Mono.fromFuture(work).doOnNext(done::add)).subscribe().dispose();
		Job<?> job = this.engine.jobs().iterator().next();
		assertThat(job.name()).isEqualTo("shop.mono");
		assertThat(job.cancel()).isFalse();
		work.complete("imported");
		assertThat(done).containsExactly("imported");
		assertThat(job.state()).isEqualTo(JobState.SUCCEEDED);
	}

	@Test
	void shutdownWaitsForAShieldedStage() throws Exception {
		CompletableFuture<String> work = new CompletableFuture<>();
		CompletableFuture<String> result = this.shop.shieldedStage(work);
		CompletableFuture<Void> stopped = CompletableFuture.runAsync(this.engine::stop);
		while (this.engine.isRunning()) {
			Thread.onSpinWait();
		}
		assertThat(stopped).isNotDone();
		work.complete("kept");
		stopped.get(10, TimeUnit.SECONDS);
		assertThat(result).isCompletedWithValue("kept");
	}

	static class Shop {

		private final BlockingQueue<Integer> ticks = new LinkedBlockingQueue<>();

		private final AtomicInteger count = new AtomicInteger();

		private final CountDownLatch gate = new CountDownLatch(1);

		private final CountDownLatch reached = new CountDownLatch(1);

		private volatile Thread thread;

		BlockingQueue<Integer> ticks() {
			return this.ticks;
		}

		CountDownLatch gate() {
			return this.gate;
		}

		CountDownLatch reached() {
			return this.reached;
		}

		Thread thread() {
			return this.thread;
		}

		@PeriodicJob(every = "1m")
		void tick() {
			this.ticks.add(this.count.incrementAndGet());
		}

		@PeriodicJob(cron = "-")
		String disabled() {
			return "ran";
		}

		@BackgroundJob
		Job<String> id(JobContext job) {
			this.thread = Thread.currentThread();
			return Job.completed(job.id());
		}

		@BackgroundJob
		CompletableFuture<String> upper(String text) {
			return CompletableFuture.completedFuture(text.toUpperCase(Locale.ROOT));
		}

		@BackgroundJob
		CompletableFuture<String> stage(CompletableFuture<String> work) {
			this.reached.countDown();
			return work;
		}

		@BackgroundJob(pool = "one")
		Job<String> outer(Shop proxy) {
			return proxy.inner();
		}

		@BackgroundJob(pool = "one")
		Job<String> inner() {
			return Job.completed("inner");
		}

		@BackgroundJob
		Job<String> fail() throws IOException {
			throw new IOException("disk");
		}

		@BackgroundJob(maxRetries = 2, retryDelay = "5s")
		Job<Integer> flaky() throws IOException {
			this.reached.countDown();
			if (JobContext.current().attempt() == 1) {
				throw new IOException("disk");
			}
			return Job.completed(JobContext.current().attempt());
		}

		@BackgroundJob(key = "#key", onDuplicate = OnDuplicate.RETURN_EXISTING)
		Job<String> blocked(String key) throws InterruptedException {
			this.gate.await();
			return Job.completed(key);
		}

		@Shielded
		String handle() {
			return JobContext.current().name() + " on " + Thread.currentThread().getName();
		}

		@Shielded
		Mono<String> mono(Mono<String> work) {
			return work;
		}

		@Shielded
		CompletableFuture<String> shieldedStage(CompletableFuture<String> work) {
			return work;
		}

	}

	private static final class HandClock implements EngineClock {

		private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

		private final List<Entry> timers = new ArrayList<>();

		private long nanos;

		@Override
		public synchronized long nanoTime() {
			return this.nanos;
		}

		@Override
		public synchronized Instant instant() {
			return START.plusNanos(this.nanos);
		}

		@Override
		public synchronized Timer schedule(Runnable task, long delay) {
			Entry entry = new Entry(this.nanos + delay, task);
			this.timers.add(entry);
			return () -> cancel(entry);
		}

		private synchronized void cancel(Entry entry) {
			this.timers.remove(entry);
		}

		private synchronized List<Entry> due(Duration duration) {
			this.nanos += duration.toNanos();
			List<Entry> due = this.timers.stream().filter((timer) -> timer.due() <= this.nanos).toList();
			this.timers.removeAll(due);
			return due;
		}

		void advance(Duration duration) {
			due(duration).forEach((entry) -> entry.task().run());
		}

		private record Entry(long due, Runnable task) {

		}

	}

}
