package io.backgroundjobs.engine;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.core.retry.RetryPolicy;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.scheduling.concurrent.ConcurrentTaskExecutor;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

import io.backgroundjobs.Job;
import io.backgroundjobs.JobListener;
import io.backgroundjobs.JobState;
import io.backgroundjobs.MissedRunPolicy;
import io.backgroundjobs.OverlapPolicy;
import io.backgroundjobs.PeriodicJobHandle;
import io.backgroundjobs.PeriodicJobSpec;
import io.backgroundjobs.ShutdownReport;
import io.backgroundjobs.ShutdownReport.Entry;
import io.backgroundjobs.ShutdownReport.Fate;
import io.backgroundjobs.TickResult;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of periodic jobs that run on an executor of the application's own.
 */
@Timeout(value = 20, unit = TimeUnit.SECONDS)
class TargetExecutorTests {

	private static final Duration SECOND = ClockedEngine.SECOND;

	private final List<PeriodicJobHandle> gone = new CopyOnWriteArrayList<>();

	private final List<String> threads = new CopyOnWriteArrayList<>();

	private final ClockedEngine time = new ClockedEngine((builder) -> builder.listener(new JobListener() {

		@Override
		public void executorGone(PeriodicJobHandle handle) {
			TargetExecutorTests.this.threads.add(Thread.currentThread().getName());
			TargetExecutorTests.this.gone.add(handle);
		}

	}));

	private final JobEngine engine = this.time.engine();

	@BeforeEach
	void start() {
		this.engine.start();
	}

	@AfterEach
	void stop() {
		this.engine.stop();
	}

	@Test
	void bodyRunsOnTheExecutorAndHoldsNoPlace() throws Exception {
		Gate gate = new Gate();
		ExecutorService executor = Executors.newSingleThreadExecutor((task) -> new Thread(task, "own"));
		PeriodicJobHandle job = this.engine.addPeriodic(spec().executor(executor), () -> {
			this.threads.add(Thread.currentThread().getName());
			gate.passUninterrupted();
		});
		this.time.clock().advance(Duration.ZERO);
		gate.awaitEntered(1);
		assertThat(this.threads).containsExactly("own");
		assertThat(this.engine.pools()).allMatch((pool) -> pool.active() == 0);
		assertThat(this.engine.jobs()).extracting(Job::state).containsExactly(JobState.RUNNING);
		assertThat(job.lastRun()).isNotNull().matches((run) -> run.pool().equals("executor"));
		this.time.clock().advance(SECOND);
		assertThat(job.ticks()).containsEntry(TickResult.OVERLAP, 1L);
		gate.open(1);
		this.time.awaitIdle();
		executor.shutdown();
	}

	@Test
	void queueOneTimeoutAndRetriesWorkThereToo() throws Exception {
		Gate gate = new Gate();
		ExecutorService executor = Executors.newCachedThreadPool();
		RetryPolicy policy = RetryPolicy.builder().maxRetries(1).delay(SECOND.multipliedBy(3)).build();
		PeriodicJobHandle job = this.engine.addPeriodic(PeriodicJobSpec.named("tick")
			.every(SECOND.multipliedBy(10))
			.executor(executor)
			.overlap(OverlapPolicy.QUEUE_ONE)
			.timeout(SECOND.multipliedBy(2))
			.retry(policy), ClockedEngine.at(gate));
		this.time.clock().advance(Duration.ZERO);
		gate.awaitEntered(1);
		this.time.clock().advance(SECOND.multipliedBy(2));
		// Not the warning of a body that ignores its interrupt, which comes earlier.
		Eventually.holds(() -> this.time.clock().toNextTimer().equals(SECOND.multipliedBy(3)));
		this.time.clock().advance(SECOND.multipliedBy(3));
		gate.awaitEntered(1);
		assertThat(job.lastRun()).isNotNull().matches((run) -> run.attempts() == 2);
		job.trigger();
		gate.open(2);
		gate.awaitEntered(1);
		this.time.awaitIdle();
		assertThat(job.ticks()).containsEntry(TickResult.RAN, 1L);
		executor.shutdown();
	}

