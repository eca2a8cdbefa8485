package io.backgroundjobs.benchmarks;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

import io.github.resilience4j.bulkhead.ThreadPoolBulkhead;
import io.github.resilience4j.bulkhead.ThreadPoolBulkheadConfig;
import io.micrometer.core.instrument.binder.jvm.ExecutorServiceMetrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.core.task.VirtualThreadTaskExecutor;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

import io.backgroundjobs.BackgroundJobScheduler;
import io.backgroundjobs.JobSpawner;
import io.backgroundjobs.PoolSpec;
import io.backgroundjobs.engine.JobEngineBuilder;
import io.backgroundjobs.observation.BoundedJobNames;
import io.backgroundjobs.observation.JobMeters;
import io.backgroundjobs.observation.JobObservations;

/**
 * Those who take work, by name, each with so many threads or places and a queue that does
 * not get full.
 */
public final class Takers {

	private static final int FIRST_JDK_WITH_VIRTUAL_THREADS = 21;

	static final boolean HAS_VIRTUAL_THREADS = Runtime.version().feature() >= FIRST_JDK_WITH_VIRTUAL_THREADS;

	private static final int QUEUE = 10_000;

	/** As an application gets it: with listeners, context propagation and the MDC. */
	private static final String STARTER = "the starter";

	private static final Map<Kind, Map<String, IntFunction<Taker>>> ALL = new EnumMap<>(Kind.class);

	static {
		Map<String, IntFunction<Taker>> plain = new LinkedHashMap<>();
		plain.put(Cell.OURS, (size) -> jobs(new JobEngineBuilder(), size));
		plain.put(STARTER, (size) -> starter(size, "--benchmark.meters=false"));
		plain.put("ThreadPoolExecutor.submit", (size) -> submit(threadPool(size)));
		plain.put("ThreadPoolExecutor with times", (size) -> timed(threadPool(size)));
		plain.put("ThreadPoolExecutor.execute", (size) -> execute(threadPool(size)));
		plain.put("ThreadPoolTaskExecutor.submit", Takers::taskExecutor);
		ALL.put(Kind.PLAIN, plain);
		Map<String, IntFunction<Taker>> metered = new LinkedHashMap<>();
		metered.put(Cell.OURS, (size) -> jobs(withMeters(), size));
		metered.put(STARTER, (size) -> starter(size, "--benchmark.meters=true"));
		metered.put("@Async", Takers::async);
		metered.put("ExecutorServiceMetrics",
				(size) -> submit(ExecutorServiceMetrics.monitor(new SimpleMeterRegistry(), threadPool(size), "pool")));
		metered.put("ThreadPoolBulkhead", Takers::bulkhead);
		ALL.put(Kind.METERED, metered);
		Map<String, IntFunction<Taker>> virtual = new LinkedHashMap<>();
		if (HAS_VIRTUAL_THREADS) {
			virtual.put(Cell.OURS, (size) -> jobs(new JobEngineBuilder().preferVirtualThreads(true), size));
			virtual.put("thread and Semaphore", Takers::semaphore);
			virtual.put("SimpleAsyncTaskExecutor", Takers::concurrencyLimit);
		}
		ALL.put(Kind.VIRTUAL, virtual);
	}

	private Takers() {
	}

	static JobEngineBuilder withMeters() {
		BoundedJobNames names = new BoundedJobNames(100);
		return new JobEngineBuilder().recorder(new JobMeters(new SimpleMeterRegistry(), names))
			.observer(new JobObservations(ObservationRegistry.NOOP, null, names));
	}

	private static Taker jobs(JobEngineBuilder builder, int size) {
		BackgroundJobScheduler scheduler = builder
			.pool(PoolSpec.named(PoolSpec.DEFAULT_NAME).withLimit(size).withPendingLimit(QUEUE))
			.build();
		scheduler.start();
		return Taker.of((work) -> scheduler.spawn("job", work), scheduler::close);
	}

