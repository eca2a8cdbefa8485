package io.backgroundjobs;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.aot.hint.annotation.Reflective;

/**
 * Runs a bean's method, or the bean itself, again and again in the background.
 *
 * <p>
 * On a method of a bean; on the class of a bean that is a {@link Runnable}, a
 * {@link java.util.concurrent.Callable} or a {@link JobBody}; or on the factory method of
 * such a bean, where it replaces what the class says. Repeatable, with a {@link #name()}
 * each; overloaded methods need names too. Only singletons carry jobs. The method is
 * called through the bean's proxy, so that {@code @Transactional} and the like apply; it
 * may take the {@link #args()} and a {@link JobContext}, in any order, and whatever it
 * returns counts as running until it has completed.
 *
 * <p>
 * The method may have any visibility, but one of a bean that has a proxy must be callable
 * through it: neither private nor final, and in an interface if the proxy has only the
 * methods of interfaces. A bean whose declared type does not show the annotation is found
 * only if it is not lazy.
 *
 * <p>
 * Exactly one of {@link #every()}, {@link #fixedDelay()} and {@link #cron()} is given.
 * All texts may hold placeholders. Durations are written as {@code 30s}, {@code 5m} or
 * {@code PT1H}; a bare number is refused. The schedule, the pool, the timeout and the
 * policies can be overridden by properties
 * {@code background-jobs.jobs.<name>.<attribute>}.
 *
 * @since 1.0.0
 */
@Target({ ElementType.METHOD, ElementType.TYPE, ElementType.ANNOTATION_TYPE })
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Reflective
@Repeatable(PeriodicJobs.class)
public @interface PeriodicJob {

	/**
	 * Name of the job, unique in the application. By default {@code beanName.methodName},
	 * or the bean's name where the bean itself is the job.
	 * @return the name
	 */
	String name() default "";

	/**
	 * Interval of a fixed rate, from start to start.
	 * @return a duration
	 */
	String every() default "";

	/**
	 * Pause between the end of a run and the start of the next.
	 * @return a duration
	 */
	String fixedDelay() default "";

	/**
	 * Cron expression of six fields, seconds first; {@code -} disables the job.
	 * @return an expression as
	 * {@link org.springframework.scheduling.support.CronExpression} takes it
	 */
	String cron() default "";

	/**
	 * Time zone of the cron expression; by default that of the JVM.
	 * @return the identifier of a zone, such as {@code Europe/Paris}
	 */
	String zone() default "";

	/**
	 * Time from the application's start to the first tick.
	 * @return a duration
	 */
	String initialDelay() default "";

	/**
	 * Bound of the constant shift by which instances of the application are kept from
	 * acting at the same moment.
	 * @return a duration
	 */
	String jitter() default "";

	/**
	 * Pool of the job; by default {@code default}. Not together with {@link #executor()}.
	 * @return the name of a pool
	 */
	String pool() default "";

	/**
	 * Bean that runs the job instead of a pool.
	 * @return the name of a bean of type {@link java.util.concurrent.Executor}
	 */
	String executor() default "";

	/**
	 * Longest running time of an attempt; {@code none} for no limit. By default that of
	 * the pool.
	 * @return a duration, or {@code none}
	 */
	String timeout() default "";

	/**
	 * Arguments of the method, converted to its parameters' types.
	 * @return one text for each parameter that is not a {@link JobContext}
	 */
	String[] args() default {};

	/**
	 * What a tick does while an earlier run has not ended.
	 * @return the policy
	 */
	OverlapPolicy overlap() default OverlapPolicy.SKIP;

	/**
	 * What becomes of instants that the clock has missed.
	 * @return the policy
	 */
	MissedRunPolicy missed() default MissedRunPolicy.RUN_ONCE;

	/**
	 * On how many instances of the application the job runs.
	 * @return the scope
	 */
	JobScope scope() default JobScope.INSTANCE;

	/**
	 * Whether nobody can cancel a run, and a shutdown waits for it until the shield
	 * timeout.
	 * @return whether each run is shielded
	 */
	boolean shielded() default false;

}
