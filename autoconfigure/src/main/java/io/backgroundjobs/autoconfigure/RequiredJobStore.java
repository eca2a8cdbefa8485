package io.backgroundjobs.autoconfigure;

import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.util.ClassUtils;

import io.backgroundjobs.JobConfigurationException;
import io.backgroundjobs.engine.JobStore;

/**
 * Finds the store of the durable jobs for those that cannot do without, and works out
 * what the application lacks if there is none.
 */
final class RequiredJobStore implements Function<String, JobStore> {

	private static final String SCHEDULER = "com.github.kagkarlsson.scheduler.Scheduler";

	/** What {@link BackgroundJobDurableAutoConfiguration} is conditional on. */
	private static final List<Library> LIBRARIES = List.of(
			new Library(SCHEDULER, "db-scheduler", "com.github.kagkarlsson:db-scheduler"),
			new Library("org.springframework.jdbc.core.JdbcTemplate", "Spring JDBC",
					"org.springframework.boot:spring-boot-starter-jdbc"),
			new Library("org.springframework.boot.jdbc.init.DataSourceScriptDatabaseInitializer", "spring-boot-jdbc",
					"org.springframework.boot:spring-boot-starter-jdbc"),
			new Library("tools.jackson.databind.json.JsonMapper", "Jackson",
					"org.springframework.boot:spring-boot-starter-jackson"));

	private final ConfigurableListableBeanFactory beans;

	RequiredJobStore(ConfigurableListableBeanFactory beans) {
		this.beans = beans;
	}

	/**
	 * Return the store.
	 * @param declaredAt what needs it, for the message
	 * @throws JobConfigurationException if there is none
	 */
	@Override
	public JobStore apply(String declaredAt) {
		JobStore store = this.beans.getBeanProvider(JobStore.class).getIfAvailable();
		if (store != null) {
			return store;
		}
		Lack lack = lack();
		throw new JobConfigurationException(declaredAt + " is durable, but " + lack.problem(), lack.action());
	}

	private Lack lack() {
		ClassLoader classLoader = this.beans.getBeanClassLoader();
		return LIBRARIES.stream()
			.filter(Predicate.not((library) -> library.isPresent(classLoader)))
			.map(Library::lack)
			.findFirst()
			.orElseGet(this::lackOfBeans);
	}

	private Lack lackOfBeans() {
		String[] schedulers = names(ClassUtils.resolveClassName(SCHEDULER, this.beans.getBeanClassLoader()));
		if (schedulers.length > 0) {
			return new Lack(
					"the engine for that backs off from the application's own db-scheduler 'Scheduler', bean '"
							+ schedulers[0] + "'",
					"Remove that bean, or the starter of db-scheduler that makes it, or do without durable jobs.");
		}
		String[] dataSources = names(DataSource.class);
		if (dataSources.length == 0) {
			return new Lack("there is no DataSource",
					"Add the dependency org.springframework.boot:spring-boot-starter-jdbc and a database driver, and "
							+ "set spring.datasource.url, unless the database is embedded.");
		}
		if (this.beans.getBeanProvider(DataSource.class).getIfUnique() == null) {
			return new Lack("none of the DataSources is primary: " + String.join(", ", dataSources),
					"Mark the one that is to keep the jobs as @Primary.");
		}
		return new Lack("there is no durable engine", "Do not exclude "
				+ BackgroundJobDurableAutoConfiguration.class.getSimpleName() + ", or do without durable jobs.");
	}

	private String[] names(Class<?> type) {
		return BeanFactoryUtils.beanNamesForTypeIncludingAncestors(this.beans, type);
	}

	private record Library(String type, String name, String artifact) {

		boolean isPresent(@Nullable ClassLoader classLoader) {
			return ClassUtils.isPresent(this.type, classLoader);
		}

		Lack lack() {
			return new Lack(this.name + " is not on the class path", "Add the dependency " + this.artifact + ".");
		}

	}

	private record Lack(String problem, String action) {
	}

}
