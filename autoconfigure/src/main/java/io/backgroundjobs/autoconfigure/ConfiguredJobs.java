package io.backgroundjobs.autoconfigure;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.PropertySourcesPlaceholdersResolver;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.ConfigurationPropertyState;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.env.Environment;

import io.backgroundjobs.JobConfigurationException;

/**
 * The properties {@code background-jobs.jobs.<name>.*}. They are not bound to a map:
 * names have dots, which Boot's binder takes for levels, and environment variables have
 * neither dashes nor case. They are bound one known job at a time. Immutable.
 */
final class ConfiguredJobs {

	static final ConfigurationPropertyName ROOT = ConfigurationPropertyName.of("background-jobs.jobs");

	/** The dash of the prefix is an underscore in BACKGROUND_JOBS_JOBS_…. */
	static final ConfigurationPropertyName VARIABLES_ROOT = ConfigurationPropertyName.of("background.jobs.jobs");

	private final List<JobPropertySource> sources = new ArrayList<>();

	private final Environment environment;

	ConfiguredJobs(Environment environment) {
		this.environment = environment;
		for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
			if (source instanceof IterableConfigurationPropertySource iterable && mayHaveJobs(source)) {
				JobPropertySource jobs = new JobPropertySource(iterable);
				if (!jobs.isEmpty()) {
					this.sources.add(jobs);
				}
			}
		}
	}

	/**
	 * Spares most applications a look at each property that there is.
	 */
	private static boolean mayHaveJobs(ConfigurationPropertySource source) {
		return source.containsDescendantOf(ROOT) != ConfigurationPropertyState.ABSENT
				|| source.containsDescendantOf(VARIABLES_ROOT) != ConfigurationPropertyState.ABSENT;
	}

	boolean isEmpty() {
		return this.sources.isEmpty();
	}

	/**
	 * Bind what is set for a job.
	 * @param job the name of the job
	 * @return the properties, or {@code null} if nothing is set
	 */
	@Nullable JobProperties find(String job) {
		Map<JobAttribute, ConfigurationProperty> merged = merge(job);
		return merged.isEmpty() ? null : bind(job, merged);
	}

	/**
	 * Return the property that counts, as it was written and where.
	 * @param name the full name of a property, with the name of the job and the dashes of
	 * the attribute
	 * @return the property, or {@code null} if it is not set
	 */
	@Nullable ConfigurationProperty property(String name) {
		for (JobAttribute attribute : JobAttribute.values()) {
			String prefix = ROOT + ".";
			String suffix = "." + attribute.dashed();
			if (name.startsWith(prefix) && name.endsWith(suffix) && name.length() > prefix.length() + suffix.length()) {
				return merge(name.substring(prefix.length(), name.length() - suffix.length())).get(attribute);
			}
		}
		return null;
	}

	private Map<JobAttribute, ConfigurationProperty> merge(String job) {
		Map<JobAttribute, ConfigurationProperty> merged = new EnumMap<>(JobAttribute.class);
		for (JobPropertySource source : this.sources) {
			Map<JobAttribute, ConfigurationProperty> found = new EnumMap<>(JobAttribute.class);
			for (String form : source.forms(job)) {
				source.jobs().getOrDefault(form, Map.of()).forEach(found::putIfAbsent);
			}
			if (merged.keySet().stream().anyMatch(JobAttribute::isSchedule)) {
				// A higher source has replaced the schedule, whatever its kind.
				found.keySet().removeIf(JobAttribute::isSchedule);
			}
			if (merged.containsKey(JobAttribute.EVERY) || merged.containsKey(JobAttribute.FIXED_DELAY)) {
				// It belonged to the cron expression that is no more.
				found.remove(JobAttribute.ZONE);
			}
			requireOneSchedule(job, found);
			found.forEach(merged::putIfAbsent);
		}
		return merged;
	}

	private static void requireOneSchedule(String job, Map<JobAttribute, ConfigurationProperty> found) {
		List<String> schedules = found.entrySet()
			.stream()
			.filter((entry) -> entry.getKey().isSchedule())
			.map((entry) -> "%s (%s)".formatted(entry.getValue().getName(), entry.getValue().getOrigin()))
			.toList();
		if (schedules.size() > 1) {
			throw new JobConfigurationException(
					"The properties of the job '" + job + "' give more than one schedule: "
							+ String.join(" and ", schedules),
					"Set one of every, fixed-delay and cron. It replaces the schedule of the annotation, whatever that is.");
		}
	}

	private JobProperties bind(String job, Map<JobAttribute, ConfigurationProperty> properties) {
		ConfigurationPropertyName name = ROOT.append("[" + job + "]");
		Map<ConfigurationPropertyName, ConfigurationProperty> source = new HashMap<>();
		properties.forEach((attribute, property) -> source.put(name.append(attribute.dashed()), property));
		Binder binder = new Binder(List.of(new Merged(source)),
				new PropertySourcesPlaceholdersResolver(this.environment));
		return binder.bindOrCreate(name, Bindable.of(JobProperties.class), BindHandler.DEFAULT);
	}

	/**
	 * Make sure that every property belongs to a job and is one of its attributes.
	 * @param periodic the names of the periodic jobs
	 * @param spawned the names of jobs that are known to be spawned
	 * @throws JobConfigurationException if one does not
	 */
	void requireKnown(Collection<String> periodic, Collection<String> spawned) {
		List<String> known = new ArrayList<>(periodic);
		known.addAll(spawned);
		for (JobPropertySource source : this.sources) {
			Set<String> forms = new HashSet<>();
			known.forEach((job) -> forms.addAll(source.forms(job)));
			source.jobs().forEach((job, attributes) -> {
				if (!forms.contains(job)) {
					forms.add(requireOptional(job, attributes, known));
				}
			});
			source.others().forEach((path, property) -> {
				throw noAttribute(path, property, forms, known);
			});
		}
		spawned.forEach(this::requireSpawnAttributes);
	}

	private String requireOptional(String job, Map<JobAttribute, ConfigurationProperty> attributes,
			Collection<String> known) {
		JobProperties properties = find(job);
		if (properties == null || !properties.isOptional()) {
			Map.Entry<JobAttribute, ConfigurationProperty> first = attributes.entrySet().iterator().next();
			throw UnknownNames.job(first.getValue(), first.getKey(), job, known);
		}
		return job;
	}

	private static JobConfigurationException noAttribute(String path, ConfigurationProperty property,
			Collection<String> forms, Collection<String> known) {
		if (forms.contains(path)) {
			return UnknownNames.noAttribute(property);
		}
		for (String form : forms) {
			if (path.startsWith(form + ".")) {
				return UnknownNames.attribute(property, path.substring(form.length() + 1));
			}
		}
		return UnknownNames.job(property, null, path, known);
	}

	private void requireSpawnAttributes(String job) {
		for (JobPropertySource source : this.sources) {
			for (String form : source.forms(job)) {
				source.jobs().getOrDefault(form, Map.of()).forEach((attribute, property) -> {
					if (!attribute.appliesToSpawned()) {
						throw UnknownNames.notForSpawned(property, job);
					}
				});
			}
		}
	}

	/**
	 * Return the names that something is set for.
	 * @return the names in uniform form
	 */
	Set<String> names() {
		Set<String> names = new LinkedHashSet<>();
		this.sources.forEach((source) -> names.addAll(source.jobs().keySet()));
		return names;
	}

	/**
	 * The properties of one job from all sources, each with its own name and origin.
	 */
	private record Merged(
			Map<ConfigurationPropertyName, ConfigurationProperty> properties) implements ConfigurationPropertySource {

		@Override
		public @Nullable ConfigurationProperty getConfigurationProperty(ConfigurationPropertyName name) {
			return this.properties.get(name);
		}

		@Override
		public ConfigurationPropertyState containsDescendantOf(ConfigurationPropertyName name) {
			return this.properties.keySet().stream().anyMatch(name::isAncestorOf) ? ConfigurationPropertyState.PRESENT
					: ConfigurationPropertyState.ABSENT;
		}

	}

}
