package io.backgroundjobs.actuate;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import javax.management.MBeanOperationInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.ReflectionException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.jmx.JmxEndpointAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.jmx.JmxAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import io.backgroundjobs.BackgroundJobScheduler;
import io.backgroundjobs.DurableJobs;
import io.backgroundjobs.Job;
import io.backgroundjobs.JobOptions;
import io.backgroundjobs.JobState;
import io.backgroundjobs.PeriodicJobHandle;
import io.backgroundjobs.PeriodicJobSpec;
import io.backgroundjobs.StoredJob;
import io.backgroundjobs.actuate.DurableApplication.Kept;
import io.backgroundjobs.autoconfigure.BackgroundJobEndpointAutoConfiguration;
import io.backgroundjobs.autoconfigure.BackgroundJobsAutoConfiguration;

import static java.time.Duration.ofHours;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

@ExtendWith(OutputCaptureExtension.class)
class EndpointJmxTests {

	private static final String[] READS = { "overview", "jobs", "job", "history", "periodicJobs", "periodicJob",
			"pools", "pool", "durableQueues", "failedDurableJobs", "durableJob" };

	private static final String[] WRITES = { "trigger", "pause", "resume", "reschedule", "cancel", "cancelAll",
			"resizePool", "pausePool", "resumePool", "retryDurableJob", "cancelDurableJob", "deleteDurableJob" };

	private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withPropertyValues("spring.jmx.enabled=true", "management.endpoints.jmx.exposure.include=backgroundjobs",
				"management.endpoints.jmx.domain=io.backgroundjobs.test", "background-jobs.pools.mail.limit=2")
		.withConfiguration(AutoConfigurations.of(JmxAutoConfiguration.class, EndpointAutoConfiguration.class,
				JmxEndpointAutoConfiguration.class, BackgroundJobsAutoConfiguration.class,
				BackgroundJobEndpointAutoConfiguration.class));

	@Test
	void onlyReadsByDefault() {
		this.runner.run((context) -> assertThat(operations()).containsExactlyInAnyOrder(READS));
	}

	@Test
	void readsAndWritesWhereAccessIsRaised() {
		unrestricted((jobs) -> assertThat(operations()).contains(READS).contains(WRITES).hasSize(23));
	}

	@Test
	void reads() {
		unrestricted((jobs) -> {
			jobs.addPeriodic(PeriodicJobSpec.named("hourly").every(ofHours(1)).initialDelay(ofHours(1)), () -> "done");
			jobs.pausePool("mail");
			String id = jobs.spawn(JobOptions.named("held").pool("mail"), () -> 1).id();
			assertThat(map(invoke("overview")).get("running")).isEqualTo(true);
			assertThat(items(invoke("jobs", "pending", null, null, null, null))).hasSize(1);
			assertThat(map(invoke("job", id))).containsEntry("name", "held");
			assertThat(items(invoke("periodicJobs", null, null))).hasSize(1);
			assertThat((List<?>) map(invoke("periodicJob", "hourly", 3)).get("nextRuns")).hasSize(3);
			assertThat(items(invoke("pools", 0, 10))).hasSize(2);
			assertThat(map(invoke("pool", "mail"))).containsEntry("paused", true);
			assertThat(items(invoke("history", "failed", null, null, null, null))).isEmpty();
			jobs.resumePool("mail");
		});
	}

	@Test
	void writes() {
		unrestricted((jobs) -> {
			PeriodicJobHandle hourly = jobs
				.addPeriodic(PeriodicJobSpec.named("hourly").every(ofHours(1)).initialDelay(ofHours(1)), () -> "done");
			String run = (String) map(invoke("trigger", "hourly")).get("id");
			assertThat(await(jobs, run)).isEqualTo("done");
			invoke("pause", "hourly", "why not");
			assertThat(hourly.isPaused()).isTrue();
			assertThat(hourly.pauseNote().text()).isEqualTo("why not");
			assertThat(hourly.pauseNote().by()).isEqualTo("anonymous");
			invoke("resume", "hourly", null);
			assertThat(hourly.isPaused()).isFalse();
			invoke("reschedule", "hourly", null, "30m", null, null);
			assertThat(hourly.spec().schedule()).hasToString("fixedDelay PT30M");
			assertThat(map(invoke("resizePool", "mail", 9))).containsEntry("limit", 9);
			assertThat(map(invoke("pausePool", "mail", "moving"))).containsEntry("paused", true);
			String held = jobs.spawn(JobOptions.named("held").pool("mail"), () -> 1).id();
			assertThat(map(invoke("cancel", held))).containsEntry("state", "cancelled");
			assertThat(map(invoke("cancelAll", "mail"))).containsEntry("cancelled", 0);
			assertThat(map(invoke("resumePool", "mail", null))).containsEntry("paused", false);
		});
	}

