package io.backgroundjobs.observation;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanId;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.retry.RetryPolicy;
import reactor.core.publisher.Mono;

import io.backgroundjobs.BackgroundJobScheduler;
import io.backgroundjobs.Job;
import io.backgroundjobs.JobFailedException;
import io.backgroundjobs.JobOptions;
import io.backgroundjobs.PeriodicJobHandle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests of traces as a Boot application with OpenTelemetry has them: which span is
 * beneath which, and which trace a line of the log names.
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
@ExtendWith(OutputCaptureExtension.class)
@TestInstance(Lifecycle.PER_CLASS)
class JobTracingTests {

	private final ListAppender<ILoggingEvent> log = new ListAppender<>();

	private final InMemorySpanExporter exporter = InMemorySpanExporter.create();

	private ConfigurableApplicationContext application;

	private ObservationRegistry registry;

	private BackgroundJobScheduler jobs;

	String threads() {
		return "platform";
	}

	@BeforeAll
	void start() {
		// Not as a bean, which Boot would export to as well.
		SpanProcessor exportsAtOnce = SimpleSpanProcessor.create(this.exporter);
		this.application = new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
			.initializers((context) -> ((GenericApplicationContext) context).registerBean(SpanProcessor.class,
					() -> exportsAtOnce))
			.run("--management.tracing.sampling.probability=1.0", "--background-jobs.shutdown.close-timeout=20ms",
					"--background-jobs.pools.default.threads=" + threads(), "--background-jobs.pools.narrow.limit=1",
					"--background-jobs.pools.narrow.pending-limit=0",
					"--background-jobs.pools.narrow.overflow=caller-runs",
					"--background-jobs.pools.narrow.threads=" + threads());
		this.registry = this.application.getBean(ObservationRegistry.class);
		this.jobs = this.application.getBean(BackgroundJobScheduler.class);
		this.log.start();
		logger().addAppender(this.log);
	}

	@BeforeEach
	void forget() {
		this.exporter.reset();
		this.log.list.clear();
	}

	@AfterAll
	void stop() {
		logger().detachAppender(this.log);
		this.application.close();
	}

	@Test
	void spawnedJobIsAChildOfItsRequest() throws Exception {
		request(() -> this.jobs.spawn("job", () -> 42)).await();
		SpanData job = span("job job");
		assertThat(job.getParentSpanId()).isEqualTo(span("request").getSpanId());
		assertThat(job.getTraceId()).isEqualTo(span("request").getTraceId());
		assertThat(job.getAttributes().asMap()).containsEntry(AttributeKey.stringKey("job.name"), "job")
			.containsEntry(AttributeKey.stringKey("job.kind"), "spawned")
			.containsEntry(AttributeKey.stringKey("job.pool"), "default")
			.containsEntry(AttributeKey.stringKey("outcome"), "succeeded")
			.containsEntry(AttributeKey.stringKey("exception"), "none")
			.containsEntry(AttributeKey.stringKey("job.attempt"), "1")
			.containsKey(AttributeKey.stringKey("job.id"));
	}

	@Test
	void jobThatAJobSpawnsIsItsChild() throws Exception {
		request(() -> this.jobs.spawn("outer", (job) -> this.jobs.spawn("inner", () -> 42).await())).await();
		assertThat(span("job inner").getParentSpanId()).isEqualTo(span("job outer").getSpanId());
		assertThat(span("job inner").getTraceId()).isEqualTo(span("request").getTraceId());
	}

	@Test
	void eachAttemptIsASpanBeneathTheRequest() throws Exception {
		RetryPolicy twice = RetryPolicy.builder().maxRetries(2).delay(Duration.ofMillis(1)).build();
		request(() -> this.jobs.spawn(JobOptions.named("job").retry(twice), (job) -> {
			if (job.attempt() < 3) {
				throw new IllegalStateException("broken");
			}
			return 42;
		})).await();
		List<SpanData> attempts = spans("job job");
		assertThat(attempts).extracting(SpanData::getParentSpanId).containsOnly(span("request").getSpanId());
		assertThat(attempts).extracting((span) -> span.getAttributes().get(AttributeKey.stringKey("job.attempt")))
			.containsExactly("1", "2", "3");
		assertThat(attempts).extracting((span) -> span.getAttributes().get(AttributeKey.stringKey("outcome")))
			.containsExactly("failed", "failed", "succeeded");
		assertThat(attempts).extracting((span) -> span.getStatus().getStatusCode())
			.containsExactly(StatusCode.ERROR, StatusCode.ERROR, StatusCode.OK);
	}

