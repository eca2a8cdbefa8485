package io.backgroundjobs.actuate;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

import io.backgroundjobs.BackgroundJobScheduler;
import io.backgroundjobs.Job;
import io.backgroundjobs.JobKind;
import io.backgroundjobs.JobOptions;
import io.backgroundjobs.JobState;
import io.backgroundjobs.PeriodicJobHandle;
import io.backgroundjobs.PeriodicJobSpec;
import io.backgroundjobs.actuate.ActuatorApplication.Answer;
import io.backgroundjobs.engine.JobEngine;
import io.backgroundjobs.engine.StoredWork;

import static java.time.Duration.ofDays;
import static java.time.Duration.ofHours;
import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * What a reader sees over HTTP.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EndpointReadTests {

	private final ActuatorApplication application = ActuatorApplication.start(
			"management.endpoint.backgroundjobs.show-values=always", "background-jobs.history.size=300",
			"background-jobs.pools.mail.limit=2");

	private final BackgroundJobScheduler jobs = this.application.jobs();

	@AfterEach
	void finish() throws Exception {
		this.jobs.resumePool("default");
		for (Job<?> job : this.jobs.jobs()) {
			job.toFuture().exceptionally((ex) -> null).get();
		}
		this.jobs.removeAllPeriodic();
	}

	@AfterAll
	void close() {
		this.application.close();
	}

	@Test
	void liveJobsComeInPagesOldestFirst() throws Exception {
		this.jobs.pausePool("default");
		List<String> ids = new ArrayList<>();
		IntStream.range(0, 120).forEach((i) -> ids.add(this.jobs.spawn("held", () -> i).id()));
		List<String> seen = new ArrayList<>();
		JsonNode page = read("/jobs");
		assertThat(page.get("size").asInt()).isEqualTo(50);
		assertThat(page.get("items").size()).isEqualTo(50);
		while (page.has("nextPage")) {
			assertThat(page.get("total").asInt()).isEqualTo(120);
			page.get("items").forEach((job) -> seen.add(job.get("id").asString()));
			page = read("/jobs?page=" + page.get("nextPage").asInt());
		}
		assertThat(page.get("page").asInt()).isEqualTo(2);
		page.get("items").forEach((job) -> seen.add(job.get("id").asString()));
		assertThat(seen).isEqualTo(ids);
		assertThat(read("/jobs?size=60&page=1").has("nextPage")).isFalse();
		assertThat(read("/jobs?size=200").get("items").size()).isEqualTo(120);
		assertThat(read("/jobs?page=2147483647&size=200").get("items").size()).isZero();
	}

	@Test
	void liveJobsAreFilteredByStateNameAndPool() throws Exception {
		this.jobs.pausePool("default");
		this.jobs.spawn("one", () -> 1);
		this.jobs.spawn("two", () -> 2);
		CountDownLatch gate = new CountDownLatch(1);
		CountDownLatch started = new CountDownLatch(1);
		this.jobs.spawn(JobOptions.named("two").pool("mail"), () -> {
			started.countDown();
			gate.await();
			return 2;
		});
		Job<?> later = this.jobs.spawn(JobOptions.named("later").delay(ofDays(1)), () -> 3);
		started.await();
		assertThat(names("/jobs?state=pending")).containsExactly("one", "two");
		assertThat(names("/jobs?state=RUNNING")).containsExactly("two");
		assertThat(names("/jobs?state=scheduled")).containsExactly("later");
		assertThat(names("/jobs?name=two")).containsExactly("two", "two");
		assertThat(names("/jobs?name=two&pool=mail")).containsExactly("two");
		assertThat(names("/jobs?name=none")).isEmpty();
		assertThat(read("").get("jobs")).hasToString("{\"scheduled\":1,\"pending\":2,\"running\":1,\"overrunning\":0}");
		gate.countDown();
		later.cancel();
	}

	@Test
	void historyIsLatestFirstAndFilteredByOutcome() throws Exception {
		Job<?> good = this.jobs.spawn("good", () -> 1);
		good.await();
		Job<?> bad = this.jobs.spawn("bad", () -> {
			throw new IllegalStateException("broken");
		});
		bad.toFuture().exceptionally((ex) -> null).get();
		Job<?> slow = this.jobs.spawn(JobOptions.named("slow").timeout(Duration.ofMillis(1)), () -> {
			new CountDownLatch(1).await();
			return null;
		});
		slow.toFuture().exceptionally((ex) -> null).get();
		assertThat(names("/history?size=3")).containsExactly("slow", "bad", "good");
		assertThat(names("/history?outcome=failed&name=bad")).containsExactly("bad");
		assertThat(names("/history?outcome=timed-out&size=1")).containsExactly("slow");
		assertThat(names("/history?outcome=succeeded&size=1")).containsExactly("good");
		JsonNode timedOut = read("/jobs/" + slow.id());
		assertThat(timedOut.get("state").asString()).isEqualTo("failed");
		assertThat(timedOut.get("outcome").asString()).isEqualTo("timed-out");
		assertThat(timedOut.at("/exception/type").asString()).isEqualTo("io.backgroundjobs.JobTimeoutException");
		assertThat(timedOut.get("duration").asString()).startsWith("PT");
		assertThat(read("/jobs/" + good.id()).has("exception")).isFalse();
	}

	@Test
	void bodyThatIgnoresItsInterruptIsSeenWithItsStack() throws Exception {
		Semaphore gate = new Semaphore(0);
		CountDownLatch started = new CountDownLatch(1);
		Job<?> job = this.jobs.spawn(JobOptions.named("deaf").pool("mail"), () -> {
			started.countDown();
			gate.acquireUninterruptibly();
			return null;
		});
		started.await();
		job.cancel();
		assertThat(names("/jobs?state=overrunning")).containsExactly("deaf");
		assertThat(names("/jobs?state=overrunning&pool=default")).isEmpty();
		assertThat(names("/jobs")).isEmpty();
		JsonNode described = read("/jobs/" + job.id());
		assertThat(described.get("state").asString()).isEqualTo("cancelled");
		assertThat(described.get("overrunning").asBoolean()).isTrue();
		assertThat(described.get("stackTrace").toString()).contains("acquireUninterruptibly",
				EndpointReadTests.class.getName());
		assertThat(read("/pools/mail").get("overrunning").asInt()).isOne();
		// Also when the history has forgotten it.
		for (int i = 0; i < 300; i++) {
			this.jobs.run("filler", (context) -> null);
		}
		assertThat(this.jobs.find(job.id())).isEmpty();
		assertThat(read("/jobs/" + job.id()).get("stackTrace").toString()).contains("acquireUninterruptibly");
		gate.release();
	}

	@Test
	void jobWithoutAThreadHasNoStack() throws Exception {
		CompletableFuture<String> stage = new CompletableFuture<>();
		Job<?> job = this.jobs.spawnAsync("remote", (context) -> stage);
		while (job.state() != JobState.RUNNING) {
			Thread.onSpinWait();
		}
		assertThat(read("/jobs/" + job.id()).get("state").asString()).isEqualTo("running");
		stage.complete("done");
	}

	@Test
	void attemptOfADurableJobIsAJobLikeOthers() throws Exception {
		CountDownLatch gate = new CountDownLatch(1);
		StoredWork work = mock();
		given(work.id()).willReturn("4711");
		given(work.kind()).willReturn(JobKind.DURABLE);
		given(work.createdAt()).willReturn(Instant.parse("2026-11-20T09:00:00Z"));
		given(work.attemptsBefore()).willReturn(2);
		given(work.options()).willReturn(JobOptions.named("mail").pool("mail"));
		given(work.run(any())).willAnswer((call) -> {
			gate.await();
			throw new IllegalStateException("gone");
		});
		assertThat(((JobEngine) this.jobs).carry(work)).isNull();
		while (!read("/jobs/4711").get("state").asString().equals("running")) {
			Thread.onSpinWait();
		}
		JsonNode running = read("/jobs?name=mail&pool=mail").at("/items/0");
		assertThat(running.get("kind").asString()).isEqualTo("durable");
		assertThat(running.get("attempts").asInt()).isEqualTo(3);
		assertThat(running.get("createdAt").asString()).isEqualTo("2026-11-20T09:00:00Z");
		Job<?> job = this.jobs.find("4711").orElseThrow();
		gate.countDown();
		job.toFuture().exceptionally((ex) -> null).get();
		JsonNode ended = read("/history?name=mail").at("/items/0");
		assertThat(ended.get("id").asString()).isEqualTo("4711");
		assertThat(ended.get("kind").asString()).isEqualTo("durable");
		assertThat(ended.at("/exception/message").asString()).isEqualTo("gone");
	}

	@Test
	void periodicJobTellsItsNextFireTimes() throws Exception {
		PeriodicJobHandle nightly = this.jobs.addPeriodic(
				PeriodicJobSpec.named("nightly").cron("0 30 2 * * *", ZoneId.of("Europe/Paris")), () -> "done");
		assertThat(fireTimes(read("/periodic/nightly"))).hasSize(5)
			.containsExactlyElementsOf(nightly.nextRuns(5).stream().map(Object::toString).toList());
		assertThat(fireTimes(read("/periodic/nightly?next=100"))).hasSize(100);
		assertThat(fireTimes(read("/periodic/nightly?next=0"))).isEmpty();
		assertThat(read("/periodic").at("/items/0").has("nextRuns")).isFalse();
		assertThat(read("/periodic").at("/items/0/nextRun").asString()).isEqualTo(String.valueOf(nightly.nextRun()));
	}

	@Test
	void periodicJobsComeInPages() throws Exception {
		IntStream.range(0, 3)
			.forEach((i) -> this.jobs.addPeriodic(
					PeriodicJobSpec.named("job-" + i).every(ofHours(1)).initialDelay(ofHours(1)), () -> "done"));
		JsonNode page = read("/periodic?size=2");
		assertThat(page.get("items").size()).isEqualTo(2);
		assertThat(page.get("nextPage").asInt()).isOne();
		assertThat(read("/periodic?size=2&page=1").at("/items/0/name").asString()).isEqualTo("job-2");
		assertThat(read("/pools?size=1").get("total").asInt()).isEqualTo(2);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					/jobs?page=-1             | 400 | 'page' is -1. Pages are counted from 0
					/jobs?size=0              | 400 | 'size' is 0. A page has from 1 to 200 items
					/history?size=201         | 400 | 'size' is 201. A page has from 1 to 200 items
					/pools?page=one           | 400 | 'page' is 'one', which is not a whole number
					/jobs?state=failed        | 400 | 'state' is 'failed'. It is one of scheduled, pending, running, overrunning
					/history?outcome=running  | 400 | 'outcome' is 'running'. It is one of succeeded, failed, timed-out, cancelled
					/periodic/nothing         | 404 | There is no periodic job 'nothing'
					/pools/nothing            | 404 | There is no pool 'nothing'
					/jobs/nothing             | 404 | There is no job 'nothing', neither live nor among those that ended last
					/durable                  | 404 | There are no durable jobs in this application
					/durable/failed           | 404 | There are no durable jobs in this application
					/durable/mail/1           | 404 | There are no durable jobs in this application
					/nothing                  | 404 | There is no section 'nothing'. There are jobs, periodic, pools and history
					/nothing/at-all           | 404 | There is nothing at 'nothing/at-all'
					""",
			quoteCharacter = '`')
	void whatCannotBeAnsweredIsAProblem(String path, int status, String detail) throws Exception {
		Answer answer = this.application.get("reader", ActuatorApplication.ROOT + path);
		assertThat(answer.status()).isEqualTo(status);
		assertThat(answer.contentType()).startsWith("application/problem+json");
		assertThat(answer.at("detail")).isEqualTo(detail);
	}

	@ParameterizedTest
	@CsvSource({ "-1", "101" })
	void numberOfFireTimesIsBounded(int next) throws Exception {
		this.jobs.addPeriodic(PeriodicJobSpec.named("hourly").every(ofHours(1)).initialDelay(ofHours(1)), () -> "done");
		Answer answer = this.application.get("reader", ActuatorApplication.ROOT + "/periodic/hourly?next=" + next);
		assertThat(answer.status()).isEqualTo(400);
		assertThat(answer.at("detail")).isEqualTo("'next' is " + next + ". From 0 to 100 fire times can be asked for");
	}

	private JsonNode read(String path) throws Exception {
		Answer answer = this.application.get("reader", ActuatorApplication.ROOT + path);
		assertThat(answer.status()).as(answer.text()).isEqualTo(200);
		return answer.body();
	}

	private List<String> names(String path) throws Exception {
		List<String> names = new ArrayList<>();
		read(path).get("items").forEach((job) -> names.add(job.get("name").asString()));
		return names;
	}

	private static List<String> fireTimes(JsonNode periodicJob) {
		List<String> times = new ArrayList<>();
		periodicJob.get("nextRuns").forEach((time) -> times.add(time.asString()));
		return times;
	}

}
