package io.backgroundjobs.autoconfigure;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;

import io.backgroundjobs.JobConfigurationException;

/**
 * Shows a declaration that cannot work as what is wrong and what to do. Before Boot's
 * analyzer of failed bindings, which would show the same as the reason of a failure to
 * bind.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class JobConfigurationFailureAnalyzer extends AbstractFailureAnalyzer<JobConfigurationException> {

	private final @Nullable Environment environment;

	JobConfigurationFailureAnalyzer(@Nullable Environment environment) {
		this.environment = environment;
	}

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, JobConfigurationException cause) {
		String description = String.valueOf(cause.getMessage());
		ConfigurationProperty property = property(rootFailure, cause);
		if (property != null && property.getOrigin() != null) {
			description += String.format("%n%n    Property: %s%n    Value: \"%s\"%n    Origin: %s", property.getName(),
					property.getValue(), property.getOrigin());
		}
		return new FailureAnalysis(description, cause.action(), cause);
	}

	private @Nullable ConfigurationProperty property(Throwable rootFailure, JobConfigurationException cause) {
		InvalidPropertyException invalid = findCause(cause, InvalidPropertyException.class);
		if (invalid != null) {
			return property(invalid.property());
		}
		BindException binding = findCause(rootFailure, BindException.class);
		while (binding != null && binding.getProperty() == null) {
			binding = findCause(binding.getCause(), BindException.class);
		}
		return (binding != null) ? binding.getProperty() : null;
	}

	private @Nullable ConfigurationProperty property(String name) {
		if (this.environment == null) {
			return null;
		}
		if (name.startsWith(ConfiguredJobs.ROOT + ".")) {
			return new ConfiguredJobs(this.environment).property(name);
		}
		if (!ConfigurationPropertyName.isValid(name)) {
			return null;
		}
		for (ConfigurationPropertySource source : ConfigurationPropertySources.get(this.environment)) {
			ConfigurationProperty property = source.getConfigurationProperty(ConfigurationPropertyName.of(name));
			if (property != null) {
				return property;
			}
		}
		return null;
	}

}
