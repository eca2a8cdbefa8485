package io.backgroundjobs.observation;

import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanId;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.MDC;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.retry.RetryPolicy;

import io.backgroundjobs.BackgroundJobScheduler;
import io.backgroundjobs.DurableJob;
import io.backgroundjobs.DurableJobs;
import io.backgroundjobs.JobOptions;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of a trace and of MDC entries that begin on one instance of a Boot application
 * and go on in a durable job on another.
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class DurableJobTracingTests {

	private static final BlockingQueue<Map<String, String>> seen = new LinkedBlockingQueue<>();

	private final InMemorySpanExporter exporter = InMemorySpanExporter.create();

	private ConfigurableApplicationContext spawning;

	private ConfigurableApplicationContext running;

	@AfterEach
	void stop() {
		MDC.clear();
		this.running.close();
		this.spawning.close();
		seen.clear();
	}

	@Test
	void jobOnAnotherInstanceIsAChildOfTheRequestAndHasItsEntries() throws Exception {
		startTwo();
		MDC.put("tenant", "a");
		request("first");
		Map<String, String> mdc = seen.take();
		SpanData job = Awaitility.await().until(() -> spans("job traced"), (spans) -> !spans.isEmpty()).get(0);
		SpanData request = spans("request").get(0);
		assertThat(job.getTraceId()).isEqualTo(request.getTraceId());
		assertThat(job.getParentSpanId()).isEqualTo(request.getSpanId());
		assertThat(job.getAttributes().get(AttributeKey.stringKey("job.kind"))).isEqualTo("durable");
		assertThat(mdc).containsEntry("tenant", "a")
			.containsEntry("traceId", job.getTraceId())
			.containsEntry("spanId", job.getSpanId())
			.containsEntry(MdcPropagator.JOB_NAME, "traced")
			.containsKey(MdcPropagator.JOB_ID);
	}

	@Test
	void eachAttemptIsAChildOfTheRequest() throws Exception {
		startTwo();
		request("fail once");
		seen.take();
		seen.take();
		List<SpanData> attempts = Awaitility.await().until(() -> spans("job traced"), (spans) -> spans.size() == 2);
		assertThat(attempts).extracting(SpanData::getParentSpanId).containsOnly(spans("request").get(0).getSpanId());
	}

	@Test
	void nextJobOnTheThreadHasNoTraceAndNoEntries() throws Exception {
		startTwo("--background-jobs.pools.default.limit=1");
		MDC.put("tenant", "a");
		request("first");
		seen.take();
		MDC.clear();
		spawn("second");
		assertThat(seen.take()).doesNotContainKey("tenant");
		List<SpanData> all = Awaitility.await().until(() -> spans("job traced"), (spans) -> spans.size() == 2);
		assertThat(all).extracting(SpanData::getParentSpanId)
			.containsExactlyInAnyOrder(spans("request").get(0).getSpanId(), SpanId.getInvalid());
	}

	@Test
	void jobThatIsNotObservedNamesTheTraceInItsLog() throws Exception {
		startTwo("--management.observations.enable.background.job=false", "--background-jobs.context.exclude=mdc");
		request("first");
		Map<String, String> mdc = seen.take();
		assertThat(spans("job traced")).isEmpty();
		assertThat(mdc).containsEntry("traceId", spans("request").get(0).getTraceId());
	}

	@Test
	void excludedTraceAndEntriesDoNotGoOn() throws Exception {
		startTwo("--background-jobs.context.exclude=mdc,micrometer.observation");
		MDC.put("tenant", "a");
		request("first");
		assertThat(seen.take()).doesNotContainKey("tenant").containsKey(MdcPropagator.JOB_ID);
		SpanData job = Awaitility.await().until(() -> spans("job traced"), (spans) -> !spans.isEmpty()).get(0);
		assertThat(job.getParentSpanId()).isEqualTo(SpanId.getInvalid());
	}

	private void startTwo(String... arguments) {
		this.spawning = start(arguments);
		this.spawning.getBean(BackgroundJobScheduler.class).pausePool("default");
		this.running = start(arguments);
	}

	private ConfigurableApplicationContext start(String... arguments) {
		// Not as a bean, which Boot would export to as well.
		SpanProcessor exportsAtOnce = SimpleSpanProcessor.create(this.exporter);
		return new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
			.initializers((context) -> ((GenericApplicationContext) context).registerBean(SpanProcessor.class,
					() -> exportsAtOnce))
			.properties("spring.datasource.url=jdbc:h2:mem:tracing", "management.tracing.sampling.probability=1.0",
					"background-jobs.durable.poll-interval=100ms")
			.run(arguments);
	}

	private void request(String payload) {
		ObservationRegistry registry = this.spawning.getBean(ObservationRegistry.class);
		Observation.createNotStarted("request", registry).observe(() -> spawn(payload));
	}

	@SuppressWarnings("unchecked")
	private void spawn(String payload) {
		DurableJob<String> job = this.spawning.getBean(DurableJob.class);
		this.spawning.getBean(DurableJobs.class).spawn(job, payload);
	}

	private List<SpanData> spans(String name) {
		return this.exporter.getFinishedSpanItems().stream().filter((span) -> span.getName().equals(name)).toList();
	}

	@SpringBootConfiguration
	@EnableAutoConfiguration
	static class Application {

		@Bean
		DurableJob<String> traced() {
			RetryPolicy once = RetryPolicy.builder().maxRetries(1).build();
			return DurableJob.of(JobOptions.named("traced").retry(once), String.class, (payload, job) -> {
				seen.add(MDC.getCopyOfContextMap());
				if (payload.equals("fail once") && job.attempt() == 1) {
					throw new IllegalStateException("broken");
				}
			});
		}

	}

}
