package io.backgroundjobs.engine;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

import io.backgroundjobs.JobOptions;
import io.backgroundjobs.PoolSpec;
import io.backgroundjobs.observation.BoundedJobNames;
import io.backgroundjobs.observation.JobMeters;
import io.backgroundjobs.observation.JobObservations;

/**
 * What meters cost a job: {@code job} and {@code jobOnItsCaller} with and without them,
 * and the bound for the difference, {@code threeRecordings}. Observations are there and
 * unused, as in an application without a tracer.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(5)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class MetersBenchmark {

	/** So many that their way through the pool counts, and not the wait for the last. */
	private static final int JOBS = 2_000;

	/**
	 * Spawn jobs into a pool of two, and wait until all bodies have been entered. Not for
	 * the jobs: how many waits find theirs ended would depend on what is measured.
	 * @param engine the scheduler
	 * @throws InterruptedException never
	 */
	@Benchmark
	@OperationsPerInvocation(JOBS)
	public void job(Engine engine) throws InterruptedException {
		CountDownLatch bodies = new CountDownLatch(JOBS);
		for (int i = 0; i < JOBS; i++) {
			engine.scheduler.spawn("job", bodies::countDown);
		}
		bodies.await();
	}

	/**
	 * Carry out a job on the calling thread: the same turns without a change of threads,
	 * so that a small difference can be told.
	 * @param engine the scheduler
	 * @return what the body returned
	 */
	@Benchmark
	public Object jobOnItsCaller(Engine engine) throws Exception {
		return engine.scheduler.<Integer>runHere(engine.options, (job) -> 42);
	}

	/**
	 * Record three times and do nothing else.
	 * @param timers what to record in
	 */
	@Benchmark
	public void threeRecordings(Timers timers) {
		timers.first.record(timers.nanos, TimeUnit.NANOSECONDS);
		timers.second.record(timers.nanos, TimeUnit.NANOSECONDS);
		timers.third.record(timers.nanos, TimeUnit.NANOSECONDS);
	}

	/**
	 * A scheduler with a pool of two.
	 */
	@State(Scope.Benchmark)
	public static class Engine {

		/** Whether meters are recorded. */
		@Param({ "false", "true" })
		public boolean meters;

		private final JobOptions options = JobOptions.named("job");

		private JobEngine scheduler = new JobEngineBuilder().build();

		/**
		 * Start the scheduler.
		 */
		@Setup(Level.Trial)
		public void start() {
			JobEngineBuilder builder = new JobEngineBuilder()
				.pool(PoolSpec.named("default").withLimit(2).withPendingLimit(JOBS));
			if (this.meters) {
				BoundedJobNames names = new BoundedJobNames(100);
				builder.recorder(new JobMeters(new SimpleMeterRegistry(), names))
					.observer(new JobObservations(ObservationRegistry.NOOP, null, names));
			}
			this.scheduler = builder.build();
			this.scheduler.start();
		}

		/**
		 * Stop the scheduler.
		 */
		@TearDown(Level.Trial)
		public void stop() {
			this.scheduler.close();
		}

	}

	/**
	 * Three timers with the tags of those of a job.
	 */
	@State(Scope.Thread)
	public static class Timers {

		private final MeterRegistry registry = new SimpleMeterRegistry();

		private final Timer first = timer("first");

		private final Timer second = timer("second");

		private final Timer third = timer("third");

		private long nanos = 1234;

		private Timer timer(String name) {
			return Timer.builder(name)
				.tag("name", "job")
				.tag("kind", "spawned")
				.tag("pool", "default")
				.tag("outcome", "succeeded")
				.tag("exception", "none")
				.register(this.registry);
		}

	}

}
