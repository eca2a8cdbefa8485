package io.backgroundjobs.engine;

import java.time.Instant;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.backgroundjobs.Job;
import io.backgroundjobs.JobContext;
import io.backgroundjobs.JobKind;
import io.backgroundjobs.JobOptions;

/**
 * Work that is kept outside of the process, and that the engine carries here for one
 * attempt. Whoever keeps it decides what becomes of it afterwards.
 *
 * @since 1.0.0
 */
public interface StoredWork {

	/**
	 * Return the identifier of the job, which is the same on all instances.
	 * @return the identifier
	 */
	String id();

	/**
	 * Return what stays the same however often the work is carried out.
	 * @return a text for systems that ignore what they have been told before
	 */
	default String idempotencyKey() {
		return id();
	}

	/**
	 * Return where the job comes from.
	 * @return the kind
	 */
	JobKind kind();

	/**
	 * Return when the job was handed over.
	 * @return the instant
	 */
	Instant createdAt();

	/**
	 * Return the tick that the work is for.
	 * @return the instant, or {@code null} if it is for none
	 */
	default @Nullable Instant due() {
		return null;
	}

	/**
	 * Whether another attempt may be made by another process, and is therefore no more
	 * the engine's.
	 * @return {@code false} if all attempts are made here
	 */
	default boolean retriesElsewhere() {
		return true;
	}

	/**
	 * Return how many attempts there were before this one.
	 * @return the number; not negative
	 */
	int attemptsBefore();

	/**
	 * Return the name of the job, and how it runs. A retry policy decides whether another
	 * attempt follows and when; that one is no more the engine's.
	 * @return the options; neither key nor delay count
	 */
	JobOptions options();

	/**
	 * Return the context of the thread that handed the job over.
	 * @return what {@link JobEngine#portableContext()} returned there
	 */
	Map<String, String> context();

	/**
	 * Carry the work out.
	 * @param context the running job
	 * @return the result; an asynchronous one counts until it completes
	 * @throws Exception if the attempt failed
	 */
	@Nullable Object run(JobContext context) throws Exception;

	/**
	 * The attempt is about to enter the body. Called on the thread of the body; must be
	 * fast and not block.
	 * @param job the job
	 */
	default void started(Job<?> job) {
	}

	/**
	 * The attempt is over, and its body has left. Called once, on any thread; must be
	 * fast and not block.
	 * @param departure how the job left this process
	 */
	void departed(Departure departure);

}
