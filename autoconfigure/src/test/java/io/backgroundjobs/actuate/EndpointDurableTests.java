package io.backgroundjobs.actuate;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import tools.jackson.databind.JsonNode;

import io.backgroundjobs.JobConfigurationException;
import io.backgroundjobs.JobState;
import io.backgroundjobs.StoredJob;
import io.backgroundjobs.actuate.ActuatorApplication.Answer;
import io.backgroundjobs.actuate.DurableApplication.Kept;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is seen of durable jobs over HTTP, and done with them.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(OutputCaptureExtension.class)
class EndpointDurableTests {

	private static final String RETRY = "{\"action\":\"retry\"}";

	private static final String CANCEL = "{\"action\":\"cancel\"}";

	private final ActuatorApplication application = DurableApplication.start(
			"management.endpoint.backgroundjobs.access=unrestricted",
			"management.endpoint.backgroundjobs.show-values=when-authorized",
			"management.endpoint.backgroundjobs.roles=OPERATOR");

	private final Kept kept = this.application.bean(Kept.class);

	@AfterEach
	void clear() {
		this.kept.clear();
	}

	@AfterAll
	void close() {
		this.application.close();
	}

	@Test
	void queuesTellWhatThereIsOfEachName() throws Exception {
		StoredJob oldest = this.kept.add("mail", JobState.PENDING, null);
		this.kept.add("mail", JobState.PENDING, null);
		this.kept.add("mail", JobState.RUNNING, null);
		this.kept.add("mail", JobState.FAILED, "java.io.IOException: gone");
		this.kept.add("import-report", JobState.SCHEDULED, null);
		JsonNode page = read("/durable");
		assertThat(page.get("total").asInt()).isEqualTo(2);
		assertThat(page.at("/items/1")).hasToString("{\"name\":\"mail\",\"known\":true,\"pending\":2,\"scheduled\":0,"
				+ "\"running\":1,\"failed\":1,\"oldestDue\":\"" + oldest.due().truncatedTo(ChronoUnit.MILLIS) + "\"}");
		assertThat(page.at("/items/0")).hasToString("{\"name\":\"import-report\",\"known\":false,\"pending\":0,"
				+ "\"scheduled\":1,\"running\":0,\"failed\":0}");
		assertThat(read("/durable?size=1").get("nextPage").asInt()).isOne();
	}

	@Test
	void failedJobsAreListedUpToTheLimitAndItIsToldWhetherThereAreMore() throws Exception {
		List<String> instances = new ArrayList<>();
		for (int i = 0; i < 51; i++) {
			instances.add(this.kept.add("mail", JobState.FAILED, "java.io.IOException: gone").instance());
		}
		this.kept.add("mail", JobState.PENDING, null);
		StoredJob report = this.kept.add("report", JobState.FAILED, "java.io.IOException: gone");
		JsonNode first = read("/durable/failed");
		assertThat(instances(first)).isEqualTo(instances.subList(0, 50));
		assertThat(first.get("limit").asInt()).isEqualTo(50);
		assertThat(first.get("more").asBoolean()).isTrue();
		JsonNode all = read("/durable/failed?name=mail&limit=51");
		assertThat(instances(all)).isEqualTo(instances);
		assertThat(all.get("more").asBoolean()).isFalse();
		assertThat(instances(read("/durable/failed?name=report&limit=200"))).containsExactly(report.instance());
		assertThat(instances(read("/durable/failed?name=none"))).isEmpty();
	}

	@Test
	void jobIsDescribedByItsNameAndInstance() throws Exception {
		StoredJob job = this.kept.add("mail", JobState.RUNNING, null);
		assertThat(read("/durable/mail/" + job.instance())).hasToString("{\"name\":\"mail\",\"instance\":\""
				+ job.instance() + "\",\"id\":\"" + job.id() + "\",\"state\":\"running\",\"attempts\":0,"
				+ "\"createdAt\":\"" + job.createdAt().truncatedTo(ChronoUnit.MILLIS) + "\",\"due\":\""
				+ job.due().truncatedTo(ChronoUnit.MILLIS) + "\",\"runningOn\":\"host-2\"}");
	}

	@Test
	void instanceThatAPathCannotHoldIsGivenAsAParameter() throws Exception {
		this.kept.add("mail", "key:orders/4711", "4711", JobState.PENDING, null);
		assertThat(read("/durable/mail/-?item=key:orders/4711").get("id").asString()).isEqualTo("4711");
	}

	@ParameterizedTest
	@CsvSource({ "operator,true", "reader,false" })
	void messageOfAFailureIsHiddenUnlessItIsShown(String user, boolean shown) throws Exception {
		this.kept.add("mail", JobState.FAILED, "java.io.IOException: host: token=abc");
		this.kept.add("mail", JobState.FAILED, "java.lang.StackOverflowError");
		this.kept.add("mail", JobState.FAILED, "java.io.IOException: " + "x".repeat(2001));
		JsonNode items = this.application.get(user, ActuatorApplication.ROOT + "/durable/failed").body().get("items");
		assertThat(items.at("/0/exception")).hasToString(
				"{\"type\":\"java.io.IOException\",\"message\":\"" + (shown ? "host: token=abc" : "******") + "\"}");
		assertThat(items.at("/1/exception")).hasToString("{\"type\":\"java.lang.StackOverflowError\"}");
		assertThat(items.at("/2/exception/message").asString())
			.isEqualTo(shown ? "x".repeat(2000) + "... 1 more" : "******");
	}

