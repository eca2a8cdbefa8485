package io.backgroundjobs.test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.retry.RetryPolicy;

import io.backgroundjobs.BackgroundJobScheduler;
import io.backgroundjobs.Job;
import io.backgroundjobs.JobExceptionHandler;
import io.backgroundjobs.JobOptions;
import io.backgroundjobs.JobRejectedException;
import io.backgroundjobs.JobSpawner;
import io.backgroundjobs.JobState;
import io.backgroundjobs.OnDuplicate;
import io.backgroundjobs.PoolSpec;
import io.backgroundjobs.RejectionReason;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link InlineJobs} and {@link InlineJobsAutoConfiguration}.
 */
class InlineJobsTests {

	private final ApplicationContextRunner slice = new ApplicationContextRunner().withConfiguration(AutoConfigurations
		.of(InlineJobsAutoConfiguration.class, VirtualTimeAutoConfiguration.class, JobTesterAutoConfiguration.class));

	private final List<String> events = Collections.synchronizedList(new ArrayList<>());

	@Test
	void jobHasRunWhenSpawnReturns() {
		this.slice.run((context) -> {
			JobSpawner jobs = context.getBean(JobSpawner.class);
			for (int i = 0; i < 200; i++) {
				assertThat(jobs.spawn("receipt", () -> this.events.add("ran")).state()).isEqualTo(JobState.SUCCEEDED);
			}
			assertThat(this.events).hasSize(200);
			assertThat(jobs.spawnAsync("mail", (job) -> CompletableFuture.supplyAsync(() -> "sent")).await())
				.isEqualTo("sent");
			Optional<Job<String>> tried = jobs.trySpawn("mail", (job) -> "sent");
			assertThat(tried).map(Job::state).contains(JobState.SUCCEEDED);
			assertThat(jobs.<String>run("mail", (job) -> "sent")).isEqualTo("sent");
			assertThat(jobs.<String>shield("mail", () -> "sent")).isEqualTo("sent");
		});
	}

	@Test
	void bodyRunsOnAnotherThread() {
		this.slice.run((context) -> {
			Job<Thread> job = context.getBean(JobSpawner.class).spawn("receipt", () -> Thread.currentThread());
			assertThat(job.await()).isNotSameAs(Thread.currentThread());
		});
	}

	@Test
	void failureGoesToTheHandlersAndNotToTheController() {
		this.slice.withUserConfiguration(HandlerConfiguration.class).run((context) -> {
			Job<?> job = context.getBean(JobSpawner.class).spawn("receipt", () -> {
				throw new IllegalStateException("no mail server");
			});
			assertThat(job.state()).isEqualTo(JobState.FAILED);
			context.getBean(JobTester.class).awaitIdle();
			assertThat(context.getBean(HandlerConfiguration.class).handled.get()).hasMessage("no mail server");
		});
	}

	@Test
	void whatAJobSpawnsHasRunBeforeTheJobGoesOn() {
		this.slice.run((context) -> {
			JobSpawner jobs = context.getBean(JobSpawner.class);
			jobs.spawn("outer", () -> {
				jobs.spawn("inner", () -> this.events.add("inner"));
				return this.events.add("outer");
			});
			assertThat(this.events).containsExactly("inner", "outer");
		});
	}

	@Test
	void delayedJobIsNotWaitedForAndRunsWhenTimeAdvances() {
		this.slice.run((context) -> {
			Job<?> job = context.getBean(JobSpawner.class)
				.spawn(JobOptions.named("reminder").delay(Duration.ofDays(7)), () -> 1);
			assertThat(job.state()).isEqualTo(JobState.SCHEDULED);
			context.getBean(VirtualTime.class).advance(Duration.ofDays(7));
			assertThat(job.state()).isEqualTo(JobState.SUCCEEDED);
		});
	}

	@Test
	void jobBetweenTwoAttemptsIsNotWaitedFor() {
		RetryPolicy policy = RetryPolicy.builder().maxRetries(1).delay(Duration.ofSeconds(10)).build();
		this.slice.run((context) -> {
			Job<?> job = context.getBean(JobSpawner.class).spawn(JobOptions.named("mail").retry(policy), (attempt) -> {
				if (attempt.attempt() == 1) {
					throw new IllegalStateException("try again");
				}
				return null;
			});
			assertThat(job.state()).isEqualTo(JobState.SCHEDULED);
			context.getBean(VirtualTime.class).advance(Duration.ofSeconds(10));
			assertThat(job.state()).isEqualTo(JobState.SUCCEEDED);
		});
	}

