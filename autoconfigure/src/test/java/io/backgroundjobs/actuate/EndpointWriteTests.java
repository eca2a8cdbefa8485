package io.backgroundjobs.actuate;

import java.time.Duration;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.CountDownLatch;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import io.backgroundjobs.BackgroundJobScheduler;
import io.backgroundjobs.Job;
import io.backgroundjobs.JobOptions;
import io.backgroundjobs.JobSchedule;
import io.backgroundjobs.JobState;
import io.backgroundjobs.PauseNote;
import io.backgroundjobs.PeriodicJobHandle;
import io.backgroundjobs.PeriodicJobSpec;
import io.backgroundjobs.PoolSnapshot;
import io.backgroundjobs.actuate.ActuatorApplication.Answer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What an operator does over HTTP, seen in its effect.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(OutputCaptureExtension.class)
class EndpointWriteTests {

	private final ActuatorApplication application = ActuatorApplication.start(
			"management.endpoint.backgroundjobs.access=unrestricted",
			"management.endpoint.backgroundjobs.show-values=always", "background-jobs.pools.reports.limit=4",
			"background-jobs.pools.reports.pending-limit=0", "background-jobs.pools.reports.overflow=reject");

	private final BackgroundJobScheduler jobs = this.application.jobs();

	private CountDownLatch gate = new CountDownLatch(1);

	private final PeriodicJobHandle report = this.jobs.addPeriodic(
			PeriodicJobSpec.named("report").cron("0 30 2 * * *", ZoneId.of("Europe/Paris")).pool("reports"), () -> {
				this.gate.await();
				return "done";
			});

	@AfterEach
	void reset() throws Exception {
		this.gate.countDown();
		for (Job<?> job : this.jobs.jobs()) {
			job.toFuture().exceptionally((ex) -> null).get();
		}
		this.gate = new CountDownLatch(1);
		this.report.resume();
		this.report.reschedule(new JobSchedule.Cron("0 30 2 * * *", ZoneId.of("Europe/Paris")));
		this.jobs.resizePool("reports", 4);
		this.jobs.resumePool("reports");
	}

	@AfterAll
	void close() {
		this.application.close();
	}

	@Test
	void triggerRunsTheJobNow(CapturedOutput output) throws Exception {
		Answer answer = periodic("{\"action\":\"trigger\"}");
		assertThat(answer.status()).isEqualTo(200);
		assertThat(answer.at("name")).isEqualTo("report");
		Job<?> run = this.jobs.find(answer.at("id")).orElseThrow();
		this.gate.countDown();
		assertThat(run.await(Duration.ofSeconds(10))).isEqualTo("done");
		assertThat(output).contains("'operator' triggered the periodic job 'report': job " + run.id());
	}

	@Test
	void triggerOfAJobThatRunsIsAConflict() throws Exception {
		assertThat(periodic("{\"action\":\"trigger\"}").status()).isEqualTo(200);
		assertProblem(periodic("{\"action\":\"trigger\"}"), 409, "Job 'report' was rejected: it runs already");
	}

	@Test
	void triggerIntoAFullPoolIsUnavailable() throws Exception {
		CountDownLatch open = this.gate;
		this.jobs.resizePool("reports", 1);
		this.jobs.spawn(JobOptions.named("other").pool("reports"), () -> {
			open.await();
			return "done";
		});
		assertProblem(periodic("{\"action\":\"trigger\"}"), 503,
				"Job 'report' was rejected: pool 'reports' is full: 1 of 1 places are held and 0 of 0 jobs are pending");
	}

	@Test
	void pauseIsKeptWithItsNote(CapturedOutput output) throws Exception {
		Answer answer = periodic("{\"action\":\"pause\",\"note\":\"disk\\nfull\"}");
		assertThat(answer.status()).isEqualTo(200);
		assertThat(this.report.isPaused()).isTrue();
		PauseNote note = this.report.pauseNote();
		assertThat(note.paused()).isTrue();
		assertThat(note.by()).isEqualTo("operator");
		assertThat(note.text()).isEqualTo("disk\nfull");
		assertThat(answer.at("paused")).isEqualTo("true");
		assertThat(answer.at("pauseNote/action")).isEqualTo("paused");
		assertThat(answer.at("pauseNote/at")).isEqualTo(note.at().truncatedTo(ChronoUnit.MILLIS).toString());
		assertThat(output).contains("'operator' paused the periodic job 'report', which was not paused: disk full");
	}

