package io.backgroundjobs.engine;

import java.lang.reflect.Type;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.backgroundjobs.JobContext;
import io.backgroundjobs.JobOptions;

/**
 * A kind of job that a {@link JobStore} keeps.
 *
 * @param options the name, and how the jobs run
 * @param argumentTypes the types of the arguments; nothing else is ever instantiated
 * @param body what is done with the arguments
 * @param declaredAt where it is declared, for messages
 * @since 1.0.0
 */
public record StoredJobType(JobOptions options, List<Type> argumentTypes, Body body, String declaredAt) {

	public StoredJobType {
		argumentTypes = List.copyOf(argumentTypes);
	}

	/**
	 * Return the name of the jobs.
	 * @return the name
	 */
	public String name() {
		return this.options.name();
	}

	/**
	 * What is done with the arguments of a job.
	 */
	@FunctionalInterface
	public interface Body {

		/**
		 * Do the work.
		 * @param arguments the arguments, read back
		 * @param context the running job
		 * @return the result; an asynchronous one counts until it completes
		 * @throws Exception if the attempt failed
		 */
		@Nullable Object run(List<@Nullable Object> arguments, JobContext context) throws Exception;

	}

}