	@Test
	void durableJobsAreReadAndSteered(CapturedOutput output) {
		Kept kept = new Kept();
		StoredJob first = kept.add("mail", JobState.FAILED, "java.io.IOException: gone");
		StoredJob second = kept.add("mail", JobState.FAILED, "java.io.IOException: gone");
		this.runner.withBean(DurableJobs.class, () -> kept)
			.withPropertyValues("management.endpoint.backgroundjobs.access=UNRESTRICTED")
			.run((context) -> {
				assertThat(map(items(invoke("durableQueues", null, null)).get(0))).containsEntry("failed", 2L);
				assertThat(items(invoke("failedDurableJobs", "mail", 1))).hasSize(1);
				assertThat(map(invoke("durableJob", "mail", first.instance()))).containsEntry("state", "failed");
				assertThat(map(invoke("retryDurableJob", "mail", first.instance()))).containsEntry("change", "retried");
				assertThat(map(invoke("cancelDurableJob", "mail", first.instance()))).containsEntry("change",
						"cancelled");
				assertThat(map(invoke("deleteDurableJob", "mail", second.instance()))).containsEntry("change",
						"deleted");
				assertThat(kept.queues()).isEmpty();
				assertThat(output).contains("'anonymous' deleted the durable job 'mail'");
				kept.failWith(Kept.brokenConnection());
				assertProblem("The database did not do it", "durableQueues", null, null);
			});
	}

	@Test
	void withoutDurableJobsThatIsAProblem() {
		unrestricted((jobs) -> {
			assertProblem("There are no durable jobs in this application", "durableQueues", null, null);
			assertProblem("There are no durable jobs in this application", "retryDurableJob", "mail", "1");
		});
	}

	@Test
	void problemSaysWhatIsWrong() {
		unrestricted((jobs) -> {
			assertProblem("There is no periodic job 'unknown'", "pause", "unknown", null);
			assertProblem("'size' is 500. A page has from 1 to 200 items", "pools", 0, 500);
		});
	}

	@Test
	void valuesAreShownUnlessNever() {
		this.runner
			.run((context) -> assertThat(message(context.getBean(BackgroundJobScheduler.class))).isEqualTo("******"));
		this.runner.withPropertyValues("management.endpoint.backgroundjobs.show-values=when-authorized")
			.run((context) -> assertThat(message(context.getBean(BackgroundJobScheduler.class))).isEqualTo("broken"));
	}

	private Object message(BackgroundJobScheduler jobs) throws Exception {
		Job<?> job = jobs.spawn("failing", () -> {
			throw new IllegalStateException("broken");
		});
		job.toFuture().exceptionally((ex) -> null).get();
		return ((Map<?, ?>) map(invoke("job", job.id())).get("exception")).get("message");
	}

	private static Object await(BackgroundJobScheduler jobs, String id) throws Exception {
		return jobs.find(id).orElseThrow().await(Duration.ofSeconds(10));
	}

	private void unrestricted(ThrowingConsumer test) {
		this.runner.withPropertyValues("management.endpoint.backgroundjobs.access=UNRESTRICTED")
			.run((context) -> test.accept(context.getBean(BackgroundJobScheduler.class)));
	}

	private void assertProblem(String message, String operation, Object... arguments) {
		assertThatExceptionOfType(ReflectionException.class).isThrownBy(() -> invoke(operation, arguments))
			.havingCause()
			.isInstanceOf(IllegalArgumentException.class)
			.withMessageContaining(message);
	}

	private Object invoke(String operation, Object... arguments) throws Exception {
		String[] signature = new String[arguments.length];
		Arrays.fill(signature, String.class.getName());
		return this.server.invoke(name(), operation, arguments, signature);
	}

	private List<String> operations() throws Exception {
		return Arrays.stream(this.server.getMBeanInfo(name()).getOperations())
			.map(MBeanOperationInfo::getName)
			.toList();
	}

	private static ObjectName name() throws Exception {
		return new ObjectName("io.backgroundjobs.test:type=Endpoint,name=Backgroundjobs");
	}

	@SuppressWarnings("unchecked")
	private static Map<String, Object> map(Object result) {
		return (Map<String, Object>) result;
	}

	private static List<?> items(Object result) {
		return (List<?>) map(result).get("items");
	}

	/**
	 * A test against a scheduler.
	 */
	private interface ThrowingConsumer {

		void accept(BackgroundJobScheduler jobs) throws Exception;

	}

}