	@Test
	void jobThatGetsItselfBackDoesNotWaitForItself() {
		JobOptions options = JobOptions.named("sync").key("shop", OnDuplicate.RETURN_EXISTING);
		this.slice.run((context) -> {
			JobSpawner jobs = context.getBean(JobSpawner.class);
			Job<String> outer = jobs.spawn(options, (job) -> jobs.spawn(options, () -> 1).id());
			assertThat(outer.state()).isEqualTo(JobState.SUCCEEDED);
			assertThat(outer.await()).isEqualTo(outer.id());
		});
	}

	@Test
	void jobThatHangsFailsTheTestWithItsName() {
		this.slice.withPropertyValues("background-jobs.test.virtual-time.idle-timeout=50ms").run((context) -> {
			BackgroundJobScheduler jobs = context.getBean(BackgroundJobScheduler.class);
			assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> jobs.spawn("hanging", () -> {
				Thread.sleep(60_000);
				return null;
			})).withMessageContaining("RUNNING hanging");
			jobs.cancelAll("default");
		});
	}

	@Test
	void nextJobIsRejectedOnDemandAndOnlyThat() {
		this.slice.run((context) -> {
			JobSpawner jobs = context.getBean(JobSpawner.class);
			InlineJobs inlineJobs = context.getBean(InlineJobs.class);
			for (RejectionReason reason : RejectionReason.values()) {
				inlineJobs.rejectNext(reason);
				assertThatExceptionOfType(JobRejectedException.class)
					.isThrownBy(() -> jobs.spawn("mail", () -> this.events.add("ran")))
					.satisfies((ex) -> {
						assertThat(ex.reason()).isEqualTo(reason);
						assertThat(ex.pool()).isEqualTo("default");
					});
			}
			inlineJobs.rejectNext(RejectionReason.FULL);
			assertThat(jobs.trySpawn("mail", (job) -> this.events.add("ran"))).isEmpty();
			assertThat(this.events).isEmpty();
			jobs.spawn("mail", () -> this.events.add("ran"));
			assertThat(this.events).hasSize(1);
		});
	}

	@Test
	void resetForgetsRejections() {
		this.slice.run((context) -> {
			InlineJobs inlineJobs = context.getBean(InlineJobs.class);
			inlineJobs.rejectNext(RejectionReason.FULL);
			inlineJobs.reset();
			assertThat(context.getBean(JobSpawner.class).spawn("mail", () -> 1).state()).isEqualTo(JobState.SUCCEEDED);
		});
	}

	@Test
	void poolsOfBeansAndPropertiesAreKnownAndOthersAreTakenForTheDefault() {
		this.slice.withUserConfiguration(PoolConfiguration.class)
			.withPropertyValues("background-jobs.pools.mail.limit=2")
			.run((context) -> {
				JobSpawner jobs = context.getBean(JobSpawner.class);
				assertThat(jobs.spawn(JobOptions.named("a").pool("mail"), () -> 1).pool()).isEqualTo("mail");
				assertThat(jobs.spawn(JobOptions.named("b").pool("reports"), () -> 1).pool()).isEqualTo("reports");
				assertThat(jobs.spawn(JobOptions.named("c").pool("unknown"), () -> 1).pool()).isEqualTo("default");
			});
	}

	@Test
	void poolHasRoomForJobsThatWaitForJobsOfTheSamePool() {
		this.slice.withPropertyValues("background-jobs.pools.mail.limit=1").run((context) -> {
			JobSpawner jobs = context.getBean(JobSpawner.class);
			JobOptions options = JobOptions.named("mail").pool("mail");
			Job<JobState> outer = jobs.spawn(options, (job) -> jobs.spawn(options, () -> 1).state());
			assertThat(outer.await()).isEqualTo(JobState.SUCCEEDED);
		});
	}

	@Test
	void spawnerOfTheTestTakesItsPlace() {
		JobSpawner mock = mock(JobSpawner.class);
		this.slice.withBean(JobSpawner.class, () -> mock).run((context) -> {
			assertThat(context).getBean(JobSpawner.class).isSameAs(mock);
			assertThat(context).doesNotHaveBean(InlineJobs.class);
		});
	}

	@Configuration(proxyBeanMethods = false)
	static class HandlerConfiguration {

		final AtomicReference<Throwable> handled = new AtomicReference<>();

		@Bean
		JobExceptionHandler recordingHandler() {
			return (job, failure) -> this.handled.set(failure);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class PoolConfiguration {

		@Bean
		PoolSpec reports() {
			return PoolSpec.named("reports").withLimit(1);
		}

	}

}
