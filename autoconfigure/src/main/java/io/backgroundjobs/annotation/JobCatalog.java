package io.backgroundjobs.annotation;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

import io.backgroundjobs.JobConfigurationException;

/**
 * Knows the name of each job that annotations declare, and where it is declared. Names
 * that are equal in their uniform form are one name, because properties and environment
 * variables cannot tell them apart. Complete once all singletons are instantiated.
 * Thread-safe.
 *
 * @since 1.0.0
 */
public final class JobCatalog {

	private final Map<String, Entry> entries = new LinkedHashMap<>();

	/**
	 * Add a name.
	 * @param name the name of the job
	 * @param place where it is declared, for people to read
	 * @throws JobConfigurationException if the name is taken
	 */
	public void add(String name, String place) {
		Entry entry = new Entry(name, place);
		Entry other;
		synchronized (this.entries) {
			other = this.entries.putIfAbsent(uniform(name), entry);
		}
		if (other != null) {
			throw duplicate(other, entry);
		}
	}

	/**
	 * Return the names as they were declared, in the order in which they were found.
	 * @return a copy of the names
	 */
	public Collection<String> names() {
		synchronized (this.entries) {
			return this.entries.values().stream().map(Entry::name).toList();
		}
	}

	/**
	 * Find a name by any spelling that properties may give it.
	 * @param name the name, in any case, with or without dashes
	 * @return the name as it was declared, if it is known
	 */
	public Optional<String> find(String name) {
		return entry(name).map(Entry::name);
	}

	/**
	 * Find where a name is declared.
	 * @param name the name, in any case, with or without dashes
	 * @return the place, for people to read, if the name is known
	 */
	public Optional<String> place(String name) {
		return entry(name).map(Entry::place);
	}

	/**
	 * Return the form in which names are compared: lower case, without dashes.
	 * @param name the name of a job
	 * @return its uniform form
	 */
	public static String uniform(String name) {
		return name.replace("-", "").toLowerCase(Locale.ROOT);
	}

	private Optional<Entry> entry(String name) {
		synchronized (this.entries) {
			return Optional.ofNullable(this.entries.get(uniform(name)));
		}
	}

	private static JobConfigurationException duplicate(Entry first, Entry second) {
		String names = first.name().equals(second.name()) ? "The job name '" + first.name() + "' is" : "The job names '"
				+ first.name() + "' and '" + second.name() + "' differ only in case or dashes, and are";
		return new JobConfigurationException(
				names + " declared twice: by " + first.place() + " and by " + second.place(),
				"Give one of the two another name.");
	}

	private record Entry(String name, String place) {
	}

}
