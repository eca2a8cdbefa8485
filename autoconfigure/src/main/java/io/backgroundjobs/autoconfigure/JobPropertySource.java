package io.backgroundjobs.autoconfigure;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.env.SystemEnvironmentPropertySource;

import io.backgroundjobs.annotation.JobCatalog;

/**
 * What one property source says about jobs. Names are kept in uniform form, lower case
 * and without dashes, whether they stood in brackets or not.
 */
final class JobPropertySource {

	private final boolean variables;

	private final Map<String, Map<JobAttribute, ConfigurationProperty>> jobs = new LinkedHashMap<>();

	private final Map<String, ConfigurationProperty> others = new LinkedHashMap<>();

	JobPropertySource(IterableConfigurationPropertySource source) {
		this.variables = source.getUnderlyingSource() instanceof SystemEnvironmentPropertySource;
		for (ConfigurationPropertyName name : source) {
			String path = path(name);
			ConfigurationProperty property = (path != null) ? source.getConfigurationProperty(name) : null;
			if (path != null && property != null && !addElement(name, property)) {
				add(path, property);
			}
		}
	}

	private void add(String path, ConfigurationProperty property) {
		JobAttribute.Cut cut = JobAttribute.cut(path, this.variables);
		if (cut == null) {
			this.others.putIfAbsent(path, property);
		}
		else {
			attributes(cut).putIfAbsent(cut.attribute(), property);
		}
	}

	/**
	 * Add an element of a list, such as a list in YAML is made of.
	 * @return whether it is one
	 */
	private boolean addElement(ConfigurationPropertyName name, ConfigurationProperty property) {
		String path = name.isLastElementIndexed() ? path(name.getParent()) : null;
		JobAttribute.Cut cut = (path != null) ? JobAttribute.cut(path, this.variables) : null;
		if (cut == null || !cut.attribute().isList()) {
			return false;
		}
		attributes(cut).merge(cut.attribute(),
				new ConfigurationProperty(name.getParent(), property.getValue(), property.getOrigin()),
				(all, one) -> new ConfigurationProperty(all.getName(), all.getValue() + "," + one.getValue(),
						all.getOrigin()));
		return true;
	}

	private Map<JobAttribute, ConfigurationProperty> attributes(JobAttribute.Cut cut) {
		return this.jobs.computeIfAbsent(cut.job(), (key) -> new EnumMap<>(JobAttribute.class));
	}

	private @Nullable String path(ConfigurationPropertyName name) {
		if (ConfiguredJobs.ROOT.isAncestorOf(name)) {
			return path(name, ConfiguredJobs.ROOT.getNumberOfElements());
		}
		if (this.variables && ConfiguredJobs.VARIABLES_ROOT.isAncestorOf(name)) {
			return path(name, ConfiguredJobs.VARIABLES_ROOT.getNumberOfElements());
		}
		return null;
	}

	private static String path(ConfigurationPropertyName name, int from) {
		List<String> elements = new ArrayList<>();
		for (int i = from; i < name.getNumberOfElements(); i++) {
			elements.add(JobCatalog.uniform(name.getElement(i, ConfigurationPropertyName.Form.ORIGINAL)));
		}
		return String.join(".", elements);
	}

	boolean isEmpty() {
		return this.jobs.isEmpty() && this.others.isEmpty();
	}

	/**
	 * Return what is set for each job.
	 * @return the properties by the job's name in uniform form
	 */
	Map<String, Map<JobAttribute, ConfigurationProperty>> jobs() {
		return this.jobs;
	}

	/**
	 * Return what ends with no attribute.
	 * @return the properties by their path in uniform form
	 */
	Map<String, ConfigurationProperty> others() {
		return this.others;
	}

	/**
	 * Return how a job may be written here.
	 * @param job the name of the job
	 * @return its uniform forms, the more exact one first
	 */
	List<String> forms(String job) {
		String uniform = JobCatalog.uniform(job);
		String dotted = JobCatalog.uniform(job.replace('-', '.').replace('_', '.'));
		return (this.variables && !dotted.equals(uniform)) ? List.of(uniform, dotted) : List.of(uniform);
	}

}
