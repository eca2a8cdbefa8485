package io.backgroundjobs;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Holds the lambdas and method references that users write: that this file compiles is
 * the test. An overload that makes one of them ambiguous breaks the build.
 */
class LambdasCompileTests {

	@Test
	void theTypicalLambdasAreNotAmbiguous() {
		assertThat(LambdasCompileTests.class.getDeclaredMethods()).extracting("name")
			.contains("spawned", "periodic", "loops");
	}

	@SuppressWarnings("unused")
	void spawned(JobSpawner jobs, Service service) throws Exception {
		Job<@Nullable Void> a = jobs.spawn("a", () -> service.send("x"));
		Job<@Nullable Void> b = jobs.spawn("b", service::flush);
		Job<String> c = jobs.spawn("c", () -> service.receive("x"));
		Job<String> d = jobs.spawn("d", (job) -> service.receive(job.id()));
		Job<List<String>> e = jobs.spawn("e", service::all);
		Job<String> f = jobs.spawn("f", (JobContext job) -> service.receive(job.name()));
		Job<@Nullable Object> g = jobs.spawn("g", (job) -> {
			service.send(job.id());
			return null;
		});
		Job<@Nullable Void> h = jobs.spawn(JobOptions.named("h"), () -> {
			service.flush();
			service.send("x");
		});
		Job<?> i = jobs.spawn("i", () -> {
			throw new IllegalStateException("never run");
		});
		Job<String> j = jobs.spawnAsync("j", (job) -> service.later());
		Job<String> k = jobs.spawnAsync(JobOptions.named("k"), (job) -> CompletableFuture.completedFuture("k"));
		Job<CompletionStage<String>> l = jobs.spawn("l", () -> service.later());
		Optional<Job<String>> m = jobs.trySpawn("m", (job) -> service.receive("x"));
		String n = jobs.run("n", (job) -> service.receive("x"));
		String o = jobs.shield("o", () -> service.receive("x"));
		Job<Integer> p = jobs.spawn("p", service.callable());
		Job<@Nullable Void> q = jobs.spawn("q", service.runnable());
		Job<Integer> r = jobs.spawn("r", service.body());
		Job<?> s = jobs.spawn(JobOptions.named("s").pool("mail").delay(Duration.ofSeconds(1)), service::work);
	}

	@SuppressWarnings("unused")
	void periodic(BackgroundJobScheduler jobs, Service service) {
		PeriodicJobHandle a = jobs.addPeriodic("a", Duration.ofSeconds(1), service::flush);
		PeriodicJobHandle b = jobs.addPeriodic("b", Duration.ofSeconds(1), () -> service.send("x"));
		PeriodicJobHandle c = jobs.addPeriodic("c", Duration.ofSeconds(1), () -> service.receive("x"));
		PeriodicJobHandle d = jobs.addPeriodic("d", Duration.ofSeconds(1), (job) -> service.receive(job.id()));
		PeriodicJobHandle e = jobs.addPeriodic(PeriodicJobSpec.named("e").cron("0 0 3 * * *"), service::flush);
		PeriodicJobHandle f = jobs.addPeriodic(PeriodicJobSpec.named("f").every(Duration.ofSeconds(1)), (job) -> {
			service.send(job.id());
			return null;
		});
	}

	@SuppressWarnings("unused")
	void loops(BackgroundJobScheduler jobs, Service service) {
		BackgroundTask a = jobs.background("a", service::loop);
		BackgroundTask b = jobs.background("b", (job) -> {
			while (!job.isStopping()) {
				service.flush();
			}
		});
	}

	/**
	 * What a user's bean looks like.
	 */
	interface Service {

		void send(String text);

		void flush();

		String receive(String text) throws Exception;

		List<String> all() throws Exception;

		CompletionStage<String> later();

		String work(JobContext job);

		void loop(JobContext job) throws Exception;

		Callable<Integer> callable();

		Runnable runnable();

		JobBody<Integer> body();

	}

}
