package io.backgroundjobs.engine;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.task.AsyncTaskExecutor;
import org.springframework.core.task.TaskRejectedException;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.EnableAsync;

import io.backgroundjobs.Job;
import io.backgroundjobs.JobContext;
import io.backgroundjobs.JobState;
import io.backgroundjobs.OverflowPolicy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests of a pool that is used as Spring's executor.
 */
@Timeout(value = 20, unit = TimeUnit.SECONDS)
class PoolTaskExecutorTests {

	@RegisterExtension
	final PoolBench bench = new PoolBench();

	private final Gate gate = this.bench.gate();

	private final CopyOnWriteArrayList<Throwable> notTaken = new CopyOnWriteArrayList<>();

	private JobEngine engine;

	private AsyncTaskExecutor executor;

	@BeforeEach
	void start() {
		this.engine = this.bench.start(
				(builder) -> builder.exceptionHandler((job, failure) -> this.notTaken.add(failure)),
				PoolBench.pool("reports", 1).withPendingLimit(1).withOverflow(OverflowPolicy.REJECT));
		this.executor = this.engine.asTaskExecutor("reports");
	}

	@Test
	void executedTaskIsAJobOfThePool() throws Exception {
		CompletableFuture<String> name = new CompletableFuture<>();
		this.executor.execute(() -> name.complete(JobContext.current().name()));
		assertThat(name.get()).isEqualTo("reports-task");
	}

	@Test
	void submittedTasksReturnTheirValues() throws Exception {
		assertThat(this.executor.submit(() -> "value").get()).isEqualTo("value");
		assertThat(this.executor.submitCompletable(() -> "value").thenApply(String::length).get()).isEqualTo(5);
		Runnable nothing = () -> {
		};
		assertThat(this.executor.submit(nothing).get()).isNull();
		assertThat(this.executor.submitCompletable(nothing).get()).isNull();
		assertThat(this.notTaken).isEmpty();
	}

	@Test
	void whatATaskReturnsIsHandedOnAsItIs() throws Exception {
		CompletableFuture<String> open = new CompletableFuture<>();
		assertThat(this.executor.submit(() -> open).get()).isSameAs(open);
	}

	@Test
	void whatATaskThrowsFailsItsFutureAndIsReported() throws Exception {
		IllegalStateException broken = new IllegalStateException("broken");
		Future<?> future = this.executor.submit(() -> {
			throw broken;
		});
		assertThatExceptionOfType(ExecutionException.class).isThrownBy(future::get).withCause(broken);
		Eventually.holds(() -> this.notTaken.contains(broken));
	}

	@Test
	void cancelReachesTheRunningJobAndInterruptsIt() throws Exception {
		CompletableFuture<String> seen = new CompletableFuture<>();
		Future<?> future = this.executor.submit(() -> {
			try {
				this.gate.pass();
			}
			catch (InterruptedException ex) {
				seen.complete("interrupted");
			}
		});
		this.gate.awaitEntered(1);
		Job<?> job = this.engine.jobs().iterator().next();
		assertThat(future.cancel(true)).isTrue();
		assertThat(job.state()).isEqualTo(JobState.CANCELLED);
		assertThat(seen.get()).isEqualTo("interrupted");
		assertThatExceptionOfType(CancellationException.class).isThrownBy(future::get);
	}

	@Test
	void cancelWithoutInterruptLetsARunningTaskFinish() throws Exception {
		Future<?> future = this.executor.submit(this.gate::passUninterrupted);
		this.gate.awaitEntered(1);
		Job<?> job = this.engine.jobs().iterator().next();
		assertThat(future.cancel(false)).isTrue();
		assertThat(job.state()).isEqualTo(JobState.RUNNING);
		this.gate.open(1);
		job.await();
		assertThat(job.state()).isEqualTo(JobState.SUCCEEDED);
	}

	@Test
	void cancelWithoutInterruptTakesAPendingTaskOutOfTheQueue() throws Exception {
		this.executor.execute(this.gate::passUninterrupted);
		this.gate.awaitEntered(1);
		Future<?> pending = this.executor.submit(() -> 1);
		assertThat(pending.cancel(false)).isTrue();
		assertThat(PoolBench.look(this.engine, "reports").pending()).isZero();
		assertThat(this.engine.jobs()).hasSize(1);
	}

	@Test
	void cancelOfTheJobCancelsTheFuture() throws Exception {
		CompletableFuture<Boolean> future = this.executor.submitCompletable(this.gate::passUninterrupted);
		this.gate.awaitEntered(1);
		assertThat(this.engine.cancelAll("reports")).isOne();
		assertThat(future).isCancelled();
	}

	@Test
	void rejectionIsSprings() throws Exception {
		this.executor.execute(this.gate::passUninterrupted);
		this.gate.awaitEntered(1);
		this.executor.execute(this.gate::passUninterrupted);
		Runnable task = () -> {
		};
		assertThatExceptionOfType(TaskRejectedException.class).isThrownBy(() -> this.executor.execute(task));
		assertThatExceptionOfType(TaskRejectedException.class).isThrownBy(() -> this.executor.submit(task));
		assertThatExceptionOfType(TaskRejectedException.class).isThrownBy(() -> this.executor.submitCompletable(task));
	}

	@Test
	void asynchronousMethodsRunHere() throws Exception {
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
			context.registerBean("reports", AsyncTaskExecutor.class, () -> this.executor);
			context.register(AsyncConfiguration.class);
			context.refresh();
			Reports reports = context.getBean(Reports.class);
			assertThat(reports.monthly().get()).startsWith("job-reports-").endsWith(" reports-task");
			CompletableFuture<String> done = new CompletableFuture<>();
			reports.yearly(done);
			assertThat(done.get()).isEqualTo("reports-task");
		}
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAsync
	static class AsyncConfiguration {

		@Bean
		Reports reportsBean() {
			return new Reports();
		}

	}

	static class Reports {

		@Async("reports")
		CompletableFuture<String> monthly() {
			return CompletableFuture
				.completedFuture(Thread.currentThread().getName() + " " + JobContext.current().name());
		}

		@Async("reports")
		void yearly(CompletableFuture<String> done) {
			done.complete(JobContext.current().name());
		}

	}

}
