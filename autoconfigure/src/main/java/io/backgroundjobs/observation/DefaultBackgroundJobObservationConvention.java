package io.backgroundjobs.observation;

import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;

import io.backgroundjobs.JobOutcome;
import io.backgroundjobs.observation.BackgroundJobObservationDocumentation.HighCardinalityKeyNames;
import io.backgroundjobs.observation.BackgroundJobObservationDocumentation.LowCardinalityKeyNames;

/**
 * Default implementation for {@link BackgroundJobObservationConvention}.
 *
 * @since 1.0.0
 */
public class DefaultBackgroundJobObservationConvention implements BackgroundJobObservationConvention {

	private static final String DEFAULT_NAME = "background.job";

	private static final KeyValue OUTCOME_UNKNOWN = KeyValue.of(LowCardinalityKeyNames.OUTCOME, "unknown");

	private final String name;

	/**
	 * Create a convention with the name {@code background.job}.
	 */
	public DefaultBackgroundJobObservationConvention() {
		this(DEFAULT_NAME);
	}

	/**
	 * Create a convention with a name of one's own.
	 * @param name the name of the observation
	 */
	public DefaultBackgroundJobObservationConvention(String name) {
		this.name = name;
	}

	@Override
	public String getName() {
		return this.name;
	}

	@Override
	public String getContextualName(BackgroundJobObservationContext context) {
		return "job " + context.getBoundedName();
	}

	@Override
	public KeyValues getLowCardinalityKeyValues(BackgroundJobObservationContext context) {
		return KeyValues.of(jobName(context), jobKind(context), jobPool(context), exception(context), outcome(context));
	}

	@Override
	public KeyValues getHighCardinalityKeyValues(BackgroundJobObservationContext context) {
		return KeyValues.of(jobId(context), jobAttempt(context));
	}

	protected KeyValue jobName(BackgroundJobObservationContext context) {
		return KeyValue.of(LowCardinalityKeyNames.JOB_NAME, context.getBoundedName());
	}

	protected KeyValue jobKind(BackgroundJobObservationContext context) {
		return KeyValue.of(LowCardinalityKeyNames.JOB_KIND, context.getJob().kind().toString());
	}

	protected KeyValue jobPool(BackgroundJobObservationContext context) {
		return KeyValue.of(LowCardinalityKeyNames.JOB_POOL, context.getJob().pool());
	}

	protected KeyValue exception(BackgroundJobObservationContext context) {
		return KeyValue.of(LowCardinalityKeyNames.EXCEPTION, ExceptionName.of(context.getError()));
	}

	protected KeyValue outcome(BackgroundJobObservationContext context) {
		JobOutcome outcome = context.getOutcome();
		return (outcome != null) ? KeyValue.of(LowCardinalityKeyNames.OUTCOME, outcome.toString()) : OUTCOME_UNKNOWN;
	}

	protected KeyValue jobId(BackgroundJobObservationContext context) {
		return KeyValue.of(HighCardinalityKeyNames.JOB_ID, context.getJob().id());
	}

	protected KeyValue jobAttempt(BackgroundJobObservationContext context) {
		return KeyValue.of(HighCardinalityKeyNames.JOB_ATTEMPT, Integer.toString(context.getAttempt()));
	}

}
