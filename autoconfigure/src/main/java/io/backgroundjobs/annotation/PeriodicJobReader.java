package io.backgroundjobs.annotation;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.config.EmbeddedValueResolver;
import org.springframework.scheduling.support.CronExpression;
import org.springframework.util.StringUtils;
import org.springframework.util.StringValueResolver;

import io.backgroundjobs.JobOptions;
import io.backgroundjobs.JobSchedule;
import io.backgroundjobs.JobScope;
import io.backgroundjobs.PeriodicJob;
import io.backgroundjobs.PeriodicJobSpec;

/**
 * Turns a {@link PeriodicJob @PeriodicJob} into a specification.
 */
final class PeriodicJobReader {

	private static final String SCHEDULES = "exactly one of 'every', 'fixedDelay' and 'cron'";

	/**
	 * As in Spring's own {@code @Scheduled}.
	 */
	private static final String CRON_DISABLED = "-";

	/**
	 * The bean that times all jobs. A body on it would make the others late.
	 */
	private static final String CLOCK = "backgroundJobTaskScheduler";

	private final ConfigurableListableBeanFactory beanFactory;

	private final StringValueResolver resolver;

	PeriodicJobReader(ConfigurableListableBeanFactory beanFactory) {
		this.beanFactory = beanFactory;
		this.resolver = new EmbeddedValueResolver(beanFactory);
	}

	PeriodicJobSpec read(PeriodicJob job, JobPlace place, String defaultName) {
		JobAttributes attributes = new JobAttributes(place, this.resolver);
		JobOptions options = attributes.runIn(attributes.options(job.name(), defaultName), job.pool(), job.timeout());
		if (job.scope() == JobScope.CLUSTER && job.name().isEmpty()) {
			throw place.failure("has the scope CLUSTER and no name",
					"Give it a name, such as name = \"nightly-report\": all instances know it by that, those of "
							+ "other versions too.");
		}
		PeriodicJobSpec spec = run(PeriodicJobSpec.named(options.name()), options, job).scope(job.scope());
		spec = schedule(spec, job, attributes);
		Duration initialDelay = attributes.notNegativeOrNull("initialDelay", job.initialDelay());
		if (initialDelay != null) {
			spec = spec.initialDelay(initialDelay);
		}
		Duration jitter = attributes.notNegativeOrNull("jitter", job.jitter());
		if (jitter != null) {
			spec = spec.jitter(jitter);
		}
		Executor executor = executor(attributes, job);
		return (executor != null) ? spec.executor(executor) : spec;
	}

	/**
	 * Return the arguments without placeholders.
	 * @param job the annotation
	 * @param place where it is
	 * @return its arguments
	 */
	String[] arguments(PeriodicJob job, JobPlace place) {
		JobAttributes attributes = new JobAttributes(place, this.resolver);
		return Arrays.stream(job.args()).map((text) -> attributes.resolve("args", text)).toArray(String[]::new);
	}

	private static PeriodicJobSpec run(PeriodicJobSpec spec, JobOptions options, PeriodicJob job) {
		PeriodicJobSpec result = spec.overlap(job.overlap()).missed(job.missed());
		if (options.pool() != null) {
			result = result.pool(options.pool());
		}
		if (options.timeout() != null) {
			result = options.timeout().isZero() ? result.noTimeout() : result.timeout(options.timeout());
		}
		return job.shielded() ? result.shielded() : result;
	}

