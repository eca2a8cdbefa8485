package io.backgroundjobs.autoconfigure;

import java.util.stream.Stream;

import io.micrometer.core.instrument.observation.MeterObservationHandler;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.handler.TracingObservationHandler;
import org.springframework.util.ClassUtils;

import io.backgroundjobs.Job;
import io.backgroundjobs.observation.BackgroundJobObservationContext;

/**
 * Who would see an observation of a job. Handlers that make meters of it do not count:
 * jobs have meters of their own. Nor do those of a tracer that does nothing, which Boot
 * provides where there is none.
 */
final class ObservationAudience {

	private static final boolean METERS = isPresent(
			"io.micrometer.core.instrument.observation.MeterObservationHandler");

	private static final boolean TRACING = isPresent("io.micrometer.tracing.handler.TracingObservationHandler");

	private ObservationAudience() {
	}

	static boolean isIn(Stream<ObservationHandler<?>> handlers) {
		BackgroundJobObservationContext context = new BackgroundJobObservationContext(Job.completed("none"), 1, "none");
		return handlers.anyMatch((handler) -> handler.supportsContext(context) && !(METERS && Meters.areMadeBy(handler))
				&& !(TRACING && Tracing.isNothingFor(handler)));
	}

	private static boolean isPresent(String name) {
		return ClassUtils.isPresent(name, ObservationAudience.class.getClassLoader());
	}

	private static final class Meters {

		private static boolean areMadeBy(ObservationHandler<?> handler) {
			return handler instanceof MeterObservationHandler;
		}

	}

	private static final class Tracing {

		private static boolean isNothingFor(ObservationHandler<?> handler) {
			return handler instanceof TracingObservationHandler<?> tracing && tracing.getTracer() == Tracer.NOOP;
		}

	}

}