	@Test
	void spanOfAnAsynchronousBodyLastsUntilItCompletes() throws Exception {
		CompletableFuture<Integer> stage = new CompletableFuture<>();
		Job<Integer> job = request(() -> this.jobs.spawnAsync("job", (running) -> stage));
		Awaitility.await().until(() -> stage.getNumberOfDependents() > 0);
		assertThat(spans("job job")).isEmpty();
		stage.complete(42);
		job.await();
		assertThat(span("job job").getParentSpanId()).isEqualTo(span("request").getSpanId());
	}

	@Test
	void spanOfAReactiveBodyReachesItsOperatorsOnOtherThreads() throws Exception {
		Job<Mono<String>> job = request(() -> this.jobs.spawn("job",
				() -> Mono.delay(Duration.ofMillis(1)).then(Mono.deferContextual((context) -> {
					Observation parent = context.get(ObservationThreadLocalAccessor.KEY);
					return Mono.fromCallable(() -> Observation.createNotStarted("query", this.registry)
						.parentObservation(parent)
						.observe(() -> Thread.currentThread().getName()));
				}))));
		assertThat(job.await().block()).startsWith("parallel");
		assertThat(span("query").getParentSpanId()).isEqualTo(span("job job").getSpanId());
		assertThat(span("job job").getParentSpanId()).isEqualTo(span("request").getSpanId());
		assertThat(span("job job").getEndEpochNanos()).isGreaterThanOrEqualTo(span("query").getEndEpochNanos());
	}

	@Test
	void eachRunOfAPeriodicJobStartsATraceOfItsOwn() throws Exception {
		CountDownLatch runs = new CountDownLatch(2);
		PeriodicJobHandle periodic = request(
				() -> this.jobs.addPeriodic("periodic", Duration.ofMillis(1), runs::countDown));
		runs.await();
		periodic.remove();
		Awaitility.await().until(() -> spans("job periodic").size() >= 2);
		assertThat(spans("job periodic")).extracting(SpanData::getParentSpanId).containsOnly(SpanId.getInvalid());
		assertThat(spans("job periodic")).extracting(SpanData::getTraceId)
			.doesNotHaveDuplicates()
			.doesNotContain(span("request").getTraceId());
	}

	@Test
	void errorLineOfAFailedJobNamesItsSpan(CapturedOutput output) throws Exception {
		request(() -> this.jobs.spawn("job", (job) -> {
			throw new IllegalStateException("broken");
		}));
		assertNames(line("failed after"), "job job");
		SpanData span = span("job job");
		assertThat(output).contains(span.getTraceId() + "-" + span.getSpanId());
		assertThat(span.getTraceId()).isEqualTo(span("request").getTraceId());
		assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
	}

	@Test
	void errorLineOfAPeriodicJobNamesItsSpan() throws Exception {
		PeriodicJobHandle periodic = this.jobs.addPeriodic("periodic", Duration.ofHours(1), () -> {
			throw new IllegalStateException("broken");
		});
		assertNames(line("failed after"), "job periodic");
		periodic.remove();
	}

	@Test
	void errorLineAfterATimeoutNamesItsSpan() throws Exception {
		JobOptions options = JobOptions.named("job").timeout(Duration.ofMillis(5));
		request(() -> this.jobs.spawn(options, (job) -> {
			new CountDownLatch(1).await();
			return 42;
		}));
		assertNames(line("failed after"), "job job");
		assertThat(span("job job").getAttributes().get(AttributeKey.stringKey("outcome"))).isEqualTo("timed-out");
		assertThat(span("job job").getTraceId()).isEqualTo(span("request").getTraceId());
	}

	@Test
	void errorLineAfterTheLastTimeoutOfSeveralNamesItsSpan() throws Exception {
		JobOptions options = JobOptions.named("job")
			.timeout(Duration.ofMillis(5))
			.retry(RetryPolicy.builder().maxRetries(1).delay(Duration.ofMillis(1)).build());
		request(() -> this.jobs.spawn(options, (job) -> {
			new CountDownLatch(1).await();
			return 42;
		}));
		Map<String, String> mdc = line("failed after 2").getMDCPropertyMap();
		assertThat(spans("job job")).hasSize(2);
		assertThat(mdc).containsEntry("traceId", span("request").getTraceId())
			.containsEntry("spanId", spans("job job").get(1).getSpanId());
	}

	@Test
	void errorLineOfAnAsynchronousBodyNamesItsSpan() throws Exception {
		CompletableFuture<Integer> stage = new CompletableFuture<>();
		request(() -> this.jobs.spawnAsync("job", (running) -> stage));
		Awaitility.await().until(() -> stage.getNumberOfDependents() > 0);
		stage.completeExceptionally(new TimeoutException("broken"));
		assertNames(line("failed after"), "job job");
		assertThat(MDC.get("traceId")).isNull();
	}

