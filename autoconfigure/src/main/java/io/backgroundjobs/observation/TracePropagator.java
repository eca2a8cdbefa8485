package io.backgroundjobs.observation;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.micrometer.tracing.CurrentTraceContext;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.TraceContext;
import io.micrometer.tracing.Tracer;
import org.jspecify.annotations.Nullable;

import io.backgroundjobs.Job;
import io.backgroundjobs.JobContextPropagator;

/**
 * Carries the current trace over to jobs that run in another process, as the
 * {@code traceparent} of the W3C's Trace Context. Within a process it does nothing: there
 * the current observation is carried over.
 *
 * @since 1.0.0
 */
public final class TracePropagator implements JobContextPropagator {

	private static final String TRACEPARENT = "traceparent";

	/** W3C Trace Context, level 1, section 3.2; later versions may append fields. */
	private static final Pattern FORM = Pattern
		.compile("(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-.*)?");

	/** What a tracer's identifiers look like, unless it is none. */
	private static final Pattern IDENTIFIER = Pattern.compile("(?!0+$)[0-9a-f]{16}|(?!0+$)[0-9a-f]{32}");

	private static final int SAMPLED = 1;

	private static final Scope NOTHING = () -> {
	};

	private final Tracer tracer;

	private final boolean continuing;

	/**
	 * Create the propagator.
	 * @param tracer the application's tracer
	 * @param continuing whether a trace goes on in jobs; {@code false} where it does not
	 * within a process either
	 */
	public TracePropagator(Tracer tracer, boolean continuing) {
		this.tracer = tracer;
		this.continuing = continuing;
	}

	@Override
	public @Nullable Object capture() {
		return null;
	}

	@Override
	public Scope open(@Nullable Object captured, Job<?> job) {
		if (captured == null) {
			return NOTHING;
		}
		CurrentTraceContext.Scope scope = this.tracer.currentTraceContext().newScope(context((Parent) captured));
		return scope::close;
	}

	@Override
	public void inject(Map<String, String> carrier) {
		Span span = this.continuing ? this.tracer.currentSpan() : null;
		if (span == null) {
			return;
		}
		TraceContext context = span.context();
		if (isIdentifier(context.traceId()) && isIdentifier(context.spanId())) {
			boolean sampled = Boolean.TRUE.equals(context.sampled());
			// A tracer may have identifiers of 64 bits.
			String traceId = "0".repeat(32 - context.traceId().length()) + context.traceId();
			carrier.put(TRACEPARENT, "00-" + traceId + "-" + context.spanId() + (sampled ? "-01" : "-00"));
		}
	}

	@Override
	public @Nullable Object extract(Map<String, String> carrier) {
		String text = this.continuing ? carrier.get(TRACEPARENT) : null;
		Matcher matcher = (text != null) ? FORM.matcher(text) : null;
		if (matcher == null || !matcher.matches() || (matcher.group(5) != null && matcher.group(1).equals("00"))) {
			return null;
		}
		boolean sampled = (Integer.parseInt(matcher.group(4), 16) & SAMPLED) != 0;
		return new Parent(matcher.group(2), matcher.group(3), sampled);
	}

	/**
	 * A new one each time: a bridge may write to it while it is current.
	 */
	private TraceContext context(Parent parent) {
		return this.tracer.traceContextBuilder()
			.traceId(parent.traceId())
			.spanId(parent.spanId())
			.sampled(parent.sampled())
			.build();
	}

	private static boolean isIdentifier(String text) {
		return IDENTIFIER.matcher(text).matches();
	}

	/**
	 * The span that was current where a job was spawned.
	 *
	 * @param traceId 32 hexadecimal digits
	 * @param spanId 16 hexadecimal digits
	 * @param sampled whether it is recorded
	 */
	private record Parent(String traceId, String spanId, boolean sampled) {

	}

}
