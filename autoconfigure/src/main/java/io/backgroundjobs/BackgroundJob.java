package io.backgroundjobs;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.aot.hint.annotation.Reflective;

/**
 * Makes a call of a bean's method spawn a job that runs the method.
 *
 * <p>
 * The method returns {@link Job}, {@link java.util.concurrent.CompletableFuture} or
 * nothing; what its body returns in that type is the job's result (see
 * {@link Job#completed(Object)}). The call is intercepted before all other advice, so
 * that {@code @Transactional} opens its transaction in the job and not around the spawn.
 * A call from inside of the same bean is an ordinary call that runs at once in the
 * caller's thread, as with Spring's {@code @Async}. What the engine refuses is thrown by
 * the call: {@link JobRejectedException}; for a durable job also
 * {@link JobStoreException}, or an {@link IllegalArgumentException} for an argument that
 * cannot be stored. A parameter of type {@link JobContext} is the running job, whatever
 * the caller passes, be it {@code null}. What is done to a returned future does not reach
 * the job.
 *
 * <p>
 * The start fails if the annotation cannot work: on a method that is private, static,
 * final or not part of the bean's proxy, with a wrong value, or with another return type.
 *
 * <p>
 * All texts may hold placeholders. Durations are written as {@code 30s}, {@code 5m} or
 * {@code PT1H}.
 *
 * @since 1.0.0
 */
@Target({ ElementType.METHOD, ElementType.ANNOTATION_TYPE })
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Reflective
public @interface BackgroundJob {

	/**
	 * Name of the job; by default {@code beanName.methodName}. A durable job needs one.
	 * @return the name
	 */
	String name() default "";

	/**
	 * Pool of the job; by default {@code default}.
	 * @return the name of a pool
	 */
	String pool() default "";

	/**
	 * Longest running time of an attempt; {@code none} for no limit. By default that of
	 * the pool.
	 * @return a duration, or {@code none}
	 */
	String timeout() default "";

	/**
	 * How long after the call the job is due.
	 * @return a duration
	 */
	String delay() default "";

	/**
	 * Priority within the queue of the pool; higher goes first.
	 * @return the priority
	 */
	int priority() default 0;

	/**
	 * Expression (SpEL) over the arguments, {@code #name} or {@code #a0}, whose value is
	 * the key of the job.
	 * @return an expression
	 */
	String key() default "";

	/**
	 * What happens to a job whose name and key a live job has already. Only with
	 * {@link #key()}.
	 * @return the policy
	 */
	OnDuplicate onDuplicate() default OnDuplicate.REJECT;

	/**
	 * Whether the job is handed over when the caller's transaction commits.
	 * @return whether it waits for the commit
	 */
	boolean afterCommit() default false;

	/**
	 * Whether nobody can cancel the job, and a shutdown waits for it until the shield
	 * timeout.
	 * @return whether the job is shielded
	 */
	boolean shielded() default false;

	/**
	 * How often a failed attempt is tried again.
	 * @return the number of retries after the first attempt; not negative
	 */
	int maxRetries() default 0;

	/**
	 * Time before the first retry; by default one second.
	 * @return a duration
	 */
	String retryDelay() default "";

	/**
	 * Factor by which the time grows from retry to retry.
	 * @return the factor; at least 1
	 */
	double retryMultiplier() default 1.0;

	/**
	 * Longest time between two attempts.
	 * @return a duration
	 */
	String retryMaxDelay() default "";

	/**
	 * Whether the job is kept in the application's database until it has run.
	 *
	 * <p>
	 * The call writes the arguments to the database as JSON, in the caller's transaction:
	 * with a rollback there is no job, with the commit it is due. It then runs on any
	 * instance of the application, through all of the bean's other advice. It runs <em>at
	 * least</em> once: if its process dies, another one begins anew. Make the method so
	 * that a second run does no harm; {@link JobContext#idempotencyKey()} is the same
	 * each time.
	 *
	 * <p>
	 * The method needs a {@link #name()}, by which stored jobs are found after a new
	 * version of the application has renamed the method; it returns nothing, as there is
	 * no handle that would outlive the process; and its parameters, except
	 * {@link JobContext}, are of concrete types. {@link #afterCommit()} and
	 * {@link OnDuplicate#REPLACE_PENDING} are not for durable jobs. The start fails if
	 * there is no {@code DataSource} or no db-scheduler.
	 * @return whether the job is durable
	 * @see DurableJob
	 */
	boolean durable() default false;

}
