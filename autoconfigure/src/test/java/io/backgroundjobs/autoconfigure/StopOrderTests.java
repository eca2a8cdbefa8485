package io.backgroundjobs.autoconfigure;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.context.LifecycleAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationListener;
import org.springframework.context.PayloadApplicationEvent;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.DependsOn;

import io.backgroundjobs.BackgroundJobScheduler;
import io.backgroundjobs.JobOptions;
import io.backgroundjobs.JobSpawner;
import io.backgroundjobs.ShutdownReport;
import io.backgroundjobs.ShutdownReport.Entry;
import io.backgroundjobs.ShutdownReport.Fate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

/**
 * Tests of what is stopped before the jobs have ended, and what after.
 */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class StopOrderTests {

	private final List<String> events = new CopyOnWriteArrayList<>();

	private final Reports reports = new Reports();

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(
				AutoConfigurations.of(BackgroundJobsAutoConfiguration.class, LifecycleAutoConfiguration.class))
		.withBean(Database.class, () -> new Database(this.events))
		.withBean(Reports.class, () -> this.reports);

	@Test
	void beanOfALowerPhaseThatUsesTheSchedulerIsStoppedAfterTheDrain() {
		this.runner.withUserConfiguration(UsesTheScheduler.class)
			.run((context) -> spawnSlow(context.getBean(JobSpawner.class), 300));
		assertThat(this.events).containsExactly("job ended", "consumer stopped", "database closed");
	}

	/**
	 * Spring stops such a bean before what it depends on, whatever the phases, and counts
	 * it as one of those that the phase waits for.
	 */
	@Test
	void beanOfALowerPhaseThatDependsOnTheLifecycleDoesNotCutTheDrain() {
		this.runner.withUserConfiguration(DependsOnTheLifecycle.class)
			.run((context) -> spawnSlow(context.getBean(JobSpawner.class), 300));
		assertThat(this.events).containsExactly("consumer stopped", "job ended", "database closed");
	}

	@Test
	void phaseThatIsShorterThanTheBoundsDoesNotCutTheDrain() {
		this.runner
			.withPropertyValues("spring.lifecycle.timeout-per-shutdown-phase=200ms",
					"background-jobs.shutdown.wait-timeout=500ms", "background-jobs.shutdown.shield-timeout=20s")
			.run((context) -> spawnSlow(context.getBean(JobSpawner.class), 1500));
		assertThat(this.events).containsExactly("job ended", "database closed");
		assertThat(this.reports.published).hasSize(1)
			.first()
			.satisfies((report) -> assertThat(report.jobs()).extracting(Entry::name, Entry::fate)
				.containsExactly(tuple("slow", Fate.FINISHED)));
	}

	@Test
	void reportOfASchedulerThatTheApplicationHasStoppedIsPublishedWhenTheContextCloses() {
		List<ShutdownReport> own = new ArrayList<>();
		this.runner.run((context) -> {
			BackgroundJobScheduler scheduler = context.getBean(BackgroundJobScheduler.class);
			spawnSlow(scheduler, 50);
			own.add(scheduler.stop());
			assertThat(this.events).containsExactly("job ended");
			assertThat(this.reports.published).isEmpty();
		});
		assertThat(own.get(0).jobs(Fate.FINISHED)).hasSize(1);
		assertThat(this.reports.published).containsExactlyElementsOf(own);
		assertThat(this.events).containsExactly("job ended", "database closed");
	}

	@Test
	void contextThatClosesWaitsForAStopThatIsUnderWay() {
		List<CompletableFuture<ShutdownReport>> own = new ArrayList<>();
		this.runner.run((context) -> {
			BackgroundJobScheduler scheduler = context.getBean(BackgroundJobScheduler.class);
			CountDownLatch stopping = new CountDownLatch(1);
			spawnSlow(scheduler, 300);
			own.add(CompletableFuture.supplyAsync(() -> {
				stopping.countDown();
				return scheduler.stop();
			}));
			stopping.await();
		});
		assertThat(this.events).containsExactly("job ended", "database closed");
		assertThat(this.reports.published).containsExactly(own.get(0).join());
	}

	/**
	 * Spawn a shielded job, and wait until it runs.
	 */
	private void spawnSlow(JobSpawner jobs, long millis) throws InterruptedException {
		CountDownLatch started = new CountDownLatch(1);
		jobs.spawn(JobOptions.named("slow").shielded(), (job) -> {
			started.countDown();
			Thread.sleep(millis);
			return this.events.add("job ended");
		});
		started.await();
	}

	/** What jobs need until they have ended. */
	private record Database(List<String> events) implements DisposableBean {

		@Override
		public void destroy() {
			this.events.add("database closed");
		}

	}

	static final class Reports implements ApplicationListener<PayloadApplicationEvent<ShutdownReport>> {

		final List<ShutdownReport> published = new CopyOnWriteArrayList<>();

		@Override
		public void onApplicationEvent(PayloadApplicationEvent<ShutdownReport> event) {
			this.published.add(event.getPayload());
		}

	}

	/** Takes messages from somewhere, in the phase of plain beans. */
	static final class Consumer implements SmartLifecycle {

		private final List<String> events;

		private boolean running;

		Consumer(List<String> events) {
			this.events = events;
		}

		@Override
		public void start() {
			this.running = true;
		}

		@Override
		public void stop() {
			this.running = false;
			this.events.add("consumer stopped");
		}

		@Override
		public boolean isRunning() {
			return this.running;
		}

		@Override
		public int getPhase() {
			return 0;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class UsesTheScheduler {

		@Bean
		Consumer consumer(BackgroundJobScheduler scheduler, Database database) {
			assertThat(scheduler).isNotNull();
			return new Consumer(database.events());
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class DependsOnTheLifecycle {

		@Bean
		@DependsOn("backgroundJobIntakeLifecycle")
		Consumer consumer(Database database) {
			return new Consumer(database.events());
		}

	}

}
