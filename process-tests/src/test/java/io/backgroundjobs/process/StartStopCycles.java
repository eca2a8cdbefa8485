package io.backgroundjobs.process;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import javax.management.JMException;
import javax.management.ObjectName;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;

import io.backgroundjobs.BackgroundJobScheduler;
import io.backgroundjobs.Job;
import io.backgroundjobs.JobOptions;
import io.backgroundjobs.PeriodicJob;

/**
 * Starts and stops an application, or its scheduler, many times in one JVM, and writes
 * down what is left in it.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration(exclude = DataSourceAutoConfiguration.class)
public class StartStopCycles {

	static final int CYCLES = 200;

	/** Until then classes are loaded and caches filled. */
	static final int WARM = 40;

	private static final int CYCLES_BETWEEN_WEB_SERVERS = 20;

	/** A line of a histogram: number, count, bytes, name. */
	private static final Pattern OURS = Pattern
		.compile("\\d+: +(\\d+) +\\d+ +(io\\.backgroundjobs\\.(?!process)\\S+).*");

	@PeriodicJob(name = "tick", every = "1ms")
	void tick() {
	}

	/**
	 * Run the cycles.
	 * @param arguments what to cycle, {@code contexts} or {@code scheduler}, and the file
	 * that takes what is left
	 */
	public static void main(String[] arguments) throws Exception {
		List<String> lines = new ArrayList<>();
		if (arguments[0].equals("contexts")) {
			for (int cycle = 1; cycle <= CYCLES; cycle++) {
				boolean web = cycle % CYCLES_BETWEEN_WEB_SERVERS == 0;
				try (ConfigurableApplicationContext context = start(
						web ? WebApplicationType.SERVLET : WebApplicationType.NONE)) {
					work(context.getBean(BackgroundJobScheduler.class));
				}
				observe(cycle, lines);
			}
		}
		else {
			try (ConfigurableApplicationContext context = start(WebApplicationType.NONE)) {
				BackgroundJobScheduler jobs = context.getBean(BackgroundJobScheduler.class);
				for (int cycle = 1; cycle <= CYCLES; cycle++) {
					jobs.start();
					work(jobs);
					jobs.stop();
					observe(cycle, lines);
				}
			}
		}
		Files.write(Path.of(arguments[1]), lines);
	}

	private static ConfigurableApplicationContext start(WebApplicationType web) {
		return new SpringApplicationBuilder(StartStopCycles.class).web(web)
			.properties("process.directory=unused", "logging.level.root=error")
			.run();
	}

	/**
	 * Leave jobs of each kind behind: ended ones, running ones, pending ones, delayed
	 * ones and a loop.
	 */
	private static void work(BackgroundJobScheduler jobs) throws InterruptedException {
		Job<Integer> first = jobs.spawn("short", () -> 1);
		for (int i = 0; i < 110; i++) {
			jobs.spawn("running-or-pending", () -> {
				Thread.sleep(Duration.ofMillis(5).toMillis());
				return 1;
			});
		}
		jobs.spawn(JobOptions.named("delayed").delay(Duration.ofMinutes(1)), () -> 1);
		jobs.background("loop", (job) -> {
			while (!job.isStopping()) {
				Thread.sleep(1);
			}
		});
		first.await();
	}

	private static void observe(int cycle, List<String> lines) throws JMException {
		if (cycle == WARM || cycle == CYCLES) {
			awaitThreadsThatEnd();
			lines.add(cycle + " threads " + Thread.activeCount());
			Thread.getAllStackTraces().keySet().forEach((thread) -> lines.add(cycle + " thread " + thread.getName()));
			lines.add(cycle + " heap " + usedHeap());
			histogram().lines()
				.map(String::strip)
				.map(OURS::matcher)
				.filter(Matcher::matches)
				.forEach((line) -> lines.add(cycle + " instances " + line.group(2) + " " + line.group(1)));
		}
	}

	/**
	 * A worker has told of its last job before it ends itself.
	 */
	private static void awaitThreadsThatEnd() {
		long deadline = System.nanoTime() + Duration.ofSeconds(5).toNanos();
		while (System.nanoTime() < deadline && Thread.getAllStackTraces()
			.keySet()
			.stream()
			.anyMatch((thread) -> thread.getName().startsWith("job-"))) {
			LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
		}
	}

	private static long usedHeap() {
		for (int i = 0; i < 3; i++) {
			System.gc();
		}
		return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
	}

	private static String histogram() throws JMException {
		return (String) ManagementFactory.getPlatformMBeanServer()
			.invoke(new ObjectName("com.sun.management:type=DiagnosticCommand"), "gcClassHistogram",
					new Object[] { new String[0] }, new String[] { String[].class.getName() });
	}

}
