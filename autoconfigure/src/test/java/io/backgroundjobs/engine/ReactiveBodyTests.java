package io.backgroundjobs.engine;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.adapter.JdkFlowAdapter;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

import io.backgroundjobs.Job;
import io.backgroundjobs.JobFailedException;
import io.backgroundjobs.JobState;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests of bodies that return a reactive type.
 */
@Timeout(value = 20, unit = TimeUnit.SECONDS)
class ReactiveBodyTests {

	@RegisterExtension
	final PoolBench bench = new PoolBench();

	private final JobEngine engine = this.bench.start(PoolBench.pool(1));

	private final AtomicInteger subscriptions = new AtomicInteger();

	private final CountDownLatch subscribed = new CountDownLatch(1);

	private void subscribed() {
		this.subscriptions.incrementAndGet();
		this.subscribed.countDown();
	}

	@Test
	void monoIsSubscribedOnceAndComesBackAsAReplay() throws Exception {
		Mono<String> source = Mono.fromSupplier(() -> "value " + this.subscriptions.incrementAndGet());
		Mono<String> replay = this.engine.<Mono<String>>spawn("mono", (job) -> source).await();
		assertThat(replay.block()).isEqualTo("value 1");
		assertThat(replay.block()).isEqualTo("value 1");
		assertThat(this.subscriptions).hasValue(1);
	}

	@Test
	void emptyMonoComesBackEmpty() throws Exception {
		Mono<String> replay = this.engine.<Mono<String>>spawn("mono", (job) -> Mono.empty()).await();
		assertThat(replay.blockOptional()).isEmpty();
	}

	@Test
	void fluxIsDrainedAndComesBackEmpty() throws Exception {
		AtomicInteger emitted = new AtomicInteger();
		Flux<Integer> source = Flux.range(1, 1000)
			.doOnSubscribe((subscription) -> subscribed())
			.doOnNext((item) -> emitted.incrementAndGet());
		Flux<Integer> replay = this.engine.<Flux<Integer>>spawn("flux", (job) -> source).await();
		assertThat(emitted).hasValue(1000);
		assertThat(replay.collectList().block()).isEmpty();
		assertThat(this.subscriptions).hasValue(1);
	}

	@Test
	void monoHoldsAPlaceAndNoThreadUntilItCompletes() throws Exception {
		Sinks.One<String> sink = Sinks.one();
		Thread[] worker = new Thread[1];
		Job<Mono<String>> job = this.engine.spawn("mono", (context) -> {
			worker[0] = Thread.currentThread();
			return sink.asMono().doOnSubscribe((subscription) -> subscribed());
		});
		this.subscribed.await();
		Eventually.waits(worker[0]);
		assertThat(PoolBench.look(this.engine).active()).isOne();
		assertThat(job.state()).isEqualTo(JobState.RUNNING);
		sink.tryEmitValue("late");
		assertThat(job.await().block()).isEqualTo("late");
	}

	@Test
	void errorFailsTheJob() {
		Job<Mono<String>> job = this.engine.spawn("mono",
				(context) -> Mono.error(new IllegalArgumentException("broken")));
		assertThatExceptionOfType(JobFailedException.class).isThrownBy(job::await)
			.havingCause()
			.isInstanceOf(IllegalArgumentException.class);
	}

	@Test
	void cancellingReachesThePublisherAndFreesThePlace() throws Exception {
		AtomicBoolean cancelled = new AtomicBoolean();
		Job<Flux<String>> job = this.engine.spawn("flux",
				(context) -> Flux.<String>never()
					.doOnCancel(() -> cancelled.set(true))
					.doOnSubscribe((subscription) -> subscribed()));
		this.subscribed.await();
		assertThat(job.cancel()).isTrue();
		Eventually.holds(cancelled::get);
		assertThat(job.state()).isEqualTo(JobState.CANCELLED);
		Eventually.holds(() -> PoolBench.look(this.engine).active() == 0);
	}

	@Test
	void flowPublisherIsAReactiveTypeToo() throws Exception {
		AtomicInteger emitted = new AtomicInteger();
		Flow.Publisher<Integer> source = JdkFlowAdapter
			.publisherToFlowPublisher(Flux.range(1, 10).doOnNext((item) -> emitted.incrementAndGet()));
		Object replay = this.engine.<Flow.Publisher<Integer>>spawn("flow", (context) -> source).await();
		assertThat(emitted).hasValue(10);
		assertThat(replay).isInstanceOf(Flow.Publisher.class).isNotSameAs(source);
	}

}