	@Test
	void resumptionIsKeptWithItsNote(CapturedOutput output) throws Exception {
		this.report.pause();
		Answer answer = periodic("{\"action\":\"resume\",\"note\":\"disk cleared\"}");
		assertThat(answer.status()).isEqualTo(200);
		assertThat(this.report.isPaused()).isFalse();
		assertThat(answer.at("paused")).isEqualTo("false");
		assertThat(answer.at("pauseNote/action")).isEqualTo("resumed");
		assertThat(answer.at("pauseNote/note")).isEqualTo("disk cleared");
		assertThat(output).contains("'operator' resumed the periodic job 'report', which was paused: disk cleared");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			"every":"90s"                                       | every PT1M30S
			"fixedDelay":"PT2M"                                 | fixedDelay PT2M
			"cron":"0 0 4 * * *"                                | cron 0 0 4 * * * Europe/Paris
			"cron":"0 0 4 * * *","zone":"America/Los_Angeles"   | cron 0 0 4 * * * America/Los_Angeles
			""", quoteCharacter = '`')
	void reschedule(String schedule, String described, CapturedOutput output) throws Exception {
		assertThat(periodic("{\"action\":\"reschedule\"," + schedule + "}").status()).isEqualTo(200);
		assertThat(this.report.spec().schedule()).hasToString(described);
		assertThat(output).contains("'operator' rescheduled the periodic job 'report' from "
				+ "'cron 0 30 2 * * * Europe/Paris' to '" + described + "'");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					"cron":"30 2 * * *"                  | has five fields; it takes six, the first are the seconds. Write '0 30 2 * * *'.
					"cron":"tomorrow"                    | The cron expression 'tomorrow' is not valid
					"cron":"0 0 0 31 2 *"                | never fires
					"cron":"0 0 4 * * *","zone":"Mars"   | 'zone' is 'Mars', which is not a time zone
					"every":"30"                         | The value of 'every' is '30', a number without a unit. Write '30s'
					"every":"soon"                       | which is not a duration
					"every":"-5s"                        | Give a positive duration
					"every":"1us"                        | below the minimum
					"every":"30s","zone":"UTC"           | only a cron expression has a zone
					"every":"30s","cron":"0 0 4 * * *"   | exactly one of 'every', 'fixedDelay' and 'cron'
					"note":"nothing"                     | exactly one of 'every', 'fixedDelay' and 'cron'
					""",
			quoteCharacter = '`')
	void scheduleThatCannotWorkIsRefused(String schedule, String detail) throws Exception {
		Answer answer = periodic("{\"action\":\"reschedule\"," + schedule + "}");
		assertThat(answer.status()).isEqualTo(400);
		assertThat(answer.at("detail")).contains(detail);
		assertThat(this.report.spec().schedule()).hasToString("cron 0 30 2 * * * Europe/Paris");
	}