	private static Taker starter(int size, String meters) {
		ConfigurableApplicationContext context = new SpringApplicationBuilder(StarterApplication.class)
			.web(WebApplicationType.NONE)
			.logStartupInfo(false)
			.bannerMode(Banner.Mode.OFF)
			.run("--background-jobs.pools.default.limit=" + size,
					"--background-jobs.pools.default.pending-limit=" + QUEUE, meters);
		JobSpawner jobs = context.getBean(JobSpawner.class);
		return Taker.of((work) -> jobs.spawn("job", work), context::close);
	}

	private static Taker async(int size) {
		AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
		context.registerBean("taskExecutor", ThreadPoolTaskExecutor.class, () -> {
			ThreadPoolTaskExecutor executor = new ThreadPoolTaskExecutor();
			executor.setCorePoolSize(size);
			executor.setQueueCapacity(QUEUE);
			return executor;
		});
		context.register(AsyncApplication.class);
		context.refresh();
		AsyncApplication.Work bean = context.getBean(AsyncApplication.Work.class);
		return Taker.of(bean::carryOut, context::close);
	}

	private static ThreadPoolExecutor threadPool(int size) {
		return new ThreadPoolExecutor(size, size, 1, TimeUnit.MINUTES, new LinkedBlockingQueue<>(QUEUE));
	}

	// The work throws nothing that a future could hide.
	@SuppressWarnings("FutureReturnValueIgnored")
	private static Taker submit(ExecutorService executor) {
		return Taker.of(executor::submit, executor::shutdownNow);
	}

	private static Taker timed(ExecutorService executor) {
		return Taker.of((work) -> executor.execute(new TimedTask(work)), executor::shutdownNow);
	}

	private static Taker execute(ExecutorService executor) {
		return Taker.of(executor::execute, executor::shutdownNow);
	}

	@SuppressWarnings("FutureReturnValueIgnored")
	private static Taker taskExecutor(int size) {
		ThreadPoolTaskExecutor executor = new ThreadPoolTaskExecutor();
		executor.setCorePoolSize(size);
		executor.setQueueCapacity(QUEUE);
		executor.initialize();
		return Taker.of(executor::submit, executor::shutdown);
	}

	private static Taker bulkhead(int size) {
		ThreadPoolBulkhead bulkhead = ThreadPoolBulkhead.of("pool",
				ThreadPoolBulkheadConfig.custom()
					.coreThreadPoolSize(size)
					.maxThreadPoolSize(size)
					.queueCapacity(QUEUE)
					.build());
		return Taker.of(bulkhead::executeRunnable, () -> closed(bulkhead));
	}

	private static void closed(ThreadPoolBulkhead bulkhead) {
		try {
			bulkhead.close();
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static Taker semaphore(int size) {
		Semaphore places = new Semaphore(size);
		ThreadFactory threads = new VirtualThreadTaskExecutor("work-").getVirtualThreadFactory();
		return (work) -> threads.newThread(() -> {
			places.acquireUninterruptibly();
			try {
				work.run();
			}
			finally {
				places.release();
			}
		}).start();
	}

	private static Taker concurrencyLimit(int size) {
		SimpleAsyncTaskExecutor executor = new SimpleAsyncTaskExecutor();
		executor.setVirtualThreads(true);
		executor.setConcurrencyLimit(size);
		return Taker.of(executor::execute, executor::close);
	}

	/**
	 * What the takers of one table have in common.
	 */
	public enum Kind {

		/** Without a registry of meters. */
		PLAIN,

		/** With one, each in the way that it has for that. */
		METERED,

		/** On virtual threads. */
		VIRTUAL;

		/**
		 * Return the names of the takers.
		 */
		List<String> names() {
			return List.copyOf(takers().keySet());
		}

		/**
		 * Make a taker.
		 */
		Taker open(String name, int size) {
			return Objects.requireNonNull(takers().get(name), name).apply(size);
		}

		private Map<String, IntFunction<Taker>> takers() {
			return Objects.requireNonNull(ALL.get(this));
		}

	}

}
