package io.backgroundjobs.annotation;

import java.time.Duration;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.BeansException;
import org.springframework.util.StringValueResolver;

import io.backgroundjobs.DurationText;
import io.backgroundjobs.JobConfigurationException;
import io.backgroundjobs.JobOptions;

/**
 * Reads the attributes that the annotations have in common, and refuses what cannot work.
 *
 * @param place where the annotation is
 * @param resolver resolves placeholders
 */
record JobAttributes(JobPlace place, StringValueResolver resolver) {

	/**
	 * Return a text without placeholders and outer white space; empty if none was given.
	 */
	String text(String attribute, String value) {
		return resolve(attribute, value).strip();
	}

	/**
	 * Return a text without placeholders.
	 */
	String resolve(String attribute, String value) {
		try {
			String resolved = this.resolver.resolveStringValue(value);
			return (resolved != null) ? resolved : "";
		}
		catch (IllegalArgumentException | BeansException ex) {
			throw this.place.invalid(attribute, value, "which cannot be resolved: " + ex.getMessage(),
					"Set the property, or give a default as in '${property:default}'.", ex);
		}
	}

	JobOptions options(String declaredName, String defaultName) {
		String name = text("name", declaredName);
		try {
			return JobOptions.named(!name.isEmpty() ? name : defaultName);
		}
		catch (JobConfigurationException ex) {
			if (name.isEmpty()) {
				throw this.place.failure("has no name, and '" + defaultName + "' by default is not a valid one",
						"Give it a name: name = \"...\".");
			}
			throw this.place.invalid("name", name, "which is not a valid job name", ex.action(), ex);
		}
	}

	JobOptions runIn(JobOptions options, String pool, String timeout) {
		String poolName = text("pool", pool);
		JobOptions result = !poolName.isEmpty() ? options.pool(poolName) : options;
		String limit = text("timeout", timeout);
		if (limit.isEmpty()) {
			return result;
		}
		return limit.equalsIgnoreCase("none") ? result.noTimeout() : result.timeout(positive("timeout", limit));
	}

	@Nullable Duration positiveOrNull(String attribute, String value) {
		String text = text(attribute, value);
		return !text.isEmpty() ? positive(attribute, text) : null;
	}

	@Nullable Duration notNegativeOrNull(String attribute, String value) {
		String text = text(attribute, value);
		if (text.isEmpty()) {
			return null;
		}
		Duration duration = DurationText.parse(this.place.attribute(attribute), text);
		if (duration.isNegative()) {
			throw this.place.invalid(attribute, text, "a negative duration",
					"Give zero or a positive duration, such as 30s, 5m or PT1H.");
		}
		return duration;
	}

	Duration positive(String attribute, String text) {
		Duration duration = DurationText.parse(this.place.attribute(attribute), text);
		if (duration.isNegative() || duration.isZero()) {
			throw this.place.invalid(attribute, text, "which is not above zero",
					"Give a positive duration, such as 30s, 5m or PT1H.");
		}
		return duration;
	}

}