	@Test
	void failedJobIsRetried(CapturedOutput output) throws Exception {
		StoredJob job = this.kept.add("mail", JobState.FAILED, "java.io.IOException: gone");
		Answer answer = steer(job, RETRY);
		assertThat(answer.status()).isEqualTo(200);
		assertThat(answer.text()).isEqualTo("{\"name\":\"mail\",\"instance\":\"" + job.instance() + "\",\"id\":\""
				+ job.id() + "\",\"change\":\"retried\"}");
		assertThat(read("/durable/mail/" + job.instance()).get("state").asString()).isEqualTo("pending");
		assertThat(output).contains("'operator' retried the durable job 'mail' with the id " + job.id()
				+ ", which had failed at " + job.failedAt().truncatedTo(ChronoUnit.MILLIS));
	}

	@Test
	void failedJobIsDeleted(CapturedOutput output) throws Exception {
		StoredJob job = this.kept.add("mail", JobState.FAILED, "java.io.IOException: gone");
		Answer answer = this.application.delete("operator", path(job));
		assertThat(answer.status()).isEqualTo(200);
		assertThat(answer.at("change")).isEqualTo("deleted");
		assertThat(this.kept.failed(null, 1)).isEmpty();
		assertThat(output).contains("'operator' deleted the durable job 'mail' with the id " + job.id()
				+ ", which had failed at " + job.failedAt().truncatedTo(ChronoUnit.MILLIS));
	}

	@Test
	void jobThatWaitsIsCancelled(CapturedOutput output) throws Exception {
		StoredJob job = this.kept.add("mail", JobState.SCHEDULED, null);
		Answer answer = steer(job, CANCEL);
		assertThat(answer.status()).isEqualTo(200);
		assertThat(answer.at("change")).isEqualTo("cancelled");
		assertThat(this.kept.queues()).isEmpty();
		assertThat(output)
			.contains("'operator' cancelled the durable job 'mail' with the id " + job.id() + ", which was scheduled");
	}

	@Test
	void whatDoesNotFitTheStateIsAConflict(CapturedOutput output) throws Exception {
		StoredJob waits = this.kept.add("mail", JobState.PENDING, null);
		StoredJob failed = this.kept.add("mail", JobState.FAILED, "java.io.IOException: gone");
		StoredJob runs = this.kept.add("mail", JobState.RUNNING, null);
		assertConflict(steer(waits, RETRY), waits, "has not failed for good: it is pending");
		assertConflict(this.application.delete("operator", path(runs)), runs, "has not failed for good: it is running");
		assertConflict(steer(failed, CANCEL), failed,
				"has failed for good. It can be retried and deleted, not cancelled");
		assertConflict(steer(runs, CANCEL), runs,
				"runs on 'host-2'. It can be cancelled there only, and not if it is shielded");
		assertThat(output).doesNotContain("'operator'");
	}

	@Test
	void whoeverIsNotQuickEnoughIsTold(CapturedOutput output) throws Exception {
		StoredJob waits = this.kept.add("mail", JobState.PENDING, null);
		StoredJob failed = this.kept.add("mail", JobState.FAILED, "java.io.IOException: gone");
		this.kept.somebodyElseIsQuicker();
		String tooLate = ": another instance or operator was quicker";
		assertConflict(steer(failed, RETRY), failed, "is no longer failed" + tooLate);
		assertConflict(this.application.delete("operator", path(failed)), failed, "is no longer failed" + tooLate);
		assertConflict(steer(waits, CANCEL), waits, "is no longer pending" + tooLate);
		assertThat(output).doesNotContain("'operator'");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					/durable/failed?limit=0    | 400 | 'limit' is 0. From 1 to 200 failed jobs can be asked for
					/durable/failed?limit=201  | 400 | 'limit' is 201. From 1 to 200 failed jobs can be asked for
					/durable/failed?limit=few  | 400 | 'limit' is 'few', which is not a whole number
					/durable?size=0            | 400 | 'size' is 0. A page has from 1 to 200 items
					/durable/mail              | 404 | There is nothing at 'durable/mail'
					/jobs/mail/1               | 404 | There is nothing at 'jobs/mail/1'
					/nothing                   | 404 | There is no section 'nothing'. There are jobs, periodic, pools, history and durable
					""",
			quoteCharacter = '`')
	void whatCannotBeAnsweredIsAProblem(String path, int status, String detail) throws Exception {
		assertProblem(this.application.get("reader", ActuatorApplication.ROOT + path), status, detail);
	}

	@ParameterizedTest
	@MethodSource("requests")
	void jobThatIsNotThereIsNotFound(String method, String body) throws Exception {
		assertProblem(send(method, "/durable/mail/4711", body), 404, "There is no durable job 'mail' with the instance "
				+ "'4711'. Those that have ended are not kept, unless they failed for good");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			/durable/mail/1 | {"action":"stop"} | 400 | 'action' is 'stop'. There are retry and cancel
			/durable/mail/1 | {"note":"why"}    | 400 | 'action' is missing. There are retry and cancel
			/jobs/mail/1    | {"action":"retry"}| 404 | There is nothing at 'jobs/mail/1'
			""", quoteCharacter = '`')
	void whatIsNotThereIsRefused(String path, String body, int status, String detail) throws Exception {
		assertProblem(this.application.post("operator", ActuatorApplication.ROOT + path, body), status, detail);
	}