	@Test
	void executorThatRunsInTheCallersThreadRunsOnACourier() throws Exception {
		Thread clockThread = Thread.currentThread();
		PeriodicJobHandle job = this.engine.addPeriodic(spec().executor(Runnable::run), () -> {
			assertThat(Thread.currentThread()).isNotSameAs(clockThread);
			this.threads.add(Thread.currentThread().getName());
		});
		this.time.pass(Duration.ZERO);
		job.trigger().await();
		assertThat(this.threads).hasSize(2).allMatch((name) -> name.startsWith("background-jobs-courier-"));
	}

	@Test
	void executorThatRefusesARunIsPoolFull() throws Exception {
		Executor executor = (task) -> {
			throw new RejectedExecutionException("no room");
		};
		PeriodicJobHandle job = this.engine.addPeriodic(spec().executor(executor), () -> {
		});
		awaitRefused(job, 1);
		this.time.clock().advance(SECOND);
		awaitRefused(job, 2);
		assertThat(job.ticks()).containsEntry(TickResult.POOL_FULL, 2L).containsEntry(TickResult.RAN, 0L);
		assertThat(ClockedEngine.sum(job)).isEqualTo(2);
		assertThat(this.gone).isEmpty();
		Job<?> triggered = job.trigger();
		Eventually.holds(() -> triggered.state() == JobState.CANCELLED);
		assertThat(triggered.cancelReason()).isEqualTo("the executor refused the run");
	}

	@Test
	void executorThatFailsIsPoolFull() throws Exception {
		PeriodicJobHandle job = this.engine
			.addPeriodic(PeriodicJobSpec.named("pause").fixedDelay(SECOND).executor((task) -> {
				throw new IllegalStateException("broken");
			}), () -> {
			});
		this.time.clock().advance(Duration.ZERO);
		Eventually.holds(() -> SECOND.equals(this.time.next(job)));
		this.time.clock().advance(SECOND);
		Eventually.holds(() -> job.nextRun() != null && ClockedEngine.sum(job) == 2);
		assertThat(job.ticks()).containsEntry(TickResult.POOL_FULL, 2L);
		assertThat(this.time.next(job)).isEqualTo(SECOND.multipliedBy(2));
	}

	@Test
	void executorThatIsGoneRemovesItsJobAloneAndListenersAreTold() throws Exception {
		ExecutorService executor = Executors.newSingleThreadExecutor();
		PeriodicJobHandle job = this.engine.addPeriodic(spec().executor(executor), () -> {
		});
		PeriodicJobHandle other = this.engine.addPeriodic("other", SECOND, () -> {
		});
		this.time.pass(Duration.ZERO);
		executor.shutdown();
		this.time.pass(SECOND);
		Eventually.holds(() -> !this.gone.isEmpty());
		this.time.pass(SECOND);
		assertThat(this.gone).containsExactly(job);
		assertThat(this.threads).noneMatch((name) -> name.equals(Thread.currentThread().getName()));
		assertThat(job.ticks()).containsEntry(TickResult.RAN, 1L).containsEntry(TickResult.EXECUTOR_GONE, 1L);
		assertThat(ClockedEngine.sum(job)).isEqualTo(2);
		assertThat(job.nextRun()).isNull();
		assertThat(this.engine.periodicJobs()).containsExactly(other);
		assertThat(other.ticks()).containsEntry(TickResult.RAN, 3L);
	}

	@Test
	void listenersAreToldOnceHoweverManyRunsAreRefused() throws Exception {
		ExecutorService executor = Executors.newSingleThreadExecutor();
		executor.shutdown();
		PeriodicJobHandle job = this.engine.addPeriodic(PeriodicJobSpec.named("tick")
			.every(SECOND)
			.initialDelay(SECOND)
			.overlap(OverlapPolicy.CONCURRENT)
			.missed(MissedRunPolicy.CATCH_UP)
			.executor(executor), () -> {
			});
		job.trigger();
		this.time.clock().jump(SECOND.multipliedBy(3));
		this.time.awaitIdle();
		Eventually.holds(() -> this.gone.size() == 1);
		Eventually.holds(() -> ClockedEngine.sum(job) == 3 || ClockedEngine.sum(job) == 0);
		assertThat(this.gone).hasSize(1);
	}