	private PeriodicJobSpec schedule(PeriodicJobSpec spec, PeriodicJob job, JobAttributes attributes) {
		Map<String, String> schedules = new LinkedHashMap<>();
		schedules.put("every", attributes.text("every", job.every()));
		schedules.put("fixedDelay", attributes.text("fixedDelay", job.fixedDelay()));
		schedules.put("cron", attributes.text("cron", job.cron()));
		schedules.values().removeIf(String::isEmpty);
		JobPlace place = attributes.place();
		if (schedules.isEmpty()) {
			throw place.failure("has no schedule", "Give " + SCHEDULES + ", such as every = \"30s\".");
		}
		if (schedules.size() > 1) {
			throw place.failure("has several schedules: " + schedules.entrySet()
				.stream()
				.map((entry) -> entry.getKey() + " = '" + entry.getValue() + "'")
				.collect(Collectors.joining(", ")), "Give " + SCHEDULES + ".");
		}
		Map.Entry<String, String> schedule = schedules.entrySet().iterator().next();
		String zone = attributes.text("zone", job.zone());
		if (schedule.getKey().equals("cron")) {
			return cron(spec, schedule.getValue(), zone, place);
		}
		if (!zone.isEmpty()) {
			throw place.invalid("zone", zone, "but only a cron expression has a zone",
					"Remove the 'zone', or give a 'cron' in place of '" + schedule.getKey() + "'.");
		}
		Duration interval = attributes.positive(schedule.getKey(), schedule.getValue());
		return schedule.getKey().equals("every") ? spec.every(interval) : spec.fixedDelay(interval);
	}

	private static PeriodicJobSpec cron(PeriodicJobSpec spec, String expression, String zone, JobPlace place) {
		ZoneId zoneId = zone(zone, place);
		if (expression.equals(CRON_DISABLED)) {
			return spec.schedule(new JobSchedule.Never(!zone.isEmpty() ? zoneId : null)).enabled(false);
		}
		if (StringUtils.tokenizeToStringArray(expression, " ").length == 5) {
			throw place.invalid("cron", expression, "which has five fields",
					"The first of six fields is the second: write '0 " + expression + "'.");
		}
		try {
			CronExpression.parse(expression);
		}
		catch (IllegalArgumentException ex) {
			throw place.invalid("cron", expression, "which is not a cron expression: " + ex.getMessage(),
					"Write six fields: second, minute, hour, day of the month, month, day of the week. "
							+ "'0 30 2 * * *' is each day at 02:30; '-' disables the job.",
					ex);
		}
		return spec.cron(expression, zoneId);
	}

	private static ZoneId zone(String zone, JobPlace place) {
		if (zone.isEmpty()) {
			return ZoneId.systemDefault();
		}
		try {
			return ZoneId.of(zone);
		}
		catch (DateTimeException ex) {
			throw place.invalid("zone", zone, "which is not a time zone",
					"Write the identifier of a zone, such as 'Europe/Paris' or 'UTC'.", ex);
		}
	}

	private @Nullable Executor executor(JobAttributes attributes, PeriodicJob job) {
		String name = attributes.text("executor", job.executor());
		if (name.isEmpty()) {
			return null;
		}
		String pool = attributes.text("pool", job.pool());
		JobPlace place = attributes.place();
		if (!pool.isEmpty()) {
			throw place.failure("has both a 'pool' ('" + pool + "') and an 'executor' ('" + name + "')",
					"Keep one of the two.");
		}
		if (!this.beanFactory.containsBean(name)) {
			throw place.invalid("executor", name, "which is not the name of a bean", executors());
		}
		if (!this.beanFactory.isTypeMatch(name, Executor.class)) {
			throw place.invalid("executor", name, "a bean that is not an Executor", executors());
		}
		if (name.equals(CLOCK)) {
			throw place.invalid("executor", name, "which is the clock of all jobs and runs none of them",
					executors() + " Without 'executor' the job runs in a pool.");
		}
		return this.beanFactory.getBean(name, Executor.class);
	}

	private String executors() {
		String names = Arrays.stream(this.beanFactory.getBeanNamesForType(Executor.class, true, false))
			.filter((name) -> !name.equals(CLOCK))
			.collect(Collectors.joining(", "));
		return !names.isEmpty() ? "Name one of the executors: " + names + "."
				: "Name a bean of type java.util.concurrent.Executor; there is none.";
	}

}
