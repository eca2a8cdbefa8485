package io.backgroundjobs.autoconfigure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.core.annotation.Order;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

import io.backgroundjobs.BackgroundJobScheduler;
import io.backgroundjobs.ExecutorGoneEvent;
import io.backgroundjobs.Job;
import io.backgroundjobs.JobContextPropagator;
import io.backgroundjobs.JobExceptionHandler;
import io.backgroundjobs.JobListener;
import io.backgroundjobs.JobOptions;
import io.backgroundjobs.JobOutcome;
import io.backgroundjobs.JobRecorder;
import io.backgroundjobs.JobSpawner;
import io.backgroundjobs.JobState;
import io.backgroundjobs.PeriodicJobHandle;
import io.backgroundjobs.PeriodicJobSpec;
import io.backgroundjobs.PoolResource;
import io.backgroundjobs.PoolSnapshot;
import io.backgroundjobs.PoolSpec;
import io.backgroundjobs.engine.JobEngine;
import io.backgroundjobs.engine.JobEngineBuilder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

class BackgroundJobsAutoConfigurationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(BackgroundJobsAutoConfiguration.class));

	@Test
	void oneSchedulerIsInjectableAsEitherType() {
		this.runner.run((context) -> {
			assertThat(context).hasSingleBean(JobSpawner.class).hasBean("backgroundJobScheduler");
			assertThat(context.getBean(BackgroundJobScheduler.class)).isSameAs(context.getBean(JobSpawner.class))
				.isInstanceOf(JobEngine.class);
			assertThat(context.getBean(BackgroundJobScheduler.class).isRunning()).isTrue();
			assertThat(context.getBean(JobEngine.class).isTicking()).isTrue();
			assertThat(context.getBean(JobSpawner.class).spawn("answer", () -> 42).await()).isEqualTo(42);
		});
	}

	@Test
	void schedulerOfTheApplicationTakesThePlaceOfOursAndIsStartedAndStopped() {
		BackgroundJobScheduler[] own = new BackgroundJobScheduler[1];
		this.runner.withUserConfiguration(OwnScheduler.class).run((context) -> {
			own[0] = context.getBean(BackgroundJobScheduler.class);
			assertThat(context).hasSingleBean(BackgroundJobScheduler.class)
				.hasBean("ownScheduler")
				.doesNotHaveBean(ThreadPoolTaskScheduler.class);
			assertThat(own[0].isRunning()).isTrue();
		});
		assertThat(own[0].isRunning()).isFalse();
	}

	@Test
	void clockIsOurOwnAndHasNoThreadBeforeItsFirstTimer() throws Exception {
		this.runner.run((context) -> {
			ThreadPoolTaskScheduler clock = context.getBean("backgroundJobTaskScheduler",
					ThreadPoolTaskScheduler.class);
			assertThat(clock.getScheduledThreadPoolExecutor().getRemoveOnCancelPolicy()).isTrue();
			assertThat(clock.getPoolSize()).isZero();
			context.getBean(JobSpawner.class)
				.spawn(JobOptions.named("later").delay(Duration.ofMillis(1)), () -> 1)
				.await();
			assertThat(clock.getPoolSize()).isOne();
			assertThat(ourThreads()).isNotEmpty().noneMatch(Thread::isDaemon);
		});
		assertOurThreadsEnd();
	}

	@Test
	void clockOfTheApplicationIsUsed() {
		this.runner.withUserConfiguration(OwnClock.class).run((context) -> {
			ThreadPoolTaskScheduler clock = context.getBean("backgroundJobTaskScheduler",
					ThreadPoolTaskScheduler.class);
			assertThat(clock).isInstanceOf(OwnTaskScheduler.class);
			assertThat(clock.getScheduledThreadPoolExecutor().getRemoveOnCancelPolicy()).isTrue();
			context.getBean(JobSpawner.class)
				.spawn(JobOptions.named("later").delay(Duration.ofMillis(1)), () -> 1)
				.await();
			assertThat(clock.getPoolSize()).isOne();
		});
	}

	@Test
	void poolsComeFromBeansAndPropertiesWhichWin() {
		this.runner.withBean("mailPool", PoolSpec.class, () -> PoolSpec.named("mail").withLimit(3).withPendingLimit(7))
			.withPropertyValues("background-jobs.pools.mail.limit=5", "background-jobs.pools.reports.limit=1",
					"background-jobs.pools.default.pending-limit=9")
			.run((context) -> assertThat(context.getBean(BackgroundJobScheduler.class).pools())
				.extracting(PoolSnapshot::name, PoolSnapshot::limit, PoolSnapshot::pendingLimit)
				.containsExactlyInAnyOrder(tuple("default", 100, 9), tuple("mail", 5, 7), tuple("reports", 1, 10_000)));
	}

	@Test
	void whenDisabledJobsAreKnownAndCanBeTriggeredAndSpawnedButDoNotTick() {
		this.runner.withPropertyValues("background-jobs.enabled=false").run((context) -> {
			BackgroundJobScheduler scheduler = context.getBean(BackgroundJobScheduler.class);
			PeriodicJobHandle handle = scheduler.addPeriodic("known", Duration.ofMillis(1), () -> {
			});
			assertThat(handle.nextRun()).isNull();
			handle.trigger().await();
			assertThat(scheduler.spawn("answer", () -> 42).await()).isEqualTo(42);
			assertThat(handle.ticks().values()).containsOnly(0L);
		});
	}

	@Test
	void historyHasTheSizeOfItsProperty() {
		this.runner.withPropertyValues("background-jobs.history.size=1").run((context) -> {
			BackgroundJobScheduler scheduler = context.getBean(BackgroundJobScheduler.class);
			Job<?> first = scheduler.spawn("first", () -> 1);
			first.await();
			Job<?> second = scheduler.spawn("second", () -> 1);
			second.await();
			assertThat(scheduler.find(first.id())).isEmpty();
			assertThat(scheduler.find(second.id())).isPresent();
		});
	}

	@Test
	void beansOfEachKindArePickedUpInTheirOrder() {
		this.runner.withUserConfiguration(Collaborators.class).run((context) -> {
			context.getBean(JobSpawner.class).spawn("fails", () -> {
				throw new IllegalStateException("on purpose");
			});
			Collaborators collaborators = context.getBean(Collaborators.class);
			assertThat(collaborators.handled.await(10, TimeUnit.SECONDS)).isTrue();
			assertThat(collaborators.calls).contains("open", "capture", "bind", "listener 1", "listener 2", "recorder",
					"handler");
			assertThat(collaborators.calls.indexOf("listener 1")).isLessThan(collaborators.calls.indexOf("listener 2"));
		});
	}

	@Test
	void executorThatIsGoneIsPublishedAsAnEvent() {
		this.runner.withUserConfiguration(Events.class).run((context) -> {
			ExecutorService executor = Executors.newSingleThreadExecutor();
			executor.shutdown();
			BackgroundJobScheduler scheduler = context.getBean(BackgroundJobScheduler.class);
			scheduler.addPeriodic(PeriodicJobSpec.named("gone").every(Duration.ofMillis(1)).executor(executor), () -> {
			});
			assertThat(context.getBean(Events.class).gone.await(10, TimeUnit.SECONDS)).isTrue();
			assertThat(scheduler.findPeriodic("gone")).isEmpty();
		});
	}

	@Test
	@Tag("virtual")
	void threadsAreVirtualIfSpringsAre() {
		this.runner.withPropertyValues("spring.threads.virtual.enabled=true").run((context) -> {
			String thread = context.getBean(JobSpawner.class)
				.spawn("which", () -> Thread.currentThread().toString())
				.await();
			assertThat(thread).startsWith("VirtualThread");
		});
	}

	@Test
	void whenTheContextFailsBeforeItsStartNoThreadIsLeft() {
		this.runner.withBean("starter", StartsTooEarly.class).run((context) -> {
			assertThat(context).hasFailed();
			assertOurThreadsEnd();
		});
	}

	@Test
	void jobThatIsNotFinishedAtTheStartOfTheShutdownIsFinishedBeforeBeansAreDestroyed() {
		List<String> order = new ArrayList<>();
		this.runner.withBean("resource", AutoCloseable.class, () -> () -> order.add("closed")).run((context) -> {
			CountDownLatch started = new CountDownLatch(1);
			Job<?> job = context.getBean(JobSpawner.class).spawn("slow", () -> {
				started.countDown();
				Thread.sleep(100);
				return order.add("job");
			});
			started.await();
			assertThat(job.state()).isEqualTo(JobState.RUNNING);
		});
		assertThat(order).containsExactly("job", "closed");
	}

	private static void assertOurThreadsEnd() throws InterruptedException {
		for (Thread thread : ourThreads()) {
			thread.join(Duration.ofSeconds(10).toMillis());
			assertThat(thread.isAlive()).as(thread.getName()).isFalse();
		}
	}

	private static List<Thread> ourThreads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().startsWith("background-jobs") || thread.getName().startsWith("job"))
			.toList();
	}

	@Configuration(proxyBeanMethods = false)
	static class OwnScheduler {

		@Bean
		BackgroundJobScheduler ownScheduler() {
			return new JobEngineBuilder().build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnClock {

		@Bean
		ThreadPoolTaskScheduler backgroundJobTaskScheduler() {
			return new OwnTaskScheduler();
		}

	}

	@SuppressWarnings("serial")
	static class OwnTaskScheduler extends ThreadPoolTaskScheduler {

	}

	static class StartsTooEarly {

		StartsTooEarly(BackgroundJobScheduler scheduler) throws Exception {
			scheduler.start();
			scheduler.spawn("early", () -> 1).await();
			throw new IllegalStateException("fails the start");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Collaborators {

		final List<String> calls = Collections.synchronizedList(new ArrayList<>());

		final CountDownLatch handled = new CountDownLatch(1);

		@Bean
		@Order(2)
		JobListener second() {
			return listener("listener 2");
		}

		@Bean
		@Order(1)
		JobListener first() {
			return listener("listener 1");
		}

		@Bean
		JobExceptionHandler handler() {
			return (job, failure) -> {
				this.calls.add("handler");
				this.handled.countDown();
			};
		}

		@Bean
		JobRecorder recorder() {
			return new JobRecorder() {

				@Override
				public void ended(Job<?> job, JobOutcome outcome, @Nullable Throwable failure, long ran) {
					Collaborators.this.calls.add("recorder");
				}

			};
		}

		@Bean
		PoolResource resource() {
			return new PoolResource() {

				@Override
				public String pool() {
					return PoolSpec.DEFAULT_NAME;
				}

				@Override
				public void open() {
					Collaborators.this.calls.add("open");
				}

				@Override
				public void close() {
					Collaborators.this.calls.add("close");
				}

			};
		}

		@Bean
		JobContextPropagator propagator() {
			return new JobContextPropagator() {

				@Override
				public @Nullable Object capture() {
					Collaborators.this.calls.add("capture");
					return null;
				}

				@Override
				public Scope open(@Nullable Object captured, Job<?> job) {
					Collaborators.this.calls.add("bind");
					return () -> {
					};
				}

			};
		}

		private JobListener listener(String call) {
			return new JobListener() {

				@Override
				public void accepted(Job<?> job) {
					Collaborators.this.calls.add(call);
				}

			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Events {

		final CountDownLatch gone = new CountDownLatch(1);

		@EventListener
		void on(ExecutorGoneEvent event) {
			if (event.job().name().equals("gone")) {
				this.gone.countDown();
			}
		}

	}

}
