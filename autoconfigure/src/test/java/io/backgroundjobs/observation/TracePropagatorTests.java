package io.backgroundjobs.observation;

import java.util.Map;
import java.util.TreeMap;

import io.micrometer.tracing.Span;
import io.micrometer.tracing.TraceContext;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.otel.bridge.OtelCurrentTraceContext;
import io.micrometer.tracing.otel.bridge.OtelTracer;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.backgroundjobs.Job;
import io.backgroundjobs.JobContextPropagator.Scope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests of the text that a trace goes on by in another process.
 */
class TracePropagatorTests {

	private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

	private static final String SPAN = "00f067aa0ba902b7";

	private static final String TEXT = "00-" + TRACE + "-" + SPAN + "-01";

	private final Tracer tracer = tracer(Sampler.parentBased(Sampler.alwaysOn()));

	private final TracePropagator propagator = new TracePropagator(this.tracer, true);

	private final Job<?> job = mock();

	@Test
	void currentSpanIsWrittenAsATraceparent() {
		Span span = this.tracer.nextSpan().start();
		try (Tracer.SpanInScope scope = this.tracer.withSpan(span)) {
			assertThat(scope).isNotNull();
			assertThat(inject(this.propagator)).isEqualTo(
					Map.of("traceparent", "00-" + span.context().traceId() + "-" + span.context().spanId() + "-01"));
		}
	}

	@Test
	void traceThatIsNotSampledGoesOnAsSuch() {
		Tracer unsampling = tracer(Sampler.alwaysOff());
		TracePropagator unsampled = new TracePropagator(unsampling, true);
		Span span = unsampling.nextSpan().start();
		try (Tracer.SpanInScope scope = unsampling.withSpan(span)) {
			assertThat(scope).isNotNull();
			assertThat(inject(unsampled).get("traceparent")).endsWith(span.context().spanId() + "-00");
		}
		try (Scope scope = this.propagator.open(extract("00-" + TRACE + "-" + SPAN + "-00"), this.job)) {
			assertThat(scope).isNotNull();
			assertThat(this.tracer.nextSpan().context().sampled()).isFalse();
		}
	}

	@Test
	void withoutASpanNothingIsWritten() {
		assertThat(inject(this.propagator)).isEmpty();
		assertThat(inject(new TracePropagator(Tracer.NOOP, true))).isEmpty();
	}

	@ParameterizedTest
	@CsvSource({ "a3ce929d0e0e4736, 0000000000000000a3ce929d0e0e4736", "0000000000000000, ", "'', ", "xyz, ",
			"00000000000000000000000000000000, " })
	void identifiersOf64BitsArePaddedAndOthersAreNotWritten(String traceId, String written) {
		TraceContext context = mock();
		given(context.traceId()).willReturn(traceId);
		given(context.spanId()).willReturn(SPAN);
		Span span = mock();
		given(span.context()).willReturn(context);
		Tracer other = mock();
		given(other.currentSpan()).willReturn(span);
		assertThat(inject(new TracePropagator(other, true)).get("traceparent"))
			.isEqualTo((written != null) ? "00-" + written + "-" + SPAN + "-00" : null);
	}

	@Test
	void nextSpanIsAChildOfTheOneThatIsRead() {
		Object extracted = extract(TEXT);
		for (int attempt = 1; attempt < 3; attempt++) {
			try (Scope scope = this.propagator.open(extracted, this.job)) {
				assertThat(scope).isNotNull();
				Span span = this.tracer.nextSpan().start();
				assertThat(span.context().traceId()).isEqualTo(TRACE);
				assertThat(span.context().parentId()).isEqualTo(SPAN);
				assertThat(span.context().sampled()).isTrue();
			}
			assertThat(this.tracer.currentSpan()).isNull();
		}
	}

	@Test
	void whatWasCurrentBeforeIsRestored() {
		Span before = this.tracer.nextSpan().start();
		try (Tracer.SpanInScope outer = this.tracer.withSpan(before)) {
			assertThat(outer).isNotNull();
			try (Scope scope = this.propagator.open(extract(TEXT), this.job)) {
				assertThat(scope).isNotNull();
				assertThat(this.tracer.currentTraceContext().context().traceId()).isEqualTo(TRACE);
			}
			assertThat(this.tracer.currentTraceContext().context().spanId()).isEqualTo(before.context().spanId());
		}
	}

	@Test
	void laterVersionsMayHaveMoreFields() {
		assertThat(extract("01-" + TRACE + "-" + SPAN + "-01-more")).isEqualTo(extract(TEXT)).isNotNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "x", "00", "00-" + TRACE + "-" + SPAN, "00-" + TRACE + "-" + SPAN + "-01-more",
			"ff-" + TRACE + "-" + SPAN + "-01", "00-00000000000000000000000000000000-" + SPAN + "-01",
			"00-" + TRACE + "-0000000000000000-01", "00-4BF92F3577B34DA6A3CE929D0E0E4736-" + SPAN + "-01",
			"00-" + TRACE + "-" + SPAN + "-0", "00-" + TRACE + "-" + SPAN + "-zz", "00-" + TRACE + "0-" + SPAN + "-01",
			" " + TEXT })
	void malformedTextIsNoTrace(String text) {
		assertThat(extract(text)).isNull();
	}

	@Test
	void missingTextIsNoTrace() {
		assertThat(this.propagator.extract(Map.of("mdc.tenant", "a"))).isNull();
		try (Scope scope = this.propagator.open(null, this.job)) {
			assertThat(scope).isNotNull();
			assertThat(this.tracer.currentSpan()).isNull();
		}
	}

	@Test
	void withinAProcessNothingIsCaptured() {
		Span span = this.tracer.nextSpan().start();
		try (Tracer.SpanInScope scope = this.tracer.withSpan(span)) {
			assertThat(scope).isNotNull();
			assertThat(this.propagator.capture()).isNull();
		}
	}

	@Test
	void whenTracesDoNotGoOnNothingIsWrittenOrRead() {
		TracePropagator ending = new TracePropagator(this.tracer, false);
		Span span = this.tracer.nextSpan().start();
		try (Tracer.SpanInScope scope = this.tracer.withSpan(span)) {
			assertThat(scope).isNotNull();
			assertThat(inject(ending)).isEmpty();
		}
		assertThat(ending.extract(Map.of("traceparent", TEXT))).isNull();
	}

	private Object extract(String text) {
		return this.propagator.extract(Map.of("traceparent", text));
	}

	private static Map<String, String> inject(TracePropagator propagator) {
		Map<String, String> carrier = new TreeMap<>();
		propagator.inject(carrier);
		return carrier;
	}

	private static Tracer tracer(Sampler sampler) {
		return new OtelTracer(SdkTracerProvider.builder().setSampler(sampler).build().get("test"),
				new OtelCurrentTraceContext(), (event) -> {
				});
	}

}