	@Test
	void resizeChangesTheLimit(CapturedOutput output) throws Exception {
		Answer answer = pool("{\"action\":\"resize\",\"limit\":7}");
		assertThat(answer.status()).isEqualTo(200);
		assertThat(answer.body().get("limit").asInt()).isEqualTo(7);
		assertThat(reports().limit()).isEqualTo(7);
		assertThat(output).contains("'operator' resized the pool 'reports' from 4 to 7");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			`,"limit":0`      | Give 1 or more
			`,"limit":-1`     | Give 1 or more
			`,"limit":"many"` | 'limit' is 'many', which is not a whole number
			``              | 'limit' is missing
			""", quoteCharacter = '`')
	void limitThatCannotWorkIsRefused(String limit, String detail) throws Exception {
		Answer answer = pool("{\"action\":\"resize\"" + limit + "}");
		assertThat(answer.status()).isEqualTo(400);
		assertThat(answer.at("detail")).contains(detail);
		assertThat(reports().limit()).isEqualTo(4);
	}

	@Test
	void poolIsPausedAndResumedWithANote(CapturedOutput output) throws Exception {
		Answer paused = pool("{\"action\":\"pause\",\"note\":\"database moves\"}");
		assertThat(reports().paused()).isTrue();
		assertThat(paused.at("pauseNote/by")).isEqualTo("operator");
		assertThat(paused.at("pauseNote/note")).isEqualTo("database moves");
		Answer resumed = pool("{\"action\":\"resume\"}");
		assertThat(reports().paused()).isFalse();
		assertThat(resumed.at("pauseNote/action")).isEqualTo("resumed");
		assertThat(output).contains("'operator' paused the pool 'reports', which was not paused: database moves")
			.contains("'operator' resumed the pool 'reports', which was paused");
	}

	@Test
	void jobIsCancelled(CapturedOutput output) throws Exception {
		Job<?> job = this.report.trigger();
		Answer answer = this.application.delete("operator", ActuatorApplication.ROOT + "/jobs/" + job.id());
		assertThat(answer.status()).isEqualTo(200);
		assertThat(job.state()).isEqualTo(JobState.CANCELLED);
		assertThat(answer.at("state")).isEqualTo("cancelled");
		assertThat(output).contains("'operator' cancelled the job 'report' with the id " + job.id());
	}

	@Test
	void jobThatCannotBeCancelledIsAConflict() throws Exception {
		CountDownLatch open = this.gate;
		Job<?> shielded = this.jobs.spawn(JobOptions.named("transfer").shielded(), () -> {
			open.await();
			return "done";
		});
		String path = ActuatorApplication.ROOT + "/jobs/" + shielded.id();
		assertThat(this.application.delete("operator", path).at("detail")).contains("is shielded");
		open.countDown();
		shielded.await();
		assertProblem(this.application.delete("operator", path), 409,
				"Job '" + shielded.id() + "' has ended already: succeeded");
	}

	@Test
	void jobsOfAPoolAreCancelled(CapturedOutput output) throws Exception {
		Job<?> first = this.report.trigger();
		Answer answer = this.application.delete("operator", ActuatorApplication.ROOT + "/pools/reports/jobs");
		assertThat(answer.status()).isEqualTo(200);
		assertThat(answer.text()).isEqualTo("{\"pool\":\"reports\",\"cancelled\":1}");
		assertThat(first.state()).isEqualTo(JobState.CANCELLED);
		assertThat(output).contains("'operator' cancelled the jobs of the pool 'reports': 1 of them");
	}

	@Test
	void noteThatIsTooLongIsRefused() throws Exception {
		Answer answer = periodic("{\"action\":\"pause\",\"note\":\"" + "x".repeat(501) + "\"}");
		assertProblem(answer, 400, "'note' has 501 characters. It may have 500 at most");
		assertThat(this.report.isPaused()).isFalse();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					/periodic/unknown | {"action":"pause"}  | 404 | There is no periodic job 'unknown'
					/pools/unknown    | {"action":"pause"}  | 404 | There is no pool 'unknown'
					/history/any      | {"action":"pause"}  | 404 | There is nothing at 'history/any'
					/periodic/report  | {"action":"stop"}   | 400 | 'action' is 'stop'. There are trigger, pause, resume and reschedule
					/pools/reports    | {"note":"why"}      | 400 | 'action' is missing. There are resize, pause and resume
					""",
			quoteCharacter = '`')
	void whatIsNotThereIsRefused(String path, String body, int status, String detail) throws Exception {
		assertProblem(this.application.post("operator", ActuatorApplication.ROOT + path, body), status, detail);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			/jobs/unknown         | There is no job 'unknown', neither live nor among those that ended last
			/periodic/report      | There is nothing at 'periodic/report'
			/pools/unknown/jobs   | There is no pool 'unknown'
			/pools/reports/places | There is nothing at 'pools/reports/places'
			""")
	void whatIsNotThereIsNotCancelled(String path, String detail) throws Exception {
		assertProblem(this.application.delete("operator", ActuatorApplication.ROOT + path), 404, detail);
	}

	@Test
	void partOfThePathCanBeReplacedAsTheDocumentWarns() throws Exception {
		this.application.post("operator", ActuatorApplication.ROOT + "/periodic/other?target=report",
				"{\"action\":\"pause\"}");
		assertThat(this.report.isPaused()).isTrue();
	}

	private Answer periodic(String body) throws Exception {
		return this.application.post("operator", ActuatorApplication.ROOT + "/periodic/report", body);
	}

	private Answer pool(String body) throws Exception {
		return this.application.post("operator", ActuatorApplication.ROOT + "/pools/reports", body);
	}

	private PoolSnapshot reports() {
		return this.jobs.pools().stream().filter((pool) -> pool.name().equals("reports")).findFirst().orElseThrow();
	}

	private static void assertProblem(Answer answer, int status, String detail) {
		assertThat(answer.status()).isEqualTo(status);
		assertThat(answer.contentType()).startsWith("application/problem+json");
		assertThat(answer.body().get("status").asInt()).isEqualTo(status);
		assertThat(answer.at("detail")).isEqualTo(detail);
	}

}