	@Test
	void warningOfABodyThatStaysNamesItsSpan() throws Exception {
		CountDownLatch leave = new CountDownLatch(1);
		JobOptions options = JobOptions.named("job").timeout(Duration.ofMillis(5));
		request(() -> this.jobs.spawn(options, (job) -> {
			boolean left = false;
			while (!left) {
				try {
					leave.await();
					left = true;
				}
				catch (InterruptedException ex) {
					// stubborn
				}
			}
			return 42;
		}));
		assertNames(line("ignores the interrupt"), "job job");
		leave.countDown();
	}

	@Test
	void nextJobOnTheThreadSeesNothingOfAForgottenScope() throws Exception {
		JobOptions narrow = JobOptions.named("forgetful").pool("narrow");
		request(() -> this.jobs.spawn(narrow, () -> {
			MDC.put("left", "behind");
			return Observation.start("forgotten", this.registry).openScope();
		})).await();
		Awaitility.await().until(() -> this.jobs.pools().stream().allMatch((pool) -> pool.active() == 0));
		Job<Map<String, String>> next = this.jobs.spawn(JobOptions.named("next").pool("narrow"),
				() -> Map.of("trace", Span.current().getSpanContext().getTraceId(), "left", "" + MDC.get("left")));
		assertThat(next.await()).containsEntry("trace", span("job next").getTraceId()).containsEntry("left", "null");
		assertThat(span("job next").getParentSpanId()).isEqualTo(SpanId.getInvalid());
	}

	@Test
	void callerHasItsOwnContextBackAfterAJobThatRanOnItsThread() throws Exception {
		CountDownLatch leave = new CountDownLatch(1);
		Job<Integer> first = this.jobs.spawn(JobOptions.named("first").pool("narrow"), () -> {
			leave.await();
			return 42;
		});
		MDC.put("tenant", "a");
		request(() -> {
			String before = MDC.getCopyOfContextMap().toString();
			Observation current = this.registry.getCurrentObservation();
			Job<Thread> here = this.jobs.spawn(JobOptions.named("here").pool("narrow"), () -> {
				MDC.put("tenant", "b");
				Observation.start("forgotten", this.registry).openScope();
				return Thread.currentThread();
			});
			assertThat(here.toFuture().join()).isSameAs(Thread.currentThread());
			assertThat(this.registry.getCurrentObservation()).isSameAs(current);
			assertThat(MDC.getCopyOfContextMap()).hasToString(before);
			return here;
		});
		assertThat(this.registry.getCurrentObservationScope()).isNull();
		assertThat(MDC.getCopyOfContextMap()).isEqualTo(Map.of("tenant", "a"));
		assertThat(span("job here").getParentSpanId()).isEqualTo(span("request").getSpanId());
		leave.countDown();
		first.await();
		MDC.clear();
	}

	@Test
	void failureThatIsAwaitedIsOnTheSpanAllTheSame() throws Exception {
		Job<Integer> job = request(() -> this.jobs.spawn("job", (running) -> {
			throw new IllegalStateException("broken");
		}));
		assertThatExceptionOfType(JobFailedException.class).isThrownBy(job::await);
		assertThat(span("job job").getAttributes().get(AttributeKey.stringKey("exception")))
			.isEqualTo("IllegalStateException");
	}

	private <T> T request(Supplier<T> handler) {
		T result = Observation.createNotStarted("request", this.registry).observe(handler);
		assertThat(result).isNotNull();
		return result;
	}

	private SpanData span(String name) {
		assertThat(spans(name)).hasSize(1);
		return spans(name).get(0);
	}

	private List<SpanData> spans(String name) {
		return this.exporter.getFinishedSpanItems().stream().filter((span) -> span.getName().equals(name)).toList();
	}

	private ILoggingEvent line(String part) {
		return Awaitility.await()
			.until(() -> List.copyOf(this.log.list)
				.stream()
				.filter((event) -> event.getFormattedMessage().contains(part))
				.findFirst(), Optional::isPresent)
			.orElseThrow();
	}

	private void assertNames(ILoggingEvent line, String name) {
		assertThat(line.getMDCPropertyMap()).containsEntry("traceId", span(name).getTraceId())
			.containsEntry("spanId", span(name).getSpanId())
			.containsKeys(MdcPropagator.JOB_ID, MdcPropagator.JOB_NAME);
	}

	private static Logger logger() {
		return (Logger) LoggerFactory.getLogger("io.backgroundjobs.engine");
	}

	@SpringBootConfiguration
	@EnableAutoConfiguration
	static class Application {

	}

}
