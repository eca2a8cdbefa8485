package io.backgroundjobs.autoconfigure;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;

import io.backgroundjobs.JobConfigurationException;
import io.backgroundjobs.annotation.JobCatalog;

/**
 * What is said about a property under {@code background-jobs.jobs} that belongs to
 * nothing.
 */
final class UnknownNames {

	private static final int NAMES_SHOWN = 3;

	private UnknownNames() {
	}

	/**
	 * There is no such job.
	 * @param property the property
	 * @param attribute what it ends with, or {@code null} if that is no attribute
	 * @param job the name of the job in uniform form
	 * @param known the names of the jobs that there are
	 */
	static JobConfigurationException job(ConfigurationProperty property, @Nullable JobAttribute attribute, String job,
			Collection<String> known) {
		String written = (attribute != null) ? written(property.getName(), attribute, job) : job;
		return new JobConfigurationException(
				"There is no job '%s', but %s is set".formatted(written, describe(property)),
				"%s Jobs that are only spawned, or that are added while the application runs, are not known at the start: for these set background-jobs.jobs.%s.optional to true."
					.formatted(suggest(job, known), written));
	}

	/**
	 * There is such a job, but no such attribute.
	 */
	static JobConfigurationException attribute(ConfigurationProperty property, String attribute) {
		return new JobConfigurationException(
				"A job has no attribute '%s', but %s is set".formatted(attribute, describe(property)),
				"Use one of %s.".formatted(attributes()));
	}

	/**
	 * There is such a job, but its name is where the property ends.
	 */
	static JobConfigurationException noAttribute(ConfigurationProperty property) {
		return new JobConfigurationException("A value is set for the job itself, by %s".formatted(describe(property)),
				"Set one of its attributes: %s.".formatted(attributes()));
	}

	private static String attributes() {
		return Stream.of(JobAttribute.values()).map(JobAttribute::dashed).collect(Collectors.joining(", "));
	}

	/**
	 * The job does not tick, so that the attribute means nothing to it.
	 */
	static JobConfigurationException notForSpawned(ConfigurationProperty property, String job) {
		return new JobConfigurationException(
				"The job '%s' is not periodic, but %s is set".formatted(job, describe(property)),
				"For a job that is spawned, only pool, timeout and health.down-on can be set.");
	}

	private static String describe(ConfigurationProperty property) {
		return "the property " + place(property);
	}

	private static String place(ConfigurationProperty property) {
		return (property.getOrigin() != null) ? "%s (%s)".formatted(property.getName(), property.getOrigin())
				: property.getName().toString();
	}

	private static String suggest(String job, Collection<String> known) {
		if (known.isEmpty()) {
			return "The application has no named jobs.";
		}
		List<String> nearest = known.stream()
			.sorted(Comparator.comparingInt((name) -> distance(job, JobCatalog.uniform(name))))
			.limit(NAMES_SHOWN)
			.map((name) -> "'" + name + "'")
			.toList();
		return "The nearest %s %s.".formatted((nearest.size() == 1) ? "name is" : "names are",
				String.join(", ", nearest));
	}

	/**
	 * Return the job's name as the user wrote it, as far as the source tells.
	 */
	private static String written(ConfigurationPropertyName name, JobAttribute attribute, String job) {
		StringBuilder written = new StringBuilder();
		int end = name.getNumberOfElements() - attribute.elements();
		for (int i = ConfiguredJobs.ROOT.getNumberOfElements(); i < end; i++) {
			written.append(written.isEmpty() ? "" : ".")
				.append(name.getElement(i, ConfigurationPropertyName.Form.ORIGINAL));
		}
		return JobCatalog.uniform(written.toString()).equals(job) ? written.toString() : job;
	}

	/**
	 * There is no such property.
	 * @param property the property
	 * @param known the names of the properties that there are
	 */
	static JobConfigurationException property(ConfigurationProperty property, Collection<String> known) {
		return new JobConfigurationException("There is no such property as %s".formatted(place(property)),
				"%s Correct the name, or remove the property."
					.formatted(suggest(property.getName().toString(), known)));
	}

	/**
	 * Count the insertions, deletions and replacements between two texts (Levenshtein).
	 */
	private static int distance(String a, String b) {
		int[] row = new int[b.length() + 1];
		for (int j = 0; j <= b.length(); j++) {
			row[j] = j;
		}
		for (int i = 1; i <= a.length(); i++) {
			int diagonal = row[0];
			row[0] = i;
			for (int j = 1; j <= b.length(); j++) {
				int replaced = diagonal + ((a.charAt(i - 1) == b.charAt(j - 1)) ? 0 : 1);
				diagonal = row[j];
				row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
			}
		}
		return row[b.length()];
	}

}