	@Test
	void springsOwnExecutorsAreKnownToBeGone() throws Exception {
		ThreadPoolTaskExecutor pool = new ThreadPoolTaskExecutor();
		pool.initialize();
		pool.shutdown();
		ThreadPoolTaskScheduler scheduler = new ThreadPoolTaskScheduler();
		scheduler.initialize();
		scheduler.shutdown();
		SimpleAsyncTaskExecutor simple = new SimpleAsyncTaskExecutor();
		simple.setTaskTerminationTimeout(1);
		simple.close();
		ExecutorService adapted = Executors.newSingleThreadExecutor();
		adapted.shutdown();
		List<Executor> executors = List.of(pool, scheduler, simple, new ConcurrentTaskExecutor(adapted));
		for (Executor executor : executors) {
			PeriodicJobHandle job = this.engine.addPeriodic(
					PeriodicJobSpec.named(executor.getClass().getSimpleName()).every(SECOND).executor(executor), () -> {
					});
			this.time.clock().advance(Duration.ZERO);
			Eventually.holds(() -> ClockedEngine.sum(job) == 1);
			assertThat(job.ticks()).as(job.name()).containsEntry(TickResult.EXECUTOR_GONE, 1L);
		}
	}

	@Test
	void runThatWasCancelledOnItsWayDoesNotRunWhenTheExecutorComesToIt() throws Exception {
		LinkedBlockingQueue<Runnable> lost = new LinkedBlockingQueue<>();
		PeriodicJobHandle job = this.engine.addPeriodic(spec().executor(lost::add), () -> {
		});
		this.time.clock().advance(Duration.ZERO);
		Runnable late = lost.take();
		Job<?> run = this.engine.jobs().iterator().next();
		assertThat(run.cancel()).isTrue();
		assertThat(job.ticks()).containsEntry(TickResult.CANCELLED, 1L);
		late.run();
		assertThat(job.ticks()).containsEntry(TickResult.RAN, 0L);
		this.time.clock().advance(SECOND);
		lost.take().run();
		assertThat(job.ticks()).containsEntry(TickResult.RAN, 1L);
	}

	@Test
	void whenTheWaitIsOverThenRunsOnTheirWayAreDroppedUnlessTheyAreShielded() throws Exception {
		List<Runnable> onTheirWay = new CopyOnWriteArrayList<>();
		this.engine.addPeriodic(spec().executor(onTheirWay::add), () -> {
		});
		this.engine.addPeriodic(PeriodicJobSpec.named("shielded").every(SECOND).shielded().executor(onTheirWay::add),
				() -> {
				});
		this.time.clock().advance(Duration.ZERO);
		Eventually.holds(() -> onTheirWay.size() == 2);
		Stop stop = Stop.begin(this.engine, this.time.clock());
		assertThat(this.engine.jobs()).hasSize(2);
		this.time.clock().advance(SECOND.multipliedBy(20));
		Eventually.holds(() -> this.engine.jobs().size() == 1);
		onTheirWay.forEach(Runnable::run);
		ShutdownReport result = stop.end();
		assertThat(result.jobs(Fate.DROPPED)).extracting(Entry::name).containsExactly("tick");
		assertThat(result.jobs(Fate.FINISHED)).extracting(Entry::name).containsExactly("shielded");
	}

	/**
	 * Wait until so many ticks have ended, each on a courier.
	 */
	private void awaitRefused(PeriodicJobHandle job, int count) throws InterruptedException {
		this.time.clock().advance(Duration.ZERO);
		Eventually.holds(() -> ClockedEngine.sum(job) == count && this.engine.history().size() == count);
	}

	private static PeriodicJobSpec spec() {
		return PeriodicJobSpec.named("tick").every(SECOND);
	}

}