	@ParameterizedTest
	@MethodSource("requests")
	void databaseThatFailsIsUnavailableWithoutSayingMore(String method, String body) throws Exception {
		this.kept.failWith(Kept.brokenConnection());
		Answer answer = send(method, "/durable/mail/4711", body);
		assertProblem(answer, 503, "The database did not do it");
		assertThat(answer.text()).doesNotContain("secret", "Exception");
		assertProblem(send("GET", "/durable", null), 503, "The database did not do it");
		assertProblem(send("GET", "/durable/failed", null), 503, "The database did not do it");
	}

	@ParameterizedTest
	@MethodSource("requests")
	void databaseThatIsKnownToBeDownIsNotAsked(String method, String body) throws Exception {
		this.kept.unavailableSince(Instant.parse("2026-11-20T09:12:07.123456Z"));
		String detail = "The database of the durable jobs has not answered since 2026-11-20T09:12:07.123Z";
		assertProblem(send(method, "/durable/mail/4711", body), 503, detail);
		assertProblem(send("GET", "/durable", null), 503, detail);
		assertProblem(send("GET", "/durable/failed", null), 503, detail);
		assertThat(this.kept.questions()).isZero();
		assertThat(read("").get("running").asBoolean()).isTrue();
	}

	@Test
	void tableThatIsMissingIsAProblemThatSaysWhatToDo() throws Exception {
		this.kept.failWith(new JobConfigurationException("No table for password=secret", "Create it."));
		assertProblem(send("GET", "/durable", null), 503, "The durable jobs cannot use their table. Create it.");
	}

	@Test
	void readerAndAnonymousChangeNothing() throws Exception {
		StoredJob job = this.kept.add("mail", JobState.FAILED, "java.io.IOException: gone");
		assertThat(this.application.post("reader", path(job), RETRY).status()).isEqualTo(403);
		assertThat(this.application.delete("reader", path(job)).status()).isEqualTo(403);
		assertThat(this.application.post(null, path(job), RETRY).status()).isEqualTo(401);
		assertThat(this.application.get(null, path(job)).status()).isEqualTo(401);
		assertThat(this.kept.failed(null, 2)).containsExactly(job);
	}

	@Test
	void nothingIsChangedByDefault() throws Exception {
		try (ActuatorApplication byDefault = DurableApplication.start()) {
			Kept jobs = byDefault.bean(Kept.class);
			StoredJob job = jobs.add("mail", JobState.FAILED, "java.io.IOException: gone");
			assertThat(byDefault.get("operator", path(job)).at("exception/message")).isEqualTo("******");
			assertThat(byDefault.post("operator", path(job), RETRY).status()).isEqualTo(405);
			assertThat(byDefault.delete("operator", path(job)).status()).isEqualTo(405);
			assertThat(jobs.failed(null, 2)).containsExactly(job);
		}
	}

	private Answer steer(StoredJob job, String body) throws Exception {
		return this.application.post("operator", path(job), body);
	}

	private Answer send(String method, String path, String body) throws Exception {
		return this.application.send("operator", method, ActuatorApplication.ROOT + path, body);
	}

	private JsonNode read(String path) throws Exception {
		Answer answer = this.application.get("reader", ActuatorApplication.ROOT + path);
		assertThat(answer.status()).as(answer.text()).isEqualTo(200);
		return answer.body();
	}

	private static String path(StoredJob job) {
		return ActuatorApplication.ROOT + "/durable/" + job.name() + "/" + job.instance();
	}

	private static List<String> instances(JsonNode failed) {
		List<String> instances = new ArrayList<>();
		failed.get("items").forEach((job) -> instances.add(job.get("instance").asString()));
		return instances;
	}

	private static void assertConflict(Answer answer, StoredJob job, String detail) {
		assertProblem(answer, 409, "The durable job 'mail' with the id " + job.id() + " " + detail);
	}

	private static void assertProblem(Answer answer, int status, String detail) {
		assertThat(answer.status()).as(answer.text()).isEqualTo(status);
		assertThat(answer.contentType()).startsWith("application/problem+json");
		assertThat(answer.at("detail")).isEqualTo(detail);
	}

	static Stream<String[]> requests() {
		return Stream.of(new String[] { "GET", null }, new String[] { "POST", RETRY }, new String[] { "POST", CANCEL },
				new String[] { "DELETE", null });
	}

}
