package io.backgroundjobs.benchmarks;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.jobrunr.configuration.JobRunr;
import org.jobrunr.scheduling.JobScheduler;
import org.jobrunr.storage.InMemoryStorageProvider;
import org.quartz.SchedulerException;

/**
 * How often threads wake up while there is nothing to do.
 */
final class Idle implements Experiment {

	private static final String NEVER = "nothing to do, ever";

	private static final String NO_MORE = "nothing to do after one job";

	private final Map<String, Callable<Taker>> contenders = new LinkedHashMap<>();

	Idle() {
		this.contenders.put(Cell.OURS, () -> Takers.Kind.PLAIN.open(Cell.OURS, 100));
		this.contenders.put("ThreadPoolExecutor", () -> Takers.Kind.PLAIN.open("ThreadPoolExecutor.submit", 2));
		this.contenders.put("Quartz", Idle::quartz);
		this.contenders.put("JobRunr", Idle::jobRunr);
		this.contenders.put("wheel of 10 ms", Idle::wheel);
	}

	private static Taker quartz() throws SchedulerException {
		QuartzInMemory quartz = new QuartzInMemory();
		return Taker.of((work) -> quartz.run("job", work), quartz::close);
	}

	private static Taker jobRunr() {
		JobScheduler scheduler = JobRunr.configure()
			.useStorageProvider(new InMemoryStorageProvider())
			.useBackgroundJobServer()
			.initialize()
			.getJobScheduler();
		// It keeps the name of a method instead of an object.
		return Taker.of((work) -> scheduler.enqueue(() -> OneJob.run()), JobRunr::destroy);
	}

	/**
	 * What a scheduler that looks into its wheel by the clock does at least.
	 */
	@SuppressWarnings("FutureReturnValueIgnored")
	private static Taker wheel() {
		ScheduledExecutorService wheel = Executors.newSingleThreadScheduledExecutor();
		wheel.scheduleAtFixedRate(() -> {
		}, 10, 10, TimeUnit.MILLISECONDS);
		return Taker.of(wheel::execute, wheel::shutdownNow);
	}

	@Override
	public String name() {
		return "idle";
	}

	@Override
	public List<Cell> cells(Effort effort) {
		return Stream.of(NO_MORE, NEVER)
			.limit(effort.of(2, 1))
			.flatMap((work) -> this.contenders.keySet().stream().map((contender) -> new Cell(work, contender)))
			.toList();
	}

	@Override
	public List<Reading> measure(Cell cell, Effort effort) throws Exception {
		WakeUps wakeUps = new WakeUps();
		Taker taker = Objects.requireNonNull(this.contenders.get(cell.contender())).call();
		if (cell.work().equals(NO_MORE)) {
			taker.take(OneJob::run);
			OneJob.await();
		}
		Thread.sleep(effort.of(2_000, 50));
		long before = wakeUps.count();
		long begin = System.nanoTime();
		Thread.sleep(effort.of(20_000, 200));
		double seconds = (System.nanoTime() - begin) / 1e9;
		return List.of(new Reading("wake-ups", "/s", (wakeUps.count() - before) / seconds),
				new Reading("threads", "", wakeUps.threads()));
	}

	/**
	 * What there is to do, once.
	 */
	public static final class OneJob {

		private static final CountDownLatch DONE = new CountDownLatch(1);

		private OneJob() {
		}

		/**
		 * Do it.
		 */
		public static void run() {
			DONE.countDown();
		}

		private static void await() throws InterruptedException {
			if (!DONE.await(1, TimeUnit.MINUTES)) {
				throw new IllegalStateException("The one job was not done within a minute");
			}
		}

	}

}
